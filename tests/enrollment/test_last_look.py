"""The last look before a sign-up is sent: what the program allows is said, and the form prints with its answers."""

from __future__ import annotations

import html
from collections.abc import Callable

from django.test import Client

from programs.surveys.models import Response
from tenants.models import Society
from tests.programs.answering import ANSWERS, MENTOR, WHO, answer_questions
from tests.programs.test_member_pages import open_session, signed_in

Visitor = Callable[[str], Client]
LEAVES = {"stage": "retired"}
MOST = "The program allows 2 at most."


def mentor(sierra: Society, visitor: Visitor) -> tuple[Client, str]:
    client = signed_in(visitor(sierra.host), "bo.reed@example.org")
    first = f"/sessions/{open_session(sierra).pk}/sign-up/mentor/"
    client.post(first, WHO | LEAVES)
    answer_questions(client, first, ANSWERS | MENTOR)
    return client, first


def test_more_mentees_than_the_program_allows_are_refused_in_words(sierra: Society, visitor: Visitor) -> None:
    client, first = mentor(sierra, visitor)
    page = f"{first}questions/places_offered/"
    asked = client.get(page)
    assert MOST in asked.content.decode()
    said = {"stamp": asked.context["stamp"], "most_at_once": ""}
    refused = client.post(page, said | {"places_offered": "3"})
    assert refused.status_code == 422
    assert "This is too much: it must be 2 or less." in refused.content.decode()
    assert client.post(page, said | {"places_offered": "2"}).status_code == 302
    assert MOST in client.get(f"{first}paper/").content.decode()


def test_a_number_from_elsewhere_that_counts_as_less_says_so(sierra: Society, visitor: Visitor) -> None:
    client, first = mentor(sierra, visitor)
    assert MOST not in client.get(f"{first}check/").content.decode()
    kept = Response.objects.get()
    kept.answers["places_offered"]["places_offered"] = 7
    kept.save()
    assert MOST in client.get(f"{first}check/").content.decode()


def test_the_form_prints_with_the_answers(sierra: Society, visitor: Visitor) -> None:
    client, first = mentor(sierra, visitor)
    link = f"{first}paper/?answers=yes"
    assert link in html.unescape(client.get(f"{first}check/").content.decode())
    page = client.get(link).content.decode()
    for said in ("Bo Reed", "bo.reed@example.org", "retired", str(ANSWERS["biosketch"])):
        assert said in page
    assert "paper-line" not in page
    for other in (visitor(sierra.host), signed_in(visitor(sierra.host), "eve@example.org")):
        empty = other.get(link).content.decode()
        assert "Bo Reed" not in empty
        assert "paper-line" in empty
