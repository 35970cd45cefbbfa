"""Pairs that follow the lists of both sides: deferred acceptance, in which mentees propose.

Whom somebody named comes first, in that order; after them comes everybody else who may be, by the points of what
matters, and a lot between equals. What may never be is on nobody's list, named or not. Pairs that are kept stand beside
it: their places are taken, and nobody is asked whether they would rather have somebody else. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from matching.criteria.wishes import Places, Ranks
from matching.engine import (
    Certificate,
    CertificateError,
    Changes,
    Delta,
    Fairness,
    Market,
    Problem,
    Progress,
    Result,
    ScoreSource,
    Stable,
    StableCertificate,
    compare,
    fairness,
    solve,
    stable,
    verify,
    verify_stable,
)
from matching.engine.fairness import Label
from matching.engine.problem import pairs_each
from matching.engine.progress import Watch
from matching.engine.scores import FORBIDDEN, SCORE_LIMIT, read_block
from matching.engine.stability.check import audit
from matching.engine.what_if import changed_problem

Tell = Callable[[Progress], object]
Ints = NDArray[np.int64]

# What the first of a list is worth, more than any score; each after it one less.
FIRST: Final = SCORE_LIMIT - 1

Apart = Literal["paired", "forbidden", "below_floor", "no_place", "mentee_prefers", "mentor_prefers", "lot"]


class Preferring:
    """How one side ranks the other: whom they named, in order, then all others by score; -1 where nobody may be, where
    a pair is kept, and below the floor. A source of the engine."""

    def __init__(self, problem: Problem, named: Places) -> None:
        self.shape = problem.shape
        self._problem, self._named = problem, named
        self._by_row: dict[int, list[tuple[int, int]]] = {}
        for (row, col), rank in named.items():
            self._by_row.setdefault(row, []).append((col, FIRST + 1 - rank))
        self._kept: dict[int, list[int]] = {}
        for row, col in problem.pins:
            self._kept.setdefault(row, []).append(col)

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        """What it makes of rows × cols, all mentors if cols is None."""
        found = read_block(self._problem.source, rows).astype(np.int32)
        found[found < self._problem.floor] = FORBIDDEN
        for number, row in enumerate(rows.tolist()):
            for col, worth in self._by_row.get(row, ()):
                if found[number, col] != FORBIDDEN:
                    found[number, col] = worth
            found[number, self._kept.get(row, [])] = FORBIDDEN
        return found if cols is None else found[:, cols]


@dataclass(frozen=True, eq=False)
class ByLists:
    """A problem and its answer by lists; it is asked as an answer by points is.

    asked: who may be paired, their places, and the points for those whom nobody named; ranks: who named whom; stable:
    the pairs beside those that are kept.
    """

    asked: Problem
    ranks: Ranks
    stable: Stable

    first: None = None
    served: None = None

    @classmethod
    def of(cls, asked: Problem, ranks: Ranks, *, seed: int = 0, progress: Tell | None = None) -> ByLists:
        """Let the mentees propose. Raises ProblemError, and Cancelled."""
        return cls(asked, ranks, stable(market_of(asked, ranks), proposing="mentee", seed=seed, progress=progress))

    @cached_property
    def pairs(self) -> Ints:
        """(n, 2) mentee and mentor, sorted, those that are kept included."""
        kept = np.array([tuple(pin) for pin in self.asked.pins], np.int64).reshape(-1, 2)
        found = np.concatenate([kept, self.stable.pairs])
        return found[np.lexsort((found[:, 1], found[:, 0]))]

    @cached_property
    def problem(self) -> Problem:
        """The question whose only answer these pairs are, so that they can be told in points as any others."""
        given, load = pairs_each(self.pairs, self.asked.shape)
        there = {tuple(pin): pin for pin in self.asked.kept}
        pins = [there.get(pair, pair) for pair in map(tuple, self.pairs.tolist())]
        return replace(self.asked, pins=pins, demand=given, capacity=load)

    @cached_property
    def result(self) -> Result:
        """These pairs and their points; that no others are better by points is not said."""
        return solve(self.problem, seed=self.stable.seed)

    @property
    def rounds(self) -> tuple[()]:
        """No round is settled by points."""
        return ()

    def verify(self, progress: Tell | None = None) -> Certificate:
        """Prove again that no two people would both rather have each other, but for the pairs that are kept, and that
        these are the pairs of the seed. Raises CertificateError."""
        verify_stable(self.stable, market_of(self.asked, self.ranks), progress=progress)
        if self.stable.proposing != "mentee":
            raise CertificateError("The mentees did not propose.")
        return verify(self.result, self.problem, progress=progress)

    def check(self) -> StableCertificate:
        """Prove by looking at all that both may have, and at nothing else, that no two would both rather have each
        other: not which of several such answers it is. Raises CertificateError."""
        blocking, certificate = audit(self.stable.pairs, market_of(self.asked, self.ranks), Watch())
        for mentee, mentor in blocking[:1].tolist():
            raise CertificateError(f"Mentee {mentee} and mentor {mentor} would rather have each other.")
        return certificate

    def again(self, changes: Changes, progress: Tell | None = None) -> tuple[ByLists, Delta]:
        """The same with something changed, and what that does. Raises ProblemError as the engine's what_if()."""
        asked = changed_problem(self.asked, changes)
        found = ByLists.of(asked, self.ranks, seed=self.stable.seed, progress=progress)
        return found, compare(self.result, self.problem, found.result, found.problem, leaving=changes.mentees_leave)

    def fairness(self, groups: list[Label] | None = None, progress: Tell | None = None) -> Fairness:
        """Figures of these pairs in points; the price is what all pairs together have fewer than by points alone."""
        return fairness(self.result, self.asked, groups, progress=progress)

    def why_apart(self, mentee: int, mentor: int) -> Apart:
        """Why two people are no pair: what both make of each other, and of whom they have.

        Of a proof this leaves: one of them is full with people whom they would rather have, or as gladly, by the lot.
        """
        pair, source = (mentee, mentor), self.asked.source
        there = set(map(tuple, self.pairs.tolist()))
        if pair in there:
            return "paired"
        score = int(read_block(source, np.array([mentee]))[0, mentor])
        if score == FORBIDDEN:
            return "forbidden"
        if score < self.asked.floor:
            return "below_floor"
        market = market_of(self.asked, self.ranks)
        if not market.wanted[mentee] or not market.capacity[mentor]:
            return "no_place"
        has = self.stable.pairs
        mine = _gladness(market.mentees, has[has[:, 0] == mentee], pair, int(market.wanted[mentee]))
        theirs = _gladness(market.mentors, has[has[:, 1] == mentor], pair, int(market.capacity[mentor]))
        if mine < 0:
            return "mentee_prefers"
        return "mentor_prefers" if theirs < 0 else "lot"

    def to_dict(self) -> dict[str, Any]:
        """What is kept beside the pairs and their points, as JSON holds it."""
        return self.stable.to_dict()


