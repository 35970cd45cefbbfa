"""A solved match as plain data: what the report says, and what explain.json holds."""

from __future__ import annotations

from importlib.metadata import version

from matching.criteria.aspects import aspect_of
from matching.on_files.inputs import Inputs
from matching.solving.facts import Data, pair_facts
from matching.solving.part import NotMatched, Solved
from matching.solving.problems import LeftOut


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
        "first_mentors": len(solved.first) if solved.answer.first else None,
        "checked": {"value": solved.certificate.value, "bound": solved.certificate.bound},
        "unused_columns": list(inputs.unused),
    }


def explanation(inputs: Inputs, solved: Solved) -> Data:
    """Everything that explains the result to staff: each pair, and everybody who has none."""
    return {
        "run": run_facts(inputs, solved),
        "pairs": [
            {
                "mentee_id": solved.rows[pair.mentee].key,
                "mentor_id": solved.pool.mentors[pair.mentor].key,
                "aspect": aspect_of(solved.rows[pair.mentee]),
                "score": pair.score,
                **facts,
            }
            for pair, facts in pair_facts(solved)
        ],
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
