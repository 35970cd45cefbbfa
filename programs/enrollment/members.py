"""Is somebody who signed up a member after all? Whom of the membership list they may be, and what staff say of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.fields.json import KT
from django.utils.translation import gettext as _

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment import parting
from programs.enrollment.models import Enrollment
from programs.enrollment.services import decide_again, hold_sessions_of
from tenants import audit, outbox
from tenants.people.models import Person, StaffRole

MOST_SHOWN = 5
SHORTEST_TELLING = 5  # letters before the @ that still tell one person from another


@dataclass(frozen=True)
class Likely:
    """A row of the membership list that may be the person, and what speaks for it."""

    member: Person
    because: str


def likely_members(enrollment: Enrollment) -> Sequence[Likely]:
    """Members who have not signed in and may be this person, the likeliest first; none for who is on the list."""
    person = enrollment.person
    if person.member_id:
        return []
    free = Person.objects.filter(account=None).exclude(member_id="").exclude(pk=person.pk)
    free = free.alias(number=KT("roster__npi")).filter(_may_speak(enrollment))
    needed = ("given_name", "family_name", "email", "roster", "member_id", "membership_status", "account_id")
    rows = free.only("pk", *needed)
    found = [(said, row) for row in rows.iterator() if (said := _speaks_for(enrollment, row))]
    found.sort(key=lambda each: (-each[0][0], each[1].name, str(each[1].pk)))
    return [Likely(row, because) for (_weight, because), row in found[:MOST_SHOWN]]


@transaction.atomic
def join_member(*, enrollment: Enrollment, member_pk: UUID, by: Person) -> Person:
    """Staff know that this person is that member; as `join`. DomainError where nothing speaks for it."""
    row = Person.objects.filter(pk=member_pk).first()
    if row is not None and row.pk != enrollment.person_id and _speaks_for(enrollment, row) is None:
        raise DomainError(
            _("Nothing says that these two are one person: neither name nor NPI nor mail address. Look again.")
        )
    return join(person_pk=enrollment.person_id, member_pk=member_pk, by=by)


@transaction.atomic
def join(*, person_pk: UUID, member_pk: UUID, by: Person | None) -> Person:
    """Make a person and a member one: the list's number and facts are theirs from now on; by nobody: by themself.

    The address that they proved stays. What staff say can be taken back by `parting`.
    DomainError if either is somebody of their own already.
    """
    hold_sessions_of(person_pk, member_pk)
    locked = {row.pk: row for row in Person.objects.select_for_update().filter(pk__in=[person_pk, member_pk])}
    person, member = locked.get(person_pk), locked.get(member_pk)
    if person is None or member is None or person == member:
        raise DomainError(_("This member is not on the list any more. Look again."))
    if person.member_id or not member.member_id or member.account_id:
        raise DomainError(_("One of the two signed in as a member of their own, so they stay two people."))
    if by is not None and member.staff_roles.exists():
        raise DomainError(
            _("%(name)s has a role on the staff, and signs in with their own address.") % {"name": member.name}
        )
    if _has_more_than_sign_ups(member):
        raise DomainError(_("%(name)s has taken part already, so they stay two people.") % {"name": member.name})
    came_along = _take_sign_ups(member, person)
    if by is not None:
        parting.remember(person=person, member=member, sign_ups=came_along, by=by)
    member.staff_roles.update(person=person)
    was = {"member_id": member.member_id, "membership_status": member.membership_status, "roster": member.roster}
    since, stage, specialty = member.on_roster_since, member.stage, member.specialty
    member.delete()
    for name, value in was.items():
        setattr(person, name, value)
    person.on_roster_since = since or clock.now()
    person.stage, person.specialty = person.stage or stage, person.specialty or specialty
    person.save()
    audit.record("person.joined_member", subject=person, actor=by or person, member_id=was["member_id"])
    decide_again(person)
    return person


@transaction.atomic
def invite_to_join(*, enrollment: Enrollment, by: Person) -> None:
    """Write to somebody that the program is for members, and how to become one; once, whoever presses it."""
    locked = Enrollment.objects.select_for_update(of=["self"]).select_related("person", "cycle__program")
    asked = locked.get(pk=enrollment.pk)
    if asked.decision.get("asked_to_join"):
        return
    if asked.person.member_id:
        raise DomainError(_("%(name)s is a member already, so nobody was written to.") % {"name": asked.person.name})
    if not asked.person.email:
        raise DomainError(_("No mail address is known of %(name)s.") % {"name": asked.person.name})
    asked.decision = {**asked.decision, "asked_to_join": clock.now().isoformat()}
    asked.save(update_fields=["decision"])
    program = asked.cycle.program
    outbox.mail("join_the_society", to=asked.person, context={"program": program}, reply_to=program.contact)
    audit.record("sign_up.asked_to_join", subject=asked, actor=by)


def _may_speak(enrollment: Enrollment) -> Q:
    """The rows worth looking at: `_speaks_for` finds nothing in any other.

    Of names the database does not know accents and marks, so it asks for the first letter, or for none of the alphabet.
    """
    person = enrollment.person
    first = _letters(person.given_name)[:1]
    may = Q(given_name__iregex=f"^([^a-z]|{first})" if first.isascii() and first else "^([^a-z]|$)")
    if npi := _npi_of(enrollment):
        may |= Q(number=npi)
    before_at = person.email.partition("@")[0]
    if len(before_at) >= SHORTEST_TELLING:
        may |= Q(email__istartswith=f"{before_at}@")
    return may


def _npi_of(enrollment: Enrollment) -> str:
    """As the form keeps it; a sheet of sign-ups may have brought it among the notes too."""
    return str(enrollment.answers.get("extra", {}).get("npi") or "")


def _speaks_for(enrollment: Enrollment, row: Person) -> tuple[int, str] | None:
    """How much speaks for a row, and in which words; None if nothing does."""
    person = enrollment.person
    npi = _npi_of(enrollment)
    if npi and npi == str(row.roster.get("npi") or ""):
        return 3, _("the same NPI")
    given, family = _letters(person.given_name), _letters(person.family_name)
    its_given, its_family = _letters(row.given_name), _letters(row.family_name)
    if (given, family) == (its_given, its_family):
        return 2, _("the same name")
    if set(family.split()) & set(its_family.split()) and given[:1] == its_given[:1]:
        return 1, _("nearly the same name")
    before_at, its = (address.partition("@")[0].lower() for address in (person.email, row.email))
    if len(before_at) >= SHORTEST_TELLING and before_at == its:
        return 1, _("nearly the same mail address")
    return None


def _letters(name: str) -> str:
    """A name without accents, marks and capitals."""
    plain = unicodedata.normalize("NFKD", name).casefold().replace("-", " ")
    return " ".join("".join(sign for sign in plain if sign.isalpha() or sign == " ").split())


def _take_sign_ups(member: Person, person: Person) -> list[UUID]:
    theirs = set(person.enrollments.values_list("cycle_id", "role"))
    came_along = list(member.enrollments.select_related("cycle"))
    for enrollment in came_along:
        if (enrollment.cycle_id, enrollment.role) in theirs:
            raise DomainError(
                _("Both are signed up to %(session)s. Take one of the two sign-ups back first.")
                % {"session": enrollment.cycle.name}
            )
    member.enrollments.update(person=person)
    return [enrollment.pk for enrollment in came_along]


def _has_more_than_sign_ups(member: Person) -> bool:
    """Whether anything else stands with a person that must not be lost with the row."""
    moved = (Enrollment, StaffRole)
    others = [each for each in Person._meta.related_objects if each.related_model not in moved]
    return any(each.related_model._base_manager.filter(**{each.field.name: member}).exists() for each in others)
