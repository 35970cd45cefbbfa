"""Questions of sign-up forms and surveys: what is asked, with which kinds of blanks, and which words can be chosen.

What a form does with a blank of some kind stands in `programs.surveys.kinds`; here is what a policy may say of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator, model_validator

from programs.policy.document.base import Count, Flag, Prose, Settings, Words
from programs.policy.document.fields import NotEmpty
from programs.policy.document.library import shipped
from programs.policy.document.texts import Name, Tailored, from_shelf
from programs.policy.faults import FaultsError, Found
from programs.policy.participant import Participant
from programs.policy.rules import Rule, conditions, parse_rule, written
from programs.policy.words import WordKind, did_you_mean

Kind = Literal[
    "short text",
    "long text",
    "number",
    "date",
    "month",
    "choice",
    "choices",
    "ranking",
    "scale",
    "matrix",
    "yes or no",
    "state",
    "ZIP code",
    "specialty",
    "NPI",
    "tags",
    "file",
]
FileType = Literal["PDF", "picture"]
ANSWERS: Final = "answers."


@dataclass(frozen=True, slots=True)
class Shape:
    """Which settings a kind of blank needs, and which it may have; the others are not for it."""

    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


# `choices` stands for `choices_from` too.
SHAPES: Final[Mapping[str, Shape]] = {
    "number": Shape(may=("lowest", "highest")),
    "choice": Shape(needs=("choices",)),
    "choices": Shape(needs=("choices",), may=("most",)),
    "ranking": Shape(needs=("choices",), may=("most",)),
    "scale": Shape(may=("lowest", "highest", "ends")),
    "matrix": Shape(needs=("rows", "choices")),
    "tags": Shape(may=("choices", "most")),
    "file": Shape(may=("types", "most_mb")),
}
OF_A_KIND: Final = ("choices", "most", "lowest", "highest", "ends", "rows", "types", "most_mb")

_LISTED: Final = ("choices", "ranking", "tags")
_WORDS: Final = ("short text", "long text", "choice", "specialty", "NPI")
# Which kinds give what a field of a participant holds; a field that is missing takes any words.
FILLED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("languages", "interests", "availability", "aspects", "challenges", "prefers_shared"), _LISTED),
    **dict.fromkeys(("places", "travel_miles"), ("number", "scale")),
    **dict.fromkeys(("training_completed_on", "training_completed_latest", "stage_ends_on"), ("date", "month")),
    **dict.fromkeys(("training_state", "practice_state"), ("state",)),
    "goals": ("short text", "long text", "tags"),
    "zip": ("ZIP code",),
    "attests": ("yes or no",),
}
LARGEST_SCALE: Final = 11
# The fields of a participant that no page tells of.
WHO_SOMEBODY_IS: Final = ("gender", "heritage")


def _field(name: str) -> str:
    known = [field.name for field in fields(Participant)]
    if name not in known:
        raise ValueError(f"A participant has no field “{name}”.{did_you_mean(name, known)}")
    return name


def _condition(value: object) -> Rule | None:
    return None if value is None else parse_rule(value)


ConditionField = Annotated[
    Rule | None, PlainValidator(_condition), PlainSerializer(lambda rule: None if rule is None else written(rule))
]


class Blank(Settings):
    """One thing to fill in or choose."""

    name: Name
    """The word under which the answer is kept."""
    label: Words | None = None
    kind: Kind = "long text"
    choices: tuple[Words, ...] = ()
    choices_from: WordKind | None = None
    rows: tuple[Words, ...] = ()
    """What a matrix asks about, one line each; its choices are the columns."""
    lowest: int | None = None
    highest: int | None = None
    ends: tuple[Words, ...] = ()
    """What the two ends of a scale mean."""
    most: Count | None = None
    """How many can be chosen at most."""
    types: tuple[FileType, ...] = ("PDF", "picture")
    most_mb: Annotated[int, Field(strict=True, ge=1, le=10)] = 5
    fills: Annotated[str, AfterValidator(_field)] | None = None
    """The field of a participant that the answer becomes; None: it is kept under its own name."""
    required: Flag = False
    used_for: Prose | None = None
    """A plain sentence on what the answer is used for, shown beside the blank."""
    ask_who_sees: Flag = False
    """Whether people say for this answer who may see it; for what somebody is, not what they do."""

    @property
    def scale(self) -> range:
        """The steps of a scale, 1 to 5 where nothing is said."""
        lowest = 1 if self.lowest is None else self.lowest
        return range(lowest, (lowest + 4 if self.highest is None else self.highest) + 1)

    @model_validator(mode="after")
    def _settings_of_its_kind(self) -> Self:
        found = [*self._misplaced(), *self._hidden(), *self._impossible()]
        if found:
            raise FaultsError(found)
        return self

    def _misplaced(self) -> Iterator[Found]:
        """Settings that are missing for the kind, or that belong to another kind."""
        shape = SHAPES.get(self.kind, Shape())
        for name in OF_A_KIND:
            said = self.choices or self.choices_from if name == "choices" else name in self.model_fields_set
            if said and name not in (*shape.needs, *shape.may):
                if name == "choices":
                    yield Found((), "Choices belong to a “choice” or “choices”, and such a question needs them.")
                elif getattr(self, name) != type(self).model_fields[name].default:
                    kinds = " or ".join(
                        f"“{kind}”" for kind, each in SHAPES.items() if name in (*each.needs, *each.may)
                    )
                    yield Found((name,), f"“{name}” belongs to {kinds}, and this is “{self.kind}”.")
            elif not said and name in shape.needs:
                if name == "choices" and self.kind in ("choice", "choices"):
                    yield Found((), "Choices belong to a “choice” or “choices”, and such a question needs them.")
                else:
                    yield Found((name,), f"A “{self.kind}” needs its {name}.", missing=True)

    def _hidden(self) -> Iterator[Found]:
        """People are told that nobody reads it, so it cannot fill what others and staff read."""
        if self.ask_who_sees and self.fills not in (None, *WHO_SOMEBODY_IS):
            said = f"Who may see it cannot be asked of {self.fills}, which others read."
            yield Found(("ask_who_sees",), f"{said} What can: {', '.join(WHO_SOMEBODY_IS)}, or none.")

    def _impossible(self) -> Iterator[Found]:
        """Numbers that leave nothing to answer, and answers that do not fit the field they fill."""
        if self.kind == "scale" and not 2 <= len(self.scale) <= LARGEST_SCALE:
            yield Found(("highest",), f"A scale has 2 to {LARGEST_SCALE} steps; this one has {len(self.scale)}.")
        elif self.lowest is not None and self.highest is not None and self.lowest > self.highest:
            yield Found(("highest",), f"The highest, {self.highest}, is less than the lowest, {self.lowest}.")
        if self.ends and len(self.ends) != len(("lowest", "highest")):
            yield Found(("ends",), "A scale has two ends: what the lowest means, and what the highest means.")
        wanted = FILLED_BY.get(self.fills or "", _WORDS)
        if self.fills and self.kind not in wanted:
            kinds = ", ".join(f"“{kind}”" for kind in wanted)
            yield Found(("kind",), f"“{self.kind}” cannot fill {self.fills}. What can: {kinds}.")


class Question(Tailored):
    """One page of a sign-up form, under the word `ask`."""

    SHORTHAND: ClassVar[tuple[str, ...]] = tuple(name for name in Blank.model_fields if name not in ("name", "label"))

    ask: Name
    text: Prose
    help: Prose | None = None
    show_when: ConditionField = None
    """Asked only where earlier answers say so: “answers.meeting_mode is in person”."""
    blanks: Annotated[tuple[Blank, ...], NotEmpty]

    @model_validator(mode="before")
    @classmethod
    def _shelf(cls, data: Any) -> Any:
        """A question that ships stands here by name; one with a single blank may say kind and choices itself."""
        if not isinstance(data, Mapping) or "text" not in data:
            filled = from_shelf("questions", data, "ask")
            if not isinstance(filled, Mapping):
                return filled
            return {("ask" if key == "name" else key): value for key, value in filled.items()}
        if "blanks" in data:
            return data
        own = {key: data[key] for key in cls.SHORTHAND if key in data}
        return {**{key: data[key] for key in data if key not in own}, "blanks": [{"name": data.get("ask"), **own}]}

    def unasked(self, before: Mapping[str, Blank]) -> Iterator[Found]:
        """What its condition asks about that no earlier question does, or that cannot be answered so."""
        for path, condition in conditions(self.show_when) if self.show_when else ():
            name = condition.fact.name.removeprefix(ANSWERS)
            if not condition.fact.name.startswith(ANSWERS) or name not in before:
                near = did_you_mean(name, before)
                yield Found(("show_when", *path), f"No earlier question of this form asks “{name}”.{near}")
                continue
            known = before[name].choices
            for value in condition.values if known else ():
                if value not in known:
                    near = did_you_mean(value, known)
                    yield Found(("show_when", *path), f"“{value}” is no answer to “{name}”.{near}")


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
