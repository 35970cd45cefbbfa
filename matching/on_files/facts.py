"""A solved match as plain data: what the report says, and what explain.json holds."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from itertools import groupby
from typing import Any

import numpy as np

from matching.criteria.sentences import flag_sentence, for_staff, reasons_for
from matching.on_files.inputs import Inputs
from matching.solving import FORBIDDEN, LeftOut, NotMatched, Pair, Solved

PRIVATE = frozenset({"my_own_preference"})  # its facts are identity answers; points are enough for staff

Data = dict[str, Any]


def run_facts(inputs: Inputs, solved: Solved) -> Data:
    """What was solved, how, and what came out, in numbers."""
    part, pool, result = solved.part, solved.pool, solved.result
    return {
        "chiron": version("chiron"),
        "engine": result.version,
        "policy": inputs.policy.title,
        "policy_hash": inputs.policy_hash,
        "part": part.name,
        "starts": inputs.starts.isoformat(),
        "starts_from": inputs.starts_from,
        "seed": result.seed,
        "aim": part.matching.aim,
        "cap": part.cap.pairs,
        "beyond_cap": part.cap.beyond,
        "floor": part.matching.floor,
        "weights": solved.scores.weights,
        "never": list(part.matching.never),
        "mentors": {
            "in_sheet": sum(person.role == "mentor" for person in inputs.people),
            "eligible": len(pool.mentors),
            "places": int(solved.problem.capacity.sum()),
            "matched": len({pair.mentor for pair in solved.pairs}),
        },
        "mentees": {
            "in_sheet": sum(person.role == "mentee" for person in inputs.people),
            "eligible": len(pool.mentees),
            "matched": len({pair.mentee for pair in solved.pairs}),
            "with_fewer_mentors_than_asked_for": solved.mentors_short,
        },
        "pairs": len(solved.pairs),
        "total": result.total,
        "checked": {"value": solved.certificate.value, "bound": solved.certificate.bound},
        "unused_columns": list(inputs.unused),
    }


def explanation(inputs: Inputs, solved: Solved) -> Data:
    """Everything that explains the result to staff: each pair, and everybody who has none."""
    return {
        "run": run_facts(inputs, solved),
        "pairs": [_pair(solved, pair, standing) for pair, standing in _standings(solved)],
        "not_matched": [not_matched(solved, each) for each in solved.not_matched()],
        "left_out": [left_out(each) for each in solved.pool.left_out],
        "mentors_without_mentee": [
            {"mentor_id": solved.pool.mentors[mentor].key, "why": why} for mentor, why in solved.idle_mentors()
        ],
    }


def not_matched(solved: Solved, each: NotMatched) -> Data:
    """A mentee of the pool who has no mentor."""
    return {"mentee_id": solved.pool.mentees[each.mentee].key, "why": each.why, "forbidden_by": each.forbidden}


def left_out(each: LeftOut) -> Data:
    """Somebody who does not take part, or of whom we cannot tell yet."""
    return {"id": each.person.key, "role": each.person.role, **each.decision.as_data()}


def _pair(solved: Solved, pair: Pair, standing: Data) -> Data:
    mentee, mentor = solved.pool.mentees[pair.mentee], solved.pool.mentors[pair.mentor]
    scores = solved.scores
    points, weights = scores.points(pair.mentee, pair.mentor), scores.weights
    return {
        "mentee_id": mentee.key,
        "mentor_id": mentor.key,
        "score": pair.score,
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
            for flag in scores.flags(pair.mentee, pair.mentor)
        ],
        **standing,
    }


def _standings(solved: Solved) -> Iterator[tuple[Pair, Data]]:
    """Where each mentor stands among all that the mentee could have had, and the best one that is not theirs."""
    for mentee, group in groupby(solved.pairs, key=lambda pair: pair.mentee):
        pairs = list(group)
        row = solved.scores.block(np.array([mentee]))[0]
        others = row.copy()
        others[[pair.mentor for pair in pairs]] = FORBIDDEN
        best = int(others.argmax())
        for pair in pairs:
            rank = int((row > pair.score).sum()) + 1
            standing: Data = {"rank": rank, "of": int((row != FORBIDDEN).sum()), "runner_up": None}
            if others[best] != FORBIDDEN:
                score = int(others[best])
                name = solved.pool.mentors[best].key
                standing["runner_up"] = {"mentor_id": name, "score": score, "margin": pair.score - score}
            yield pair, standing
