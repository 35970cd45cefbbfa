"""One part, solved: who takes part, whose places count, and why somebody has nobody."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from io import StringIO
from typing import Any

import pytest

from chiron.kernel.errors import DomainError
from matching.on_files.tables import write_pairs, write_scores
from matching.solving.facts import pair_facts
from matching.solving.part import IdleBecause, Solved, WhyNot, solve_part
from programs.policy.document import Part
from programs.policy.participant import Participant
from programs.policy.rules import Answer
from programs.policy.templates import load
from tests.matching.people import mentee, mentor

FIRST_DAY = date(2027, 3, 1)
ALONG = "mentor_not_further_along"


def part(**settings: Any) -> Part:
    """A one-to-one part; shared interests alone matter if nothing is said."""
    matching = {"by": "solver", "weights": {"shared_interests": 1000}} | settings.pop("matching", {})
    return Part.model_validate({"name": "Pairs", "format": "one_to_one", "matching": matching, **settings})


def solved(people: Sequence[Participant], **settings: Any) -> Solved:
    return solve_part(part(**settings), people, on=FIRST_DAY)


def pairs(answer: Solved) -> list[tuple[str, str, int]]:
    """Pairs by id."""
    pool = answer.pool
    return [(pool.mentees[pair.mentee].key, pool.mentors[pair.mentor].key, pair.score) for pair in answer.pairs]


def why_not(answer: Solved) -> dict[str, WhyNot]:
    return {answer.pool.mentees[each.mentee].key: each.why for each in answer.not_matched()}


def idle(answer: Solved) -> dict[str, IdleBecause]:
    return {answer.pool.mentors[position].key: why for position, why in answer.idle_mentors()}


def test_the_best_pairs_are_made_and_checked() -> None:
    people = [
        mentee("E1", interests=("art",)),
        mentee("E2", interests=("art", "sports")),
        mentor("M1", interests=("art",)),
        mentor("M2", interests=("sports",)),
    ]
    answer = solved(people)
    assert pairs(answer) == [("E1", "M1", 1_000_000), ("E2", "M2", 500_000)]
    assert answer.result.total == 1_500_000
    assert answer.certificate.value == answer.certificate.bound


def test_who_is_not_eligible_on_the_first_day_is_left_out_with_the_reason() -> None:
    people = [
        mentee("E1", training_completed_on=date(2025, 3, 1)),
        mentee("E2", training_completed_on=date(2025, 2, 28)),
        mentee("E3"),
        mentor("M1"),
    ]
    answer = solved(people, eligible={"mentee": "training.completed within 2 years"})
    assert [person.key for person in answer.pool.mentees] == ["E1"]
    assert [(each.person.key, each.decision.answer) for each in answer.pool.left_out] == [
        ("E2", Answer.NO),
        ("E3", Answer.UNKNOWN),
    ]
    assert all(each.decision.reasons for each in answer.pool.left_out)


@pytest.mark.parametrize(("offered", "made"), [(None, 2), (0, 0), (1, 1), (3, 3), (9, 3)])
def test_places_are_the_smaller_of_offer_and_policy(offered: int | None, made: int) -> None:
    people = [mentor("M1", places=offered), *(mentee(f"E{number}") for number in range(5))]
    answer = solved(people, roles={"mentor": {"called": "Mentor", "places": {"default": 2, "most": 3}}})
    assert len(answer.pairs) == made


@pytest.mark.parametrize(("asked", "made"), [(None, 1), (0, 0), (1, 1), (2, 2), (9, 2)])
def test_mentors_wanted_are_the_smaller_of_wish_and_policy(asked: int | None, made: int) -> None:
    people = [mentee("E1", places=asked), *(mentor(f"M{number}") for number in range(5))]
    answer = solved(people, roles={"mentee": {"called": "Mentee", "mentors": {"default": 1, "most": 2}}})
    assert len(answer.pairs) == made


def test_a_wish_for_more_mentors_than_there_are_is_met_as_far_as_it_goes() -> None:
    most = {"mentee": {"called": "Mentee", "mentors": {"default": 3, "most": 3}}}
    answer = solved([mentee("E1"), mentor("M1")], roles=most)
    assert len(answer.pairs) == 1


def test_each_reason_for_having_nobody() -> None:
    behind = {"stage": "resident"}
    people = [
        mentee("ASKS", places=0),
        mentee("CLASH", stage="retired"),
        mentee("FULL", **behind, interests=("x",)),
        mentee("GOOD", **behind, interests=("art",)),
        mentor("M1", stage="fellow", interests=("art",)),
    ]
    answer = solved(people, matching={"never": [ALONG], "aim": "total"})
    assert pairs(answer) == [("GOOD", "M1", 1_000_000)]
    assert why_not(answer) == {"ASKS": "asks_for_none", "CLASH": "forbidden", "FULL": "all_full"}
    assert {answer.pool.mentees[each.mentee].key: each.forbidden for each in answer.not_matched()} == {
        "ASKS": {},
        "CLASH": {ALONG: 1},
        "FULL": {},
    }


def test_without_mentors_there_are_none() -> None:
    assert why_not(solved([mentee("E1")])) == {"E1": "no_mentors"}


def test_a_pair_below_the_floor_is_worse_than_none() -> None:
    people = [mentee("E1", interests=("a", "b", "c")), mentor("M1", interests=("a",))]
    assert why_not(solved(people, matching={"floor": 400})) == {"E1": "below_floor"}
    assert why_not(solved(people, matching={"floor": 300})) == {}


def test_beyond_the_cap_somebody_waits() -> None:
    people = [mentee("E1"), mentee("E2", interests=("art",)), mentor("M1", interests=("art",)), mentor("M2")]
    answer = solved(people, cap={"pairs": 1})
    assert pairs(answer) == [("E2", "M1", 1_000_000)]
    assert why_not(answer) == {"E1": "beyond_cap"}
    assert idle(answer) == {"M2": "not_needed"}


def test_a_pair_worth_nothing_is_still_a_pair() -> None:
    people = [mentee("E1", interests=("a",)), mentor("M1", interests=("b",))]
    assert pairs(solved(people, matching={"aim": "total"})) == [("E1", "M1", 0)]


def test_mentors_without_a_mentee_are_told_why() -> None:
    people = [
        mentee("E1", stage="resident"),
        mentor("M1", stage="fellow", places=0),
        mentor("M2", stage="pre-med"),
        mentor("M3", stage="fellow"),
        mentor("M4", stage="fellow"),
    ]
    answer = solved(people, matching={"never": [ALONG]})
    (taken,) = {pair[1] for pair in pairs(answer)}
    spare = ({"M3", "M4"} - {taken}).pop()
    assert idle(answer) == {"M1": "offers_no_place", "M2": "forbidden", spare: "not_needed"}


def test_fewer_mentors_than_asked_for_are_counted() -> None:
    two = {"mentee": {"called": "Mentee", "mentors": {"default": 2, "most": 2}}}
    people = [mentee("E1", stage="fellow"), mentor("M1", stage="retired"), mentor("M2", stage="pre-med")]
    assert solved(people, roles=two, matching={"never": [ALONG]}).mentors_short == 1
    assert solved(people, roles=two).mentors_short == 0


def test_somebody_in_both_roles_is_never_their_own_mentor() -> None:
    answer = solved([mentee("X", interests=("art",)), mentor("X", interests=("art",))])
    assert pairs(answer) == []
    assert why_not(answer) == {"X": "forbidden"}


@pytest.mark.parametrize("seed", [0, 7])
def test_the_order_of_people_changes_no_pair(seed: int) -> None:
    """All pairs tie, so that only the lot decides."""
    people = [*(mentee(f"E{number}") for number in range(9)), *(mentor(f"M{number}") for number in range(7))]
    first = solve_part(part(), people, on=FIRST_DAY, seed=seed)
    random.Random(seed).shuffle(people)
    again = solve_part(part(), people, on=FIRST_DAY, seed=seed)
    assert pairs(first) == pairs(again)
    assert len(pairs(first)) == 7


def test_a_part_that_pairs_nobody_is_refused() -> None:
    circle = Part.model_validate({"name": "Circle", "format": "peer_circle"})
    with pytest.raises(DomainError, match="The part “Circle” does not pair people one to one"):
        solve_part(circle, [], on=FIRST_DAY)
    by_hand = Part.model_validate({"name": "By hand", "format": "one_to_one"})
    with pytest.raises(DomainError, match="does not say what matters in a match"):
        solve_part(by_hand, [], on=FIRST_DAY)


def test_on_files_each_pair_names_what_it_is_for_and_rows_of_scores_do_too() -> None:
    part = load("primary-care").parts[0]
    people = [
        mentee("E1", stage="resident", aspects=("research", "Leadership"), places=2),
        mentee("E2", stage="resident", aspects=("research",)),
        mentee("E3", stage="resident", aspects=("burnout",)),
        mentor("M1", stage="late career", aspects=("Research", "leadership")),
        mentor("M2", stage="late career", aspects=("research",)),
    ]
    answer = solve_part(part, people, on=FIRST_DAY)
    table, scores = StringIO(), StringIO()
    write_pairs(answer, table)
    write_scores(answer, scores)
    assert [row.rsplit(",", 1)[0] for row in table.getvalue().splitlines()[1:]] == [
        "E1,M1,Leadership",
        "E2,M2,research",
    ]
    rows = [row.split(",") for row in scores.getvalue().splitlines()]
    assert [row[:2] for row in rows] == [
        ["mentee_id", "aspect"], ["E1", "research"], ["E1", "Leadership"], ["E2", "research"], ["E3", "burnout"],
    ]  # fmt: skip
    assert rows[2][3] == "-1", "who does not help with it"
    assert why_not(answer) == {"E3": "forbidden"}
    assert [each.forbidden["does_not_help_with_it"] for each in answer.not_matched()] == [2]
    assert answer.mentors_short == 1


def test_who_helps_with_what_is_not_known_is_not_ruled_out_but_shown() -> None:
    part = load("primary-care").parts[0]
    people = [
        mentee("E1", stage="resident", aspects=("research",)),
        mentor("M1", stage="late career", aspects=()),
    ]
    answer = solve_part(part, people, on=FIRST_DAY)
    ((pair, facts),) = pair_facts(answer)
    assert (answer.rows[pair.mentee].aspects, answer.pool.mentors[pair.mentor].key) == (("research",), "M1")
    assert "The mentor does not say what they can help with." in [flag["sentence"] for flag in facts["flags"]]
