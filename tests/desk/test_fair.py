"""Who was matched and who was not, whether identity changed anything, and that nobody is picked out by either."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from matching.engine import Changes, what_if
from matching.explaining.privacy import PRIVATE
from matching.fairness.blind import FEWEST
from matching.fairness.matched import fair_of, kinds_of, rounded
from matching.fairness.words import blind_words
from matching.models import MatchRun
from matching.publishing.services import publish
from matching.services import suggest_pairs
from matching.snapshots import solved_of
from programs.enrollment.models import Role
from programs.policy.models import Cycle
from programs.policy.services import change_state
from tenants.models import Society
from tests.desk.making import matching_cycle, small_cycle, take_part
from tests.factories.programs import make_cycle
from tests.factories.staff import browser_of, make_staff

State = MatchRun.State


def page(client: Client, run: MatchRun, **query: Any) -> str:
    reply = client.get(reverse("desk:fair", args=[run.cycle_id, run.pk]), query)
    assert reply.status_code == 200
    return reply.content.decode()


def some_wish(count: int) -> Cycle:
    """A session of a program that lets a mentee's wish count, and so many mentees who have it."""
    cycle = make_cycle("northstar")
    for number in range(6):
        gender = "woman" if number % 2 else "man"
        take_part(cycle, Role.MENTOR, f"Mentor{number}", gender=gender)
        wish = ["gender"] if number < count else []
        take_part(cycle, Role.MENTEE, f"Mentee{number}", stage="pre-med", gender=gender, prefers_shared=wish)
    return change_state(cycle=cycle, to=Cycle.State.MATCHING, by=None)


def test_a_run_keeps_how_one_that_sees_no_identity_would_differ(northstar: Society) -> None:
    run = suggest_pairs(cycle=matching_cycle("northstar"), by=None)
    solved, blind = solved_of(run), run.snapshot["blind"]
    delta = what_if(solved.result, solved.problem, Changes(blind_to=[PRIVATE]))
    assert (blind["others"], blind["pairs"], blind["points"]) == (len(delta.come), delta.pairs, delta.points)
    assert blind["asked"] == sum(bool(one.prefers_shared) for one in solved.pool.mentees) > 0


def test_which_pairs_would_be_others_is_kept_nowhere(northstar: Society) -> None:
    blind = suggest_pairs(cycle=some_wish(6), by=None).snapshot["blind"]
    assert set(blind) == {"asked", "others", "pairs", "points"}
    assert all(type(number) is int for number in blind.values())
    assert blind["asked"] == 6


def test_a_wish_of_fewer_than_five_is_not_told(northstar: Society) -> None:
    run = suggest_pairs(cycle=some_wish(FEWEST - 1), by=None)
    assert "what it changed is not told" in blind_words(run)[0]
    kept = [{"asked": asked, "others": others, "pairs": 0} for asked, others in product(range(FEWEST), (0, 3, 9))]
    told = {tuple(blind_words(MatchRun(snapshot={"blind": blind}))) for blind in kept}
    assert len(told) == 1, "nothing tells them apart"


def test_few_pairs_that_would_be_others_are_not_counted() -> None:
    def said(**more: int) -> str:
        blind = {"asked": 9, "others": 0, "pairs": 0, "points": 0} | more
        return " ".join(blind_words(MatchRun(snapshot={"blind": blind}, result={"pairs": [[0, 0]] * 20})))

    assert "every pair would be the same" in said()
    assert said(others=1) == said(others=4)
    assert "fewer than five pairs would be others. As many people would have somebody" in said(others=2)
    assert "7 of 20 pairs would be others. There would be 1 pair more." in said(others=7, pairs=1)
    assert "2 pairs fewer" in said(others=7, pairs=-2)


def test_a_program_that_asks_for_no_identity_says_so(sierra: Society) -> None:
    run = suggest_pairs(cycle=small_cycle(), by=None)
    assert "in this program nobody’s gender or heritage counts" in page(browser_of(make_staff(), sierra), run)
    del run.snapshot["blind"]
    assert "Suggest again" in blind_words(run)[0]


def test_groups_of_fewer_than_five_stand_with_others(sierra: Society) -> None:
    cycle = make_cycle()
    for number in range(6):
        take_part(cycle, Role.MENTOR, f"Mentor{number}")
        take_part(cycle, Role.MENTEE, f"Resident{number}")
        take_part(cycle, Role.MENTEE, f"Student{number}", stage="medical student")
    take_part(cycle, Role.MENTEE, "Fellow", stage="fellow")
    run = suggest_pairs(cycle=change_state(cycle=cycle, to=Cycle.State.MATCHING, by=None), by=None)
    found = fair_of(run, "stage")
    assert (found.people, found.matched) == (13, 6)
    assert found.groups is not None
    assert sorted(group.label for group in found.groups) in (
        ["fellow, medical student", "resident"],
        ["fellow, resident", "medical student"],
    )


def test_groups_by_identity_are_made_of_published_pairs_alone(northstar: Society) -> None:
    run = suggest_pairs(cycle=some_wish(6), by=None)
    client = browser_of(make_staff(), northstar)
    assert "gender" not in kinds_of(run)
    assert client.get(reverse("desk:fair", args=[run.cycle_id, run.pk]), {"by": "gender"}).status_code == 404
    publish(run=run, by=None)
    run.refresh_from_db()
    assert "gender" in kinds_of(run)
    assert "heritage" not in kinds_of(run), "nobody said"
    page(client, run, by="gender")


@pytest.mark.parametrize(
    ("rates", "people", "matched"),
    [
        ([("a", 20, 16), ("b", 20, 20)], 40, 36),  # four have nobody: all four would be known to be of one group
        ([("a", 20, 2), ("b", 20, 2)], 40, 4),  # the same of those who have somebody
        ([("a", 20, 13), ("b", 20, 20)], 40, 33),  # all seven who have nobody are of one group
        ([("a", 20, 0), ("b", 20, 9)], 40, 9),
    ],
)
def test_nobodys_identity_is_worked_out_of_who_has_a_mentor(
    rates: list[tuple[str, int, int]], people: int, matched: int
) -> None:
    assert rounded(rates, people, matched) is None


def test_one_person_more_does_not_show() -> None:
    """Whoever subtracts two pages learns of nobody: sizes and rates are told in steps."""
    told = [rounded([("a", size, size - 6), ("b", 30, 20)], size + 30, size + 14) for size in (18, 19, 20, 21, 22)]
    assert len({tuple(group.people for group in some or ()) for some in told}) == 1
    first = told[0]
    assert first is not None
    assert (first[0].people, first[0].percent) == ("about 20", 70)


def test_the_page_shows_the_lowest_pairs_and_opens_them(commonwealth: Society) -> None:
    run = suggest_pairs(cycle=matching_cycle("commonwealth"), by=None)
    client = browser_of(make_staff(), commonwealth)
    shown = page(client, run)
    lowest = run.pairs.order_by("score", "id")
    assert all(reverse("desk:pair", args=[run.cycle_id, pair.pk]) in shown for pair in lowest[:5])
    assert reverse("desk:pair", args=[run.cycle_id, lowest[5].pk]) not in shown
    assert "gini" not in shown.lower(), "figures are in the file alone"
    for by in ("stage", "specialty", "region"):
        page(client, run, by=by)
    assert (
        reverse("desk:fair", args=[run.cycle_id, run.pk])
        in client.get(reverse("desk:pairs", args=[run.cycle_id])).content.decode()
    )
