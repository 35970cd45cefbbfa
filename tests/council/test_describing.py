"""People without names: what is told of somebody fits at least two others, whichever way one looks at it."""

from __future__ import annotations

from collections import Counter
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.council.describing import FEWEST, alike

RESIDENT = ("resident", "internal medicine")


def told(*paths: tuple[str, ...]) -> list[tuple[str, ...]]:
    """What is told of people in these places, in their order."""
    people = [uuid4() for _path in paths]
    shown = alike(dict(zip(people, paths, strict=True)))
    return [shown[person] for person in people]


def test_where_several_fit_all_is_told() -> None:
    assert told(*[(*RESIDENT, "roseville")] * 3) == [(*RESIDENT, "roseville")] * 3


def test_a_town_with_one_of_them_is_not_told_and_neither_is_that_it_is_another_town() -> None:
    """Shown without a town where all others have theirs, she would be the one from elsewhere."""
    assert told(*[(*RESIDENT, "roseville")] * 3, (*RESIDENT, "colfax")) == [RESIDENT] * 4
    six = told(*[(*RESIDENT, "roseville")] * 3, *[(*RESIDENT, name) for name in ("colfax", "auburn", "loomis")])
    assert six == [(*RESIDENT, "roseville")] * 3 + [RESIDENT] * 3


def test_who_fits_nowhere_takes_others_along() -> None:
    paths = [RESIDENT] * 3 + [("retired", "urology")]
    assert told(*paths) == [()] * 4


def test_of_two_people_nothing_is_told() -> None:
    assert told(RESIDENT, RESIDENT) == [(), ()]


PATHS = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from("cd"), st.sampled_from("efg")).flatmap(
        lambda path: st.integers(0, 3).map(lambda depth: path[:depth])
    ),
    max_size=14,
)


@settings(max_examples=60)
@given(PATHS)
def test_whoever_is_told_of_reads_like_at_least_two_others_and_nothing_is_told_that_is_not_so(
    paths: list[tuple[str, ...]],
) -> None:
    people: dict[UUID, tuple[str, ...]] = {uuid4(): path for path in paths}
    shown = alike(people)
    assert set(shown) == set(people)
    assert all(people[pk][: len(path)] == path for pk, path in shown.items())
    if len(people) >= FEWEST:
        assert min(Counter(shown.values()).values()) >= FEWEST
    else:
        assert set(shown.values()) <= {()}
