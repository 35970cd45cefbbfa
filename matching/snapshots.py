"""A run's snapshot: who was in it and what they had answered then, so that it can be explained and solved again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matching.blind import blind_of
from matching.criteria import Known, Scores
from matching.engine import Result
from matching.models import MatchRun
from matching.solving import Solved, problem_of
from matching.waiting import KeyPair, Waiting, pool_of_people
from programs.enrollment.answers import restored, stored

PAIRS = ("keep", "never", "asked")


def snapshot_of(waiting: Waiting, solved: Solved) -> dict[str, Any]:
    """Everything that the solve looked at, who is left and why, and what identity changed, as JSON can hold it."""
    ids = waiting.enrollment_ids()
    mentees, mentors = solved.pool.mentees, solved.pool.mentors
    people = [*mentees, *mentors]
    left: list[dict[str, Any]] = [
        {"enrollment": ids[mentees[each.mentee].key, "mentee"], "why": each.why, "forbidden": each.forbidden}
        for each in solved.not_matched()
    ]
    left += [{"enrollment": ids[mentors[mentor].key, "mentor"], "why": why} for mentor, why in solved.idle_mentors()]
    return {
        "left": left,
        "people": [stored(person) | {"enrollment": ids[person.key, person.role]} for person in people],
        "standing": waiting.standing,
        "blind": blind_of(solved),
        **{name: [list(pair) for pair in getattr(waiting, name)] for name in PAIRS},
    }


def solved_of(run: MatchRun) -> Solved:
    """A stored run as it was solved, to be explained; the result is the stored one, nothing is solved again."""
    part = run.version.policy.part(run.cycle.part)
    pool = pool_of_people([restored(person) for person in run.snapshot["people"]])
    keep, never, asked = (tuple((one, other) for one, other in run.snapshot[name]) for name in PAIRS)
    scores = Scores(pool.mentees, pool.mentors, part.matching, Known(never=never, asked=asked))
    problem = problem_of(part, pool, scores, keep, run.snapshot["standing"])
    result = Result.from_dict(run.result)
    return Solved(part, pool, scores, problem, result, result.certificate)


def enrollment_ids(snapshot: Mapping[str, Any]) -> dict[KeyPair, str]:
    """The sign-up behind each (key, role) of a snapshot."""
    return {(person["key"], person["role"]): person["enrollment"] for person in snapshot["people"]}
