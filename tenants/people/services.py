"""People: joined to the account that proved their address, and given staff roles."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import audit, context
from tenants.accounts.models import Account
from tenants.people.models import Person, StaffRole


@transaction.atomic
def join_person(*, account: Account) -> Person | None:
    """Join an account to the person with its address, once a code proved it; None if nobody has that address."""
    person = Person.objects.select_for_update().filter(email__iexact=account.email).first()
    if person is not None and person.account_id is None and not Person.objects.filter(account=account).exists():
        person.account = account
        person.save(update_fields=["account"])
        audit.record("person.joined_account", subject=person, actor=person)
    return Person.objects.filter(account=account).first()


@transaction.atomic
def grant_role(
    *,
    person: Person,
    kind: StaffRole.Kind,
    program_id: UUID | None = None,
    ends_on: date | None = None,
    by: Person | None,
) -> StaffRole:
    """Give a person a staff role, for the whole society or one program; DomainError if they hold it already."""
    if kind == StaffRole.Kind.OWNER and program_id is not None:
        raise DomainError(_("An owner owns the whole society, not one program."))
    try:
        with transaction.atomic():
            role = StaffRole.objects.create(
                person=person, kind=kind, program_id=program_id, ends_on=ends_on, created_at=clock.now()
            )
    except IntegrityError:
        raise DomainError(_("%(name)s has this role already.") % {"name": person.name}) from None
    audit.record("staff_role.granted", subject=role, actor=by, person=str(person.pk), kind=kind)
    return role


@transaction.atomic
def end_role(*, role: StaffRole, by: Person) -> None:
    """Take a staff role away; DomainError if nobody would own the society any more."""
    owners = list(StaffRole.objects.select_for_update().filter(kind=StaffRole.Kind.OWNER).order_by("pk"))
    society = context.current()
    today = clock.today(society.zone) if society else clock.today()
    others = [owner for owner in owners if owner.pk != role.pk and owner.holds_on(today)]
    if role.kind == StaffRole.Kind.OWNER and not others:
        raise DomainError(_("A society needs an owner. Make somebody else an owner first."))
    audit.record("staff_role.ended", subject=role, actor=by, person=str(role.person_id), kind=role.kind)
    role.delete()
