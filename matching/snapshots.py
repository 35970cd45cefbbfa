"""A run's snapshot: who was in it and what they had answered then, so that it can be explained and solved again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matching.criteria import Known, Scores
from matching.criteria.wishes import Wished
from matching.engine import Result, Rounds
from matching.fairness.blind import blind_of
from matching.models import BY_LISTS, MatchRun
from matching.solving import by_lists
from matching.solving.by_lists import ByLists
from matching.solving.part import Solved
from matching.solving.problems import Kept, problem_of, rows_of, served_in
from matching.waiting import KeyPair, Waiting, pool_of_people
from programs.enrollment.answers import restored, stored
from programs.policy.models import Cycle

PAIRS = ("keep", "never", "asked")
FIRST = "first"  # beside a stored result: that of the first mentors, where these come first


def snapshot_of(waiting: Waiting, solved: Solved, before: Sequence[Kept] = ()) -> dict[str, Any]:
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
        "served": sorted(waiting.served),
        "before": [list(pair) for pair in before],
        "blind": blind_of(solved),
        **wished_as_data(waiting.wished),
        **{name: [list(pair) for pair in getattr(waiting, name)] for name in PAIRS},
    }


def solved_of(run: MatchRun) -> Solved:
    """A stored run as it was solved, to be explained; the result is the stored one, nothing is solved again."""
    part = run.version.policy.part(run.cycle.part)
    pool = pool_of_people([restored(person) for person in run.snapshot["people"]])
    keep, never, asked = (tuple(tuple(pair) for pair in run.snapshot[name]) for name in PAIRS)
    rows = rows_of(part, pool.mentees)
    known = Known(never=never, asked=asked, wished=wished_of(run.snapshot))
    scores = Scores(rows, pool.mentors, part.matching, known)
    problem = problem_of(part, pool, rows, scores, keep, run.snapshot["standing"])
    if BY_LISTS in run.result:
        listed = by_lists.restored(problem, scores.ranks, run.result[BY_LISTS])
        return Solved(part, pool, rows, scores, listed, listed.result.certificate)
    result = Result.from_dict(run.result)
    first = Result.from_dict(run.result[FIRST]) if FIRST in run.result else None
    served = served_in(part, pool, run.snapshot.get("served", ()))
    return Solved(part, pool, rows, scores, Rounds.restored(problem, result, first, served), result.certificate)


def wished_as_data(wished: Wished) -> dict[str, Any]:
    """Whom people named, as a snapshot holds it; nothing where nobody named anybody."""
    if not wished:
        return {}
    sides = {"mentees": wished.mentees, "mentors": wished.mentors}
    return {"wishes": {side: {key: list(named) for key, named in lists.items()} for side, lists in sides.items()}}


def wished_of(snapshot: Mapping[str, Any]) -> Wished:
    """Whom people had named when a snapshot was taken."""
    return Wished(**snapshot["wishes"]) if "wishes" in snapshot else Wished()


def stored_result(answer: Rounds | ByLists) -> dict[str, Any]:
    """The result as JSON can hold it, that of the first mentors beside it, or what proves one by lists."""
    if isinstance(answer, ByLists):
        return answer.result.to_dict() | {BY_LISTS: answer.to_dict()}
    first = {} if answer.first is None else {FIRST: answer.first.result.to_dict()}
    return answer.result.to_dict() | first


def pairs_before(cycle: Cycle) -> list[Kept]:
    """The pairs of the draft that there is, by the keys of mentee and mentor and what they are for, so that a new one
    can stay near it."""
    draft = cycle.match_runs.filter(state=MatchRun.State.DRAFT).first()
    if draft is None:
        return []
    keys = {person["enrollment"]: person["key"] for person in draft.snapshot["people"]}
    pairs = draft.pairs.values_list("mentee_id", "mentor_id", "aspect")
    return sorted((keys[str(mentee)], keys[str(mentor)], aspect) for mentee, mentor, aspect in pairs)


def enrollment_ids(snapshot: Mapping[str, Any]) -> dict[KeyPair, str]:
    """The sign-up behind each (key, role) of a snapshot."""
    return {(person["key"], person["role"]): person["enrollment"] for person in snapshot["people"]}
