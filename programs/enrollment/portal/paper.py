"""A sign-up form to print: every question with room to write, for whoever fills it in by hand or over the phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from programs.enrollment.drafts import questions_of, words_of
from programs.enrollment.portal.joining import address_of, around, open_cycle
from programs.policy.describing import promises
from programs.policy.document import Blank, Policy, Question
from programs.policy.models import Cycle
from programs.policy.words import STAGES


@dataclass(frozen=True)
class Space:
    """A blank on paper: boxes to tick, or lines to write on."""

    label: str
    boxes: tuple[str, ...]
    rows: tuple[str, ...]
    lines: range


@dataclass(frozen=True)
class Asked:
    """A question on paper, and whom it is for if not for everybody."""

    text: str
    help: str
    whom: str
    only_if: str
    spaces: tuple[Space, ...]


@require_safe
@never_cache
def paper(request: HttpRequest, pk: UUID, role: str) -> HttpResponse:
    """The empty form. It knows nobody, so anybody may print it."""
    cycle = open_cycle(pk, role, address_of(request))
    context = around(cycle, role) | {
        "stages": STAGES,
        "asked": list(_asked(cycle, role)),
        "promises": promises(cycle.version.policy, cycle.settings, role),
    }
    return render(request, "enrollment/paper.html", context)


def _asked(cycle: Cycle, role: str) -> Iterator[Asked]:
    policy = cycle.version.policy
    questions = questions_of(cycle.settings, role, None)
    texts = {blank.name: question.text for question in questions for blank in question.blanks}
    for question in questions:
        yield Asked(
            text=policy.filled(question.text),
            help=policy.filled(question.help or ""),
            whom=", ".join(word for word in question.for_ if word in STAGES),
            only_if=_only_if(question, texts),
            spaces=tuple(_space(policy, blank) for blank in question.blanks),
        )


def _only_if(question: Question, texts: dict[str, str]) -> str:
    """The condition of a question in the words of the one it depends on."""
    said = str(question.show_when) if question.show_when else ""
    for name, text in texts.items():
        said = said.replace(f"answers.{name} ", f"“{text}” ")
    return said


def _space(policy: Policy, blank: Blank) -> Space:
    boxes = tuple(str(step) for step in blank.scale) if blank.kind == "scale" else ()
    if blank.kind in ("choice", "choices", "ranking", "matrix"):
        boxes = tuple(words_of(policy, blank, stage=None))
    elif blank.kind == "yes or no":
        boxes = (blank.label or "",)
    label = "" if blank.kind == "yes or no" else blank.label or ""
    return Space(label, boxes, blank.rows, range(0 if boxes else 4 if blank.kind == "long text" else 1))
