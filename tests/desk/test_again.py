"""Suggesting again changes as little as can be, and what it changes is told."""

from __future__ import annotations

from django.urls import reverse

from matching.models import MatchRun, PairDecision
from matching.services import decide_pair, suggest_pairs
from matching.showing.changes import changes_between
from matching.swapping import swap_pairs, swaps_of
from programs.enrollment.models import Role
from tenants.audit.models import Entry
from tenants.models import Society
from tests.desk.making import KEEP, NEVER, matching_cycle, small_cycle, take_part
from tests.factories.staff import browser_of, make_staff


def pairs_of(run: MatchRun) -> set[tuple[str, str]]:
    pairs = run.pairs.select_related("mentee__person", "mentor__person")
    return {(pair.mentee.person.given_name, pair.mentor.person.given_name) for pair in pairs}


def test_among_equals_the_draft_stays_near_the_last_one(sierra: Society) -> None:
    cycle = small_cycle(mentors=6, mentees=6)
    first = suggest_pairs(cycle=cycle, by=None, seed=1)
    assert pairs_of(first) != pairs_of(suggest_pairs(cycle=cycle, by=None, seed=2)), "all are alike, so a lot is drawn"
    second = pairs_of(MatchRun.objects.get(state="draft"))
    take_part(cycle, Role.MENTOR, "Late")
    take_part(cycle, Role.MENTEE, "Later")
    assert second < pairs_of(suggest_pairs(cycle=cycle, by=None)), "those who came later take each other"


def test_a_pair_that_is_kept_moves_nobody_beyond_the_two(sierra: Society) -> None:
    cycle = small_cycle(mentors=6, mentees=6)
    run = suggest_pairs(cycle=cycle, by=None)
    one, other = run.pairs.all()[:2]
    decide_pair(cycle=cycle, mentee=one.mentee, mentor=other.mentor, kind=KEEP, reason="", by=make_staff())
    again = suggest_pairs(cycle=cycle, by=None)
    assert len(pairs_of(again) - pairs_of(run)) == 2
    assert again.snapshot["before"]


def test_what_changed_since_the_last_draft_is_told_by_mentee(sierra: Society) -> None:
    cycle = small_cycle(mentors=2, mentees=3)
    staff = make_staff()
    before = suggest_pairs(cycle=cycle, by=None)
    first = before.pairs.all()[0]
    decide_pair(cycle=cycle, mentee=first.mentee, mentor=first.mentor, kind=NEVER, reason="", by=staff)
    client = browser_of(staff, sierra)
    address = reverse("desk:changes", args=[cycle.pk])
    assert client.get(address).status_code == 302, "there is no draft before"
    now = suggest_pairs(cycle=cycle, by=None)
    told = changes_between(before, now)
    gone, come = (
        {(pair.mentee_id, pair.mentor_id) for pairs in said for pair in pairs}
        for said in ([each.before for each in told], [each.now for each in told])
    )
    was, there = (set(run.pairs.values_list("mentee_id", "mentor_id")) for run in (before, now))
    assert (gone, come) == (was - there, there - was)
    text = client.get(address).content.decode()
    assert all(each.mentee.person.name in text for each in told)


def test_two_pairs_swap_and_nobody_else_moves(sierra: Society) -> None:
    cycle = small_cycle(mentors=5, mentees=5)
    staff = make_staff()
    run = suggest_pairs(cycle=cycle, by=None)
    pair = run.pairs.all()[0]
    decide_pair(cycle=cycle, mentee=pair.mentee, mentor=pair.mentor, kind=KEEP, reason="friends", by=staff)
    swaps = swaps_of(pair)
    assert len(swaps) == 4
    chosen = swaps[0]
    client = browser_of(staff, sierra)
    address = reverse("desk:swap", args=[cycle.pk, pair.pk])
    assert str(chosen.other.pk) in client.get(address).content.decode()
    client.post(address, {"other": chosen.other.pk, "reason": "They asked for it."})
    now = MatchRun.objects.get(state="draft")
    was, there = (set(each.pairs.values_list("mentee_id", "mentor_id")) for each in (run, now))
    new = {(pair.mentee_id, chosen.other.mentor_id), (chosen.other.mentee_id, pair.mentor_id)}
    assert there - was == new
    assert len(was - there) == 2
    kept = PairDecision.objects.filter(kind=KEEP, reason="They asked for it.")
    assert set(kept.values_list("mentee_id", "mentor_id")) == new
    assert PairDecision.objects.count() == 2, "what was said of the old pair is gone"
    assert "pair.swapped" in set(Entry.objects.values_list("verb", flat=True))
    client.post(address, {"other": chosen.other.pk, "reason": "Twice."})
    assert PairDecision.objects.count() == 2, "sent twice, the second finds a newer draft"
    assert not PairDecision.objects.filter(reason="Twice.").exists()


def test_what_a_swap_costs_is_what_all_pairs_lose(sierra: Society) -> None:
    cycle = matching_cycle("sierra")
    staff = make_staff()
    run = suggest_pairs(cycle=cycle, by=None)
    pair = run.pairs.first()
    assert pair is not None
    swap = swaps_of(pair)[0]
    assert all(each.cost >= swap.cost >= 0 for each in swaps_of(pair)), "the draft is the best there is"
    swap_pairs(pair=pair, other=swap.other, reason="", by=staff)
    again = suggest_pairs(cycle=cycle, by=None)
    assert run.result["total"] - again.result["total"] == swap.cost


def test_a_pair_that_a_rule_or_staff_forbids_is_no_swap(sierra: Society) -> None:
    cycle = small_cycle(mentors=2, mentees=2)
    staff = make_staff()
    run = suggest_pairs(cycle=cycle, by=None)
    one, other = run.pairs.all()
    assert [swap.other for swap in swaps_of(one)] == [other]
    decide_pair(cycle=cycle, mentee=one.mentee, mentor=other.mentor, kind=NEVER, reason="", by=staff)
    again = suggest_pairs(cycle=cycle, by=None)
    assert swaps_of(again.pairs.all()[0]) == []
