"""From votes to a result: shared out in whole percent, by the middle or the average, and never below three votes."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.council.counting import Result, combined, of_levels, shared_out

NAMES = ("a", "b", "c", "d")
VOTES = st.lists(
    st.lists(st.integers(0, 9), min_size=len(NAMES), max_size=len(NAMES))
    .filter(any)
    .map(lambda shares: shared_out(dict(zip(NAMES, shares, strict=True)))),
    min_size=5,
    max_size=12,
)


def test_percent_are_whole_and_add_up() -> None:
    assert shared_out({"a": 1, "b": 1, "c": 1}) == {"a": 34, "b": 33, "c": 33}
    with pytest.raises(ValueError, match="Nothing"):
        shared_out({"a": 0})


def test_each_word_counts_twice_the_one_before() -> None:
    assert of_levels({"a": "most", "b": "some", "c": "little", "d": "none"}) == {"a": 57, "b": 29, "c": 14, "d": 0}


def test_the_one_in_the_middle_counts_however_far_out_the_others_are() -> None:
    votes = [{"a": 10, "b": 90}, {"a": 20, "b": 80}, {"a": 100, "b": 0}]
    assert combined(votes, ["a", "b"], seats=9, by="median").percents == {"a": 20, "b": 80}
    assert combined(votes, ["a", "b"], seats=9, by="mean").percents == {"a": 43, "b": 57}


def test_where_every_middle_is_nothing_the_average_counts_and_is_told() -> None:
    votes = [{"a": 100, "b": 0, "c": 0}, {"a": 0, "b": 100, "c": 0}, {"a": 0, "b": 0, "c": 100}]
    result = combined(votes, ["a", "b", "c"], seats=3, by="median")
    assert (result.by, result.percents) == ("mean", {"a": 34, "b": 33, "c": 33})


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_votes_give_no_number_at_all(count: int) -> None:
    result = combined([{"a": 70, "b": 30}] * count, ["a", "b"], seats=9, by="median")
    assert result == Result(seats=9, votes=count)


def test_the_outermost_votes_are_never_told() -> None:
    """Of five, the half in the middle; of three, only a word."""
    votes = [{"a": each, "b": 100 - each} for each in (1, 20, 25, 30, 99)]
    told = combined(votes, ["a", "b"], seats=5, by="median")
    assert told.middle == {"a": (20, 30), "b": (70, 80)}
    assert told.apart == {"a": "somewhat", "b": "somewhat"}
    few = combined(votes[:3], ["a", "b"], seats=5, by="median")
    assert (few.middle, few.apart["a"]) == ({}, "somewhat")
    assert Result.restored(told.stored()) == told


@given(VOTES)
@settings(max_examples=60, deadline=None)
def test_the_vote_in_the_middle_never_lies_outside_of_the_half_that_stands_beside_it(
    votes: list[Mapping[str, int]],
) -> None:
    """Both are votes as they were cast; the result is the share of each in what the middles make together."""
    told = combined(votes, NAMES, seats=12, by="median")
    together = sum(told.medians.values())
    for name in NAMES:
        low, high = told.middle[name]
        assert 0 <= low <= told.medians[name] <= high <= 100
        assert 2 * sum(low <= vote[name] <= high for vote in votes) >= len(votes)
        if told.by == "median":
            assert abs(told.percents[name] - 100 * told.medians[name] / together) < 1
    assert sum(told.percents.values()) == 100


def test_shares_of_middles_that_make_no_whole_lie_outside_of_the_votes() -> None:
    """Three of five give 31 and the middles make 60 together: the result is 51, which nobody voted for."""
    votes = [{"a": 31, "b": 60, "c": 9}, {"a": 31, "b": 9, "c": 60}, {"a": 31, "b": 50, "c": 19}]
    votes += [{"a": 0, "b": 0, "c": 100}, {"a": 90, "b": 10, "c": 0}]
    told = combined(votes, ["a", "b", "c"], seats=5, by="median")
    assert told.medians == {"a": 31, "b": 10, "c": 19}
    assert (told.middle["a"], told.percents) == ((31, 31), {"a": 51, "b": 17, "c": 32})
