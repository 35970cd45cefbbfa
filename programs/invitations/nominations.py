"""Members name a colleague for a program. Staff invite them or set it aside; no page tells who is known here."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Case, QuerySet, When
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.invitations.models import Nomination
from programs.policy.models import Program
from tenants import audit
from tenants.people.models import Person
from tenants.people.names import checked_name

MOST_A_DAY = 20


@transaction.atomic
def nominate(
    *,
    program: Program,
    role: str,
    given_name: str,
    family_name: str,
    email: str,
    sentence: str,
    may_name: bool,
    by: Person,
) -> Nomination:
    """Name a colleague. Said again of the same person, the newer words count; DomainError after twenty in a day."""
    Person.objects.select_for_update().get(pk=by.pk)
    said = {
        "given_name": checked_name(given_name, field="given_name"),
        "family_name": checked_name(family_name, field="family_name"),
        "sentence": sentence.strip(),
        "may_name": may_name,
    }
    email = email.strip().lower()
    mine = Nomination.objects.filter(by=by)
    if mine.filter(created_at__gt=clock.now() - timedelta(days=1)).count() >= MOST_A_DAY:
        raise DomainError(_("That is a lot for one day. Thank you; name more tomorrow."))
    same = {"email": email} if email else {"given_name": said["given_name"], "family_name": said["family_name"]}
    again = mine.filter(program=program, role=role, state=Nomination.State.WAITING, **same)
    if again.update(**said):
        return again[0]
    nomination = Nomination.objects.create(
        program=program, role=role, email=email, by=by, created_at=clock.now(), **said
    )
    audit.record("nomination.made", subject=nomination, actor=by, program=str(program.pk))
    return nomination


@transaction.atomic
def set_aside(*, nomination: Nomination, by: Person) -> Nomination:
    """Do nothing about it; nobody is told. Twice changes nothing."""
    locked = Nomination.objects.select_for_update(of=["self"]).get(pk=nomination.pk)
    if locked.state == Nomination.State.WAITING:
        locked.state, locked.decided_by = Nomination.State.SET_ASIDE, by
        locked.save(update_fields=["state", "decided_by"])
        audit.record("nomination.set_aside", subject=locked, actor=by)
    return locked


def nominations_of(program: Program) -> QuerySet[Nomination]:
    """Who was named for a program: those that wait first, the longest waiting at the top."""
    waits = Case(When(state=Nomination.State.WAITING, then=0), default=1)
    rows = program.nominations.select_related("by", "decided_by", "invitation__cycle")
    return rows.order_by(waits, "created_at", "pk")
