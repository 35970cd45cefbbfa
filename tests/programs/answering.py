"""Walking through a sign-up as a browser does: one question after the other, then the last look."""

from __future__ import annotations

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
AGREES = {"agree-0": "on", "agree-1": "on"}


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
    done: HttpResponse = client.post(f"{first}check/", AGREES)
    return done
