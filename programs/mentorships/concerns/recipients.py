"""Who takes concerns: the two whom a society has named, of whom one at least is not of the program's staff.

Where nobody is named it is an owner, and the platform's contact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from programs.mentorships.days import this_day
from programs.mentorships.models import ConcernContact, Mentorship
from tenants import audit
from tenants.people.models import Person, StaffRole
from tenants.people.selectors import roles_on


@dataclass(frozen=True)
class Recipient:
    """Somebody to whom a concern can go."""

    name: str
    email: str
    about: str
    # The platform's contact is no person, and is not greeted like one.
    is_person: bool = True

    @property
    def in_a_sentence(self) -> str:
        """The name where it does not begin a sentence."""
        return self.name if self.is_person else _("the people who run the platform")


def recipients_for(mentorship: Mentorship) -> list[Recipient]:
    """The two of whom somebody picks one: nobody of the mentorship itself, and one at least outside its staff."""
    inside = {each.lower() for each in mentorship.participations.values_list("person__email", flat=True)}
    staff = _staff(mentorship.cycle.program_id)
    there = [each for each in _named() or _owners() if each.email.lower() not in inside]
    if len(there) > 1 and any(each.email.lower() not in staff for each in there):
        return there[:2]
    return [*there[:1], _platform()]


@transaction.atomic
def name_recipients(*, recipients: Sequence[Recipient], by: Person) -> None:
    """Say who takes concerns from now on. DomainError unless they are two and one of them is not of the staff."""
    addresses = [each.email.lower() for each in recipients]
    if len(addresses) != 2 or addresses[0] == addresses[1]:
        raise DomainError(_("Name two people with an address each."))
    staff = {role.person.email.lower() for role in roles_on(this_day())}
    if all(address in staff for address in addresses):
        raise DomainError(_("One of the two at least must not work for your programs, so that people have a choice."))
    ConcernContact.objects.all().delete()
    for place, each in enumerate(recipients, start=1):
        ConcernContact.objects.create(place=place, name=each.name, email=each.email, about=each.about)
    audit.record("concerns.recipients_named", actor=by)


def named() -> list[ConcernContact]:
    """Whom the society has named."""
    return list(ConcernContact.objects.all())


def _named() -> list[Recipient]:
    return [Recipient(each.name, each.email, each.about) for each in named()]


def _owners() -> list[Recipient]:
    """One owner, and the next where the first is in the mentorship; the platform's contact stands beside them."""
    owners = [role.person for role in roles_on(this_day()) if role.kind == StaffRole.Kind.OWNER and role.person.email]
    return [Recipient(each.name, each.email, _("An owner of this portal, at the society")) for each in owners]


def _platform() -> Recipient:
    name, about = _("The people who run the platform"), _("Outside the society")
    return Recipient(name, settings.CHIRON_CONTACT, about, is_person=False)


def _staff(program_id: object) -> set[str]:
    """The addresses of everybody who works for a program."""
    return {role.person.email.lower() for role in roles_on(this_day()) if role.program_id in (None, program_id)}
