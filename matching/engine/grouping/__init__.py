"""groups(): peer circles, and groups that mentors lead. Both are NP-hard: the answer always comes with its bound.

`circles` and `led` what is asked; `search` good circles quickly; `bound` what circles cannot exceed; `exact` the best
there are, for few people.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from matching.engine.errors import CertificateError, ProblemError
from matching.engine.grouping.bound import CompanyPrices, bound_of, company_prices
from matching.engine.grouping.circles import Circles, Spread
from matching.engine.grouping.exact import FEW, settle
from matching.engine.grouping.led import Led, lead
from matching.engine.grouping.search import search
from matching.engine.progress import Progress, Watch
from matching.engine.proof import verify
from matching.engine.result import Result
from matching.engine.scores import Ints

__all__ = ["Circles", "Groups", "Led", "Spread", "groups", "verify_groups"]


@dataclass(frozen=True, eq=False)
class Groups:
    """The best groups found, and what none exceed. Positions are those of the input, all numbers exact integers.

    members: people, or mentees, of each group, sorted; leaders: the mentor of each, () for circles. total: what they
    are worth; bound: what no groups exceed. proof: "prices", which anybody can check (`prices` of company for circles,
    the `relaxation` for groups that are led), or "search", CP-SAT's word for it, lower than the prices' one.
    """

    members: tuple[tuple[int, ...], ...]
    leaders: tuple[int, ...]
    total: int
    bound: int
    proof: Literal["prices", "search"]
    prices: CompanyPrices | None = None
    relaxation: Result | None = None

    @property
    def optimal(self) -> bool:
        """Whether the gap is closed."""
        return self.total == self.bound

    @property
    def gap(self) -> float:
        """How much better groups might be at most, as a share of the bound."""
        return (self.bound - self.total) / max(1, abs(self.bound))


def groups(
    question: Circles | Led,
    *,
    steps: int = 1000,
    work: float = 3.0,
    seed: int = 0,
    progress: Callable[[Progress], object] | None = None,
) -> Groups:
    """Good groups and a proven bound; the same bytes for the same question, seed and effort, whatever the order of the
    input.

    steps: of the search for circles, for each number of circles; work: CP-SAT's deterministic time, a few seconds
    each, spent on groups that are led, and circles of up to 30 people, where the bound is not reached. Nothing depends
    on the clock. progress: called between steps; what it raises stops the work.
    Raises ProblemError if no circles keep everybody apart who must be, or none such were found.
    Source: Glover 1989 (search), Grötschel & Wakabayashi 1989 (bound), OR-Tools CP-SAT.
    """
    watch = Watch(progress)
    if isinstance(question, Led):
        return _led(question, work, seed, watch)
    assert question.keys is not None
    order = np.argsort(question.keys)
    circles = question.in_order(order)
    found = search(circles.worth, circles.may, circles.counts, (circles.least, circles.most), steps, seed, watch)
    prices = company_prices(circles, watch)
    bound, proof = bound_of(circles, prices), "prices"
    if circles.people <= FEW and (found is None or _total(circles, found) < bound):
        found, settled = settle(circles, found, work, seed, watch)
        if settled is not None and settled < bound:
            bound, proof = settled, "search"
    if found is None:
        raise ProblemError("No circles of these sizes were found that keep everybody apart who must be.")
    members = tuple(sorted(tuple(sorted(order[found == circle].tolist())) for circle in np.unique(found)))
    prices = CompanyPrices(prices.person[np.argsort(order)], order[prices.triangles], prices.triangle)
    return Groups(members, (), _total(circles, found), bound, proof, prices)  # type: ignore[arg-type]


def verify_groups(result: Groups, question: Circles | Led) -> None:
    """Check the groups, their total and, where prices prove it, their bound again; shares nothing with the search.

    Raises CertificateError naming the first condition that fails.
    """
    total, bound = _led_again(result, question) if isinstance(question, Led) else _circles_again(result, question)
    if total != result.total:
        raise CertificateError(f"The groups are worth {total}, and it says {result.total}.")
    if bound != result.bound and not (result.proof == "search" and total <= result.bound < bound):
        raise CertificateError(f"The prices prove a bound of {bound}, and it says {result.bound}.")


def _total(circles: Circles, circle: Ints) -> int:
    return int(circles.worth[circle[:, None] == circle].sum()) // 2


def _led(led: Led, work: float, seed: int, watch: Watch) -> Groups:
    found = lead(led, work, seed, watch)
    leaders = np.unique(found.pairs[:, 1])
    members = tuple(tuple(found.pairs[found.pairs[:, 1] == leader, 0].tolist()) for leader in leaders)
    return Groups(
        members,
        tuple(leaders.tolist()),
        led.total(found.pairs),
        found.bound,
        "search" if found.searched else "prices",
        relaxation=found.relaxation,
    )


def _circles_again(result: Groups, circles: Circles) -> tuple[int, int]:
    """Total and bound of the circles, after checking who sits where."""
    if sorted(person for circle in result.members for person in circle) != list(range(circles.people)):
        raise CertificateError("Not everybody is in exactly one circle.")
    total = 0
    for circle in result.members:
        if not circles.least <= len(circle) <= circles.most:
            raise CertificateError(f"A circle has {len(circle)} people.")
        for place, first in enumerate(circle):
            for second in circle[place + 1 :]:
                if not circles.may[first, second]:
                    raise CertificateError(f"People {first} and {second} must not share a circle.")
                total += int(circles.worth[first, second])
    if result.prices is None or (result.prices.triangle < 0).any():
        raise CertificateError("There are no prices that prove the bound.")
    return total, bound_of(circles, result.prices)


def _led_again(result: Groups, led: Led) -> tuple[int, int]:
    """Total and bound of the groups, after checking who is in which."""
    pairs = [(mentee, leader) for group, leader in zip(result.members, result.leaders, strict=True) for mentee in group]
    columns = np.array(pairs, np.int64).reshape(-1, 2)
    if not ((columns >= 0) & (columns < led.source.shape)).all():
        raise CertificateError("A group names somebody who is not there.")
    if broken := led.broken_by(columns):
        raise CertificateError(f"The groups break a condition: {broken}.")
    if result.relaxation is None:
        raise CertificateError("There is no flow that proves the bound.")
    return led.total(columns), verify(result.relaxation, led.relaxed()).total
