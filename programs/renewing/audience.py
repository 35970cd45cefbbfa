"""Whom of the last session one writes to, and who is left out and why. Nobody is asked twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from programs.enrollment.models import Enrollment
from programs.invitations.models import OptOut
from programs.policy.document import Part
from programs.policy.models import Cycle
from programs.policy.words import ROLES_OF
from programs.renewing.models import Asked
from tenants.people.models import Person

State = Enrollment.State
# Who left the last session, or could not take part in it, was not of it.
OUT = (State.WITHDRAWN, State.NOT_ELIGIBLE)
LEFT_OUT: Final[Mapping[str, Any]] = {
    "left": _("took their sign-up back"),
    "refused": _("could not take part"),
    "no address": _("no mail address is known"),
    "no more": _("asked to get no invitations"),
    "signed up": _("signed up already"),
}


@dataclass
class Whom:
    """Who would be written to, in the order of names, with the sign-ups that they had; and who would not."""

    people: list[Person] = field(default_factory=list)
    sign_ups: dict[UUID, list[Enrollment]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)

    def reasons(self) -> list[tuple[Any, int]]:
        """Why people are left out, in words, with how many they are."""
        return [(words, self.left_out[why]) for why, words in LEFT_OUT.items() if self.left_out[why]]

    def by_role(self, role: str) -> int:
        """How many of them had this role."""
        return sum(any(each.role == role for each in self.sign_ups[person.pk]) for person in self.people)


def whom(last: Cycle, part: Part, coming: Cycle | None) -> Whom:
    """Who of a session would be asked now, for a next one with these settings; who was asked before is no one's more.

    Five queries, however many they are.
    """
    theirs: dict[UUID, list[Enrollment]] = defaultdict(list)
    found = Enrollment.objects.filter(cycle=last).select_related("person")
    for enrollment in found.order_by("person__family_name", "person__given_name", "person", "role"):
        theirs[enrollment.person_id].append(enrollment)
    there, asked, none = _signed_up(coming), _asked(last), _wanting_none()
    chosen = Whom()
    for pk, enrollments in theirs.items():
        if pk in asked:
            continue
        stayed = [each for each in enrollments if each.state not in OUT and each.role in ROLES_OF[part.format]]
        person = enrollments[0].person
        why = (
            "left" if not stayed and any(each.state == State.WITHDRAWN for each in enrollments)
            else "refused" if not stayed
            else "no address" if not person.email
            else "no more" if person.email.lower() in none
            else "signed up" if all((pk, each.role) in there for each in stayed)
            else ""
        )  # fmt: skip
        if why:
            chosen.left_out[why] += 1
        else:
            chosen.people.append(person)
            chosen.sign_ups[pk] = stayed
    return chosen


def stayed_in(last: Cycle, person: Person, part: Part) -> list[Enrollment]:
    """The sign-ups with which somebody was of the last session, in roles that the next one has."""
    mine = Enrollment.objects.filter(cycle=last, person=person).exclude(state__in=OUT)
    return list(mine.filter(role__in=ROLES_OF[part.format]).select_related("person").order_by("role"))


def wants_none(person: Person) -> bool:
    """Whether somebody asked to get no such mails."""
    return OptOut.objects.filter(email__iexact=person.email).exists()


def _signed_up(coming: Cycle | None) -> Collection[tuple[UUID, str]]:
    if coming is None:
        return ()
    live = Enrollment.objects.filter(cycle=coming).exclude(state=State.WITHDRAWN)
    return set(live.order_by().values_list("person_id", "role"))


def _asked(last: Cycle) -> Collection[UUID]:
    return set(Asked.objects.filter(renewal__last=last).order_by().values_list("person_id", flat=True))


def _wanting_none() -> Collection[str]:
    return {email.lower() for email in OptOut.objects.values_list("email", flat=True)}
