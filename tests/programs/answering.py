"""Walking through a sign-up as a browser does: one question after the other, then the last look."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.test import Client

MOST_QUESTIONS = 40

WHO = {"given_name": "Bo", "family_name": "Reed", "stage": "resident"}
ANSWERS = {
    "biosketch": "I am a resident who likes mornings.",
    "meeting_mode": "either",
    "languages": ["English"],
    "aspects_wanted": ["research"],
    "zip": "95608",
}
MENTOR = {"aspects_offered": ["research"], "places_offered": "1"}


def answer_questions(client: Client, first: str, answers: Mapping[str, Any] = ANSWERS) -> list[str]:
    """Answer what is asked until the last look comes; returns the questions in the order in which they came."""
    came: list[str] = []
    while len(came) < MOST_QUESTIONS:
        where = client.get(f"{first}questions/").headers["Location"]
        if where == f"{first}check/":
            return came
        came.append(where.rstrip("/").rpartition("/")[2])
        page = client.get(where)
        assert page.status_code == 200
        reply = client.post(where, {**answers, "stamp": page.context["stamp"]})
        assert reply.status_code == 302, reply.context["form"].errors
    raise AssertionError(f"It asks without end: {came}")


def sign_up_by_pages(
    client: Client, first: str, answers: Mapping[str, Any] = ANSWERS, who: Mapping[str, Any] = WHO
) -> HttpResponse:
    """The whole way from the first page; returns the reply to the last."""
    client.post(first, who)
    answer_questions(client, first, answers)
    return agree_to_all(client, f"{first}check/")


def agree_to_all(client: Client, address: str) -> HttpResponse:
    """Read what is agreed to on a page, and tick every box."""
    page = client.get(address).content.decode()
    done: HttpResponse = client.post(address, ticked(page))
    return done


def ticked(page: str) -> dict[str, str]:
    """Every box of a page under which something is agreed to, as a browser sends it once it is ticked."""
    boxes = re.findall(r'<input[^>]* name="agree-\d+"[^>]*>', page)
    return {_attribute(box, "name"): _attribute(box, "value") for box in boxes}


def _attribute(tag: str, name: str) -> str:
    found = re.search(f' {name}="([^"]*)"', tag)
    return found[1] if found else "on"
