"""Which questions are asked, as answers come in. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from programs.policy.document import Question
from programs.policy.participant import Participant
from programs.policy.rules import Answer, decide

# By question, then by blank: {"meeting_mode": {"meeting_mode": "either"}}. A question that stands there was seen.
Answers = Mapping[str, Mapping[str, Any]]
NO_DAY: Final = date.min  # conditions compare answers, never dates


def asked(questions: Iterable[Question], answers: Answers) -> list[Question]:
    """The questions whose conditions hold; the answers of one that is not asked count for none after it."""
    shown: list[Question] = []
    known: dict[str, Any] = {}
    for question in questions:
        if question.show_when is None or _holds(question, known):
            shown.append(question)
            known |= answers.get(question.ask, {})
    return shown


def _holds(question: Question, known: Mapping[str, Any]) -> bool:
    somebody = Participant(key="", role="mentee", extra=known)
    return decide(question.show_when, somebody, NO_DAY).answer is Answer.YES
