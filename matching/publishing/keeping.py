"""Mentors who were not needed this time, kept on the program's list of those who would like to take part."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from programs.enrollment.interests import forget_interest, say_interest, stay_interested
from programs.enrollment.models import Enrollment
from programs.policy.models import Interest


@transaction.atomic
def keep_for_next(*, enrollment: Enrollment) -> None:
    """Put somebody on the list in the role in which they signed up; what they had said there before stays."""
    person = enrollment.person
    if before := _on_the_list(enrollment).first():
        stay_interested(interest=before)
        return
    say_interest(
        program=enrollment.cycle.program,
        given_name=person.given_name,
        family_name=person.family_name,
        email=person.email,
        role=enrollment.role,
        stage=person.stage,
        text="",
        told=True,
    )


@transaction.atomic
def do_not_keep(*, enrollment: Enrollment) -> None:
    """Take them off the list again, unless they had put themselves on it in words of their own."""
    for interest in _on_the_list(enrollment).filter(text=""):
        forget_interest(interest=interest)


def _on_the_list(enrollment: Enrollment) -> QuerySet[Interest]:
    return enrollment.cycle.program.interests.filter(email__iexact=enrollment.person.email, role=enrollment.role)
