"""Why a condition is met, not met or not known yet, as data and in words.

Each reason has two sentences: `sentence` is for the person it concerns, `note` for staff. They differ only where
something is missing, and where a protected trait decides: its value stands in neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from programs.policy.lengths import Length
from programs.policy.participant import Participant
from programs.policy.rules import phrases
from programs.policy.rules.facts import Fact
from programs.policy.rules.logic import Answer
from programs.policy.rules.phrases import Phrases
from programs.policy.rules.syntax import Condition
from programs.policy.rules.training import compared
from programs.policy.sentences import Sentence
from programs.policy.states import STATES


@dataclass(frozen=True, slots=True)
class Reason:
    """What one condition says of one person."""

    fact: str
    rule: str
    answer: Answer
    value: str | None
    sentence: Sentence
    note: Sentence
    settled_by: Sentence | None = None
    """What would settle it, if the answer is unknown."""

    def as_data(self) -> dict[str, str | None]:
        """The reason as JSON can hold it, in English."""
        return {
            "fact": self.fact,
            "rule": self.rule,
            "answer": self.answer.value,
            "value": self.value,
            "sentence": str(self.sentence),
            "note": str(self.note),
            "settled_by": str(self.settled_by) if self.settled_by else None,
        }


def reason(condition: Condition, person: Participant, on: date, answer: Answer) -> Reason:
    """What the answer of one condition rests on."""
    fact, value = condition.fact, condition.fact.read(person)
    if answer is Answer.UNKNOWN:
        sentence, note = _unknown(condition, person)
        settled_by = Sentence(_phrases(fact).settled_by, {"name": _label(fact)})
        return Reason(fact.name, str(condition), answer, None, sentence, note, settled_by)
    sentence = _clock(condition, person, on) if fact.about_training else _known(condition, answer, value)
    shown = None if fact.trait else _stored(value)
    return Reason(fact.name, str(condition), answer, shown, sentence, sentence)


def _phrases(fact: Fact) -> Phrases:
    if fact.about_training:
        return phrases.PHRASES["training.completed"]
    return phrases.PHRASES.get(fact.name) or (phrases.TRAIT if fact.trait else phrases.ANSWER)


def _label(fact: Fact) -> str:
    return fact.name.rpartition(".")[2].replace("_", " ")


def _unknown(condition: Condition, person: Participant) -> tuple[Sentence, Sentence]:
    """What is not known, to the person and to staff."""
    fact, spoken = condition.fact, _phrases(condition.fact)
    if fact.name == "practice.state" and person.zip:
        both = Sentence(phrases.NO_SUCH_ZIP, {"zip": person.zip})
        return both, both
    if fact.about_training and person.training_completed_on:
        both = Sentence(phrases.SOME_DAY, {"when": _when(person)})
        return both, both
    values = {"name": _label(fact)}
    return Sentence(spoken.ask, values), Sentence(spoken.missing, values)


def _clock(condition: Condition, person: Participant, on: date) -> Sentence:
    day = person.training_completed_on
    if day is None:
        return Sentence(phrases.IN_TRAINING, {"stage": person.stage})
    if day > on:
        return Sentence(phrases.NOT_YET, {"when": _when(person), "on": on})
    length = condition.length or Length(condition.number, "year")
    template = phrases.CLOCK[condition.verb, compared(condition, person, on) is True]
    return Sentence(template, {"when": _when(person), "length": length, "on": on})


def _when(person: Participant) -> Sentence:
    earliest, latest = person.training_completed_on, person.training_completed_latest
    if latest and latest != earliest:
        return Sentence(phrases.BETWEEN, {"earliest": earliest, "latest": latest})
    return Sentence(phrases.ON_DAY, {"day": earliest})


def _known(condition: Condition, answer: Answer, value: Any) -> Sentence:
    fact = condition.fact
    known = Sentence(_phrases(fact).known, {"name": _label(fact), "value": _spoken(fact, value)})
    if answer is Answer.YES or fact.trait:
        return known
    wanted = tuple(_spoken(fact, each) for each in condition.values) or f"{condition.verb} {condition.number}"
    return Sentence(phrases.ANYTHING_BUT if condition.negated else phrases.INSTEAD, {"known": known, "wanted": wanted})


def _stored(value: object) -> str | None:
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    return None if value is None else str(value)


def _spoken(fact: Fact, value: object) -> object:
    if fact.known is STATES:
        return STATES.get(str(value), value)
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    if isinstance(value, bool) or value in ("true", "false"):
        return "yes" if value in (True, "true") else "no"
    return value
