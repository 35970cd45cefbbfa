"""The sets of questions that ship, as surveys ask them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from programs.policy.document import Blank, Question
from programs.policy.document.library import shipped
from programs.surveys.kinds.numbers import labelled

# Whether a comment may be quoted is a blank of this name beside it.
MAY_QUOTE: Final = "may_quote"
# The question whether somebody would take part again, and the answer that counts as a yes.
AGAIN, YES = "again", "yes"
COUNTED: Final = ("scale", "choice")
SAID: Final = ("long text", "short text")


@dataclass(frozen=True)
class QuestionSet:
    """Questions that are asked together."""

    name: str
    title: str
    about: str
    questions: Sequence[Question]


@cache
def question_set(name: str) -> QuestionSet:
    """The set of a name; KeyError if none ships under it."""
    data = shipped("surveys")[name]
    return QuestionSet(
        name, data["title"], data["about"], [Question.model_validate(each) for each in data["questions"]]
    )


def counted(questions: Sequence[Question]) -> Iterator[tuple[Question, Blank]]:
    """The questions whose answers are counted."""
    yield from ((each, blank) for each in questions for blank in each.blanks if blank.kind in COUNTED)


def said(questions: Sequence[Question]) -> Iterator[tuple[Question, Blank]]:
    """The questions that are answered in words."""
    yield from ((each, blank) for each in questions for blank in each.blanks if blank.kind in SAID)


def options(blank: Blank) -> dict[str, str]:
    """What can be answered to a question that is counted, by how it is counted, in its order and in words."""
    if blank.kind == "scale":
        return {str(step): labelled(blank, step) for step in blank.scale}
    return {word: word for word in blank.choices}
