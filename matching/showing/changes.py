"""What changed since the last draft: who had whom, who has whom now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from matching.models import MatchRun, SuggestedPair
from programs.enrollment.models import Enrollment


@dataclass(frozen=True)
class Change:
    """A mentee whose mentors are others than in the draft before."""

    mentee: Enrollment
    before: Sequence[SuggestedPair]
    now: Sequence[SuggestedPair]


def changes_between(before: MatchRun, run: MatchRun) -> list[Change]:
    """Everybody with a pair that only one of two drafts has, by name; two queries."""
    was, now = (_pairs(each) for each in (before, run))
    gone, come = ([pair for key, pair in one.items() if key not in other] for one, other in ((was, now), (now, was)))
    mentees = {pair.mentee_id: pair.mentee for pair in (*gone, *come)}
    changes = [
        Change(mentee, [pair for pair in gone if pair.mentee_id == pk], [pair for pair in come if pair.mentee_id == pk])
        for pk, mentee in mentees.items()
    ]
    return sorted(changes, key=lambda change: (change.mentee.person.name, str(change.mentee.pk)))


def _pairs(run: MatchRun) -> dict[tuple[UUID, UUID, str], SuggestedPair]:
    pairs = run.pairs.select_related("mentee__person", "mentor__person")
    return {(pair.mentee_id, pair.mentor_id, pair.aspect): pair for pair in pairs}
