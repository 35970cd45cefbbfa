"""Inviting many at once: written down once, done by a worker some at a time, and nobody gets a second mail."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.invitations.choosing import Candidate, Choice, chosen
from programs.invitations.models import Invitation, Round
from programs.invitations.services import check_open, take_back, the_row, write
from programs.policy.models import Cycle
from tenants import audit, due
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person

KIND = "invitation.round"
# So many are written in one transaction.
AT_ONCE = 100


@transaction.atomic
def send_round(*, cycle: Cycle, role: str, choice: Choice, words: str = "", key: UUID, by: Person) -> Round:
    """Have everybody of a choice invited. The same page sent twice is one round.

    DomainError if sign-up is not open, or the choice leaves nobody to write to.
    """
    if found := Round.objects.filter(key=key).first():
        return found
    check_open(cycle, role)
    found_people = chosen(cycle, role, choice)
    if not found_people.people:
        raise DomainError(_("This choice leaves nobody to write to."))
    round_, new = Round.objects.get_or_create(
        key=key,
        defaults={
            "cycle": cycle,
            "role": role,
            "choice": choice.as_data(),
            "words": words.strip(),
            "by": by,
            "created_at": clock.now(),
            "left_out": dict(found_people.left_out),
        },
    )
    if new:
        due.schedule(KIND, str(round_.pk), at=clock.now())
        audit.record("invitation.round", subject=round_, actor=by, cycle=str(cycle.pk), people=len(found_people.people))
    return round_


@transaction.atomic
def go_on(*, round_: Round) -> None:
    """Write the next of a round's invitations; once nobody is left, or sign-up has closed, it is finished."""
    locked = Round.objects.select_for_update(of=["self"]).select_related("cycle__program", "cycle__version", "by")
    at_work = locked.get(pk=round_.pk)
    if at_work.finished_at is not None:
        return
    people = _left(at_work)
    for candidate in people[:AT_ONCE]:
        _invite(at_work, candidate)
    if len(people) > AT_ONCE:
        due.schedule(KIND, str(at_work.pk), at=clock.now())
    else:
        at_work.finished_at = clock.now()
        at_work.save(update_fields=["finished_at"])


@transaction.atomic
def stop_round(*, round_: Round, by: Person) -> int:
    """Keep those mails of a round from leaving that have not left; returns how many."""
    locked = Round.objects.select_for_update().get(pk=round_.pk)
    if locked.finished_at is None:
        locked.finished_at = clock.now()
        locked.save(update_fields=["finished_at"])
        due.cancel(KIND, str(locked.pk))
    waiting = locked.invitations.filter(mail__state=OutboxMail.State.WAITING, taken_back_at=None)
    stopped = [take_back(invitation=invitation, by=by) for invitation in waiting]
    audit.record("invitation.round_stopped", subject=locked, actor=by, people=len(stopped))
    return len(stopped)


def _left(round_: Round) -> list[Candidate]:
    """Who is still to be written to."""
    try:
        check_open(round_.cycle, round_.role)
    except DomainError:
        return []
    return chosen(round_.cycle, round_.role, Choice(**round_.choice)).people


def _invite(round_: Round, candidate: Candidate) -> None:
    """Invite one, unless another round, or a colleague, has done so a moment ago."""
    row: Invitation = the_row(round_.cycle, round_.role, candidate.email)
    if not row.is_new:
        return
    row.given_name, row.family_name = candidate.given_name, candidate.family_name
    row.words, row.by = round_.words, round_.by
    row.person = Person.objects.filter(email__iexact=candidate.email).first()
    write(row, round_=round_)
