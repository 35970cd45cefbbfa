"""groups(): peer circles, and groups that mentors lead. Both are NP-hard: the answer always comes with its bound.

`circles` and `led` what is asked; `search` good circles quickly; `bound` what circles cannot exceed; `exact` the best
there are, for few people.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from typing import Any, Literal, Self

import numpy as np

from matching.engine.asked import listener
from matching.engine.errors import CertificateError, ProblemError
from matching.engine.given import integer, whole
from matching.engine.grouping.bound import CompanyPrices, bound_of, company_prices
from matching.engine.grouping.circles import Circles, Spread
from matching.engine.grouping.exact import FEW, settle
from matching.engine.grouping.led import Led, lead
from matching.engine.grouping.search import search
from matching.engine.progress import Progress, Watch
from matching.engine.proof import verify
from matching.engine.result import Result
from matching.engine.scores import Ints
from matching.engine.seals import Sealed

__all__ = ["Circles", "Groups", "Led", "Spread", "groups", "verify_groups"]

Proof = Literal["prices", "search"]


@dataclass(frozen=True, eq=False)
class Groups(Sealed):
    """The best groups found, and what none exceed. Positions are those of the input, all numbers exact integers.

    members: people, or mentees, of each group, sorted; leaders: the mentor of each, () for circles. total: what they
    are worth, in points; proven: what no groups exceed by prices alone, which anybody can check without a search
    (`prices` of company for circles, the `relaxation` for groups that are led).
    bound: what no groups exceed; by proof "prices" it is `proven`; by "search" it is lower, CP-SAT's word for it, which
    only another search confirms. steps, work, seed: how groups() searched, so that it can be done again.
    seal: a digest of all the rest.
    """

    members: tuple[tuple[int, ...], ...]
    leaders: tuple[int, ...]
    total: int
    bound: int
    proof: Proof
    proven: int
    prices: CompanyPrices | None = None
    relaxation: Result | None = None
    steps: int = 1000
    work: float = 3.0
    seed: int = 0
    seal: str = ""

    @property
    def optimal(self) -> bool:
        """Whether the gap is closed, be it by a search: see `proof`."""
        return self.total == self.bound

    @property
    def gap(self) -> float:
        """How much better groups might be at most, as a share of the bound."""
        return (self.bound - self.total) / max(1, abs(self.bound))

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, lists and names, as JSON holds them."""
        return {
            "members": [list(group) for group in self.members],
            "leaders": list(self.leaders),
            "total": self.total,
            "bound": self.bound,
            "proof": self.proof,
            "proven": self.proven,
            "prices": None if self.prices is None else self.prices.to_dict(),
            "relaxation": None if self.relaxation is None else self.relaxation.to_dict(),
            "steps": self.steps,
            "work": self.work,
            "seed": self.seed,
            "seal": self.seal,
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """What to_dict() wrote. Raises KeyError, TypeError or ValueError if it is of another shape."""
        prices, relaxation = stored["prices"], stored["relaxation"]
        return cls(
            members=tuple(tuple(group) for group in stored["members"]),
            leaders=tuple(stored["leaders"]),
            prices=None if prices is None else CompanyPrices.from_dict(prices),
            relaxation=None if relaxation is None else Result.from_dict(relaxation),
            **{name: stored[name] for name in ("total", "bound", "proof", "proven", "steps", "work", "seed", "seal")},
        )


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
    Raises ProblemError for what is no question, steps, work or seed, and if no circles keep everybody apart who must
    be, or none such were found.
    Source: Glover 1989 (search), Grötschel & Wakabayashi 1989 (bound), OR-Tools CP-SAT.
    """
    listener(progress)
    if not isinstance(question, Circles | Led):
        raise ProblemError(f"Groups are made of Circles or of Led, not of {question!r}.")
    steps, seed = whole(steps, "The number of steps"), integer(seed, "The seed")
    if isinstance(work, bool) or not isinstance(work, int | float) or not 0 <= work < inf:
        raise ProblemError(f"The work must be a number of at least 0, not {work!r}.")
    watch = Watch(progress)
    answer = (
        _led(question, work, seed, watch) if isinstance(question, Led) else _seated(question, steps, work, seed, watch)
    )
    return replace(answer, steps=steps, work=float(work), seed=seed).sealed()


def verify_groups(
    result: Groups, question: Circles | Led, *, progress: Callable[[Progress], object] | None = None
) -> None:
    """Check the groups, their total and their bound again, and last the seal.

    Where prices prove the bound this shares nothing with the search. Where a search does, the same search is made once
    more, for as long as it took (the release of OR-Tools must be the same, unless it closes the gap): that is a second
    look, and no proof that could be checked without one. progress: called between the steps of that search, and before
    each block of pairs with leaders; what it raises stops the work. Raises CertificateError naming the first condition
    that fails, ProblemError for what is no question.
    Source: weak duality (Grötschel & Wakabayashi 1989) for circles; for those with leaders verify() of a relaxation.
    """
    if not isinstance(result, Groups):
        raise CertificateError(f"The groups to verify must be Groups, not {type(result).__name__}.")
    if not isinstance(question, Circles | Led):
        raise ProblemError(f"Groups are made of Circles or of Led, not of {question!r}.")
    listener(progress)
    watch = Watch(progress)
    _check_form(result)
    watch.tell("proof")
    total, proven = (
        _led_again(result, question, watch) if isinstance(question, Led) else _circles_again(result, question)
    )
    if total != result.total:
        raise CertificateError(f"The groups are worth {total}, and it says {result.total}.")
    if proven != result.proven:
        raise CertificateError(f"The prices prove a bound of {proven}, and it says {result.proven}.")
    if result.proof == "prices" and result.bound != proven:
        raise CertificateError(f"The prices prove a bound of {proven}, and it says {result.bound}.")
    if result.proof == "search":
        _check_search(result, question, watch)
    result.check_seal()


def _check_form(result: Groups) -> None:
    """Groups of positions, and proofs that are some."""
    for part in (result.members, result.leaders, *(result.members if isinstance(result.members, tuple) else ())):
        if not isinstance(part, tuple):
            raise CertificateError("Members and leaders must be tuples.")
    for person in (*result.leaders, *(person for group in result.members for person in group)):
        if type(person) is not int:
            raise CertificateError(f"Members and leaders must be named by position, not by {person!r}.")
    for number in (result.total, result.bound, result.proven):
        if type(number) is not int:
            raise CertificateError(f"Total and bounds must be whole numbers, not {number!r}.")
    if not isinstance(result.proof, str) or result.proof not in ("prices", "search"):
        raise CertificateError(f"A bound is proven by prices or by a search, not by {result.proof!r}.")
    if not isinstance(result.prices, CompanyPrices | None) or not isinstance(result.relaxation, Result | None):
        raise CertificateError("The proof must be prices of company or the result of a relaxation.")


def _check_search(result: Groups, question: Circles | Led, watch: Watch) -> None:
    """Search once more: nothing but that can tell whether the bound is what a search finds."""
    try:
        again = groups(question, steps=result.steps, work=result.work, seed=result.seed, progress=watch.callback)
    except ProblemError as error:
        raise CertificateError(f"The search cannot be made once more: {error}") from error
    if again.bound != result.bound or again.proof != result.proof:
        raise CertificateError(
            f"The same search comes to a bound of {again.bound} by {again.proof}, and it says {result.bound} by search."
        )


def _seated(question: Circles, steps: int, work: float, seed: int, watch: Watch) -> Groups:
    assert question.keys is not None
    order = np.argsort(question.keys)
    circles = question.in_order(order)
    found = search(circles.worth, circles.may, circles.counts, (circles.least, circles.most), steps, seed, watch)
    prices = company_prices(circles, watch)
    proven = bound = bound_of(circles, prices)
    proof: Proof = "prices"
    if circles.people <= FEW and (found is None or _total(circles, found) < bound):
        found, settled = settle(circles, found, work, seed, watch)
        if settled is not None and settled < bound:
            bound, proof = settled, "search"
    if found is None:
        raise ProblemError("No circles of these sizes were found that keep everybody apart who must be.")
    members = tuple(sorted(tuple(sorted(order[found == circle].tolist())) for circle in np.unique(found)))
    prices = CompanyPrices(prices.person[np.argsort(order)], order[prices.triangles], prices.triangle)
    return Groups(members, (), _total(circles, found), bound, proof, proven, prices)


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
        found.relaxation.total,
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
    if result.leaders:
        raise CertificateError("Circles have no leaders.")
    if result.prices is None or not result.prices.fit(circles.people):
        raise CertificateError("There are no prices that prove the bound.")
    return total, bound_of(circles, result.prices)


def _led_again(result: Groups, led: Led, watch: Watch) -> tuple[int, int]:
    """Total and bound of the groups, after checking who is in which."""
    if len(result.members) != len(result.leaders) or len(set(result.leaders)) != len(result.leaders):
        raise CertificateError("Not every group has one leader of its own.")
    pairs = [(mentee, leader) for group, leader in zip(result.members, result.leaders, strict=True) for mentee in group]
    columns = np.array(pairs, np.int64).reshape(-1, 2)
    if not ((columns >= 0) & (columns < led.source.shape)).all():
        raise CertificateError("A group names somebody who is not there.")
    if broken := led.broken_by(columns):
        raise CertificateError(f"The groups break a condition: {broken}.")
    if result.relaxation is None:
        raise CertificateError("There is no flow that proves the bound.")
    return led.total(columns), verify(result.relaxation, led.relaxed(), progress=watch.callback).total
