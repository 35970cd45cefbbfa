"""Who sits in a council: appointed by a section, written down by staff."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.council import mails
from matching.council.models import Ballot, Seat, Voter
from matching.council.selectors import seats_named
from matching.council.voting import LOOKS, counted, fill_anew, is_open, sits
from programs.policy.models import Cycle
from tenants import audit
from tenants.people.access import may
from tenants.people.models import Person, StaffRole
from tenants.people.services import end_role, grant_role, known_by_address

COMMITTEE = StaffRole.Kind.COMMITTEE


@transaction.atomic
def appoint(
    *,
    cycle: Cycle,
    seat: str,
    email: str,
    given_name: str = "",
    family_name: str = "",
    ends_on: date | None = None,
    by: Person,
) -> Seat:
    """Seat whomever a section appointed, until a day; whoever sat there before leaves the seat.

    They become a committee member of the program unless they are one, and are written to when a ballot opens, or now
    if one is open. DomainError for a seat that the settings do not name, somebody who has another, and a day gone by.
    """
    if seat not in seats_named(cycle):
        raise DomainError(_("The settings name no such seat."))
    person = known_by_address(email=email, given_name=given_name, family_name=family_name)
    before = _in(cycle, seat)
    if before is not None and before.person_id == person.pk and sits(before):
        return before
    ballot = _open_ballot(cycle)
    if before is not None:
        leave(seat=before, by=by)
    _leave_where_over(cycle, person, by)
    try:
        with transaction.atomic():
            taken = Seat.objects.create(
                program=cycle.program,
                part=cycle.part,
                name=seat,
                person=person,
                appointed_by=by,
                appointed_at=clock.now(),
            )
    except IntegrityError:
        raise DomainError(_("%(name)s has another seat already.") % {"name": person.name}, field="email") from None
    taken.role = _role(person, cycle, ends_on, by)
    taken.save(update_fields=["role"])
    audit.record("council.seat_taken", subject=taken, actor=by, person=str(person.pk), program=str(cycle.program_id))
    if ballot is not None:
        voter = Voter.objects.create(ballot=ballot, seat=taken, person=person)
        mails.ask([voter])
    return taken


@transaction.atomic
def leave(*, seat: Seat, by: Person) -> None:
    """Free a seat. The role that came with it ends, and in an open ballot its vote counts no more."""
    locked = Seat.objects.select_for_update(of=["self"]).select_related("role").get(pk=seat.pk)
    if locked.ended_at is not None:
        return
    locked.ended_at = clock.now()
    role, locked.role = locked.role, None
    locked.save(update_fields=["ended_at", "role"])
    voters = Voter.objects.filter(seat=locked, ballot__state=Ballot.State.OPEN)
    for voter in voters.select_related("ballot", "person"):
        mails.take_back_asking(voter.ballot, [voter], by=by)
        voter.delete()
        fill_anew(voter.ballot, counted(voter.ballot))
    audit.record("council.seat_left", subject=locked, actor=by, person=str(locked.person_id))
    if role is not None:
        end_role(role=role, by=by)


def _leave_where_over(cycle: Cycle, person: Person, by: Person) -> None:
    """A seat whose last day is over stands in nobody's way."""
    mine = Seat.objects.filter(program=cycle.program_id, part=cycle.part, person=person, ended_at=None)
    for seat in mine.select_related("person"):
        if not sits(seat):
            leave(seat=seat, by=by)


def _role(person: Person, cycle: Cycle, ends_on: date | None, by: Person) -> StaffRole | None:
    """The role that opens the council's page to somebody; None if one of theirs does."""
    as_it_was = Person.objects.get(pk=person.pk)  # roles are remembered with the person, and one is about to come
    if may(as_it_was, *LOOKS, program_id=cycle.program_id):
        return None
    return grant_role(person=person, kind=COMMITTEE, program_id=cycle.program_id, ends_on=ends_on, by=by)


def _in(cycle: Cycle, seat: str) -> Seat | None:
    seats = Seat.objects.select_for_update(of=["self"])
    return (
        seats.select_related("person")
        .filter(program=cycle.program_id, part=cycle.part, name=seat, ended_at=None)
        .first()
    )


def _open_ballot(cycle: Cycle) -> Ballot | None:
    """The session's ballot, as long as votes can be cast."""
    ballots = Ballot.objects.select_for_update(of=["self"]).select_related("cycle__program", "version")
    ballot = ballots.filter(cycle=cycle, state=Ballot.State.OPEN).first()
    return ballot if ballot is not None and is_open(ballot) else None
