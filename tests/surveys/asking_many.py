"""Surveys that were sent, and answers to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from programs.policy.document import store_policy
from programs.policy.models import Cycle, PolicyVersion
from programs.surveys.models import Asked, Wave
from programs.surveys.waves import send_answers, send_survey
from tenants.people.models import Person
from tests.factories.programs import make_cycle, make_person

# What the settings of the first survey of a session are in tests, beside what a test says.
SURVEY: dict[str, Any] = {
    "wave": "end",
    "instrument": "society experience",
    "to": ["mentor", "mentee"],
    "anonymous": True,
    "closes_after": "3 weeks",
    "reminders": 2,
}


def with_surveys(cycle: Cycle, *surveys: dict[str, Any]) -> Cycle:
    """The session under settings with just these surveys."""
    document = store_policy(cycle.version.policy)
    for part in document["parts"]:
        part["surveys"] = [SURVEY | each for each in surveys]
    PolicyVersion.objects.filter(pk=cycle.version_id).update(document=document)
    return Cycle.objects.select_related("program", "version").get(pk=cycle.pk)


def people(mentors: int, mentees: int) -> list[tuple[Person, str]]:
    """So many of each role."""
    return [
        *((make_person(f"Mentor{number}", "Vega"), "mentor") for number in range(mentors)),
        *((make_person(f"Mentee{number}", "Vega"), "mentee") for number in range(mentees)),
    ]


def sent(mentors: int = 2, mentees: int = 2, **survey: Any) -> Wave:
    """A survey that went to so many."""
    cycle = with_surveys(make_cycle(), survey)
    return send_survey(cycle=cycle, position=0, people=people(mentors, mentees), by=None)


def asked(wave: Wave, role: str | None = None) -> list[Asked]:
    """Who was asked, by name."""
    found = wave.people.select_related("person", "wave__cycle__program", "wave__cycle__version", "wave__version")
    return list((found.filter(role=role) if role else found).order_by("person__given_name"))


def sheet(again: str = "yes", comment: str = "", *, quote: bool = False, step: int = 4) -> dict[str, dict[str, Any]]:
    """One person's answers."""
    answers: dict[str, dict[str, Any]] = {"reciprocity": {"reciprocity": step}, "again": {"again": again}}
    if comment:
        answers["comment"] = {"comment": comment} | ({"may_quote": True} if quote else {})
    return answers


def answer_all(people: Sequence[Asked], again: Sequence[str], comments: Sequence[str] = ()) -> None:
    """The first of these people answer, one after the other."""
    for number, (each, said) in enumerate(zip(people, again, strict=False)):
        comment = comments[number] if number < len(comments) else ""
        send_answers(asked=each, answers=sheet(said, comment, quote=True))
