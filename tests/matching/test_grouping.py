"""Groups: circles of peers, threes, and groups that a mentor leads; with the bound, and who is left and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chiron.kernel.errors import DomainError
from matching.engine import CertificateError
from matching.solving.grouping import Grouped, Somebody, check, group_people
from programs.policy.document import Part
from programs.policy.participant import Participant

WORDS = ("telehealth", "teaching", "research", "writing")


def part(format_: str, **more: Any) -> Part:
    matching = {"by": "solver", "weights": {"shared_interests": 1000}, "never": ["mentor_not_further_along"]}
    return Part.model_validate({"name": "Part", "format": format_, "matching": matching} | more)


def people(role: str, count: int, stage: str, **said: Any) -> list[Somebody]:
    """So many, in the order of their sign-up; every fourth of them has the same interest."""
    return [
        Somebody(
            role,
            Participant(
                key=f"{role}{number:02}",
                role="mentor" if role == "mentor" else "mentee",
                stage=stage,
                interests=(WORDS[number % 4],),
                **said,
            ),
        )
        for number in range(count)
    ]


def keys(grouped: Grouped) -> list[set[str]]:
    return [{each.said.key for each in group.people} for group in grouped.found]


def left(grouped: Grouped) -> list[tuple[str, str]]:
    return [(each.said.key, why) for each, why in grouped.left]


def test_a_circle_is_of_those_who_suit_each_other_and_nobody_is_further_along() -> None:
    circle = part("peer_circle", size={"at_least": 3, "most": 4})
    grouped = group_people(circle, people("peer", 16, "resident"))
    assert sorted(map(sorted, keys(grouped))) == [[f"peer{n:02}" for n in range(first, 16, 4)] for first in range(4)]
    assert [group.score for group in grouped.found] == [1_000_000] * 4
    assert grouped.result.optimal
    assert grouped.left == []
    check(grouped)


@pytest.mark.parametrize(("count", "waits"), [(7, ["peer06"]), (6, []), (8, ["peer06", "peer07"])])
def test_whoever_signed_up_last_waits_where_there_is_one_too_many(count: int, waits: list[str]) -> None:
    grouped = group_people(part("peer_circle", size={"at_least": 3, "most": 3}), people("peer", count, "resident"))
    assert sorted(left(grouped)) == [(key, "too_few") for key in waits]
    assert [len(group) for group in keys(grouped)] == [3] * (count // 3)


def test_whom_the_rules_keep_apart_from_all_others_waits() -> None:
    circle = part(
        "peer_circle",
        matching={"by": "solver", "weights": {"shared_interests": 1000}, "never": ["no_common_language"]},
    )
    some = people("peer", 5, "resident", languages=("English",))
    alone = replace(some[0].said, key="alone", languages=("Finnish",))
    grouped = group_people(circle, [Somebody("peer", alone), *some])
    assert left(grouped) == [("alone", "forbidden")]


def test_a_ceiling_counts_groups_that_go_on() -> None:
    circle = part("peer_circle", size={"at_least": 3, "most": 4}, cap={"pairs": 2})
    grouped = group_people(circle, people("peer", 9, "resident"), standing=1)
    assert keys(grouped) == [{f"peer{number:02}" for number in range(4)}]
    assert left(grouped) == [(f"peer{number:02}", "beyond_cap") for number in range(4, 9)]


def test_a_three_has_one_of_each_role_and_goes_upward() -> None:
    three = part("triad")
    early, middle, senior = (
        people("early", 3, "resident"),
        people("middle", 2, "mid career"),
        people("senior", 4, "retired"),
    )
    grouped = group_people(three, [*senior, *early, *middle])
    assert sorted(map(sorted, keys(grouped))) == [
        ["early00", "middle00", "senior00"],
        ["early01", "middle01", "senior01"],
    ]
    assert sorted(left(grouped)) == [("early02", "too_few"), ("senior02", "too_few"), ("senior03", "too_few")]
    check(grouped)
    backwards = [*people("early", 2, "retired"), *people("middle", 2, "mid career"), *people("senior", 2, "resident")]
    with pytest.raises(DomainError, match="there are not as many"):
        group_people(three, backwards)


def test_a_group_has_one_mentor_and_enough_others() -> None:
    group = part("group", size={"at_least": 4, "most": 6})
    grouped = group_people(group, [*people("mentor", 3, "retired"), *people("mentee", 9, "resident")])
    for found in grouped.found:
        assert [each.role for each in found.people] == ["mentor", *["mentee"] * (len(found.people) - 1)]
        assert 4 <= len(found.people) <= 6
    assert sum(len(found.people) for found in grouped.found) + len(grouped.left) == 12
    check(grouped)
    with pytest.raises(DomainError, match="takes a mentor and 3 others"):
        group_people(group, [*people("mentor", 1, "retired"), *people("mentee", 2, "resident")])


def test_nobody_knows_of_a_better_answer_than_the_bound_and_a_changed_one_is_found_out() -> None:
    circle = part("peer_circle", size={"at_least": 3, "most": 5})
    grouped = group_people(circle, people("peer", 14, "resident"))
    assert grouped.result.total <= grouped.result.bound
    wrong = Grouped(grouped.gathered, replace(grouped.result, total=grouped.result.total + 1))
    with pytest.raises(CertificateError):
        check(wrong)


def test_the_order_in_which_people_come_changes_no_group() -> None:
    circle, some = part("peer_circle", size={"at_least": 3, "most": 5}), people("peer", 12, "resident")
    assert keys(group_people(circle, some)) == keys(group_people(circle, some[::-1]))
