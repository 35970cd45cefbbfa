"""People: joined to the account that proved their address, and given staff roles."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import audit, context, outbox
from tenants.accounts.models import Account
from tenants.people.models import Person, StaffRole
from tenants.people.names import checked_name


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
def appoint(
    *,
    email: str,
    given_name: str = "",
    family_name: str = "",
    kind: StaffRole.Kind,
    program_id: UUID | None = None,
    ends_on: date | None = None,
    by: Person,
) -> StaffRole:
    """Give whoever has an address a staff role and write to them; somebody whom nobody knows yet needs a name."""
    person = Person.objects.filter(email__iexact=email).first()
    if person is None:
        given_name = checked_name(given_name, field="given_name")
        family_name = checked_name(family_name, field="family_name")
        if not given_name:
            raise DomainError(
                _("Nobody here has this address yet. Type a name, and they become known."), field="given_name"
            )
        person = Person.objects.create(
            given_name=given_name, family_name=family_name, email=email.lower(), created_at=clock.now()
        )
    role = grant_role(person=person, kind=kind, program_id=program_id, ends_on=ends_on, by=by)
    outbox.mail("staff_role_granted", to=person, context={"role": role, "by": by})
    return role


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
    _check(kind, program_id, ends_on)
    wanted = {"person": person, "kind": kind, "program_id": program_id}
    StaffRole.objects.filter(**wanted, ends_on__lt=_today()).delete()
    try:
        with transaction.atomic():
            role = StaffRole.objects.create(**wanted, ends_on=ends_on, created_at=clock.now())
    except IntegrityError:
        raise DomainError(_("%(name)s has this role already.") % {"name": person.name}) from None
    audit.record("staff_role.granted", subject=role, actor=by, person=str(person.pk), kind=kind)
    return role


@transaction.atomic
def end_role(*, role: StaffRole, by: Person) -> None:
    """Take a staff role away; DomainError if nobody would own the society any more."""
    owners = list(StaffRole.objects.select_for_update().filter(kind=StaffRole.Kind.OWNER).order_by("pk"))
    if role.kind == StaffRole.Kind.OWNER and all(owner.pk == role.pk for owner in owners):
        raise DomainError(_("A society needs an owner. Make somebody else an owner first."))
    audit.record("staff_role.ended", subject=role, actor=by, person=str(role.person_id), kind=role.kind)
    role.delete()


def _check(kind: StaffRole.Kind, program_id: UUID | None, ends_on: date | None) -> None:
    """What the words of a role may be; DomainError names the field that makes no sense."""
    owner = kind == StaffRole.Kind.OWNER
    if owner and program_id is not None:
        raise DomainError(_("An owner owns the whole society, not one program."), field="program_id")
    if owner and ends_on is not None:
        raise DomainError(_("An owner stays until another owner ends it. Leave the date empty."), field="ends_on")
    if ends_on is not None and ends_on < _today():
        raise DomainError(_("This day is over. Choose today or a later one."), field="ends_on")


def _today() -> date:
    society = context.current()
    return clock.today(society.zone) if society else clock.today()
