"""The command `chiron bench desk`: how long a move of a slider takes at the desk."""

from __future__ import annotations

import pickle
from dataclasses import replace
from statistics import median
from time import process_time

import click
import numpy as np

from matching.bench.cases import Case
from matching.bench.people import MATCHING, signed_up
from matching.criteria import Known
from matching.engine import Objective
from matching.solving.problems import Pool
from matching.trying.columns import FIXED, Columns, in_proportion, weights_of
from programs.policy.templates import load

LIMIT = 300  # milliseconds
AIMS: tuple[Objective, ...] = ("most_pairs", "total", "worst_off_first")


@click.command("desk")
@click.option("--case", "said", default="500x300", show_default=True, help="Mentees x mentors.")
@click.option(
    "--moves", default=15, show_default=True, type=click.IntRange(1), help="Moves, of which the median counts."
)
@click.pass_context
def desk(context: click.Context, said: str, moves: int) -> None:
    """Measure what a slider of the desk waits for: the pool out of the cache, and the pairs solved anew.

    Seconds are the processor's. Not in them is what every page takes: the session, the reply. A median beyond 0.3
    seconds makes the exit status 1.
    """
    case = Case.of(said)
    began = process_time()
    columns = _columns(case)
    click.echo(f"{case.mentees:,} × {case.mentors:,}: columns, once for the same people {_since(began):,.0f} ms")
    found = [_moves(replace(columns, aim=aim), moves) for aim in AIMS]
    for aim, milliseconds in zip(AIMS, found, strict=True):
        click.echo(f"{aim}: a move takes {median(milliseconds):,.0f} ms, at most {max(milliseconds):,.0f} ms")
    context.exit(1 if max(map(median, found)) > LIMIT else 0)


def _columns(case: Case) -> Columns:
    mentees, mentors = signed_up(case, 1)
    part = load("mentorship-in-medicine").first_one_to_one()
    assert part is not None
    part = part.model_copy(update={"matching": MATCHING})
    return Columns.of(part, Pool(mentees, mentors, ()), known=Known(), keep=(), standing=0, seed=1)


def _moves(columns: Columns, count: int) -> list[float]:
    """Milliseconds of so many moves, each from the cache on."""
    random, weights = np.random.default_rng(1), weights_of(MATCHING)
    kept, before = pickle.dumps(columns), columns.solve(weights)
    milliseconds = []
    for _move in range(count):
        wanted = in_proportion({name: int(random.integers(1, 1000)) for name in weights if name != FIXED}, weights)
        began = process_time()
        there: Columns = pickle.loads(kept)  # noqa: S301 -- written three lines above
        there.tried(before, wanted)
        milliseconds.append(_since(began))
    return milliseconds


def _since(began: float) -> float:
    return (process_time() - began) * 1000
