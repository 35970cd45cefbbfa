"""Inviting many at once: written down once, done by a worker some at a time, and nobody gets a second mail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.invitations.choosing import Candidate, Choice, chosen
from programs.invitations.mails import WAIT
from programs.invitations.models import Invitation, Round
from programs.invitations.services import check_open, the_row, write
from programs.policy.models import Cycle
from tenants import audit, due
from tenants.outbox import mailings
from tenants.outbox.models import Mailing, OutboxMail
from tenants.people.models import Person

KIND = "invitation.round"
# So many are written in one transaction.
AT_ONCE = 100


@transaction.atomic
def send_round(*, cycle: Cycle, role: str, choice: Choice, words: str = "", key: UUID, by: Person) -> Round:
    """Have everybody of a choice invited. The same page sent twice is one round.

    DomainError if sign-up is not open, the choice leaves nobody to write to, or the society may not invite that many.
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
        mailings.begin(key=_key(round_), title=_title(cycle), people=len(found_people.people), wait=WAIT, by=by)
        due.schedule(KIND, str(round_.pk), at=clock.now())
        audit.record("invitation.round", subject=round_, actor=by, cycle=str(cycle.pk), people=len(found_people.people))
    return round_


@transaction.atomic
def go_on(*, round_: Round) -> None:
    """Write the next of a round's invitations; once nobody is left, or sign-up has closed, it is finished."""
    mailing = mailings.find(_key(round_))  # first, as by whoever stops it
    locked = Round.objects.select_for_update(of=["self"]).select_related("cycle__program", "cycle__version", "by")
    at_work = locked.get(pk=round_.pk)
    if at_work.finished_at is not None:
        return
    people = _left(at_work) if mailing else []
    for candidate in people[:AT_ONCE]:
        _invite(at_work, candidate, mailing)
    if len(people) > AT_ONCE:
        due.schedule(KIND, str(at_work.pk), at=clock.now())
    else:
        at_work.finished_at = clock.now()
        at_work.save(update_fields=["finished_at"])


@transaction.atomic
def stop_round(*, round_: Round, by: Person) -> int:
    """Keep those mails of a round from leaving that have not left; returns how many."""
    mailing = mailings.find(_key(round_))
    stopped = mailings.stop(mailing=mailing, by=by) if mailing else 0
    audit.record("invitation.round_stopped", subject=round_, actor=by, people=stopped)
    return stopped


@mailings.when_stopped(KIND)
def end_round(ref: str) -> None:
    """Nobody more is written to, and whose mail stays here was never invited: another round may do it."""
    locked = Round.objects.select_for_update().get(pk=ref)
    if locked.finished_at is None:
        locked.finished_at = clock.now()
        locked.save(update_fields=["finished_at"])
        due.cancel(KIND, ref)
    locked.invitations.filter(mail__state=OutboxMail.State.CANCELED, taken_back_at=None).delete()


def mailings_of(rounds: Iterable[Round]) -> dict[UUID, Any]:
    """What the outbox knows of rounds, by their ids, with its numbers; not of those from before it knew of such."""
    keys = {_key(round_): round_.pk for round_ in rounds}
    return {keys[each.key]: each for each in mailings.numbers_of(Mailing.objects.filter(key__in=keys))}


def _key(round_: Round) -> str:
    return f"{KIND}:{round_.pk}"


def _title(cycle: Cycle) -> str:
    return _("Invitations to %(program)s, %(session)s") % {"program": cycle.program.name, "session": cycle.name}


def _left(round_: Round) -> list[Candidate]:
    """Who is still to be written to."""
    try:
        check_open(round_.cycle, round_.role)
    except DomainError:
        return []
    return chosen(round_.cycle, round_.role, Choice(**round_.choice)).people


def _invite(round_: Round, candidate: Candidate, mailing: Mailing | None) -> None:
    """Invite one, unless another round, or a colleague, has done so a moment ago."""
    row: Invitation = the_row(round_.cycle, round_.role, candidate.email)
    if not row.is_new:
        return
    row.given_name, row.family_name = candidate.given_name, candidate.family_name
    row.words, row.by = round_.words, round_.by
    row.person = Person.objects.filter(email__iexact=candidate.email).first()
    write(row, round_=round_, mailing=mailing)
