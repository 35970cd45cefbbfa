"""What a solved pool says of its pairs, as plain data: stored with a run, written to explain.json, shown to staff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from matching.criteria.sentences import MOST_REASONS, flag_sentence, for_staff, reasons_for, wish_met
from matching.solving.part import FORBIDDEN, Pair, Solved
from programs.policy.participant import Participant, RoleName
from programs.policy.sentences import Sentence

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
            standing = _standing(solved, pair, row, int(others.argmax()), int(others.max()))
            if solved.first:
                standing["first"] = (pair.mentee, pair.mentor) in solved.first
            yield pair, _said(solved, pair) | standing


def wishes_of(solved: Solved, mentee: int, mentor: int) -> dict[str, int]:
    """At which place of their list each of the two named the other, for staff; a side that did not is left out."""
    ranks = solved.scores.ranks
    sides = {"by_mentee": ranks.by_mentee, "by_mentor": ranks.by_mentor}
    return {name: side[mentee, mentor] for name, side in sides.items() if (mentee, mentor) in side}


def _reasons(
    solved: Solved, wishes: Data, reader: RoleName, other: Participant, reasons: Sequence[Sentence]
) -> list[str]:
    """Where pairs follow lists, one's own wish comes first; elsewhere it has points and stands where these put it."""
    if solved.part.matching.by_lists and f"by_{reader}" in wishes:
        reasons = [wish_met(other), *reasons][:MOST_REASONS]
    return [str(sentence) for sentence in reasons]


def _said(solved: Solved, pair: Pair) -> Data:
    mentee, mentor = solved.rows[pair.mentee], solved.pool.mentors[pair.mentor]
    points = solved.scores.points(pair.mentee, pair.mentor)
    weights = {name: solved.scores.weights[name] for name in points}
    wishes = wishes_of(solved, pair.mentee, pair.mentor)
    return {
        **({"wishes": wishes} if wishes else {}),
        **({"by_lists": True} if solved.part.matching.by_lists else {}),
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
        "to_mentee": _reasons(solved, wishes, "mentee", mentor, reasons_for("mentee", mentor, points, weights)),
        "to_mentor": _reasons(solved, wishes, "mentor", mentee, reasons_for("mentor", mentee, points, weights)),
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
