"""Taking a run of groups out: what it proves elsewhere, who is who in it, and what never leaves the house."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from matching import taking_out
from matching.groups import suggest_groups
from matching.models import MatchRun
from matching.on_files.groups import check_groups
from matching.publishing.services import publish
from tenants.audit.models import Entry
from tenants.models import Society
from tests.desk.test_groups import cycle_of, text_of
from tests.factories.staff import browser_of, make_staff

PARTS = [
    ("Peer circle", {"peer": 9}),
    ("Mentoring group", {"mentor": 2, "mentee": 8}),
    ("Three of us", {"early": 3, "middle": 2, "senior": 3}),
]


@pytest.fixture
def manager(sierra: Society) -> Client:
    return browser_of(make_staff(), sierra)


def address(run: MatchRun) -> str:
    return reverse("desk:take_out", args=[run.cycle_id, run.pk])


@pytest.mark.parametrize(("part", "counts"), PARTS)
def test_groups_are_taken_out_and_proven_elsewhere(
    manager: Client, sierra: Society, part: str, counts: dict[str, int]
) -> None:
    run = publish(run=suggest_groups(cycle=cycle_of(part, **counts), by=None), by=None)
    assert address(run) in manager.get(reverse("desk:pairs", args=[run.cycle_id])).content.decode()
    offered = text_of(manager, address(run))
    assert "chiron match --verify" in offered
    assert not Entry.objects.filter(verb="match.taken_out").exists()
    reply = manager.post(address(run))
    assert "-groups-" in reply["Content-Disposition"]
    data = json.loads(reply.content)
    checked = check_groups(data)
    count = run.groups.count()
    assert checked.figures["groups"] == count
    assert Entry.objects.get(verb="match.taken_out").facts == {"groups": count, "fingerprint": checked.fingerprint}
    assert manager.post(address(run)).content == reply.content, "the same run gives the same file"

    numbered = taking_out.who_is_who(run)
    leaders = {each.number: each.enrollment_id for each in numbered if each.role == "mentor"}
    members = {each.number: each.enrollment_id for each in numbered if each.role != "mentor"}
    found = data["groups"]
    told = {
        frozenset([*(members[person] for person in group), *(leaders[each] for each in found["leaders"][place:][:1])])
        for place, group in enumerate(found["members"])
    }
    assert told == {
        frozenset(str(place.enrollment_id) for place in group.places.all())
        for group in run.groups.prefetch_related("places")
    }
    for each in run.cycle.enrollments.select_related("person"):
        said = [each.person.given_name, each.person.email, str(each.pk), str(each.person_id), "telehealth", "Wed noon"]
        assert not [word for word in said if re.search(rf"\b{re.escape(word)}\b", reply.content.decode())]


def test_a_number_in_the_file_is_somebody_s_and_who_waited_beforehand_has_none(
    sierra: Society, manager: Client
) -> None:
    run = suggest_groups(cycle=cycle_of("Three of us", early=3, middle=2, senior=2), by=None)
    page = text_of(manager, address(run))
    assert "Early1 Vega person" in page
    assert "Early2 Vega" not in page
    assert manager.get(reverse("desk:fair", args=[run.cycle_id, run.pk])).status_code == 404


def test_too_many_people_for_a_file_are_refused_in_a_sentence(
    sierra: Society, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_out, "MOST_PAIRS", 3)
    run = suggest_groups(cycle=cycle_of("Three of us", early=1, middle=1, senior=1), by=None)
    assert "too many people for one file" in text_of(manager, address(run))
    assert "too many people for one file" in manager.post(address(run), follow=True).content.decode()
    assert not Entry.objects.filter(verb="match.taken_out").exists()
