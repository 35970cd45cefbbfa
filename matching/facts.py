"""What a solved pool says of its pairs, as plain data: stored with a run, written to explain.json, shown to staff."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import numpy as np

from matching.criteria.sentences import flag_sentence, for_staff, reasons_for
from matching.solving import FORBIDDEN, Pair, Solved

PRIVATE = frozenset({"my_own_preference"})  # its facts are identity answers

Data = dict[str, Any]


def pair_facts(solved: Solved) -> Iterator[tuple[Pair, Data]]:
    """Every pair with its points, its sentences, what to look at, and where the mentor stands for the mentee."""
    theirs: dict[int, list[int]] = {}
    for pair in solved.pairs:
        theirs.setdefault(solved.person(pair.mentee), []).append(pair.mentor)
    for mentee, pairs in groupby(solved.pairs, key=lambda pair: pair.mentee):
        row = solved.scores.block(np.array([mentee]))[0]
        others = row.copy()
        others[theirs[solved.person(mentee)]] = FORBIDDEN
        for pair in pairs:
            yield pair, _said(solved, pair) | _standing(solved, pair, row, int(others.argmax()), int(others.max()))


def _said(solved: Solved, pair: Pair) -> Data:
    mentee, mentor = solved.rows[pair.mentee], solved.pool.mentors[pair.mentor]
    points = solved.scores.points(pair.mentee, pair.mentor)
    weights = {name: solved.scores.weights[name] for name in points}
    return {
        "points": {
            name: {
                "points": each.points,
                "weight": weights[name],
                "share": each.points * weights[name],
                "known": each.known,
                "facts": {} if name in PRIVATE else dict(each.facts),
            }
            for name, each in points.items()
        },
        "to_staff": [str(sentence) for sentence in for_staff(points, weights)],
        "to_mentee": [str(sentence) for sentence in reasons_for("mentee", mentor, points, weights)],
        "to_mentor": [str(sentence) for sentence in reasons_for("mentor", mentee, points, weights)],
        "flags": [
            {"rule": flag.rule, "says": flag.says, "sentence": str(flag_sentence(flag))}
            for flag in solved.scores.flags(pair.mentee, pair.mentor)
        ],
    }


def _standing(solved: Solved, pair: Pair, row: np.ndarray[Any, Any], best: int, score: int) -> Data:
    """Where the mentor stands among all that the mentee could have had, and the best one that is not theirs."""
    standing: Data = {
        "rank": int((row > pair.score).sum()) + 1,
        "of": int((row != FORBIDDEN).sum()),
        "runner_up": None,
    }
    if score != FORBIDDEN:
        name = solved.pool.mentors[best].key
        standing["runner_up"] = {"mentor_id": name, "score": score, "margin": pair.score - score}
    return standing
