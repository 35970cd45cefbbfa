"""How good circles can be at most: prices for company, which anybody can check in integers.

Each person has least - 1 to most - 1 companions, and if a shares a circle with b and with c, then b does with c. The
second kind of condition is only used where it is violated (Grötschel & Wakabayashi 1989). Whatever the prices, weak
duality makes a bound of them; HiGHS only finds good ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from matching.engine.grouping.circles import Circles
from matching.engine.progress import Watch
from matching.engine.scores import Ints

ROUNDS = 6
TRIANGLES = 4
DEAREST = 2**32
Pair = tuple[Ints, Ints]
Shares = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CompanyPrices:
    """person: (people,) what one companion more is worth; triangles: (t, 3) a, b, c as above, each with its price in
    `triangle` (t,), not below zero."""

    person: Ints
    triangles: Ints
    triangle: Ints

    def fit(self, people: int) -> bool:
        """Whether they are prices: whole numbers for people who are there, three different ones to a triangle, none
        of which is below zero, and small enough to be added up."""
        a = self.triangles
        columns = self.person, a, self.triangle
        if not all(isinstance(column, np.ndarray) and column.dtype == np.int64 for column in columns):
            return False
        if self.person.shape != (people,) or a.shape != (len(self.triangle), 3) or self.triangle.ndim != 1:
            return False
        apart = (a[:, 0] != a[:, 1]) & (a[:, 0] != a[:, 2]) & (a[:, 1] != a[:, 2])
        there = (a >= 0).all() and (a < people).all()
        small = (np.abs(self.person) < DEAREST).all() and (self.triangle < DEAREST).all()
        return bool(apart.all() and there and small and (self.triangle >= 0).all())

    def to_dict(self) -> dict[str, Any]:
        """Plain lists of whole numbers."""
        return {name: getattr(self, name).tolist() for name in ("person", "triangles", "triangle")}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """The prices that to_dict() wrote."""
        person, triangles, triangle = (np.array(stored[name], np.int64) for name in ("person", "triangles", "triangle"))
        return cls(person, triangles.reshape(-1, 3), triangle)


def bound_of(circles: Circles, prices: CompanyPrices) -> int:
    """What no circles can exceed, by these prices alone, in exact integers."""
    left = circles.worth - prices.person[:, None] - prices.person
    a, b, c = prices.triangles.T
    for first, second, sign in ((a, b, -1), (a, c, -1), (b, c, 1)):
        np.add.at(left, (np.minimum(first, second), np.maximum(first, second)), sign * prices.triangle)
    company = np.where(prices.person > 0, circles.most - 1, circles.least - 1) * prices.person
    gains = np.triu(np.where(circles.may, np.maximum(left, 0), 0), 1)
    return int(company.sum()) + int(prices.triangle.sum()) + int(gains.sum())


def company_prices(circles: Circles, watch: Watch) -> CompanyPrices:
    """Prices that make a low bound: those of a linear program, rounded."""
    first, second = np.nonzero(np.triu(circles.may, 1))
    best = CompanyPrices(np.zeros(circles.people, np.int64), np.zeros((0, 3), np.int64), np.zeros(0, np.int64))
    triangles = best.triangles
    for done in range(ROUNDS if len(first) else 0):
        watch.tell("circles", done, ROUNDS)
        together, prices = _solve(circles, (first, second), triangles)
        best = min(best, prices, key=lambda some: bound_of(circles, some))
        violated = _violated(together, TRIANGLES * circles.people)
        if not len(violated):
            break
        triangles = np.concatenate([prices.triangles[prices.triangle > 0], violated])
    return best


def _solve(circles: Circles, pairs: Pair, triangles: Ints) -> tuple[Shares, CompanyPrices]:
    """(people, people) how far each two share a circle in the linear program, and its prices."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, vstack

    people, count = circles.people, len(pairs[0])
    entry = np.zeros((people, people), np.int64)
    entry[pairs] = entry[pairs[::-1]] = np.arange(count)
    columns = np.tile(np.arange(count), 2)
    company = csr_array((np.ones(2 * count), (np.concatenate(pairs), columns)), shape=(people, count))
    a, b, c = triangles.T
    row = np.tile(np.arange(len(triangles)), 3)
    sign = np.repeat([1.0, 1.0, -1.0], len(triangles))
    column = np.concatenate([entry[a, b], entry[a, c], entry[b, c]])
    may = np.concatenate([circles.may[a, b], circles.may[a, c], circles.may[b, c]])
    closed = csr_array((sign[may], (row[may], column[may])), shape=(len(triangles), count))
    limits = np.repeat([circles.most - 1.0, 1.0 - circles.least, 1.0], [people, people, len(triangles)])
    rows: Any = vstack([company, -company, closed])
    answer = linprog(-circles.worth[pairs].astype(float), rows, limits, bounds=(0, 1), method="highs")
    together = np.zeros((people, people))
    if answer.x is None:
        return together, CompanyPrices(np.zeros(people, np.int64), triangles, np.zeros(len(triangles), np.int64))
    together[pairs] = together[pairs[::-1]] = answer.x
    price = np.round(-answer.ineqlin.marginals).astype(np.int64)
    person = price[:people] - price[people : 2 * people]
    return together, CompanyPrices(person, triangles, np.maximum(price[2 * people :], 0))


def _violated(together: Shares, most: int) -> Ints:
    """(t, 3) a, b, c where a shares a circle with b and c far more than b does with c; the worst ones."""
    found, by = [np.zeros((0, 3), np.int64)], [np.zeros(0)]
    for a, row in enumerate(together):
        near = np.flatnonzero(row > 0.01)
        over = row[near][:, None] + row[near] - together[np.ix_(near, near)] - 1
        b, c = np.nonzero(np.triu(over, 1) > 0.01)
        found.append(np.column_stack([np.full(len(b), a), near[b], near[c]]))
        by.append(over[b, c])
    triangles, excess = np.concatenate(found), np.concatenate(by)
    return triangles[np.argsort(-excess, kind="stable")[:most]]
