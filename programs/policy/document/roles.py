"""Who takes part: roles and places, the ceiling, and the owner's word on protected traits."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, model_validator

from programs.policy.document.base import Count, Flag, Prose, Settings, Words
from programs.policy.document.fields import DayField, NotEmpty
from programs.policy.faults import FaultsError, Found


class Range(Settings):
    """How many of something one person has: `default` if they say nothing, never above `most`."""

    default: Count = 1
    most: Count = 1

    @model_validator(mode="after")
    def _default_within(self) -> Self:
        if self.default > self.most:
            message = f"The default, {self.default}, is more than the most, {self.most}."
            raise FaultsError([Found(("default",), message)])
        return self


class Mentors(Range):
    """How many mentors one mentee has, and what for."""

    by_aspect: Flag = False
    """Each of them for one thing that the mentee would like help with."""
    first_before_second: Flag = False
    """Everybody gets a first mentor before anybody gets a second one."""


class Role(Settings):
    """A role of a part under the society's own name for it."""

    called: Words
    places: Range = Range()
    """How many mentees a mentor takes: the smaller of what a person offers and `most`."""
    mentors: Mentors = Mentors()
    """How many mentors a mentee may have: the smaller of what a person asks for and `most`."""


class Size(Settings):
    """How many people one group or circle has."""

    at_least: Count = 2
    most: Count


def _no_trait(value: object) -> object:
    """Say why, where somebody would order a waitlist by who people are."""
    if isinstance(value, str) and value.startswith("identity."):
        raise ValueError(
            "A waitlist is never ordered by who people are: only by the date of sign-up, or by lot. To say whom you "
            "seek, use focus."
        )
    return value


class Cap(Settings):
    """The ceiling of a part; `pairs` is None where there is none."""

    pairs: Count | None = None
    beyond: Literal["waitlist", "refuse"] = "waitlist"
    order: Annotated[Literal["date of sign-up", "lot"], BeforeValidator(_no_trait)] = "date of sign-up"


class TraitsDecision(Settings):
    """The owner's recorded decision to let protected traits bear on who may take part."""

    traits: Annotated[tuple[Words, ...], NotEmpty]
    reason: Prose
    decided_on: DayField
    reviewed_by_counsel: Flag
