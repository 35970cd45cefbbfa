"""A whole survey as one form: every question of its set on one page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.forms.boundfield import BoundField

from programs.policy.document import Policy, Question
from programs.surveys.conditions import Answers
from programs.surveys.forms import QuestionForm


class SurveyForm:
    """The forms of a survey's questions as one, for a page and its component."""

    is_multipart = False

    def __init__(self, data: Any = None, *, questions: Sequence[Question], policy: Policy, kept: Answers) -> None:
        self.is_bound = data is not None
        self.questions = [
            QuestionForm(data, question=each, policy=policy, words=lambda blank: blank.choices, kept=kept.get(each.ask))
            for each in questions
        ]

    def is_valid(self) -> bool:
        """Whether everything that was filled in can be kept; nothing has to be."""
        return self.is_bound and not self.errors

    def answers(self) -> dict[str, dict[str, Any]]:
        """What was answered, by question; what cannot be kept is left out."""
        for each in self.questions:
            each.full_clean()
        said = {each.question.ask: each.answers() for each in self.questions}
        return {ask: answers for ask, answers in said.items() if answers}

    @property
    def errors(self) -> dict[str, Any]:
        return {name: errors for each in self.questions for name, errors in each.errors.items()}

    @property
    def non_field_errors(self) -> list[str]:
        return [str(error) for each in self.questions for error in each.non_field_errors()]

    @property
    def hidden_fields(self) -> list[BoundField]:
        return []

    def __iter__(self) -> Iterator[BoundField]:
        for each in self.questions:
            yield from each
