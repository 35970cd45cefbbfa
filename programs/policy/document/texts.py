"""Texts of a program: its own, or one of those that ship, named by a single word.

A text that ships is copied into the policy when the policy is read, so that a stored version stays whole and says the
same forever.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from programs.policy.document.base import Count, Prose, Settings, Words
from programs.policy.document.fields import NotEmpty, OneOrMore
from programs.policy.document.library import Shelf, shipped
from programs.policy.faults import FaultsError, Found
from programs.policy.lengths import show
from programs.policy.words import ROLES_OF, STAGES, did_you_mean

NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
# The text by which somebody says that they are 18 or older.
ADULT = "adult"
ROLES = tuple(dict.fromkeys(role for roles in ROLES_OF.values() for role in roles))


def _whom(value: object) -> object:
    known = (*ROLES, *STAGES)
    if isinstance(value, str) and value not in known:
        raise ValueError(f"“{value}” is neither a role nor a stage.{did_you_mean(value, known)}")
    return value


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


def from_shelf(kind: Shelf, data: Any, key: str) -> Any:
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
        return from_shelf("prompts", data, "text")


class Activity(Text):
    """Something to do together."""

    @model_validator(mode="before")
    @classmethod
    def _shelf(cls, data: Any) -> Any:
        return from_shelf("activities", data, "text")


class Guideline(Text):
    """How to go about it."""

    @model_validator(mode="before")
    @classmethod
    def _shelf(cls, data: Any) -> Any:
        return from_shelf("guidelines", data, "text")


class Agreement(Settings):
    """What people agree to, or attest of themselves, before they take part; a changed text is a new version."""

    name: Name | None = None
    title: Words | None = None
    text: Prose
    version: Count = 1
    kind: Literal["agreement", "attestation"] = "agreement"
    by: Annotated[tuple[Words, ...], OneOrMore, NotEmpty]

    @property
    def attests_values(self) -> bool:
        """Whether it settles the rule that asks for a word on the program's values; being 18 does not."""
        return self.kind == "attestation" and self.name != ADULT

    @model_validator(mode="before")
    @classmethod
    def _shelf(cls, data: Any) -> Any:
        return from_shelf("agreements", data, "text")
