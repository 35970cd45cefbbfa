"""pairs.csv and scores.csv."""

from __future__ import annotations

import csv
from typing import TextIO

import numpy as np

from matching.criteria.aspects import aspect_of
from matching.criteria.columns import fold
from matching.solving.part import Solved


def write_pairs(solved: Solved, file: TextIO) -> None:
    """A row per pair, by id: what the mentor helps with of all the mentee asked for, and the score."""
    table = csv.writer(file, lineterminator="\n")
    table.writerow(["mentee_id", "mentor_id", "aspect", "points"])
    for pair in solved.pairs:
        mentee, mentor = solved.rows[pair.mentee], solved.pool.mentors[pair.mentor]
        offered = {fold(aspect) for aspect in mentor.aspects}
        covered = [aspect for aspect in mentee.aspects if fold(aspect) in offered]
        table.writerow([mentee.key, mentor.key, "; ".join(covered), pair.score])


def write_scores(solved: Solved, file: TextIO) -> None:
    """The whole matrix: a row per eligible mentee, a column per eligible mentor, -1 where a hard rule forbids.

    Where each mentor is for one thing, a row for each thing that a mentee would like help with.
    """
    table = csv.writer(file, lineterminator="\n")
    by_aspect = solved.part.mentors.by_aspect
    table.writerow(["mentee_id", *["aspect"] * by_aspect, *(mentor.key for mentor in solved.pool.mentors)])
    for row, person in enumerate(solved.rows):
        about = [person.key, *[aspect_of(person)] * by_aspect]
        table.writerow([*about, *solved.scores.block(np.array([row]))[0].tolist()])
