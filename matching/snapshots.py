"""A run's snapshot: who was in it and what they had answered then, so that it can be explained and solved again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matching.criteria import Known, Scores
from matching.engine import Result
from matching.models import MatchRun, PairDecision
from matching.solving import Pool, Solved, problem_of
from programs.enrollment.answers import key_of, participant_of, restored, stored
from programs.enrollment.models import Enrollment
from programs.policy.models import Cycle
from programs.policy.participant import Participant

KeyPair = tuple[str, str]


@dataclass(frozen=True)
class Decisions:
    """Staff's word on pairs of (mentee, mentor) keys."""

    keep: tuple[KeyPair, ...] = ()
    never: tuple[KeyPair, ...] = ()

    @classmethod
    def of(cls, cycle: Cycle) -> Decisions:
        """All decisions of a session about people who are still in the pool."""
        rows = cycle.pair_decisions.select_related("mentee__person", "mentor__person").filter(
            mentee__state=Enrollment.State.ELIGIBLE, mentor__state=Enrollment.State.ELIGIBLE
        )
        pairs: dict[str, list[KeyPair]] = {kind: [] for kind in PairDecision.Kind}
        for row in rows:
            pairs[row.kind].append((key_of(row.mentee.person), key_of(row.mentor.person)))
        keep, never = (tuple(sorted(pairs[kind])) for kind in (PairDecision.Kind.KEEP, PairDecision.Kind.NEVER))
        return cls(keep=keep, never=never)


def pool_of_enrollments(enrollments: Iterable[Enrollment]) -> Pool:
    """Sign-ups that may be matched, sorted by key, so that nothing depends on the order in which people came."""
    return _pool(sorted((participant_of(enrollment) for enrollment in enrollments), key=lambda person: person.key))


def snapshot_of(pool: Pool, enrollments: Iterable[Enrollment], decisions: Decisions) -> dict[str, Any]:
    """Everything that the solve looked at, as JSON can hold it."""
    ids = {(key_of(each.person), each.role): str(each.pk) for each in enrollments}
    people = [*pool.mentees, *pool.mentors]
    return {
        "people": [stored(person) | {"enrollment": ids[person.key, person.role]} for person in people],
        "keep": [list(pair) for pair in decisions.keep],
        "never": [list(pair) for pair in decisions.never],
    }


def solved_of(run: MatchRun) -> Solved:
    """A stored run as it was solved, to be explained; the result is the stored one, nothing is solved again."""
    part = run.version.policy.part(run.cycle.part)
    pool = _pool([restored(person) for person in run.snapshot["people"]])
    keep, never = (tuple((one, other) for one, other in run.snapshot[kind]) for kind in ("keep", "never"))
    scores = Scores(pool.mentees, pool.mentors, part.matching, Known(never=never))
    result = Result.from_dict(run.result)
    return Solved(part, pool, scores, problem_of(part, pool, scores, keep), result, result.certificate)


def enrollment_ids(snapshot: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """The sign-up behind each (key, role) of a snapshot."""
    return {(person["key"], person["role"]): person["enrollment"] for person in snapshot["people"]}


def _pool(people: Sequence[Participant]) -> Pool:
    return Pool(
        mentees=[person for person in people if person.role == "mentee"],
        mentors=[person for person in people if person.role == "mentor"],
        left_out=[],
    )
