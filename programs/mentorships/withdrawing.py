"""Whoever takes their sign-up back while it is asked about: the question goes with it.

Whoever was asked hears that it will be somebody else. Who was not asked yet never learns that there was somebody.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from programs.enrollment.models import Enrollment
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.selectors import OPEN, STANDING, untold
from programs.mentorships.taking_back import take_back as take_back_question
from tenants.people.models import Person

Answer = Participation.Answer


def is_untold(enrollment: Enrollment) -> bool:
    """Whether somebody is asked about this sign-up, and its owner knows of nothing yet."""
    return untold(Enrollment.objects.filter(pk=enrollment.pk)).exists()


def is_in_question(enrollment: Enrollment) -> bool:
    """Whether its pairs are all still waiting for an answer, and there is one."""
    found = set(_standing(enrollment).values_list("mentorship__state", flat=True))
    return bool(found) and found <= set(OPEN)


def hold(enrollment: Enrollment) -> None:
    """Hold what is asked about a sign-up, as whoever answers does."""
    asked = Mentorship.objects.filter(pk__in=_standing(enrollment).values("mentorship"))
    list(asked.select_for_update(of=["self"]).order_by("pk"))


def take_back(enrollment: Enrollment, by: Person) -> None:
    """End each open question about a sign-up that its owner takes back."""
    for place in _standing(enrollment).filter(mentorship__state__in=OPEN).select_related("mentorship"):
        take_back_question(mentorship=place.mentorship, by=by, leaves=place, reason=_("Took the sign-up back"))


def _standing(enrollment: Enrollment) -> QuerySet[Participation]:
    mine = Participation.objects.filter(enrollment=enrollment, mentorship__state__in=STANDING)
    return mine.exclude(answer=Answer.NO).order_by("mentorship")
