"""What the engine does with an instance, timed: `python -m matching.bench.work KIND CASE SEED FOLDER`.

Seconds are the processor's, all threads together, so that they do not hang on what else the machine does.
Instances are made from case and seed, and written into the folder where peers need them. Figures go to standard output
as JSON. Every kind of work that solves also proves, and says what it proved.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from matching.bench.cases import Case
from matching.bench.lists import RankedLists
from matching.bench.peers import peak_mb
from matching.bench.pools import Ints, Synthetic
from matching.engine import (
    Certificate,
    Effort,
    Explainer,
    Market,
    MatrixSource,
    Problem,
    Wishes,
    solve,
    stable,
    verify,
)

Figures = dict[str, Any]
QUESTIONS = 21


class Counted(Synthetic):
    """Counts the pairs whose scores are asked for."""

    asked = 0

    def block(self, rows: Ints, cols: Ints | None = None) -> NDArray[np.int32]:
        """The same scores."""
        self.asked += len(rows) * (self.shape[1] if cols is None else len(cols))
        return super().block(rows, cols)


def scores(case: Case, seed: int, folder: Path) -> Figures:
    """All scores at once by numpy, as whoever needs the whole matrix must begin; left in the folder for peers."""
    pool = Synthetic(case, seed)
    started = time.process_time()
    everything = pool.everything()
    seconds = time.process_time() - started
    np.save(folder / "scores.npy", everything)
    np.save(folder / "places.npy", pool.places)
    return {"seconds": seconds}


def proven(case: Case, seed: int, folder: Path) -> Figures:
    """Scores, solve, and the proof over every pair."""
    pool = Counted(case, seed)
    started = time.process_time()
    problem = pool.problem()
    result = solve(problem)
    asked, solved = pool.asked, time.process_time()
    certificate = verify(result, problem)
    done = time.process_time()
    return {
        "seconds": done - started,
        "proof": done - solved,
        "looked": asked / case.pairs - 1,
        **_proved(certificate, seed),
    }


def given(case: Case, seed: int, folder: Path) -> Figures:
    """Solve and proof alone, with the whole matrix given."""
    pool = Synthetic(case, seed)
    matrix = MatrixSource(pool.everything())
    started = time.process_time()
    problem = Problem(matrix, pool.places)
    certificate = verify(solve(problem), problem)
    return {"seconds": time.process_time() - started, **_proved(certificate, seed)}


def explained(case: Case, seed: int, folder: Path) -> Figures:
    """Scores, solve, proof, and everything about every pair, with exact margins."""
    pool = Synthetic(case, seed)
    started = time.process_time()
    problem = pool.problem()
    result = solve(problem)
    certificate = verify(result, problem)
    facts = Explainer(result, problem).explain(exact=True)
    seconds = time.process_time() - started
    assert len(facts) == certificate.pairs
    return {"seconds": seconds, **_proved(certificate, seed)}


def asked(case: Case, seed: int, folder: Path) -> Figures:
    """Why-not questions with exact losses, once the first of them has looked at the pool."""
    problem = Synthetic(case, seed).problem()
    explainer = Explainer(solve(problem), problem)
    people = np.random.default_rng(seed).integers(0, (case.mentees, case.mentors), (QUESTIONS, 2)).tolist()
    explainer.why_not(*people[0])
    seconds = []
    for mentee, mentor in people:
        started = time.process_time()
        explainer.why_not(mentee, mentor)
        seconds.append(time.process_time() - started)
    return {"seconds": median(seconds)}


def shuffled(case: Case, seed: int, folder: Path) -> Figures:
    """Pairs that change when the people stand in another order and the work is cut up differently."""
    pool, random = Synthetic(case, seed), np.random.default_rng(seed)
    usual = {(mentee, mentor) for mentee, mentor in solve(pool.problem()).pairs.tolist()}
    rows, cols = random.permutation(case.mentees), random.permutation(case.mentors)
    other = Problem(
        MatrixSource(pool.block(rows, cols)),
        pool.places[cols],
        mentee_keys=rows.astype(np.uint64),
        mentor_keys=cols.astype(np.uint64),
    )
    pairs = solve(other, effort=Effort(first=8, more=4, block=2**16)).pairs
    return {"changed": len(usual ^ {(int(rows[mentee]), int(cols[mentor])) for mentee, mentor in pairs.tolist()})}


def stable_pairs(case: Case, seed: int, folder: Path) -> Figures:
    """Deferred acceptance over ranked lists, from columns to pairs of which none that could be blocks."""
    lists = RankedLists(case, seed)
    lists.save(folder / "lists.npz")
    started = time.process_time()
    mentees, mentors = (
        Wishes(lists.mentee_start, lists.mentee_choice),
        Wishes(lists.mentor_start, lists.mentor_choice),
    )
    result = stable(Market(mentees, mentors, lists.places))
    seconds = time.process_time() - started
    return {"seconds": seconds, "pairs": result.pairs.tolist(), "stable": vars(result.certificate)}


def _proved(certificate: Certificate, seed: int) -> Figures:
    return {"total": certificate.total, "certificate": {"seed": seed, **vars(certificate)}}


Kinds = Mapping[str, Callable[[Case, int, Path], Figures]]
KINDS: Kinds = {kind.__name__: kind for kind in (scores, proven, given, explained, asked, shuffled, stable_pairs)}


def get_ready() -> None:
    """A small pool through all steps, so that what is timed is the work and not loading libraries."""
    problem = Synthetic(Case(8, 6), 0).problem()
    result = solve(problem)
    verify(result, problem)
    explainer = Explainer(result, problem)
    explainer.explain(exact=True)
    explainer.why_not(0, 0)
    stable(Market(Wishes.of([[0]]), Wishes.of([[0]]), np.array([1])))


def main(kinds: Kinds, kind: str, case: str, seed: str, folder: str) -> None:
    """One kind of work, its figures, and the most memory that it took."""
    get_ready()
    figures = kinds[kind](Case.of(case), int(seed), Path(folder))
    click.echo(json.dumps({**figures, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main(KINDS, *sys.argv[1:])
