"""What happens between people once they are matched, what they are asked afterwards, and evenings of short talks."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from programs.policy.document.base import Count, Flag, Prose, Settings, Words
from programs.policy.document.fields import LengthField, NotEmpty, OneOrMore, RhythmField
from programs.policy.document.library import shipped
from programs.policy.document.texts import Activity, Guideline, Prompt
from programs.policy.faults import FaultsError, Found
from programs.policy.lengths import Length
from programs.policy.words import did_you_mean

Mode = Literal["in person", "virtual", "phone"]
Step = Literal["question to both", "words for the mentee", "goals again", "coordinator", "change of mentor"]


class Introduction(Settings):
    """What each learns of the other when a match is published; a phone number is always the person's own to give."""

    shares: Annotated[tuple[Literal["biosketch", "mail"], ...], OneOrMore] = ("biosketch", "mail")


class Goals(Settings):
    """Whose goals they are, and whether they are asked for at the start."""

    owner: Literal["mentee", "mentor", "both"] = "mentee"
    at_the_outset: Flag = True


class Meetings(Settings):
    """How often people meet and how; None where it is left to them."""

    at_least: RhythmField = None
    ideal: RhythmField = None
    binding: Flag = False
    """Whether `at_least` is a promise; if not, it is what the program recommends."""
    modes: Annotated[tuple[Mode, ...], NotEmpty] = ("in person", "virtual", "phone")


class CheckIn(Settings):
    """When the two are asked how it goes, and about what."""

    first_after: LengthField = Length(30, "day")
    then_every: LengthField = Length(60, "day")
    asks: tuple[Words, ...] = ()
    """What the two are asked about; empty: how it goes, in one question."""


class Ends(Settings):
    """How a mentorship ends."""

    continue_if_both_wish: Flag = True
    without_blame: Flag = True
    pay_it_forward: Flag = False
    """Mentees are asked at the end whether they would like to be mentors one day."""


class Mentorship(Settings):
    """The frame of each mentorship of a part."""

    directs_itself: Flag = True
    introduction: Introduction = Introduction()
    goals: Goals = Goals()
    notes: Flag = True
    """Whether people can keep notes here, beside their goals; nobody of the staff reads either."""
    meetings: Meetings = Meetings()
    keeping_in_touch: Annotated[tuple[Step, ...], OneOrMore] = ()
    """The steps taken one after the other when nothing has been heard."""
    check_in: CheckIn = CheckIn()
    ends: Ends = Ends()
    guidelines: tuple[Guideline, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    activities: tuple[Activity, ...] = ()


def _questions(value: str) -> str:
    known = shipped("surveys")
    if value not in known:
        raise ValueError(f"No questions “{value}” ship with Chiron.{did_you_mean(value, known)}")
    return value


class Survey(Settings):
    """One sending of a set of questions to everybody of a session who was introduced.

    It goes to all on one day, for only among many is anybody without a name.
    """

    wave: Literal["baseline", "day 30", "midpoint", "end", "six months after"]
    after: LengthField | None = None
    """How long after the session's first day it is sent; None: when its wave's name says."""
    instrument: Annotated[Words, AfterValidator(_questions)]
    to: Annotated[tuple[Words, ...], OneOrMore, NotEmpty]
    anonymous: Flag = True
    closes_after: LengthField = Length(3, "week")
    reminders: Annotated[int, Field(strict=True, ge=0, le=5)] = 2


class Break(Settings):
    """A pause of an evening."""

    after_round: Count
    minutes: Count


class Evening(Settings):
    """What an evening of short conversations needs to be run."""

    rounds: Annotated[int, Field(strict=True, ge=1, le=30)] = 6
    minutes: Annotated[int, Field(strict=True, ge=2, le=60)] = 8
    """How long one conversation lasts."""
    change: Annotated[int, Field(strict=True, ge=0, le=30)] = 2
    """Minutes to find the next table."""
    breaks: tuple[Break, ...] = ()
    welcome: Annotated[int, Field(strict=True, ge=0, le=240)] = 15
    follow_up: Annotated[int, Field(strict=True, ge=0, le=240)] = 30
    """Minutes left at the end for talking on."""
    seats: dict[Literal["mentor", "mentee"], Count] = {}
    """How many of each role one evening has room for; a role that is missing has no ceiling."""
    refreshments: Prose | None = None

    @property
    def length_in_minutes(self) -> int:
        """From the welcome to the end of the last talk."""
        rounds = self.rounds * self.minutes + (self.rounds - 1) * self.change
        return self.welcome + rounds + sum(each.minutes for each in self.breaks) + self.follow_up

    @model_validator(mode="after")
    def _breaks_between_rounds(self) -> Self:
        found = [
            Found(
                ("breaks", position, "after_round"),
                f"There is no break after round {each.after_round} of {self.rounds}.",
            )
            for position, each in enumerate(self.breaks)
            if each.after_round >= self.rounds
            or each.after_round in [one.after_round for one in self.breaks[:position]]
        ]
        if found:
            raise FaultsError(found)
        return self
