"""What is compared with what, and the bars that must hold. Data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from matching.bench.cases import FEW, HUGE, LARGE, MIDDLE, RESIDENCY, SMALL, Case

DENSE = ("scipy", "lapx")
Unit = Literal["s", "MB", "share", "points", "pairs"]


@dataclass(frozen=True)
class Bar:
    """A limit on our own figure, or on how many times better we are than a peer; of one case, or of all."""

    of: Literal["ours", "ratio"]
    limit: float
    case: Case | None = None
    peer: str = ""

    def kept(self, ours: float, ratio: float | None) -> bool | None:
        """Whether it is; None if there is nothing to judge by."""
        if self.of == "ours":
            return ours <= self.limit
        return None if ratio is None else ratio >= self.limit

    def __str__(self) -> str:
        return f"≤ {self.limit:g}" if self.of == "ours" else f"≥ {self.limit:g} ×"


class Row(NamedTuple):
    """One comparison: a figure of ours and the same of each peer.

    figure: its name among what both kinds of work measure; with_scores: a peer's seconds include making the matrix
    it needs. gap: what counts is the difference to the peer's figure, and not a ratio.
    """

    id: str
    what: str
    unit: Unit
    ours: str
    fits: Callable[[Case], bool]
    peers: tuple[str, ...] = ()
    figure: str = "seconds"
    with_scores: bool = False
    gap: bool = False
    bars: tuple[Bar, ...] = ()

    def bar(self, case: Case, peer: str) -> Bar | None:
        """The bar on this peer's line of this case, if there is one. What is ours alone is judged on the first line."""
        judged = peer in self.peers[:1] or not peer or self.gap
        here = (bar for bar in self.bars if bar.case in (None, case) and (bar.peer == peer if bar.peer else judged))
        return next(here, None)


def only(*sizes: Case) -> Callable[[Case], bool]:
    """These cases."""
    return lambda case: case in sizes


def up_to(most: int, least: int = 0) -> Callable[[Case], bool]:
    """All cases of so many pairs, but that of which there are only lists."""
    return lambda case: least <= case.pairs <= most and case != RESIDENCY


def _other(case: Case) -> bool:
    return case not in (FEW, SMALL, MIDDLE, LARGE, HUGE, RESIDENCY)


PROVEN = "scored, solved and proven"
ROWS = (
    Row(
        "B1",
        "scores of every pair, people's words prepared",
        "s",
        "built",
        up_to(SMALL.pairs, least=10_000),
        ("loop",),
        bars=(Bar("ratio", 80, SMALL),),
    ),
    Row(
        "B1",
        "scores of every pair, from the sign-ups on",
        "s",
        "built",
        up_to(SMALL.pairs, least=10_000),
        ("loop",),
        figure="whole",
    ),
    Row(
        "B2",
        f"{PROVEN}, every pair explained (peers: solved)",
        "s",
        "explained",
        up_to(10_000),
        DENSE,
        with_scores=True,
        bars=(Bar("ours", 0.05, FEW),),
    ),
    Row("B2", PROVEN, "s", "proven", only(SMALL), DENSE, with_scores=True, bars=(Bar("ours", 0.15),)),
    Row("B3", PROVEN, "s", "proven", only(MIDDLE), DENSE, with_scores=True, bars=(Bar("ratio", 3, peer="scipy"),)),
    Row("B3", "memory", "MB", "proven", only(MIDDLE), DENSE, figure="peak_mb", bars=(Bar("ours", 260),)),
    Row(
        "B4",
        f"{PROVEN} (peers: scores given to them)",
        "s",
        "proven",
        only(LARGE),
        DENSE,
        bars=(Bar("ratio", 4, peer="scipy"), Bar("ratio", 1.7, peer="lapx")),
    ),
    Row("B4", "memory", "MB", "proven", only(LARGE), DENSE, figure="peak_mb", bars=(Bar("ours", 400),)),
    Row("B5", PROVEN, "s", "proven", only(HUGE), DENSE, with_scores=True),
    Row("B5", "memory", "MB", "proven", only(HUGE), DENSE, figure="peak_mb", bars=(Bar("ours", 512),)),
    Row("", PROVEN, "s", "proven", _other, DENSE, with_scores=True),
    Row("", "memory", "MB", "proven", lambda case: case in (FEW, SMALL) or _other(case), DENSE, figure="peak_mb"),
    Row("", "solved and proven, scores given to all", "s", "given", up_to(MIDDLE.pairs), DENSE),
    Row(
        "B6",
        "pairs priced again after the first look",
        "share",
        "proven",
        up_to(HUGE.pairs),
        figure="looked",
        bars=(Bar("ours", 0.5),),
    ),
    Row(
        "B7",
        "stable pairs from ranked lists, checked",
        "s",
        "stable_pairs",
        lambda case: case == RESIDENCY or SMALL.pairs <= case.pairs <= MIDDLE.pairs,
        ("algmatch", "matching"),
        bars=(Bar("ratio", 200, MIDDLE, "algmatch"), Bar("ours", 1, RESIDENCY)),
    ),
    Row(
        "B7",
        "pairs that the peer finds and we do not, or we alone",
        "pairs",
        "stable_pairs",
        lambda case: SMALL.pairs <= case.pairs <= MIDDLE.pairs,
        ("algmatch", "matching"),
        figure="pairs",
        gap=True,
        bars=(Bar("ours", 0),),
    ),
    Row(
        "B8",
        "an exact why-not (peers: solving again)",
        "s",
        "asked",
        up_to(MIDDLE.pairs),
        DENSE,
        bars=(Bar("ours", 0.01, MIDDLE),),
    ),
    Row(
        "B9",
        "difference to the peer's best total",
        "points",
        "proven",
        up_to(LARGE.pairs),
        (*DENSE, "highs"),
        figure="total",
        gap=True,
        bars=(Bar("ours", 0),),
    ),
    Row(
        "B10",
        "pairs changed by the order of people and of work",
        "pairs",
        "shuffled",
        up_to(MIDDLE.pairs),
        figure="changed",
        bars=(Bar("ours", 0),),
    ),
)
IDS = tuple(dict.fromkeys(row.id for row in ROWS if row.id))
