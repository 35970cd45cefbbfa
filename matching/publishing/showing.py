"""What staff see before they publish: whom the button asks, how many, until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from matching.models import MatchRun
from matching.publishing.models import NextBest
from matching.publishing.selectors import next_best_in
from matching.showing.groups import rows_of
from matching.showing.rows import Row
from programs.mentorships.services import deadline
from programs.policy.models import Cycle


@dataclass(frozen=True)
class Outlook:
    """What the button would do, counted for people and not for mails; who of them has no address."""

    count: int
    first: str
    asked: int
    until: date | None
    without_mail: Sequence[str]


def outlook_on(run: MatchRun, asked_first: str) -> Outlook:
    """Pairs are asked, groups are introduced at once."""
    if run.cycle.settings.in_groups:
        rows = rows_of(run)
        people = [member.enrollment.person for row in rows for member in row.members]
        without = sorted(person.name for person in people if not person.email)
        return Outlook(len(rows), "nobody", len(people) - len(without), None, without)
    pairs = list(run.pairs.select_related("mentee__person", "mentor__person"))
    mentors, mentees = ({getattr(pair, role).person for pair in pairs} for role in ("mentor", "mentee"))
    asked = {"mentor": mentors, "mentee": mentees}.get(asked_first, mentors | mentees)
    return Outlook(
        count=len(pairs),
        first=asked_first,
        asked=len(asked),
        until=deadline(run.cycle),
        without_mail=sorted(person.name for person in mentors | mentees if not person.email),
    )


@dataclass(frozen=True)
class Next:
    """A next best pair in the table."""

    next: NextBest
    row: Row


def next_best_of(cycle: Cycle) -> list[Next]:
    """Who comes next in a session, the best first."""
    return [Next(each, Row(each.as_pair(), None)) for each in next_best_in(cycle)]
