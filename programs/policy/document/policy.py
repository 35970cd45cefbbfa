"""The policy document as a whole, and its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_serializer, model_validator

from programs.policy.document.base import Prose, Settings, Title, Words
from programs.policy.document.calendar import Calendar, FirstCycle
from programs.policy.document.fields import EntryField, NotEmpty, OneOrMore, RuleField
from programs.policy.document.matching import Matching
from programs.policy.document.mentorship import Evening, Mentorship, Survey
from programs.policy.document.origin import key_paths, keys_of, lies_under, writable
from programs.policy.document.questions import Blank, Choices, Question
from programs.policy.document.roles import Cap, Mentors, Role, Size, TraitsDecision
from programs.policy.document.texts import Agreement
from programs.policy.faults import FaultsError, Found, Path
from programs.policy.lengths import show
from programs.policy.rules import conditions
from programs.policy.words import IN_GROUPS, ROLES_OF, Entry, Format, Stage, WordKind, did_you_mean

BOTH = "both"


class Part(Settings):
    """What a program offers: its own format, roles, eligibility, ceiling and texts."""

    name: Title
    about: Prose | None = None
    format: Format
    roles: dict[str, Role]
    size: Size | None = None
    cap: Cap = Cap()
    enter: dict[str, EntryField] = {}
    eligible: dict[str, RuleField] = {}
    """Who may take part, by role; a role that is missing is open to everybody."""
    focus: dict[str, RuleField] = {}
    """Whom we invite and where we recruit; it never orders, admits or scores anybody."""
    decision_on_traits: TraitsDecision | None = None
    agree: tuple[Agreement, ...] = ()
    intake: dict[str, tuple[Question, ...]] = {}
    """What sign-up asks, by role or of both."""
    matching: Matching = Matching(by=("hand",))
    mentorship: Mentorship = Mentorship()
    evening: Evening | None = None
    surveys: tuple[Survey, ...] = ()

    @property
    def in_groups(self) -> bool:
        """Whether it brings more than two people together."""
        return self.format in IN_GROUPS

    @property
    def mentors(self) -> Mentors:
        """How many mentors a mentee may have, and what for."""
        return self.roles["mentee"].mentors if "mentee" in self.roles else Mentors()

    def way_in(self, role: str) -> Entry:
        """How people come into a role: open unless the policy says otherwise."""
        return self.enter.get(role, "open")

    def questions(self, role: str, stage: str | None = None) -> Iterator[Question]:
        """What sign-up asks somebody in this role at this stage, in its order."""
        asked = (*self.intake.get(BOTH, ()), *self.intake.get(role, ()))
        return (question for question in asked if question.is_for(role=role, stage=stage))

    @model_validator(mode="before")
    @classmethod
    def _usual_roles(cls, data: Any) -> Any:
        """Roles of the format that the policy does not describe are there under their usual name."""
        if not isinstance(data, dict) or not isinstance(data.get("roles", {}), dict):
            return data
        roles = next((roles for name, roles in ROLES_OF.items() if name == data.get("format")), ())
        usual = {role: {"called": role.capitalize()} for role in roles}
        return {**data, "roles": usual | data.get("roles", {})}

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        found = [*self._unknown_roles(), *self._misplaced(), *self._protected_traits(), *self._intake()]
        found += self._asked_twice()
        if found:
            raise FaultsError(found)
        return self

    def _unknown_roles(self) -> Iterator[Found]:
        roles = ROLES_OF[self.format]
        named: list[tuple[Path, str]] = []
        for key in ("roles", "enter", "eligible", "focus", "intake"):
            named += [((key, role), role) for role in getattr(self, key) if (key, role) != ("intake", BOTH)]
        for position, agreement in enumerate(self.agree):
            named += [(("agree", position, "by"), role) for role in agreement.by]
        for position, survey in enumerate(self.surveys):
            named += [(("surveys", position, "to"), role) for role in survey.to]
        for path, role in named:
            if role not in roles:
                yield Found(path, f"A part of format “{self.format}” has no role “{role}”.{did_you_mean(role, roles)}")

    def _misplaced(self) -> Iterator[Found]:
        for name, role in self.roles.items():
            other = {"mentor": "mentors", "mentee": "places"}.get(name)
            if other and getattr(role, other) != type(getattr(role, other))():
                yield Found(
                    ("roles", name, other), f"“{other}” is not for a {name}: a mentor has places, a mentee has mentors."
                )
        yield from self._several_mentors()
        if self.format == "speed" and self.evening is None:
            yield Found(
                ("evening",), "A speed-mentoring part needs its evening: rounds, minutes, change.", missing=True
            )
        if self.matching.wishes and self.format != "one_to_one":
            yield Found(("matching", "by"), "Only in a one-to-one part can participants rank whom they would like.")
        if self.matching.by_lists and self.cap.pairs is not None:
            yield Found(
                ("cap", "pairs"),
                "Where pairs follow lists, the number of pairs has no cap of its own: limit places or sign-up instead.",
            )
        if self.format != "speed" and self.evening is not None:
            yield Found(("evening",), "Only a part of format “speed” has an evening.")

    def _several_mentors(self) -> Iterator[Found]:
        """Mentors by aspect, and first ones before second ones, where they cannot be."""
        mentors, place = self.mentors, ("roles", "mentee", "mentors")
        if not (mentors.by_aspect or mentors.first_before_second):
            return
        one = "by_aspect" if mentors.by_aspect else "first_before_second"
        if self.format != "one_to_one":
            yield Found((*place, one), "Only in a one-to-one part can a mentee have several mentors.")
        elif self.matching.by_lists:
            yield Found(
                (*place, one),
                "Where pairs follow the lists of both sides, mentors are neither for one thing each nor in an order.",
            )
        if mentors.by_aspect:
            for role, question in (("mentee", "aspects_wanted"), ("mentor", "aspects_offered")):
                asked = (*self.intake.get(BOTH, ()), *self.intake.get(role, ()))
                if not any(blank.fills == "aspects" for each in asked for blank in each.blanks):
                    yield Found(
                        (*place, "by_aspect"),
                        f"A mentor for each thing needs to know what things: ask every {role} “{question}” at sign-up.",
                    )

    def _protected_traits(self) -> Iterator[Found]:
        decided = self.decision_on_traits.traits if self.decision_on_traits else ()
        for role, rule in self.eligible.items():
            for path, condition in conditions(rule):
                trait = condition.fact.trait
                if trait and trait not in decided:
                    yield Found(
                        ("eligible", role, *path),
                        f"“{condition.fact.name}” is a protected trait and cannot decide who may take part, unless the "
                        "owner's decision stands under decision_on_traits (traits, reason, decided_on, "
                        "reviewed_by_counsel). To say whom you seek, use focus.",
                    )

    def _asked_twice(self) -> Iterator[Found]:
        """The same questions to the same people at the same time: from two groups told of, a third could be had."""
        for position, survey in enumerate(self.surveys):
            for earlier in self.surveys[:position]:
                same = (earlier.wave, earlier.instrument) == (survey.wave, survey.instrument)
                if same and (both := [role for role in survey.to if role in earlier.to]):
                    said = f"“{survey.instrument}” goes to the same people twice: {', '.join(both)}."
                    yield Found(("surveys", position), said)

    def _intake(self) -> Iterator[Found]:
        """Conditions that ask about what nobody was asked before, and questions that stand in one form twice."""
        both: dict[str, Blank] = {}
        for role in sorted(self.intake, key=lambda name: name != BOTH):
            before, asked = dict(both), {question.ask for question in self.intake.get(BOTH, ()) if role != BOTH}
            for position, question in enumerate(self.intake[role]):
                place = ("intake", role, position)
                if question.ask in asked:
                    yield Found(place, f"“{question.ask}” is asked twice in this form.")
                asked.add(question.ask)
                yield from (replace(found, path=place + found.path) for found in question.unasked(before))
                before |= {blank.name: blank for blank in question.blanks}
            both = before if role == BOTH else both


def _web_address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", value):
        raise ValueError(f"{show(value)} is not a web address. Write it like https://example.org.")
    return value


def _picture(value: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", value):
        raise ValueError(f"{show(value)} is no picture. Bring the logo on the page of the program's settings.")
    return value


class Interest(Settings):
    """The standing invitation to say “tell me when there is something for me”, outside any session."""

    open_to: Annotated[tuple[Stage, ...], OneOrMore] = ()
    text: Prose


class Partner(Settings):
    """An institution that runs the program too. Its name alone may stand for it."""

    name: Words
    link: Annotated[Words, AfterValidator(_web_address)] | None = None
    logo: Annotated[str, AfterValidator(_picture)] | None = None
    """The fingerprint of a picture that the society keeps; elsewhere the name stands alone."""

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, data: Any) -> Any:
        return {"name": data} if isinstance(data, str) else data

    @model_serializer
    def _short(self) -> str | dict[str, str]:
        more = {name: value for name in ("link", "logo") if (value := getattr(self, name)) is not None}
        return {"name": self.name, **more} if more else self.name


class Mails(Settings):
    """A paragraph of the program's own in each of its mails; without one the mail stands as it ships."""

    asked: Prose | None = None
    reminder: Prose | None = None
    introduced: Prose | None = None
    not_this_one: Prose | None = None
    waits: Prose | None = None
    """To mentees for whom there is nobody when pairs are published."""
    not_needed: Prose | None = None
    """To mentors who have nobody then."""
    not_eligible: Prose | None = None
    """To those who cannot take part."""
    invited: Prose | None = None
    """To those who had said that they are interested, when sign-up opens."""
    still_interested: Prose | None = None


