"""How many mentees somebody takes at once, in all programs together. It stands above the places of each sign-up.

Sign-up forms ask for it beside the places; it is kept with the person, and every form says what the person said last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from programs.policy.document import Blank, Question
from programs.surveys.models import Instrument, Response
from tenants import audit
from tenants.people.models import Person

# The blank of a form that asks for it.
MOST: Final = "most_at_once"
LARGEST: Final = 50


def is_asked(questions: Iterable[Question]) -> bool:
    """Whether a form asks for it."""
    return any(blank.name == MOST for question in questions for blank in question.blanks)


@transaction.atomic
def set_most_at_once(*, person: Person, most: int | None, by: Person | None) -> Person:
    """Keep the most that somebody takes at once, or that there is no such limit; pairs that run stay.

    Under the lock under which places are given. DomainError for a number that cannot be.
    """
    if most is not None and not 1 <= most <= LARGEST:
        raise DomainError(
            _("Write a number from 1 to %(most)d, or leave it empty. To take nobody for a while, pause.")
            % {"most": LARGEST},
            field="most",
        )
    locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if locked.most_at_once != most:
        locked.most_at_once = most
        locked.save(update_fields=["most_at_once"])
        keep_in_forms(locked, lambda blank: blank.name == MOST, most)
        audit.record("person.most_at_once_changed", subject=locked, actor=by, most=most or 0)
    person.most_at_once = most
    return locked


def keep_in_forms(
    person: Person, meant: Callable[[Blank], bool], value: int | None, *, occasion: UUID | None = None
) -> None:
    """Have somebody's answers to sign-up forms say it too, so that sending one again does not bring an old one back."""
    mine = Response.objects.select_for_update(of=["self"]).filter(
        person=person, instrument__purpose=Instrument.Purpose.INTAKE
    )
    for response in mine.filter(occasion=occasion) if occasion else mine:
        version = response.version
        before = dict(response.answers)
        for question in version.questions:
            for blank in filter(meant, question.blanks):
                if question.ask in response.answers:
                    response.answers[question.ask] = {**response.answers[question.ask], blank.name: value}
        if response.answers != before:
            response.save(update_fields=["answers"])
