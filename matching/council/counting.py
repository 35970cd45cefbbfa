"""From votes to one result, in whole percent. Pure: numbers in, numbers out.

Secrecy is kept here too: below `FEWEST` votes there is no result, for it would say what somebody voted; how far apart
votes lie is told in numbers from `FOR_SPREAD` votes on, and then of the half in the middle, never of the outermost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import fmean, median, quantiles
from typing import Any, Final, Literal, Self

WHOLE: Final = 100
FEWEST: Final = 3
FOR_SPREAD: Final = 5
# What each word counts: every step twice the one before.
STEPS: Final[Mapping[str, int]] = {"none": 0, "little": 1, "some": 2, "most": 4}
# Votes whose middle half lies within so many percent are of one mind.
TOGETHER, APART = 5, 15

Percents = Mapping[str, int]
Combine = Literal["median", "mean"]
Apart = Literal["together", "somewhat", "apart"]


@dataclass(frozen=True)
class Result:
    """What the votes say together. Without `percents` there were too few.

    middle: the lowest and highest percent of the half of the votes in the middle; apart: the same in a word.
    by: how votes were combined: as the program says, or by the average where all the ones in the middle are nothing.
    """

    seats: int
    votes: int
    percents: Percents = field(default_factory=dict)
    middle: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    apart: Mapping[str, Apart] = field(default_factory=dict)
    by: Combine = "median"

    def stored(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)

    @classmethod
    def restored(cls, data: Mapping[str, Any]) -> Self:
        middle = {name: (low, high) for name, (low, high) in data["middle"].items()}
        return cls(**{**data, "middle": middle})


def shared_out(shares: Mapping[str, float]) -> dict[str, int]:
    """Whole percent in proportion, by the largest remainder; what is equal stands in the order of the names.

    ValueError if all shares are zero.
    """
    total = sum(shares.values())
    if total <= 0:
        raise ValueError("Nothing is shared out among nothing.")
    exact = {name: WHOLE * share / total for name, share in shares.items()}
    whole = {name: int(share) for name, share in exact.items()}
    rest = sorted(exact, key=lambda name: (whole[name] - exact[name], name))
    for name in rest[: WHOLE - sum(whole.values())]:
        whole[name] += 1
    return whole


def of_levels(levels: Mapping[str, str]) -> dict[str, int]:
    """A vote in words as percent; ValueError if nothing matters at all."""
    return shared_out({name: STEPS[level] for name, level in levels.items()})


def combined(votes: Sequence[Percents], names: Sequence[str], *, seats: int, by: Combine) -> Result:
    """What votes say together. Each must speak of all names."""
    if len(votes) < FEWEST:
        return Result(seats=seats, votes=len(votes), by=by)
    of_each = {name: [vote[name] for vote in votes] for name in names}
    middles = {name: float(median(said)) for name, said in of_each.items()}
    if by == "mean" or not any(middles.values()):
        by, middles = "mean", {name: fmean(said) for name, said in of_each.items()}
    halves = {name: _middle_half(said) for name, said in of_each.items()}
    return Result(
        seats=seats,
        votes=len(votes),
        percents=shared_out(middles),
        middle=halves if len(votes) >= FOR_SPREAD else {},
        apart={name: _how_far(low, high) for name, (low, high) in halves.items()},
        by=by,
    )


def _middle_half(said: Sequence[int]) -> tuple[int, int]:
    low, _middle, high = quantiles(said, n=4, method="inclusive")
    return round(low), round(high)


def _how_far(low: int, high: int) -> Apart:
    width = high - low
    return "together" if width <= TOGETHER else "somewhat" if width <= APART else "apart"
