"""What a rule can ask about a person, and where the answer is found."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from programs.policy.participant import Participant
from programs.policy.places import state_of
from programs.policy.states import STATES, state_code
from programs.policy.words import STAGES, did_you_mean

Kind = Literal["word", "list", "number", "date", "flag", "any"]
Read = Callable[[Participant], Any]

# What the law protects, and what stands for it in sign-ups.
PROTECTED: Final = frozenset(
    {
        *("race", "ethnicity", "heritage", "ancestry", "color", "nationality", "religion", "disability", "veteran"),
        *("sex", "gender", "gender_identity", "pronouns", "orientation", "sexual_orientation", "pregnancy"),
        *("age", "date_of_birth", "birth_date", "marital_status"),
    }
)

# By these the training clock knows whether training is over, and since when.
TRAINING: Final = ("stage", "training_completed_on", "training_completed_latest")
UNSAID: Final = (None, "", (), "prefer not to say")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a rule can ask about: its kind says which comparisons fit."""

    name: str
    kind: Kind
    read: Read = field(compare=False)
    known: Collection[str] = ()
    """The only words it can have; empty if a society may use its own."""
    usual: Collection[str] = ()
    """Words most societies use; a near miss of one of them is a typing error."""
    looks_at: tuple[str, ...] = field(default=("extra",), compare=False)
    """The fields of a participant in which the answer stands."""

    @property
    def about_training(self) -> bool:
        """Whether the training clock answers it."""
        return self.kind in ("date", "number")

    @property
    def trait(self) -> str | None:
        """The protected trait this fact tells of, if any."""
        _, _, name = self.name.rpartition(".")
        told = self.name.startswith("identity.") or name in PROTECTED or not PROTECTED.isdisjoint(name.split("_"))
        return name if told else None


def _practice_state(person: Participant) -> str | None:
    return state_code(person.practice_state) or (state_of(person.zip) if person.zip else None)


_FACTS: Final = {
    fact.name: fact
    for fact in (
        Fact(
            "membership.status",
            "word",
            lambda person: person.membership_status,
            usual=("active", "retired", "student", "resident", "lapsed", "inactive", "honorary", "affiliate", "life"),
            looks_at=("membership_status",),
        ),
        Fact("stage", "word", lambda person: person.stage, known=STAGES, looks_at=("stage",)),
        Fact("specialty", "word", lambda person: person.specialty, looks_at=("specialty",)),
        Fact("languages", "list", lambda person: person.languages, looks_at=("languages",)),
        Fact("training.completed", "date", lambda person: person.training_completed_on, looks_at=TRAINING),
        Fact(
            "training.state",
            "word",
            lambda person: state_code(person.training_state),
            known=STATES,
            looks_at=("training_state",),
        ),
        Fact("practice.state", "word", _practice_state, known=STATES, looks_at=("practice_state", "zip")),
        Fact("years_since_training", "number", lambda person: person.training_completed_on, looks_at=TRAINING),
        Fact("values.attested", "flag", lambda person: person.attests, looks_at=("attests",)),
    )
}


def _from_extra(*names: str) -> Read:
    def read(person: Participant) -> Any:
        return next((person.extra[name] for name in names if person.extra.get(name) not in UNSAID), None)

    return read


def _identity(trait: str) -> Fact:
    name = f"identity.{trait}"
    if trait == "gender":
        return Fact(
            name, "any", lambda person: None if person.gender in UNSAID else person.gender, looks_at=("gender",)
        )
    if trait == "heritage":
        return Fact(
            name, "any", lambda person: None if person.heritage in UNSAID else person.heritage, looks_at=("heritage",)
        )
    return Fact(name, "any", _from_extra(name, trait))


def fact_named(name: str) -> Fact:
    """The fact of this name; ValueError names the nearest one there is."""
    if fact := _FACTS.get(name):
        return fact
    family, _, rest = name.rpartition(".")
    if re.fullmatch(r"[a-z][a-z0-9_]*", rest, re.ASCII):
        if family == "identity" or (not family and rest in PROTECTED):
            return _identity(rest)
        if family == "answers":
            return Fact(name, "any", _from_extra(rest))
    raise ValueError(f"There is no fact “{name}”.{did_you_mean(name, [*_FACTS, 'answers.…', 'identity.…'])}")
