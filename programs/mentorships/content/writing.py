"""Writing goals and notes. What a page no longer shows as it is, it does not overwrite; nothing that was typed is lost.

The trail says that a goal was written, and not by whom; of notes it says nothing.
"""

from __future__ import annotations

from typing import Final, TypeVar
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from chiron.kernel.ids import uuid7
from programs.mentorships.content.forgetting import plan
from programs.mentorships.content.reading import is_kept, sealed, text_of
from programs.mentorships.days import this_day
from programs.mentorships.models import Goal, Mentorship, Note, Participation
from programs.mentorships.touch.saying import lock
from tenants import audit

Row = TypeVar("Row", Goal, Note)
MOST_OPEN: Final = 10
MOST_NOTES: Final = 100


class ChangedMeanwhile(DomainError):
    """It reads otherwise than it did when somebody began to change it; `row` is as it is now."""

    def __init__(self, row: Goal | Note) -> None:
        self.row = row
        super().__init__(
            _("This was changed meanwhile. Both texts stand here: keep yours, or go back and leave it as it is.")
        )


class TakenOutMeanwhile(DomainError):
    """It is not there any more."""

    def __init__(self) -> None:
        super().__init__(_("This was taken out meanwhile. Your words stand here: write them anew, or leave it."))


@transaction.atomic
def add_goal(*, participation: Participation, text: str, key: UUID | None = None) -> Goal:
    """Write a goal, once for each form that was sent; DomainError if it is over, or if so many are open."""
    mentorship = _open(participation)
    pk = _id_of(participation, key)
    if there := Goal.objects.filter(pk=pk).first():
        return there
    _must_have_room(mentorship)
    now, today = clock.now(), this_day()
    words = {"sealed": sealed(text.strip()), "written_at": now, "state_on": today}
    goal = Goal.objects.create(pk=pk, mentorship=mentorship, person=participation.person, **words)
    audit.record("mentorship.goal_written", subject=mentorship)
    plan(mentorship)
    return goal


@transaction.atomic
def change_goal(*, participation: Participation, goal: Goal, text: str, revision: int) -> Goal:
    """Say a goal in other words, whoever wrote it; ChangedMeanwhile if it is not what they read."""
    _open(participation)
    return _reword(goal, text, revision)


@transaction.atomic
def mark_goal(*, participation: Participation, goal: Goal, state: Goal.State) -> None:
    """Say that a goal is reached, let go, or open again; saying it again changes nothing."""
    mentorship = _open(participation)
    locked = Goal.objects.select_for_update().filter(pk=goal.pk).first()
    if locked is None or locked.state == state:
        return
    if state == Goal.State.OPEN:
        _must_have_room(mentorship)
    locked.state, locked.state_on = state, this_day()
    locked.save(update_fields=["state", "state_on"])


@transaction.atomic
def write_note(*, participation: Participation, text: str, shared: bool = False, key: UUID | None = None) -> Note:
    """Keep a note, once for each form that was sent; DomainError if it is over, or the program keeps no notes."""
    mentorship = _open(participation)
    pk = _id_of(participation, key)
    if there := Note.objects.filter(pk=pk).first():
        return there
    _must_keep_notes(mentorship)
    if Note.objects.filter(mentorship=mentorship, person=participation.person).count() >= MOST_NOTES:
        raise DomainError(_("You have a hundred notes here. Take one out, or add to one of them."), field="text")
    words = {"sealed": sealed(text.strip()), "written_at": clock.now(), "shared": shared}
    note = Note.objects.create(pk=pk, mentorship=mentorship, person=participation.person, **words)
    plan(mentorship)
    return note


@transaction.atomic
def change_note(*, participation: Participation, note: Note, text: str, shared: bool, revision: int) -> Note:
    """Change one's own note, and who reads it; ChangedMeanwhile if it is not what one read."""
    _must_keep_notes(_open(participation))
    changed = _reword(note, text, revision)
    if changed.shared != shared:
        changed.shared = shared
        changed.save(update_fields=["shared"])
    return changed


@transaction.atomic
def take_out(*, participation: Participation, row: Goal | Note, revision: int) -> None:
    """Delete a goal, or one's own note, for good; what one wrote oneself also when it is over.

    ChangedMeanwhile if it is not what was read. DomainError for a goal of the other's once it is over.
    """
    if row.person_id != participation.person_id:
        _open(participation)
    locked = type(row).objects.select_for_update().filter(pk=row.pk).first()
    if locked is None:
        return
    if locked.revision != revision:
        raise ChangedMeanwhile(locked)
    locked.delete()


def _id_of(participation: Participation, key: UUID | None) -> UUID:
    """A form that is sent twice makes one row: its id comes from the form’s key and from whoever sent it."""
    return uuid5(participation.pk, str(key)) if key else uuid7()


def _open(participation: Participation) -> Mentorship:
    mentorship = lock(participation)
    if not is_kept(mentorship):
        raise DomainError(_("This session ended long ago, and what you wrote here is deleted by now."))
    return mentorship


def _must_have_room(mentorship: Mentorship) -> None:
    if Goal.objects.filter(mentorship=mentorship, state=Goal.State.OPEN).count() >= MOST_OPEN:
        raise DomainError(
            _("%(count)s goals are open, and nobody can mind more. Mark one as reached or let one go first.")
            % {"count": MOST_OPEN},
            field="text",
        )


def _must_keep_notes(mentorship: Mentorship) -> None:
    if not mentorship.cycle.settings.mentorship.notes:
        raise DomainError(_("This program keeps no notes. Copy what you wrote to where you keep yours."))


def _reword(row: Row, text: str, revision: int) -> Row:
    locked = type(row).objects.select_for_update().filter(pk=row.pk).first()
    if locked is None:
        raise TakenOutMeanwhile
    if text_of(locked) == text.strip():
        return locked
    if locked.revision != revision:
        raise ChangedMeanwhile(locked)
    locked.sealed, locked.revision = sealed(text.strip()), locked.revision + 1
    locked.save(update_fields=["sealed", "revision"])
    return locked
