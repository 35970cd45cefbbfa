"""A run's snapshot: who was in it and what they had answered then, so that it can be explained and solved again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matching.blind import blind_of
from matching.criteria import Known, Scores
from matching.engine import Result
from matching.models import MatchRun
from matching.solving import Solved, problem_of
from matching.waiting import KeyPair, Waiting, pool_of_people
from programs.enrollment.answers import restored, stored
from programs.policy.models import Cycle

PAIRS = ("keep", "never", "asked")


def snapshot_of(waiting: Waiting, solved: Solved, before: Sequence[KeyPair] = ()) -> dict[str, Any]:
    """Everything that the solve looked at, who is left and why, and what identity changed, as JSON can hold it.

    before: the pairs that it was to stay near, among equals.
    """
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
        "before": [list(pair) for pair in before],
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


def pairs_before(cycle: Cycle) -> list[KeyPair]:
    """The pairs of the draft that there is, by the keys of mentee and mentor, so that a new one can stay near it."""
    draft = cycle.match_runs.filter(state=MatchRun.State.DRAFT).first()
    if draft is None:
        return []
    keys = {person["enrollment"]: person["key"] for person in draft.snapshot["people"]}
    pairs = draft.pairs.values_list("mentee_id", "mentor_id")
    return sorted((keys[str(mentee)], keys[str(mentor)]) for mentee, mentor in pairs)


def enrollment_ids(snapshot: Mapping[str, Any]) -> dict[KeyPair, str]:
    """The sign-up behind each (key, role) of a snapshot."""
    return {(person["key"], person["role"]): person["enrollment"] for person in snapshot["people"]}
