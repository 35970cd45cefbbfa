"""From votes to one result, in whole percent. Pure: numbers in, numbers out.

The votes in the middle need not add up to 100, so the result is their shares of what they make together. Beside the
half in the middle stands the vote in the middle as it was cast, never its share, which may lie outside of that half.

Secrecy is kept here too: below `FEWEST` votes there is no result, for it would say what somebody voted; where votes
lie is told in numbers from `FOR_SPREAD` votes on, and then of the half in the middle, never of the outermost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import ceil, floor
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

    medians: the vote in the middle, in percent as votes were cast; middle: the lowest and highest percent of the half
    of the votes around it; apart: how far apart votes are, in a word.
    by: how votes were combined: as the program says, or by the average where all the ones in the middle are nothing.
    """

    seats: int
    votes: int
    percents: Percents = field(default_factory=dict)
    medians: Mapping[str, float] = field(default_factory=dict)
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
    medians = {name: float(median(said)) for name, said in of_each.items()}
    counts = medians
    if by == "mean" or not any(medians.values()):
        by, counts = "mean", {name: fmean(said) for name, said in of_each.items()}
    tells = len(votes) >= FOR_SPREAD
    return Result(
        seats=seats,
        votes=len(votes),
        percents=shared_out(counts),
        medians=medians if tells else {},
        middle={name: _middle_half(said) for name, said in of_each.items()} if tells else {},
        apart={name: _how_far(said) for name, said in of_each.items()},
        by=by,
    )


def _middle_half(said: Sequence[int]) -> tuple[int, int]:
    """Two votes between which at least half of all lie; of five votes or more never an outermost one."""
    ordered, quarter = sorted(said), (len(said) - 1) / 4
    return ordered[floor(quarter)], ordered[ceil(3 * quarter)]


def _how_far(said: Sequence[int]) -> Apart:
    """In a word, which tells nothing of an outermost vote where there are only three."""
    low, _middle, high = quantiles(said, n=4, method="inclusive")
    width = high - low
    return "together" if width <= TOGETHER else "somewhat" if width <= APART else "apart"