def _gladness(side: ScoreSource | Any, has: Ints, pair: tuple[int, int], room: int) -> int:
    """Above 0 if somebody would rather have the other of a pair than the worst they have, or has room; 0 for equals."""
    if len(has) < room:
        return 1
    rows = np.array([*has[:, 0].tolist(), pair[0]])
    block = read_block(side, np.unique(rows))
    at = np.searchsorted(np.unique(rows), rows)
    worth = [int(block[row, col]) for row, col in zip(at, [*has[:, 1].tolist(), pair[1]], strict=True)]
    *theirs, this = worth
    return (this > min(theirs)) - (this < min(theirs))


def market_of(asked: Problem, ranks: Ranks) -> Market:
    """Both sides' order of each other, and the places that the kept pairs leave."""
    given, load = pairs_each(asked.pins, asked.shape)
    mentee_keys, mentor_keys = asked.keys()
    return Market(
        mentees=Preferring(asked, ranks.by_mentee),
        mentors=Preferring(asked, ranks.by_mentor),
        capacity=np.maximum(asked.capacity - load, 0),
        demand=np.maximum(asked.wanted - given, 0),
        mentee_keys=mentee_keys,
        mentor_keys=mentor_keys,
    )


def claimed(asked: Problem, ranks: Ranks, pairs: Sequence[Sequence[int]]) -> ByLists:
    """Pairs of which somebody says that they follow the lists; check() says whether no two would rather."""
    found = np.array(pairs, np.int64).reshape(-1, 2)
    return ByLists(asked, ranks, Stable(found, "mentee", 0, StableCertificate(len(found), 0, 0)))


def restored(asked: Problem, ranks: Ranks, stored: Mapping[str, Any]) -> ByLists:
    """The answer that was kept; verify() says whether it is one."""
    return ByLists(asked, ranks, Stable.from_dict(dict(stored)))
