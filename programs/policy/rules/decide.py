"""Whether somebody may take part: yes, no or can't tell yet, with the reasons that decide it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from programs.policy.participant import Participant
from programs.policy.rules.facts import UNSAID
from programs.policy.rules.logic import Answer, all_of, any_of
from programs.policy.rules.reasons import Reason, reason
from programs.policy.rules.syntax import All, Condition, Not, Rule
from programs.policy.rules.training import compared


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer with what decides it; `considered` also has what would not have changed it."""

    answer: Answer
    reasons: tuple[Reason, ...] = ()
    considered: tuple[Reason, ...] = field(default=(), compare=False)

    def as_data(self) -> dict[str, Any]:
        """The decision as JSON can hold it."""
        return {"answer": self.answer.value, "reasons": [each.as_data() for each in self.reasons]}


def decide(rule: Rule | None, participant: Participant, on: date) -> Decision:
    """Apply a rule to one person on a day; no rule lets everybody in."""
    return _decide(rule, participant, on, negated=False) if rule else Decision(Answer.YES)


def _decide(rule: Rule, person: Participant, on: date, *, negated: bool) -> Decision:
    """Carry a “not” down to the sentences (De Morgan), so that each reason says what is really asked."""
    if isinstance(rule, Not):
        return _decide(rule.rule, person, on, negated=not negated)
    if isinstance(rule, Condition):
        condition = rule.opposite() if negated else rule
        answer = Answer.of(_holds(condition, person, on))
        because = (reason(condition, person, on, answer),)
        return Decision(answer, because, because)
    decisions = [_decide(inner, person, on, negated=negated) for inner in rule.rules]
    together = all_of if isinstance(rule, All) is not negated else any_of
    answer = together(decision.answer for decision in decisions)
    return Decision(
        answer,
        tuple(each for decision in decisions if decision.answer is answer for each in decision.reasons),
        tuple(each for decision in decisions for each in decision.considered),
    )


def _holds(condition: Condition, person: Participant, on: date) -> bool | None:
    holds = compared(condition, person, on) if condition.fact.about_training else _compared(condition, person)
    return holds if holds is None or not condition.negated else not holds


def _compared(condition: Condition, person: Participant) -> bool | None:
    value = condition.fact.read(person)
    if value in UNSAID:
        return None
    if condition.verb in ("at least", "at most"):
        number = _number(value)
        if number is None:
            return None
        return number >= condition.number if condition.verb == "at least" else number <= condition.number
    have = {_word(each) for each in (value if isinstance(value, list | tuple) else [value])}
    return not have.isdisjoint(_word(each) for each in condition.values)


def _number(value: object) -> float | None:
    try:
        return None if isinstance(value, bool) else float(str(value))
    except ValueError:
        return None


def _word(value: object) -> str:
    """Words are compared without regard to case; a ticked box may come as true or as “yes”."""
    word = str(value).strip().casefold()
    return {"yes": "true", "no": "false"}.get(word, word)
