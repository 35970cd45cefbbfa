"""A sign-up form to print: every question with room to write, for whoever fills it in by hand or over the phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from programs.enrollment.drafts import questions_of, within_what_is_allowed, words_of
from programs.enrollment.fitting import wanted_facts
from programs.enrollment.portal.first_page import FactsForm, facts_said
from programs.enrollment.portal.joining import address_of, around, open_cycle
from programs.enrollment.signing_up import draft_for
from programs.policy.describing import promises
from programs.policy.document import Blank, Policy, Question
from programs.policy.models import Cycle
from programs.policy.words import STAGES
from programs.surveys.forms import WHO_SEES_CHOICES
from programs.surveys.kinds.numbers import labelled
from programs.surveys.kinds.picks import RANKED
from tenants.people.access import person_of


@dataclass(frozen=True)
class Space:
    """A blank on paper: boxes to tick, or lines to write on."""

    label: str
    boxes: tuple[str, ...]
    rows: tuple[str, ...]
    lines: range
    hint: str = ""
    who_sees: tuple[str, ...] = ()
    """Who may read it, to be ticked too where the person decides that."""


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
    """The empty form, which knows nobody, so anybody may print it; or one's own answers, from the last look."""
    cycle = open_cycle(pk, role, address_of(request))
    if "answers" in request.GET and (filled := _filled(request, cycle, role)) is not None:
        return render(request, "enrollment/paper_answered.html", around(cycle, role) | filled)
    context = around(cycle, role) | {
        "facts": list(_facts(cycle, role)),
        "asked": list(_asked(cycle, role)),
        "promises": promises(cycle.version.policy, cycle.settings, role),
    }
    return render(request, "enrollment/paper.html", context)


def _filled(request: HttpRequest, cycle: Cycle, role: str) -> dict[str, Any] | None:
    """What somebody has answered so far; nothing for a visitor and for who has not begun."""
    person = person_of(request)
    draft = draft_for(person=person, cycle=cycle, role=role) if person is not None else None
    if person is None or draft is None:
        return None
    return {
        "person": person,
        "draft": draft,
        "facts": list(facts_said(draft)),
        "lines": list(draft.lines()),
        "promises": promises(cycle.version.policy, cycle.settings, role),
    }


def _asked(cycle: Cycle, role: str) -> Iterator[Asked]:
    policy = cycle.version.policy
    questions = [
        within_what_is_allowed(each, cycle.settings, role) for each in questions_of(cycle.settings, role, None)
    ]
    texts = {blank.name: question.text for question in questions for blank in question.blanks}
    for question in questions:
        yield Asked(
            text=policy.filled(question.text),
            help=policy.filled(question.help or ""),
            whom=", ".join(word for word in question.for_ if word in STAGES),
            only_if=_only_if(question, texts),
            spaces=tuple(_space(policy, blank) for blank in question.blanks),
        )


def _facts(cycle: Cycle, role: str) -> Iterator[Asked]:
    """What the first page asks, but for what a question asks of everybody."""
    questions = questions_of(cycle.settings, role, None)
    asked = {blank.fills for each in questions if not each.for_ and not each.show_when for blank in each.blanks}
    form = FactsForm(wanted=wanted_facts([cycle.settings.eligible.get(role)]))
    for name, field in form.fields.items():
        if name in asked:
            continue
        choices = field.choices if isinstance(field.widget, forms.RadioSelect) else ()  # type: ignore[attr-defined]
        boxes = tuple(str(label) for _value, label in choices)
        space = Space("", boxes, (), range(0 if boxes else 1))
        yield Asked(text=str(field.label), help=str(field.help_text), whom="", only_if="", spaces=(space,))


def _only_if(question: Question, texts: dict[str, str]) -> str:
    """The condition of a question in the words of the one it depends on."""
    said = str(question.show_when) if question.show_when else ""
    for name, text in texts.items():
        said = said.replace(f"answers.{name} ", f"“{text}” ")
    return said


def _space(policy: Policy, blank: Blank) -> Space:
    boxes = tuple(labelled(blank, step) for step in blank.scale) if blank.kind == "scale" else ()
    if blank.kind in ("choice", "choices", "ranking", "matrix"):
        boxes = tuple(words_of(policy, blank, stage=None))
    elif blank.kind == "yes or no":
        boxes = (blank.label or "",)
    label = "" if blank.kind == "yes or no" else blank.label or ""
    lines = 0 if boxes or blank.kind == "file" else 4 if blank.kind == "long text" else 1
    hint = " ".join(filter(None, (_how(blank, boxes), policy.filled(blank.used_for or ""))))
    who_sees = tuple(str(words) for _value, words in WHO_SEES_CHOICES) if blank.ask_who_sees else ()
    return Space(label, boxes, blank.rows, range(lines), hint, who_sees)


def _how(blank: Blank, boxes: tuple[str, ...]) -> str:
    """How an answer is given by hand, where a page would see to it."""
    if blank.kind == "file":
        return _("Bring it along, or add it on our pages when you sign in.")
    if blank.kind == "ranking":
        places = min(blank.most or RANKED, len(boxes))
        others = ", ".join(str(place) for place in range(2, places + 1))
        return _("Write 1 beside the most important, then %(others)s.") % {"others": others} if others else ""
    if blank.kind == "choices" and blank.most:
        said = ngettext("Choose one at most.", "Choose %(most)d at most.", blank.most)
        return said % {"most": blank.most}
    return ""
