"""A rule asked about very many people: once for all who are alike in what it asks about."""

from __future__ import annotations

from datetime import date

from programs.policy.participant import Participant
from programs.policy.rules.decide import decide
from programs.policy.rules.facts import TRAINING
from programs.policy.rules.logic import Answer
from programs.policy.rules.syntax import Rule, conditions


class Asked:
    """What a rule answers about people on a day; without a rule everybody may take part."""

    def __init__(self, rule: Rule | None, on: date) -> None:
        self._rule, self._on = rule, on
        found = conditions(rule) if rule else ()
        self._facts = list({condition.fact.name: condition.fact for _path, condition in found}.values())
        self._answers: dict[tuple[object, ...], Answer] = {}

    @property
    def looks_at(self) -> frozenset[str]:
        """The fields of a participant that count; what stands in others changes no answer."""
        return frozenset(name for fact in self._facts for name in (*fact.looks_at, *TRAINING))

    def __call__(self, person: Participant) -> Answer:
        if self._rule is None:
            return Answer.YES
        alike = self.alike(person)
        if (answer := self._answers.get(alike)) is None:
            answer = self._answers[alike] = decide(self._rule, person, self._on).answer
        return answer

    def alike(self, person: Participant) -> tuple[object, ...]:
        """What the rule looks at in somebody: whoever is alike in it has the same answer, at any length of training."""
        # Whether training is over depends on the stage, and on how well its end is known.
        return (person.stage, person.training_completed_latest, *(repr(fact.read(person)) for fact in self._facts))
