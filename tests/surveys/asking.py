"""Questions to ask in tests, and forms to answer them."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from programs.policy.document import Policy, Question, load_policy
from programs.surveys.forms import QuestionForm
from tests.policy.documents import MINIMAL

POLICY: Policy = load_policy(MINIMAL)


def question(**blank: Any) -> Question:
    """A question with one blank of these settings."""
    return Question.model_validate({"ask": "q", "text": "What?", "blanks": [{"name": "q", **blank}]})


def form(asked: Question, data: Any = None, files: Any = None, kept: Any = None) -> QuestionForm:
    """Its form, filled in."""
    before = {"q": kept} if kept is not None else None
    return QuestionForm(data, files, question=asked, policy=POLICY, words=lambda blank: blank.choices, kept=before)


def said(asked: Question, **data: Any) -> Any:
    """What is kept of an answer; the form must take it."""
    filled = form(asked, data)
    assert filled.errors == {}
    return filled.answers().get("q")


def faults(asked: Question, **data: Any) -> dict[str, list[str]]:
    """What the form says is wrong with an answer."""
    return {name: [str(each) for each in told] for name, told in form(asked, data).errors.items()}


def brought(content: bytes, name: str = "cv.pdf") -> dict[str, SimpleUploadedFile]:
    """A file in a form."""
    return {"q": SimpleUploadedFile(name, content)}
