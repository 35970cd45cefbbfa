"""Sign-ups as a sheet to take out: what it tells, what it never tells, and that nothing in it is a formula."""

from __future__ import annotations

import codecs
import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programs.enrollment.exporting import take_out_sign_ups
from programs.enrollment.models import Enrollment
from programs.enrollment.services import sign_up
from programs.policy.models import Cycle
from programs.surveys.forms import MATCH, WHO_SEES
from tenants.audit.models import Entry
from tenants.models import Society
from tests.factories.programs import make_cycle, make_person
from tests.factories.staff import browser_of, make_staff

UNSEEN: dict[str, Any] = {
    "gender": "planted gender",
    "heritage": ["planted heritage"],
    "extra": {"gender": "planted", "npi": "1234567893", WHO_SEES: {"gender": MATCH}},
}


@pytest.fixture
def cycle(northstar: Society) -> Cycle:
    return make_cycle("northstar")


def somebody(cycle: Cycle, given: str, role: str = "mentee", **answers: Any) -> Enrollment:
    said = {"stage": "resident", "languages": ["English", "Hmong"]} | answers
    return sign_up(cycle=cycle, person=make_person(given, "Vega"), role=role, answers=said, by=None)


def rows_of(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(codecs.BOM_UTF8)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_it_tells_what_people_answered_and_never_who_they_are(cycle: Cycle) -> None:
    somebody(cycle, "Ada", **UNSEEN)
    content = take_out_sign_ups(cycle=cycle, by=make_staff())
    (row,) = rows_of(content)
    assert row["First name"] == "Ada"
    assert row["Mail address"] == "ada.vega@example.org"
    assert (row["Role"], row["Career stage"], row["Languages"]) == ("Mentee", "resident", "English, Hmong")
    assert b"planted" not in content


def test_no_cell_is_a_formula(cycle: Cycle) -> None:
    somebody(cycle, "=HYPERLINK(1)", goals=["+1 goal", "@two"], employer="-cmd")
    (row,) = rows_of(take_out_sign_ups(cycle=cycle, by=make_staff()))
    assert [cell for cell in row.values() if cell[:1] in ("=", "+", "-", "@")] == []
    assert row["First name"] == "'=HYPERLINK(1)"


def test_a_manager_takes_out_one_role_and_the_record_says_so(northstar: Society, cycle: Cycle) -> None:
    somebody(cycle, "Ada")
    somebody(cycle, "Old", role="mentor")
    manager = make_staff()
    client = browser_of(manager, northstar)
    address = reverse("sessions:take_out", args=[cycle.pk])
    assert "2 sign-ups with their answers" in client.get(address).content.decode()
    assert not Entry.objects.filter(verb="sign_ups.taken_out").exists()
    reply = client.post(address, {"role": "mentor"})
    assert reply["Content-Disposition"].startswith("attachment")
    assert [row["First name"] for row in rows_of(reply.content)] == ["Old"]
    entry = Entry.objects.get(verb="sign_ups.taken_out")
    assert (entry.actor_id, entry.facts) == (manager.pk, {"rows": 1, "role": "mentor"})
    assert client.post(address, {"role": "king"}).status_code == 422


def test_more_people_take_no_more_queries(cycle: Cycle) -> None:
    manager = make_staff()
    counts = []
    for numbers in (range(2), range(2, 20)):
        for number in numbers:
            somebody(cycle, f"M{number}")
        with CaptureQueriesContext(connection) as queries:
            assert len(rows_of(take_out_sign_ups(cycle=cycle, by=manager))) == max(numbers) + 1
        counts.append(len(queries))
    assert counts[0] == counts[1]
