"""What staff write down about two people, and whom they would like to see as a pair in the next session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.models import HeldPair, PairDecision, PairNote
from matching.waiting import MATCHABLE
from programs.enrollment.models import Enrollment, Role
from programs.policy.models import Cycle
from tenants import audit
from tenants.people.models import Person


@transaction.atomic
def add_note(*, cycle: Cycle, mentee: Enrollment, mentor: Enrollment, text: str, key: UUID, by: Person) -> PairNote:
    """Write something down about two people; the same page sent twice writes it once. DomainError for no words."""
    _must_be_pair(cycle, mentee, mentor)
    if not text.strip():
        raise DomainError(_("There is nothing to write down."))
    said = {"cycle": cycle, "mentee": mentee, "mentor": mentor, "text": text.strip()}
    note, new = PairNote.objects.get_or_create(pk=key, defaults=said | {"written_by": by, "written_at": clock.now()})
    if new:
        audit.record("pair.noted", subject=note, actor=by)
    return note


@transaction.atomic
def hold_pair(*, cycle: Cycle, mentee: Enrollment, mentor: Enrollment, by: Person) -> HeldPair:
    """Remember two people for the next session; in this one nothing changes. Holding twice changes nothing.

    DomainError if staff ruled the pair out.
    """
    _must_be_pair(cycle, mentee, mentor)
    if cycle.pair_decisions.filter(mentee=mentee, mentor=mentor, kind=PairDecision.Kind.NEVER).exists():
        raise DomainError(_("You have ruled this pair out. Take that back first."))
    held, new = HeldPair.objects.get_or_create(
        cycle=cycle, mentee=mentee, mentor=mentor, defaults={"held_by": by, "held_at": clock.now()}
    )
    if new:
        audit.record("pair.held", subject=held, actor=by)
    return held


@transaction.atomic
def let_go(*, cycle: Cycle, mentee: Enrollment, mentor: Enrollment, by: Person) -> None:
    """Hold the two no longer; nothing happens if they are not held."""
    for held in HeldPair.objects.select_for_update().filter(cycle=cycle, mentee=mentee, mentor=mentor):
        audit.record("pair.let_go", subject=held, actor=by)
        held.delete()


def notes_on(mentee: Enrollment, mentor: Enrollment) -> QuerySet[PairNote]:
    """What was written down about two people, in every session of the program, newest first."""
    both = PairNote.objects.filter(mentee__person=mentee.person_id, mentor__person=mentor.person_id)
    return both.filter(cycle__program=mentee.cycle.program_id).select_related("written_by", "cycle")


def is_held(mentee: Enrollment, mentor: Enrollment) -> bool:
    """Whether the two are held for the next session."""
    return HeldPair.objects.filter(mentee=mentee, mentor=mentor).exists()


def held_in(cycle: Cycle) -> Sequence[HeldPair]:
    """The pairs of a session that are held for the next one."""
    return list(cycle.held_pairs.select_related("mentee__person", "mentor__person"))


@dataclass(frozen=True)
class Back:
    """A pair that was held in an earlier session, both of whom can be matched in this one."""

    held: HeldPair
    mentee: Enrollment
    mentor: Enrollment


def back_again(cycle: Cycle) -> Sequence[Back]:
    """Pairs held in earlier sessions of the program whose people are both here, and of whom staff said nothing yet."""
    held = HeldPair.objects.filter(cycle__program=cycle.program_id, cycle__starts_on__lt=cycle.starts_on)
    found = list(held.select_related("mentee", "mentor", "cycle"))
    if not found:
        return []
    people = {each.mentee.person_id for each in found} | {each.mentor.person_id for each in found}
    there = cycle.enrollments.filter(person__in=people, state__in=MATCHABLE).select_related("person")
    here = {(each.person_id, each.role): each for each in there}
    said = set(cycle.pair_decisions.values_list("mentee_id", "mentor_id"))
    back: dict[tuple[UUID, UUID], Back] = {}
    for each in found:
        mentee = here.get((each.mentee.person_id, Role.MENTEE))
        mentor = here.get((each.mentor.person_id, Role.MENTOR))
        if mentee and mentor and (mentee.pk, mentor.pk) not in said:
            back.setdefault((mentee.pk, mentor.pk), Back(each, mentee, mentor))
    return list(back.values())


def _must_be_pair(cycle: Cycle, mentee: Enrollment, mentor: Enrollment) -> None:
    if {mentee.cycle_id, mentor.cycle_id} != {cycle.pk} or (mentee.role, mentor.role) != (Role.MENTEE, Role.MENTOR):
        raise DomainError(_("A pair is a mentee and a mentor of the same session."))
