"""Taking back that somebody is a member: for thirty days, the list's row is kept as it was when staff said so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.db.models import Field
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.importing.plans import plain
from programs.enrollment.models import Enrollment, Joining
from programs.enrollment.services import BY_RULES, decide_again, hold_sessions_of
from tenants import audit, due
from tenants.people.models import Person

# What is kept is forgotten then; the reference is its id.
KIND = "joining.forget"
KEPT_FOR = timedelta(days=30)
# What is the list's, and what somebody has of the list only where they had said nothing.
OF_THE_LIST = ("member_id", "membership_status", "roster", "on_roster_since")
FILLED_IN = ("stage", "specialty")


@dataclass(frozen=True)
class Apart:
    """Two people again: the member, and how many of the sign-ups that came along stay with the other."""

    member: Person
    stayed: int


def remember(*, person: Person, member: Person, sign_ups: Collection[UUID], by: Person) -> None:
    """Keep a row of the list as it is before `person` becomes this member, whose sign-ups come along."""
    joining = Joining.objects.create(
        person=person,
        said_by=by,
        said_at=clock.now(),
        member={name: str(value) if isinstance(value, UUID) else plain(value) for name, value in _values(member)},
        filled_in=[name for name in FILLED_IN if getattr(member, name) and not getattr(person, name)],
        sign_ups=[str(pk) for pk in sign_ups],
    )
    due.schedule(KIND, str(joining.pk), at=joining.said_at + KEPT_FOR)


def joining_of(person: Person) -> Joining | None:
    """What staff said of somebody and may still take back."""
    newer = Joining.objects.select_related("said_by").filter(person=person, said_at__gt=clock.now() - KEPT_FOR)
    return newer.order_by("said_at").last()


@transaction.atomic
def take_apart(*, person: Person, by: Person) -> Apart:
    """Make two people again of one: the member's number and facts, and the sign-ups that came along, go back.

    A sign-up with which somebody went on since stays with whoever did. DomainError if there is nothing to take back.
    """
    hold_sessions_of(person.pk)
    locked = Person.objects.select_for_update(of=["self"]).get(pk=person.pk)
    joining = joining_of(locked)
    if joining is None or not locked.member_id:
        raise DomainError(_("There is nothing to take back any more: these are two people, or thirty days are over."))
    member = _member(joining)
    if Person.objects.filter(email__iexact=member.email).exclude(email="").exists():
        member.email = ""
    for name in OF_THE_LIST:
        # The list may have said more since.
        setattr(member, name, getattr(locked, name))
        setattr(locked, name, cast("Field[Any, Any]", Person._meta.get_field(name)).get_default())
    for name in joining.filled_in:
        if getattr(locked, name) == getattr(member, name):
            setattr(locked, name, "")
    locked.save()
    member.save(force_insert=True)
    stayed = _send_back(joining, member)
    due.cancel(KIND, str(joining.pk))
    joining.delete()
    audit.record("person.joining_taken_back", subject=locked, actor=by, member_id=member.member_id, stayed=stayed)
    for each in (locked, member):
        decide_again(each)
    return Apart(member, stayed)


def forget(*, joining: Joining) -> None:
    """Thirty days are over: what was kept goes."""
    joining.delete()


def until(joining: Joining) -> datetime:
    """Until when it can be taken back."""
    return joining.said_at + KEPT_FOR


def _send_back(joining: Joining, member: Person) -> int:
    """Give the member's sign-ups back but for those with which somebody went on; returns how many these are."""
    came = Enrollment.objects.filter(pk__in=joining.sign_ups, person=joining.person_id)
    untouched = came.filter(changed_at__lte=joining.said_at, state__in=BY_RULES)
    untouched.update(person=member)
    return came.count()


def _values(member: Person) -> list[tuple[str, Any]]:
    return [(each.attname, getattr(member, each.attname)) for each in Person._meta.concrete_fields]


def _member(joining: Joining) -> Person:
    fields = {each.attname: each for each in Person._meta.concrete_fields}
    return Person(**{name: fields[name].to_python(value) for name, value in joining.member.items() if name in fields})
