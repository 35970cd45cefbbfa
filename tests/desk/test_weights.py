"""What matters, tried: what would change is told to the end, and nothing changes before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel.errors import DomainError
from matching import working
from matching.engine import Cancelled, Progress
from matching.models import MatchRun, SuggestedPair
from matching.services import seed_of, suggest_pairs
from matching.solving.part import solve_pool
from matching.tasks import suggest_in_background, try_in_background
from matching.trying import columns
from matching.trying.columns import FIXED, in_proportion, reweighed, weights_of
from matching.trying.saving import keep_weights, what_keeping_means
from matching.trying.trial import People, Trial, kept_outcome, tried_at_length
from programs.policy.models import Cycle, PolicyVersion
from programs.policy.services import ChangedMeanwhile, change_state
from tenants.audit.models import Entry
from tenants.models import Society
from tenants.people.models import Person
from tests.desk.making import matching_cycle, small_cycle
from tests.factories.programs import make_cycle
from tests.factories.staff import browser_of, make_staff


@pytest.fixture
def manager(sierra: Society) -> Client:
    return browser_of(make_staff(), sierra)


def page(client: Client, cycle: Cycle, query: Mapping[str, Any] | None = None, *, target: str = "") -> str:
    headers = {"hx-request": "true", "hx-target": target} if target else {}
    reply = client.get(reverse("desk:weights", args=[cycle.pk]), query, headers=headers)
    assert reply.status_code == 200
    return reply.content.decode()


def counts() -> list[int]:
    return [model.objects.count() for model in (MatchRun, SuggestedPair, PolicyVersion, Entry)]


def only(cycle: Cycle, name: str) -> dict[str, int]:
    return {each: 1000 if each == name else 0 for each in weights_of(cycle.settings.matching)}


def test_the_columns_answer_as_a_whole_solve_does(sierra: Society) -> None:
    cycle = matching_cycle("sierra")
    people = People.of(cycle)
    trial = Trial.begin(people)
    whole = solve_pool(cycle.settings, people.pool, seed=seed_of(cycle), known=people.known)
    assert np.array_equal(trial.result.pairs, whole.result.pairs)
    assert trial.result.total == whole.result.total
    wanted = only(cycle, "specialty")
    then = in_proportion(wanted, trial.weights)
    answer = trial.columns.solve(then)
    assert answer.verify().total == answer.result.total
    other = cycle.settings.model_copy(update={"matching": reweighed(cycle.settings.matching, then)})
    assert solve_pool(other, people.pool, seed=seed_of(cycle)).result.total == answer.result.total
    assert trial.tried(wanted) == tried_at_length(people, wanted)


def test_a_trial_changes_nothing(sierra: Society, manager: Client) -> None:
    cycle = matching_cycle("sierra")
    run = suggest_pairs(cycle=cycle, by=None)
    before = counts()
    text = page(manager, cycle, only(cycle, "specialty"), target="outcome")
    assert "would have another mentor" in text
    assert "<html" not in text
    assert counts() == before
    assert MatchRun.objects.get() == run


def test_the_settings_themselves_would_change_nothing(sierra: Society, manager: Client) -> None:
    cycle = matching_cycle("sierra")
    text = page(manager, cycle)
    assert "These are the program’s settings." in text
    assert "Save as the program" not in text
    twice = {name: weight // 5 for name, weight in weights_of(cycle.settings.matching).items()}
    assert "These are the program’s settings." in page(manager, cycle, twice), "only proportions count"


def test_the_next_move_reads_no_people(sierra: Society, manager: Client) -> None:
    cycle = small_cycle()
    key = Trial.begin(People.of(cycle)).key
    cycle.enrollments.all().update(state="withdrawn")
    assert "invented" not in page(manager, cycle, {"people": key, "specialty": 900}, target="outcome")
    assert "invented people" in page(manager, cycle)


def test_people_who_changed_are_another_trial(sierra: Society) -> None:
    cycle = small_cycle()
    before = People.of(cycle).key
    assert People.of(cycle).key == before
    cycle.enrollments.filter(role="mentee").update(answers={"stage": "fellow"})
    assert People.of(cycle).key != before


def test_how_far_each_number_can_move_is_told_before_anything_changes(sierra: Society, manager: Client) -> None:
    cycle = matching_cycle("sierra")
    text = page(manager, cycle, target="ranges")
    trial = Trial.begin(People.of(cycle))
    for name, (low, high) in trial.ranges(cycle).items():
        assert low <= trial.weights[name] <= high
        assert f"from {low} to {high}" in text or low == high
    assert "Show how far each number could move" in page(manager, cycle), "without scripts it is a link"


def test_nobody_signed_up_is_tried_with_people_who_are_invented(sierra: Society, manager: Client) -> None:
    cycle = make_cycle()
    text = page(manager, cycle)
    assert "invented people, who answer in your program’s words" in text
    assert cycle.enrollments.count() == 0
    wanted = only(cycle, "free_at_the_same_time")
    assert Trial.begin(People.of(cycle)).tried(wanted).moved


def test_one_own_preference_is_not_tried(sierra: Society) -> None:
    before = {"specialty": 600, "shared_interests": 320, FIXED: 80}
    assert in_proportion({"specialty": 1, "shared_interests": 1, FIXED: 1000}, before) == {
        "specialty": 460,
        "shared_interests": 460,
        FIXED: 80,
    }


def test_nothing_left_to_count_is_said(sierra: Society, manager: Client) -> None:
    cycle = small_cycle()
    nothing = dict.fromkeys(weights_of(cycle.settings.matching), 0)
    assert "Let at least one thing count." in page(manager, cycle, nothing, target="outcome")
    with pytest.raises(DomainError, match="at least one thing"):
        what_keeping_means(cycle, nothing)


def test_saved_weights_are_the_programs_settings_and_the_session_moves(sierra: Society, manager: Client) -> None:
    cycle = small_cycle()
    wanted = only(cycle, "specialty")
    address = reverse("desk:keep_weights", args=[cycle.pk])
    text = manager.get(address, wanted).content.decode()
    assert "This session" in text
    assert '<input type="hidden" name="specialty" value="1000">' in text, (
        "numbers of forms are not set as people read them"
    )
    assert 'value="1000" autocomplete' in page(manager, cycle, wanted)
    assert PolicyVersion.objects.filter(program=cycle.program).count() == 1
    sent = wanted | {"seen": cycle.version.number}
    manager.post(address, sent)
    cycle.refresh_from_db()
    assert {name: each.points for name, each in cycle.settings.matching.weights.items() if each.points} == {
        "specialty": 1000
    }
    assert cycle.version.number == 2
    assert cycle.version.note == "What matters, tried at the desk"
    manager.post(address, sent)
    assert PolicyVersion.objects.filter(program=cycle.program).count() == 2, "sent twice, it is kept once"


def test_newer_settings_are_seen_first(sierra: Society) -> None:
    cycle = small_cycle()
    staff = make_staff()
    keep_weights(cycle=cycle, wanted=only(cycle, "specialty"), after=1, by=staff)
    with pytest.raises(ChangedMeanwhile):
        keep_weights(cycle=cycle, wanted=only(cycle, "shared_interests"), after=1, by=staff)


def test_a_session_that_is_published_keeps_its_settings(sierra: Society) -> None:
    cycle = change_state(cycle=small_cycle(), to=Cycle.State.RUNNING, by=None)
    kept = keep_weights(cycle=cycle, wanted=only(cycle, "specialty"), after=1, by=make_staff())
    cycle.refresh_from_db()
    assert (kept.moves, cycle.version.number) == (False, 1)


def test_very_many_people_are_left_to_a_worker_who_can_be_stopped(
    sierra: Society, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    cycle = small_cycle()
    monkeypatch.setattr("matching.portal.weights.MOST_PAIRS", 1)
    wanted = only(cycle, "specialty")
    assert "a worker solves it" in page(manager, cycle, wanted)
    address = reverse("desk:try_weights", args=[cycle.pk])
    manager.post(address, wanted)
    assert "It begins in a moment" in page(manager, cycle, wanted)
    manager.post(address, wanted | {"stop": "yes"})
    assert working.look(cycle, "trying") is None
    with pytest.raises(Cancelled):
        working.note_progress(cycle, Progress("pairs", 1, 2), "trying")
    wanted.pop(FIXED, None)
    try_in_background(cycle_id=cycle.pk, wanted=wanted)
    assert kept_outcome(cycle, wanted) is None, "who was stopped leaves nothing"
    working.begin(cycle, "trying")
    try_in_background(cycle_id=cycle.pk, wanted=wanted)
    assert kept_outcome(cycle, wanted) is not None
    assert "Pairs then" in page(manager, cycle, wanted)
    waits = manager.get(reverse("desk:weights", args=[cycle.pk]), wanted, headers={"hx-request": "true"})
    assert waits.headers["HX-Refresh"] == "true"


def test_a_long_suggestion_can_be_stopped(sierra: Society, manager: Client) -> None:
    cycle = small_cycle()
    staff = Person.objects.get(email="dana.whitfield@example.org")
    working.begin(cycle)
    assert reverse("desk:stop", args=[cycle.pk]) in manager.get(reverse("desk:pairs", args=[cycle.pk])).content.decode()
    manager.post(reverse("desk:stop", args=[cycle.pk]))
    suggest_in_background(cycle_id=cycle.pk, by_id=staff.pk)
    assert not MatchRun.objects.exists()
    working.begin(cycle)
    suggest_in_background(cycle_id=cycle.pk, by_id=staff.pk)
    assert MatchRun.objects.count() == 1


def test_columns_are_small_enough_to_keep() -> None:
    assert columns.MOST_PAIRS * 2 * 7 < 4_000_000
