"""What people answered: to and from JSON, and joined with what the society knows of them."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from programs.enrollment.models import Enrollment
from programs.policy.participant import Participant
from tenants.people.models import Person

# Who somebody is stands with the person; what they answered stands with the sign-up.
ABOUT_THE_PERSON = frozenset({"key", "role", "given_name", "family_name", "email", "signed_up_at"})
LISTS = frozenset({"languages", "interests", "availability", "aspects", "challenges", "goals", "prefers_shared"})
DAYS = frozenset({"training_completed_on", "training_completed_latest", "stage_ends_on"})
FIELDS = frozenset(each.name for each in fields(Participant))
# Facts that the society's own list decides, whatever a sheet or form says.
ROSTER_DECIDES = ("membership_status",)


def answers_of(participant: Participant) -> dict[str, Any]:
    """What somebody said, as JSON can hold it; what they did not say is left out."""
    said = {name: getattr(participant, name) for name in FIELDS - ABOUT_THE_PERSON}
    return {name: _stored(value) for name, value in said.items() if value not in (None, "", (), [], {})}


def participant_of(enrollment: Enrollment, only: Set[str] = FIELDS) -> Participant:
    """A sign-up as eligibility and matching see it: the answers, and the facts that the society's list decides.

    only: the fields that are looked at, where there are very many people; others stay empty.
    """
    person = enrollment.person
    answers = {name: _read(name, value) for name, value in enrollment.answers.items() if name in only}
    about = {
        "key": key_of(person),
        "role": "mentor" if enrollment.role == "mentor" else "mentee",
        "given_name": person.given_name,
        "family_name": person.family_name,
        "email": person.email,
        "signed_up_at": enrollment.signed_up_at,
    }
    return Participant(**answers | about | _from_roster(person, answers, only))


def stored(participant: Participant) -> dict[str, Any]:
    """A participant as JSON can hold it, for a match run; without the mail address, which matching has no use for."""
    about = {name: getattr(participant, name) for name in ("key", "role", "given_name", "family_name")}
    return about | answers_of(participant)


def restored(data: Mapping[str, Any]) -> Participant:
    """The participant that `stored` wrote."""
    return Participant(**{name: _read(name, value) for name, value in data.items() if name in FIELDS})


def key_of(person: Person) -> str:
    """A person's stable id in matching: the society's own number if it has one."""
    return person.member_id or str(person.pk)


def _from_roster(person: Person, answers: Mapping[str, Any], only: Set[str]) -> dict[str, Any]:
    """What the roster decides, and what it can fill in where somebody did not say."""
    if person.on_roster_since is None:
        return {}
    known = {name: _read(name, value) for name, value in person.roster.items() if name in only}
    return {
        name: value for name, value in known.items() if name in ROSTER_DECIDES or answers.get(name) in (None, "", ())
    }


def _stored(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _read(name: str, value: Any) -> Any:
    if name in LISTS:
        return tuple(value)
    if name in DAYS and isinstance(value, str):
        return date.fromisoformat(value)
    return value
