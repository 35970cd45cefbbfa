"""How many more somebody has room for now: places less what is given, never what was true some time ago.

Who has whom is known above; that room says how much of a sign-up is given, and what is left of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.ceiling import keep_in_forms
from programs.enrollment.models import Enrollment, Role
from programs.policy.document import Range
from tenants import audit
from tenants.people.models import Person

State = Enrollment.State
# Sign-ups for which somebody could be found now.
TAKES = (State.ELIGIBLE, State.MATCHED)


class KnowsPlaces(Protocol):
    """What the room above offers; a proposal holds its places until it is answered."""

    def given(self, enrollments: Sequence[Enrollment], *, told: bool = False) -> Mapping[UUID, int]:
        """How many places of each sign-up are given; told: as far as their owners know."""

    def left(self, enrollments: Sequence[Enrollment], *, told: bool = False) -> Mapping[UUID, int]:
        """How many are left of each, the person's own ceiling included."""


_known: list[KnowsPlaces] = []


def offer(known: KnowsPlaces) -> None:
    """Registered by the room that knows who has whom, when it is ready."""
    _known[:] = [known]


def room_of(enrollments: Sequence[Enrollment], *, told: bool = False) -> dict[UUID, int]:
    """For how many more there is room in each sign-up now; none in one that pauses, waits or is not in order.

    told: as far as their owners know, on pages of their own.
    """
    left = _known[0].left(enrollments, told=told)
    return {each.pk: left[each.pk] if each.state in TAKES else 0 for each in enrollments}


def given_of(enrollments: Sequence[Enrollment]) -> Mapping[UUID, int]:
    """How many places of each sign-up are given now, as far as their owners know."""
    return _known[0].given(enrollments, told=True)


def allowed(enrollment: Enrollment) -> Range:
    """How many others the program lets somebody in this role have."""
    role = enrollment.cycle.settings.roles[enrollment.role]
    return role.places if enrollment.role == Role.MENTOR else role.mentors


def says_room(enrollment: Enrollment) -> bool:
    """Whether it is somebody's to say for how many there is room."""
    return enrollment.state in TAKES and (enrollment.role == Role.MENTOR or allowed(enrollment).most > 1)


@transaction.atomic
def say_room(*, enrollment: Enrollment, room: int) -> Enrollment:
    """“I have room for so many now”: the places become what is given and that; pairs that run stay.

    DomainError for more than the program allows, or where nobody can be found for the sign-up now.
    """
    Person.objects.select_for_update(no_key=True).get(pk=enrollment.person_id)
    there = Enrollment.objects.select_for_update(of=["self"]).select_related("person", "cycle__version")
    locked = there.get(pk=enrollment.pk)
    if not says_room(locked):
        raise DomainError(_("This sign-up takes nobody now, so there is nothing to say."))
    given, most = given_of([locked])[locked.pk], allowed(locked).most
    if not 0 <= room <= max(0, most - given):
        message = ngettext(
            "The program allows %(most)d at most, and %(given)d place is given. Choose from what is left.",
            "The program allows %(most)d at most, and %(given)d places are given. Choose from what is left.",
            given,
        )
        raise DomainError(message % {"most": most, "given": given}, field="room")
    places = given + room
    if locked.answers.get("places") != places:
        locked.answers, locked.changed_at = {**locked.answers, "places": places}, clock.now()
        locked.save(update_fields=["answers", "changed_at"])
        keep_in_forms(locked.person, lambda blank: blank.fills == "places", places, occasion=locked.cycle_id)
        audit.record("sign_up.room_said", subject=locked, actor=locked.person, room=room, places=places)
    return locked
