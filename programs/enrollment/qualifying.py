"""Who of the membership list may take part under some rules, and how many more would if training lay longer ago."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from programs.enrollment.answers import key_of, restored
from programs.policy.document import Part
from programs.policy.lengths import Length
from programs.policy.participant import Participant
from programs.policy.rules import All, Answer, AnyOf, Asked, Condition, Not, Rule
from programs.policy.words import ROLES_OF
from tenants.people.models import Person

# How long ago training may lie, tried one after the other.
TRIED: Final = (3, 5, 7)
Groups = Sequence[tuple[Participant, int]]
# What stands with a person in a column of its own, whatever the list says.
OWN: Final = ("stage", "specialty", "membership_status")


@dataclass(frozen=True)
class Qualified:
    """How many of the list could take a role, and how many more if training could lie so many years back."""

    role: str
    called: str
    yes: int
    no: int
    unknown: int
    more: Mapping[int, int]


def members() -> list[Participant]:
    """Everybody on the membership list, as rules see them who have not signed up."""
    return [participant for _pk, participant in _listed()]


def _listed() -> Iterator[tuple[UUID, Participant]]:
    """Everybody on the membership list with who they are, in the order of names."""
    listed = Person.objects.filter(on_roster_since__isnull=False).order_by("family_name", "given_name", "pk")
    for pk, member_id, roster, *own in listed.values_list("pk", "member_id", "roster", *OWN):
        yield pk, _participant(member_id or str(pk), roster, own)


def as_participant(person: Person) -> Participant:
    """Somebody on the membership list, as rules see who has not signed up."""
    return _participant(key_of(person), person.roster, [getattr(person, name) for name in OWN])


def _participant(key: str, roster: Mapping[str, Any], own: Iterable[str]) -> Participant:
    said = {name: value for name, value in zip(OWN, own, strict=True) if value}
    return restored({"key": key, "role": "mentee", **roster, **said})


def who_qualifies(part: Part, people: Iterable[Participant], on: date) -> Iterator[Qualified]:
    """Of each role, with the rules counted on a day."""
    people = list(people)
    for role in ROLES_OF[part.format]:
        rule = part.eligible.get(role)
        groups = _alike(rule, people, on)
        counts = _counted(rule, groups, on)
        tried = {years: _within(rule, years) for years in TRIED} if rule else {}
        more = {
            years: _counted(other, groups, on)[Answer.YES] - counts[Answer.YES]
            for years, other in tried.items()
            if other != rule
        }
        called = part.roles[role].called
        yes, no, unknown = (counts[answer] for answer in (Answer.YES, Answer.NO, Answer.UNKNOWN))
        yield Qualified(role, called, yes, no, unknown, more)


def who_answer(rule: Rule | None, answer: Answer, on: date) -> list[UUID]:
    """Of whom on the list a rule says yes, no or that it cannot tell, in the order of names."""
    asked = Asked(rule, on)
    return [pk for pk, participant in _listed() if asked(participant) is answer]


def _alike(rule: Rule | None, people: Iterable[Participant], on: date) -> Groups:
    """One of each who are alike in what a rule asks, and how many they are: the same for every length of training."""
    asked = Asked(rule, on)
    first: dict[tuple[object, ...], Participant] = {}
    counts: Counter[tuple[object, ...]] = Counter()
    for person in people:
        key = asked.alike(person) if rule else ()
        first.setdefault(key, person)
        counts[key] += 1
    return [(first[key], count) for key, count in counts.items()]


def _counted(rule: Rule | None, groups: Groups, on: date) -> Counter[Answer]:
    asked, counts = Asked(rule, on), Counter[Answer]()
    for person, count in groups:
        counts[asked(person)] += count
    return counts


def _within(rule: Rule, years: int) -> Rule:
    """The rule with training completed within so many years."""
    match rule:
        case Condition(verb="within"):
            return replace(rule, length=Length(years, "year"))
        case All(rules):
            return All(tuple(_within(each, years) for each in rules))
        case AnyOf(rules):
            return AnyOf(tuple(_within(each, years) for each in rules))
        case Not(inner):
            return Not(_within(inner, years))
    return rule
