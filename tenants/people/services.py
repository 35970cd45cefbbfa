"""People: joined to the account that proved their address, and given staff roles."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import audit, context, due, outbox
from tenants.accounts.models import Account
from tenants.people import scopes
from tenants.people.models import Person, StaffRole
from tenants.people.names import checked_name

# Roles that end lie in the platform's table of what is due under these kinds; the reference is the role's id.
ENDS_SOON = "staff_role.ends_soon"
OVER = "staff_role.over"
TOLD_BEFORE = timedelta(weeks=1)


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
    institution: str = "",
    by: Person,
) -> StaffRole:
    """Give whoever has an address a staff role and write to them; somebody whom nobody knows yet needs a name."""
    person = known_by_address(email=email, given_name=given_name, family_name=family_name)
    role = grant_role(person=person, kind=kind, program_id=program_id, ends_on=ends_on, institution=institution, by=by)
    outbox.mail("staff_role_granted", to=person, context=_words_about(role) | {"by": by})
    return role


@transaction.atomic
def known_by_address(*, email: str, given_name: str = "", family_name: str = "") -> Person:
    """Whoever has an address; whom nobody knows yet becomes known by a name; DomainError asks for one."""
    person = Person.objects.filter(email__iexact=email).first()
    if person is not None:
        return person
    given_name = checked_name(given_name, field="given_name")
    family_name = checked_name(family_name, field="family_name")
    if not given_name:
        raise DomainError(
            _("Nobody here has this address yet. Type a name, and they become known."), field="given_name"
        )
    return Person.objects.create(
        given_name=given_name, family_name=family_name, email=email.lower(), created_at=clock.now()
    )


@transaction.atomic
def grant_role(
    *,
    person: Person,
    kind: StaffRole.Kind,
    program_id: UUID | None = None,
    ends_on: date | None = None,
    institution: str = "",
    by: Person | None,
) -> StaffRole:
    """Give a person a staff role, for the whole society or one program; DomainError if they hold it already.

    With an institution they are a partner organizer: they run one program, until a day.
    """
    institution = checked_name(institution, field="institution")
    _check(kind, program_id, ends_on)
    _check_partner(institution, kind, program_id, ends_on)
    wanted = {"person": person, "kind": kind, "program_id": program_id}
    StaffRole.objects.filter(**wanted, ends_on__lt=_today()).delete()
    try:
        with transaction.atomic():
            role = StaffRole.objects.create(**wanted, ends_on=ends_on, institution=institution, created_at=clock.now())
    except IntegrityError:
        raise DomainError(_("%(name)s has this role already.") % {"name": person.name}) from None
    _schedule_end(role)
    audit.record("staff_role.granted", subject=role, actor=by, **_facts_of(role))
    return role


@transaction.atomic
def move_end_of_role(*, role: StaffRole, ends_on: date | None, by: Person) -> StaffRole:
    """Let a role last longer or less long, and write to whoever holds it; nothing happens if that day stands already.

    DomainError about a day that is over, and for a partner organizer without a last day.
    """
    locked = _locked(role)
    if locked is None:
        raise DomainError(_("This role has ended. Give it anew, at the foot of the page."))
    kind = StaffRole.Kind(locked.kind)
    _check(kind, locked.program_id, ends_on)
    _check_partner(locked.institution, kind, locked.program_id, ends_on)
    if locked.ends_on == ends_on:
        return locked
    before, locked.ends_on = locked.ends_on, ends_on
    locked.save(update_fields=["ends_on"])
    _schedule_end(locked)
    audit.record("staff_role.end_moved", subject=locked, actor=by, before=before, **_facts_of(locked))
    outbox.mail("staff_role_end_moved", to=locked.person, context=_words_about(locked) | {"by": by})
    return locked


@transaction.atomic
def tell_of_end(*, role: StaffRole) -> None:
    """A week before a role ends, write to whoever holds it and to the owners, who may let it last longer."""
    locked = _locked(role)
    if locked is None or locked.ends_on is None or not _today() <= locked.ends_on <= _today() + TOLD_BEFORE:
        return
    owners = Person.objects.filter(staff_roles__kind=StaffRole.Kind.OWNER).order_by("pk")
    outbox.mail("staff_role_ends_soon", to=locked.person, context=_words_about(locked))
    outbox.mail("staff_role_ends_soon_for_owner", to=owners, context=_words_about(locked))


@transaction.atomic
def close_role(*, role: StaffRole) -> None:
    """Put away a role whose last day is over; it has opened nothing since midnight. The trail keeps it."""
    locked = _locked(role)
    if locked is not None and not locked.holds_on(_today()):
        audit.record("staff_role.ran_out", subject=locked, **_facts_of(locked))
        locked.delete()


@transaction.atomic
def end_role(*, role: StaffRole, by: Person) -> None:
    """Take a staff role away; DomainError if nobody would own the society any more."""
    owners = list(StaffRole.objects.select_for_update().filter(kind=StaffRole.Kind.OWNER).order_by("pk"))
    if role.kind == StaffRole.Kind.OWNER and all(owner.pk == role.pk for owner in owners):
        raise DomainError(_("A society needs an owner. Make somebody else an owner first."))
    audit.record("staff_role.ended", subject=role, actor=by, **_facts_of(role))
    for kind in (ENDS_SOON, OVER):
        due.cancel(kind, str(role.pk))
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


def _check_partner(institution: str, kind: StaffRole.Kind, program_id: UUID | None, ends_on: date | None) -> None:
    """A partner organizer runs one program, until a day; DomainError names the field that says otherwise."""
    if not institution:
        return
    if kind != StaffRole.Kind.MANAGER:
        raise DomainError(_("Somebody of another institution can only be a program manager."), field="kind")
    if program_id is None:
        raise DomainError(
            _("Choose the program that you run together. A partner organizer sees no other."), field="program_id"
        )
    if ends_on is None:
        raise DomainError(_("Choose the last day. You can move it later."), field="ends_on")


def _schedule_end(role: StaffRole) -> None:
    """Have the end of a role told a week before and written down after; what was planned for another day goes."""
    society = context.current()
    for kind in (ENDS_SOON, OVER):
        due.cancel(kind, str(role.pk))
    if society is None or role.ends_on is None:
        return
    told = datetime.combine(role.ends_on - TOLD_BEFORE, time(9), tzinfo=society.zone)
    if told > clock.now():  # else the mail that gave the role has just said it
        due.schedule(ENDS_SOON, str(role.pk), at=told)
    due.schedule(OVER, str(role.pk), at=datetime.combine(role.ends_on + timedelta(days=1), time(), tzinfo=society.zone))


def _locked(role: StaffRole) -> StaffRole | None:
    """The role as it stands, for this transaction alone; None if it has ended."""
    found = StaffRole.objects.select_for_update(of=["self"]).select_related("person").filter(pk=role.pk)
    return found.first()


def _facts_of(role: StaffRole) -> dict[str, Any]:
    return {
        "person": str(role.person_id),
        "kind": role.kind,
        "program": role.program_id,
        "ends_on": role.ends_on,
        "partner": bool(role.institution),
    }


def _words_about(role: StaffRole) -> dict[str, Any]:
    """What mails about a role speak of: what it is called, for which program, who holds it."""
    program = scopes.program_names().get(role.program_id, "") if role.program_id else ""
    return {"role": role, "program": program, "holder": role.person}


def _today() -> date:
    society = context.current()
    return clock.today(society.zone) if society else clock.today()
