"""Taking a run out: the file that leaves the house, what never does, and what is kept of it."""

from __future__ import annotations

import json
import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from matching import taking_out
from matching.models import MatchRun
from matching.on_files.runs import check_run
from matching.publishing.services import publish
from matching.services import suggest_pairs
from programs.policy.models import Cycle
from tenants.audit.models import Entry
from tenants.models import Society
from tests.desk.making import matching_cycle, small_cycle
from tests.factories.staff import browser_of, make_staff


@pytest.fixture
def manager(sierra: Society) -> Client:
    return browser_of(make_staff(), sierra)


def address(run: MatchRun) -> str:
    return reverse("desk:take_out", args=[run.cycle_id, run.pk])


def taken(client: Client, run: MatchRun) -> bytes:
    reply = client.post(address(run))
    assert (reply.status_code, reply["Content-Type"]) == (200, "application/json")
    assert reply["Content-Disposition"].startswith("attachment;")
    return reply.content


def test_a_run_is_taken_out_and_proven_elsewhere(manager: Client, sierra: Society) -> None:
    run = suggest_pairs(cycle=small_cycle(mentors=3, mentees=2), by=None)
    offered = manager.get(address(run)).content.decode()
    assert "Mentee1 Vega" in offered
    assert "mentee 1" in offered
    assert not Entry.objects.filter(verb="match.taken_out").exists()
    content = taken(manager, run)
    checked = check_run(json.loads(content))
    assert (checked.figures["pairs"], checked.mentees, checked.mentors) == (2, 2, 3)
    entry = Entry.objects.get(verb="match.taken_out")
    assert entry.facts == {"pairs": 2, "fingerprint": checked.fingerprint}
    assert entry.subject_id == str(run.pk)
    assert taken(manager, run) == content, "the same run gives the same file"


def test_the_pairs_in_the_file_are_those_of_the_numbers_on_the_page(sierra: Society, manager: Client) -> None:
    run = suggest_pairs(cycle=matching_cycle("sierra"), by=None)
    data = json.loads(taken(manager, run))
    number = {each.enrollment_id: each.number for each in taking_out.who_is_who(run)}
    pairs = run.pairs.values_list("mentee_id", "mentor_id", "score")
    told = {(mentee, mentor): data["scores"][mentee][mentor] for mentee, mentor in data["result"]["pairs"]}
    assert told == {(number[str(mentee)], number[str(mentor)]): score for mentee, mentor, score in pairs}


def test_nobodys_name_number_or_answer_leaves_the_house(commonwealth: Society) -> None:
    cycle = matching_cycle("commonwealth")
    run = suggest_pairs(cycle=cycle, by=None)
    content = taken(browser_of(make_staff(), commonwealth), run).decode()
    about = content.replace(f'"session": "{cycle.name}"', "").replace(cycle.program.name, "")
    for each in cycle.enrollments.select_related("person"):
        person = each.person
        said = [person.given_name, person.family_name, person.email, person.member_id, str(person.pk), str(each.pk)]
        said += [str(value) for value in each.answers.values() if isinstance(value, str) and len(value) > 3]
        said += [word for value in each.answers.values() if isinstance(value, list) for word in value]
        assert not [word for word in said if word and re.search(rf"\b{re.escape(word)}\b", about)]
    for word in ("gender", "heritage", "prefers_shared", "snapshot", "seen_by"):
        assert word not in content


def test_only_runs_of_pairs_of_this_session_are_there(manager: Client, sierra: Society) -> None:
    run = suggest_pairs(cycle=small_cycle(), by=None)
    other = Cycle.objects.exclude(pk=run.cycle_id).first()
    for cycle, pk in [(run.cycle_id, uuid4()), (other.pk if other else uuid4(), run.pk)]:
        assert manager.post(reverse("desk:take_out", args=[cycle, pk])).status_code == 404


def test_a_published_run_is_reached_from_the_desk_and_searched(manager: Client, sierra: Society) -> None:
    cycle = small_cycle()
    run = publish(run=suggest_pairs(cycle=cycle, by=None), by=None)
    assert address(run) in manager.get(reverse("desk:pairs", args=[cycle.pk])).content.decode()
    found = manager.get(address(run), {"q": "mentor1"}).content.decode()
    assert ("Mentor1 Vega" in found, "Mentor0 Vega" in found) == (True, False)
    assert "Nobody here has these words" in manager.get(address(run), {"q": "zzz"}).content.decode()


def test_too_many_people_for_a_file_are_refused_in_a_sentence(
    manager: Client, sierra: Society, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_out, "MOST_PAIRS", 3)
    run = suggest_pairs(cycle=small_cycle(), by=None)
    assert "too many people for one file" in manager.get(address(run)).content.decode()
    reply = manager.post(address(run), follow=True)
    assert "too many people for one file" in reply.content.decode()
    assert not Entry.objects.filter(verb="match.taken_out").exists()