class Source(Settings):
    """Where a policy comes from, and which of its values are Chiron's own because the source is silent."""

    what: Prose
    ours: tuple[Words, ...] = ()


def _version(value: object) -> object:
    if type(value) is not int or value != 1:
        raise ValueError("This is no version of the policy document that can be read here. Write 1.")
    return value


def _address(value: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", value):
        raise ValueError(f"{show(value)} is not a mail address.")
    return value


class Policy(Settings):
    """Everything configurable about a program except its dates."""

    chiron_policy: Annotated[Literal[1], BeforeValidator(_version)]
    title: Words
    purpose: Prose
    time_commitment: Prose
    contact: Annotated[Words, AfterValidator(_address)]
    partners: tuple[Partner, ...] = ()
    values: Prose | None = None
    source: Source | None = None
    calendar: Calendar
    first_cycle: FirstCycle | None = None
    interest: Interest | None = None
    choices: Choices = Field(default_factory=Choices)
    mails: Mails = Mails()
    parts: Annotated[tuple[Part, ...], NotEmpty]

    def part(self, which: str | int) -> Part:
        """A part by its name or position; KeyError if there is none."""
        for position, part in enumerate(self.parts):
            if which in (position, part.name):
                return part
        raise KeyError(which)

    def first_one_to_one(self) -> Part | None:
        """The part that pairs people one to one, if there is one."""
        return next((part for part in self.parts if part.format == "one_to_one"), None)

    def words(self, kind: WordKind) -> tuple[str, ...]:
        """The program's words of one kind, in the order and spelling of its forms."""
        return tuple(choice.name for choice in getattr(self.choices, kind))

    def filled(self, text: str) -> str:
        """A text of the program with {title}, {time_commitment} and {contact} put in."""
        for name in ("title", "time_commitment", "contact"):
            text = text.replace(f"{{{name}}}", getattr(self, name))
        return text

    def is_ours(self, *path: str) -> bool:
        """Whether a value is Chiron's own and not its source's: `is_ours("One-to-one", "matching", "floor")`."""
        return any(lies_under(path, written) for written in (self.source.ours if self.source else ()))

    @model_validator(mode="after")
    def _names_hold(self) -> Self:
        names = [part.name.casefold() for part in self.parts]
        found = [
            Found(("parts", position, "name"), f"Another part is called “{part.name}” too.")
            for position, part in enumerate(self.parts)
            if names[position] in names[:position]
        ]
        known = writable(key_paths(self.model_dump(mode="json", by_alias=True))) if self.source else set()
        found += [
            Found(("source", "ours", position), f"There is no setting “{written}” in this policy.")
            for position, written in enumerate(self.source.ours if self.source else ())
            if keys_of(written) not in known
        ]
        if found:
            raise FaultsError(found)
        return self
