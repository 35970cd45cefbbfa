"""The participants whom a demonstration's visitor may become: each has a question waiting."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from programs.enrollment.models import Role
from programs.mentorships.models import Mentorship, Participation
from tenants.accounts import demonstration
from tenants.accounts.demonstration import Somebody
from tenants.people.demonstration import somebody

State = Mentorship.State


def offer_participants() -> None:
    """A mentor and a mentee who have an answer to give, and a mentee who has been introduced."""
    demonstration.offer("mentor", _("Mentor, with a question waiting"), partial(_waiting, Role.MENTOR))
    demonstration.offer("mentee", _("Mentee, with a mentor offered"), partial(_waiting, Role.MENTEE))
    demonstration.offer("introduced", _("Mentee, introduced to a mentor"), _introduced)


def _waiting(role: Role) -> Somebody | None:
    waiting = Participation.Answer.WAITING
    return _first(role=role, answer=waiting, mentorship__state=State.PROPOSED, mentorship__requested_by="")


def _introduced() -> Somebody | None:
    return _first(role=Role.MENTEE, mentorship__state=State.ACTIVE)


def _first(**wanted: object) -> Somebody | None:
    places = Participation.objects.filter(**wanted).exclude(person__email="").select_related("person")
    place = places.order_by("pk").first()
    return somebody(place.person) if place else None
