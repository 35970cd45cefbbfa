"""From votes to a result: shared out in whole percent, by the middle or the average, and never below three votes."""

from __future__ import annotations

import pytest

from matching.council.counting import Result, combined, of_levels, shared_out


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
