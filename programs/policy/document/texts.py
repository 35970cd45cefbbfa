"""Texts and questions of a program: its own, or one of those that ship, named by a single word.

A text that ships is copied into the policy when the policy is read, so that a stored version stays whole and says the
same forever.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from programs.policy.document.base import Count, Flag, Prose, Settings, Words
from programs.policy.document.fields import NotEmpty, OneOrMore
from programs.policy.document.library import Shelf, shipped
from programs.policy.faults import FaultsError, Found
from programs.policy.lengths import show
from programs.policy.participant import Participant
from programs.policy.words import ROLES_OF, STAGES, WordKind, did_you_mean

NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
ROLES = tuple(dict.fromkeys(role for roles in ROLES_OF.values() for role in roles))


def _whom(value: object) -> object:
    known = (*ROLES, *STAGES)
    if isinstance(value, str) and value not in known:
        raise ValueError(f"“{value}” is neither a role nor a stage.{did_you_mean(value, known)}")
    return value


Kind = Literal["short text", "long text", "number", "date", "choice", "choices", "yes or no", "state", "ZIP code"]


def _field(name: str) -> str:
    known = [field.name for field in fields(Participant)]
    if name not in known:
        raise ValueError(f"A participant has no field “{name}”.{did_you_mean(name, known)}")
    return name


def _one_word(value: str) -> str:
    if not NAME.fullmatch(value):
        raise ValueError(f"{show(value)} should be one word of small letters, like_this.")
    return value


Name = Annotated[Words, AfterValidator(_one_word)]
For = Annotated[tuple[Annotated[str, BeforeValidator(_whom)], ...], OneOrMore]


class Tailored(Settings):
    """Something for everybody, or for certain roles and stages.

    In a mentorship the stage is the mentee's; in a form it is that of whoever fills it in, and mentors are offered the
    choices of every stage.
    """

    for_: Annotated[For, Field(alias="for")] = ()

    def is_for(self, *, role: str | None = None, stage: str | None = None) -> bool:
        """Whether it concerns this role at this stage; where `for_` names no role (or stage), any will do."""
        roles = [word for word in self.for_ if word in ROLES]
        stages = [word for word in self.for_ if word in STAGES]
        return (not roles or role in roles) and (not stages or stage in stages)


def _from_shelf(kind: Shelf, data: Any, key: str) -> Any:
    """The piece with what ships under its name filled in; a piece that has its own text stays as it is."""
    piece = {key: data} if isinstance(data, str) else data
    if not isinstance(piece, Mapping) or "name" in piece:
        return piece
    name = piece.get(key)
    if not isinstance(name, str) or not NAME.fullmatch(name.strip()):
        return piece
    shelf = shipped(kind)
    if name.strip() not in shelf:
        raise FaultsError([Found((key,), f"No text “{name}” ships with Chiron.{did_you_mean(name, shelf)}")])
    return {"name": name.strip(), **shelf[name.strip()], **{k: v for k, v in piece.items() if k != key}}


class Text(Tailored):
    """A prompt, an activity or a guideline."""

    name: Name | None = None
    title: Words | None = None
    text: Prose


class Prompt(Text):
    """Something to talk about."""

    @model_validator(mode="before")
    @classmethod
    def _shelf(cls, data: Any) -> Any:
        return _from_shelf("prompts", data, "text")


class Activity(Text):
    """Something to do together."""

    @model_validator(mode="before")
    @classmethod
    def _shelf(cls, data: Any) -> Any:
        return _from_shelf("activities", data, "text")


class Guideline(Text):
    """How to go about it."""

    @model_validator(mode="before")
    @classmethod
    def _shelf(cls, data: Any) -> Any:
        return _from_shelf("guidelines", data, "text")


class Agreement(Settings):
    """What people agree to, or attest of themselves, before they take part; a changed text is a new version."""

    name: Name | None = None
    title: Words | None = None
    text: Prose
    version: Count = 1
    kind: Literal["agreement", "attestation"] = "agreement"
    by: Annotated[tuple[Words, ...], OneOrMore, NotEmpty]

    @model_validator(mode="before")
    @classmethod
    def _shelf(cls, data: Any) -> Any:
        return _from_shelf("agreements", data, "text")


class Blank(Settings):
    """One thing to fill in or choose."""

    name: Name
    """The word under which the answer is kept."""
    label: Words | None = None
    kind: Kind = "long text"
    choices: tuple[Words, ...] = ()
    choices_from: WordKind | None = None
    fills: Annotated[str, AfterValidator(_field)] | None = None
    """The field of a participant that the answer becomes; None: it is kept under its own name."""
    required: Flag = False

    @model_validator(mode="after")
    def _choices_where_chosen(self) -> Self:
        if (self.kind in ("choice", "choices")) != bool(self.choices or self.choices_from):
            raise FaultsError([Found((), "Choices belong to a “choice” or “choices”, and such a question needs them.")])
        return self


class Question(Tailored):
    """One page of a sign-up form, under the word `ask`."""

    SHORTHAND: ClassVar[tuple[str, ...]] = ("kind", "choices", "choices_from", "fills", "required")

    ask: Name
    text: Prose
    help: Prose | None = None
    blanks: Annotated[tuple[Blank, ...], NotEmpty]

    @model_validator(mode="before")
    @classmethod
    def _shelf(cls, data: Any) -> Any:
        """A question that ships stands here by name; one with a single blank may say kind and choices itself."""
        if not isinstance(data, Mapping) or "text" not in data:
            filled = _from_shelf("questions", data, "ask")
            if not isinstance(filled, Mapping):
                return filled
            return {("ask" if key == "name" else key): value for key, value in filled.items()}
        if "blanks" in data:
            return data
        own = {key: data[key] for key in cls.SHORTHAND if key in data}
        return {**{key: data[key] for key in data if key not in own}, "blanks": [{"name": data.get("ask"), **own}]}


class Choice(Tailored):
    """A word people can choose; `for_` says at which stages it is offered."""

    name: Words

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, data: Any) -> Any:
        return {"name": data} if isinstance(data, str) else data


def _words(kind: str) -> Any:
    return Field(default_factory=lambda: tuple(Choice.model_validate(word) for word in shipped("choices")[kind]))


Listed = Annotated[tuple[Choice, ...], NotEmpty]


class Choices(Settings):
    """The words of a program: what sign-up forms offer, in the spelling in which sheets are read."""

    aspects: Listed = _words("aspects")
    challenges: Listed = _words("challenges")
    interests: Listed = _words("interests")
    availability: Listed = _words("availability")
    languages: Listed = _words("languages")
