"""Three-valued logic after Kleene: unknown is not no, and it stays unknown unless the rest decides."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Answer(StrEnum):
    """What can be said of a person: yes, no, or not yet."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, value: bool | None) -> Answer:
        """True, False and None as answers."""
        return cls.UNKNOWN if value is None else cls.YES if value else cls.NO

    def opposite(self) -> Answer:
        """Yes for no and no for yes; unknown stays."""
        return {Answer.YES: Answer.NO, Answer.NO: Answer.YES}.get(self, self)


def all_of(answers: Iterable[Answer]) -> Answer:
    """No if one is no, else unknown if one is unknown, else yes."""
    seen = set(answers)
    return next((answer for answer in (Answer.NO, Answer.UNKNOWN) if answer in seen), Answer.YES)


def any_of(answers: Iterable[Answer]) -> Answer:
    """Yes if one is yes, else unknown if one is unknown, else no."""
    return all_of(answer.opposite() for answer in answers).opposite()
