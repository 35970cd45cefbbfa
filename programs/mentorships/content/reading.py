"""What somebody reads of what they and the other wrote. Nothing else opens these words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from programs.mentorships.days import day_of, this_day
from programs.mentorships.models import Goal, Mentorship, Note, Participation
from tenants.sealing import seal, unseal

PURPOSE: Final = "goals and notes"
# So long after the end the two can take along what they wrote.
KEPT: Final = timedelta(days=90)
State = Mentorship.State


@dataclass(frozen=True)
class Line:
    """A goal or a note as one of them reads it; `by` is the other's name, and empty for what is one's own."""

    row: Goal | Note
    text: str
    by: str

    @property
    def day(self) -> date:
        """When it was written."""
        return day_of(self.row.written_at)

    @property
    def stands(self) -> str:
        """How it stands with a goal; empty for a note."""
        return self.row.get_state_display() if isinstance(self.row, Goal) else ""


@dataclass(frozen=True)
class Content:
    """All that somebody may read: goals that are open, and those that are reached or let go; and notes."""

    goals: list[Line]
    past: list[Line]
    notes: list[Line]

    def __bool__(self) -> bool:
        return bool(self.goals or self.past or self.notes)


def content_of(mine: Participation) -> Content:
    """What somebody reads of one mentorship; `mine` has it with its session and its people."""
    return contents([mine])[mine.mentorship_id]


def contents(places: Sequence[Participation]) -> dict[UUID, Content]:
    """What somebody reads of each of their mentorships. Whoever has left a group reads what they wrote themselves."""
    goals = list(Goal.objects.filter(mentorship__in=[mine.mentorship_id for mine in places if _is_in(mine)]))
    notes = list(_notes_of(places))
    found = {}
    for mine in places:
        here = [goal for goal in goals if goal.mentorship_id == mine.mentorship_id]
        past = [goal for goal in here if goal.state != Goal.State.OPEN]
        found[mine.mentorship_id] = Content(
            goals=[line_of(mine, goal) for goal in here if goal.state == Goal.State.OPEN],
            past=[line_of(mine, goal) for goal in sorted(past, key=lambda goal: goal.state_on, reverse=True)],
            notes=[line_of(mine, note) for note in notes if note.mentorship_id == mine.mentorship_id],
        )
    return found


def can_be_read(mine: Participation) -> bool:
    """Whether there is anything that somebody may still read."""
    return goals_of(mine).exists() or _notes_of([mine]).exists()


def goals_of(mine: Participation) -> QuerySet[Goal]:
    """The goals that somebody reads and changes: all of the mentorship, as long as they are in it."""
    return Goal.objects.filter(mentorship=mine.mentorship_id) if _is_in(mine) else Goal.objects.none()


def notes_of(mine: Participation) -> QuerySet[Note]:
    """The notes that somebody wrote, which they alone change."""
    return Note.objects.filter(mentorship=mine.mentorship_id, person=mine.person_id)


def _notes_of(places: Sequence[Participation]) -> QuerySet[Note]:
    """Somebody's own notes, and those for everybody where they are in it."""
    own = Q(person__in={mine.person_id for mine in places})
    for_all = Q(shared=True, mentorship__in=[mine.mentorship_id for mine in places if _is_in(mine)])
    there = Note.objects.filter(mentorship__in=[mine.mentorship_id for mine in places if _was_in(mine)])
    return there.filter(own | for_all)


def line_of(mine: Participation, row: Goal | Note) -> Line:
    """One row, opened."""
    people = {each.person_id: each.person.address_name for each in mine.mentorship.participations.all()}
    return Line(row, text_of(row), "" if row.person_id == mine.person_id else people.get(row.person_id, ""))


def sealed(text: str) -> str:
    """Words as they are kept."""
    return seal({"text": text}, purpose=PURPOSE)


def text_of(row: Goal | Note) -> str:
    """What it says; a sentence in its place where the key is another one, as after a restore on other machines."""
    try:
        return str(unseal(row.sealed, purpose=PURPOSE)["text"])
    except InvalidToken:
        return _("This cannot be read here any more.")


def kept_until(mentorship: Mentorship) -> date:
    """The last day on which it is there: so long after the mentorship ended, or its session's last day."""
    return (mentorship.ended_on or mentorship.cycle.ends_on) + KEPT


def is_kept(mentorship: Mentorship) -> bool:
    """Whether that day is not over."""
    return this_day() <= kept_until(mentorship)


def _was_in(mine: Participation) -> bool:
    mentorship = mine.mentorship
    return mentorship.state in (State.ACTIVE, State.ENDED) and is_kept(mentorship)


def _is_in(mine: Participation) -> bool:
    return _was_in(mine) and mine.answer == Participation.Answer.YES
