"""Whom to invite: a choice among the membership list, or among those who said that they are interested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from programs.enrollment.fitting import decision_of
from programs.enrollment.models import Enrollment
from programs.enrollment.qualifying import as_participant
from programs.invitations.models import Invitation, OptOut
from programs.policy.models import Cycle
from programs.policy.participant import Participant
from programs.policy.rules import Answer, decide
from tenants.outbox import mailings
from tenants.people.models import Person

LIST, INTERESTED = "list", "interested"
# Why somebody is left out, in the order in which it is asked.
LEFT_OUT: Final[Mapping[str, Any]] = {
    "refused": _("cannot take part by the program’s rules"),
    "not in focus": _("not known to be whom you seek"),
    "no address": _("no mail address is known"),
    "signed up": _("signed up already"),
    "no more": _("asked to get no invitations"),
    "came back": _("the last mail to them came back"),
    "invited": _("invited already"),
}


@dataclass(frozen=True)
class Choice:
    """What staff chose; an empty field leaves nobody out. Years are counted on the session's first day."""

    source: str = LIST
    stage: str = ""
    specialty: str = ""
    state: str = ""
    zip_begins: str = ""
    years_least: int | None = None
    years_most: int | None = None
    # Leave out whom the rules on who may take part refuse; "can't tell yet" stays in.
    by_rules: bool = True
    in_focus: bool = False

    def as_data(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be written to."""

    given_name: str
    family_name: str
    email: str
    person_id: UUID | None = None

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass
class Chosen:
    """To whom a choice would write, by name, and how many it leaves out and why."""

    people: list[Candidate] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def reasons(self) -> list[tuple[Any, int]]:
        """Why people are left out, in words, with how many they are."""
        return spoken(self.left_out)


def spoken(left_out: Mapping[str, int]) -> list[tuple[Any, int]]:
    """Why people are left out, in words, with how many they are."""
    return [(words, left_out[why]) for why, words in LEFT_OUT.items() if left_out.get(why)]


def chosen(cycle: Cycle, role: str, choice: Choice) -> Chosen:
    """Who would be written to now; nobody twice, and nobody who is signed up, invited or wants none."""
    emails = {
        "signed up": _signed_up(cycle, role),
        "no more": wanting_none(),
        "came back": mailings.undeliverable(),
        "invited": _invited(cycle, role),
    }
    found = Chosen()
    seen: set[str] = set()
    for candidate, refused in _candidates(cycle, role, choice):
        email = candidate.email.lower()
        why = refused or _why(email, emails)
        if why:
            found.left_out[why] += 1
        elif email not in seen:
            seen.add(email)
            found.people.append(candidate)
    return found


def _why(email: str, emails: Mapping[str, set[str]]) -> str:
    if not email:
        return "no address"
    return next((why for why, some in emails.items() if email in some), "")


def _signed_up(cycle: Cycle, role: str) -> set[str]:
    live = Enrollment.objects.filter(cycle=cycle, role=role).exclude(state=Enrollment.State.WITHDRAWN)
    return _small(live.values_list("person__email", flat=True))


def _invited(cycle: Cycle, role: str) -> set[str]:
    return _small(Invitation.objects.filter(cycle=cycle, role=role).values_list("email", flat=True))


def wanting_none() -> set[str]:
    """Addresses, in small letters, whose owners want no invitations."""
    return _small(OptOut.objects.values_list("email", flat=True))


def _small(emails: Iterable[str]) -> set[str]:
    return {email.lower() for email in emails}


def _candidates(cycle: Cycle, role: str, choice: Choice) -> Iterator[tuple[Candidate, str]]:
    """Everybody of the choice, each with why the program's own rules leave them out, if they do."""
    if choice.source == INTERESTED:
        yield from _interested(cycle, role, choice)
        return
    refuses = _refusing(cycle, role, choice)
    fields = ("given_name", "family_name", "email", "member_id", "stage", "specialty", "membership_status", "roster")
    for person in _on_list(cycle, choice).only(*fields):
        candidate = Candidate(person.given_name, person.family_name, person.email, person.pk)
        yield candidate, refuses(as_participant(person)) if refuses else ""


def _interested(cycle: Cycle, role: str, choice: Choice) -> Iterator[tuple[Candidate, str]]:
    found = cycle.program.interests.filter(role=role)
    if choice.stage:
        found = found.filter(stage=choice.stage)
    for each in found:
        yield Candidate(each.given_name, each.family_name, each.email), ""


def _on_list(cycle: Cycle, choice: Choice) -> QuerySet[Person]:
    """The membership list as far as the database can narrow it."""
    people = Person.objects.filter(on_roster_since__isnull=False).order_by("family_name", "given_name", "pk")
    if choice.stage:
        people = people.filter(stage=choice.stage)
    if choice.specialty:
        people = people.filter(specialty=choice.specialty)
    if choice.state:
        people = people.filter(roster__practice_state=choice.state)
    if choice.zip_begins:
        people = people.filter(roster__zip__startswith=choice.zip_begins)
    if choice.years_least is not None:
        people = people.filter(roster__training_completed_on__lte=_before(cycle.starts_on, choice.years_least))
    if choice.years_most is not None:
        people = people.filter(roster__training_completed_on__gte=_before(cycle.starts_on, choice.years_most))
    return people


def _before(day: date, years: int) -> str:
    """The day so many years earlier; February 29 becomes the 28th."""
    year = max(day.year - years, 1)
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=year, day=28 if leap else day.day).isoformat()


def _refusing(cycle: Cycle, role: str, choice: Choice) -> Callable[[Participant], str] | None:
    """Why a member is left out by the rules or by whom one seeks; None where neither is asked."""
    part = cycle.settings
    rule, focus = part.eligible.get(role), part.focus.get(role)
    asks_rule, asks_focus = choice.by_rules and rule is not None, choice.in_focus and focus is not None
    if not asks_rule and not asks_focus:
        return None

    def refuses(somebody: Participant) -> str:
        if asks_rule and decision_of(part, role, somebody, cycle.starts_on).answer is Answer.NO:
            return "refused"
        if asks_focus and decide(focus, somebody, cycle.starts_on).answer is not Answer.YES:
            return "not in focus"
        return ""

    return refuses
