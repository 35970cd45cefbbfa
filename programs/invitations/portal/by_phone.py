"""Filling in a sign-up for somebody on the phone, question after question; they say yes on a page of their own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from chiron.kernel.errors import DomainError
from programs.enrollment.drafts import Draft, Line
from programs.enrollment.fitting import decision_of, wanted_facts
from programs.enrollment.portal.first_page import known_facts, somebody
from programs.enrollment.selectors import people_seen
from programs.enrollment.services import why_no_sign_ups
from programs.invitations import spoken
from programs.invitations.models import SpokenSignUp
from programs.invitations.portal.forms import SpokenForm
from programs.invitations.portal.staff import MOST_FOUND, picked, seen_by
from programs.policy.access import cycle_for, cycles_seen
from programs.policy.rules import Answer
from tenants.people.access import SEES_NAMES, SocietyRequest, staff


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(*SEES_NAMES)
def start(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Who is on the phone, and the facts that decide; below, whose yes is waited for."""
    cycle = cycle_for(request.person, pk, *SEES_NAMES)
    if refused := why_no_sign_ups(cycle):
        messages.error(request, refused)
        return redirect("sessions:board", pk)
    person = picked(request, *SEES_NAMES)
    names = {name: getattr(person, name) for name in ("given_name", "family_name", "email")} if person else {}
    wanted = wanted_facts(cycle.settings.eligible.values())
    initial = known_facts(person, {}) | names
    form = SpokenForm(request.POST or None, cycle=cycle, person=person, wanted=wanted, initial=initial)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("role", "given_name", "family_name", "email")}
        try:
            begun = spoken.start(cycle=cycle, person=person, facts=form.facts(), by=request.person, **said)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return redirect("by_phone:look", begun.pk)
    name = request.GET.get("q", "").strip()
    context = {
        "cycle": cycle,
        "form": form,
        "person": person,
        "wanted": name,
        "found": people_seen(seen_by(request, *SEES_NAMES), name=name)[:MOST_FOUND] if name else (),
        "waiting": cycle.spoken_sign_ups.filter(state__in=spoken.OPEN).select_related("by"),
    }
    return render(request, "invitations/by_phone.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(*SEES_NAMES)
def look(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Everything that was said so far, the next question, and the button that asks for their yes."""
    found = _mine(request, pk)
    if request.method == "POST":
        try:
            spoken.ask_for_yes(spoken=found, by=request.person)
            messages.success(request, _("%(name)s gets a mail, and says yes there.") % {"name": found.called})
        except DomainError as error:
            messages.error(request, error.message)
        return redirect("by_phone:look", pk)
    return render(request, "invitations/spoken_look.html", _around(found))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(*SEES_NAMES)
def question(request: SocietyRequest, pk: UUID, ask: str) -> HttpResponse:
    """One question, as the person on the phone answers it."""
    found = _mine(request, pk)
    draft = spoken.draft(found)
    asked = draft.find(ask)
    if asked is None or spoken.is_theirs(asked) or found.state not in spoken.OPEN:
        return redirect("by_phone:look", pk)
    form = draft.form(asked, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            spoken.fill_in(spoken=found, question=asked, said=form.answers(), by=request.person)
        except DomainError as error:
            messages.error(request, error.message)
        after = spoken.draft(found).next
        return redirect("by_phone:question", pk, after.ask) if after else redirect("by_phone:look", pk)
    context = _around(found) | {"form": form, "question": asked, "place": draft.place(asked)}
    return render(request, "invitations/spoken_question.html", context, status=422 if form.errors else 200)


@require_POST
@staff(*SEES_NAMES)
def take_away(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Let it be: what was filled in is forgotten."""
    found = _mine(request, pk)
    try:
        spoken.take_away(spoken=found, by=request.person)
        messages.success(request, _("What was filled in for %(name)s is forgotten.") % {"name": found.called})
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("by_phone:look", pk)
    return redirect("by_phone:start", found.cycle_id)


def _mine(request: SocietyRequest, pk: UUID) -> SpokenSignUp:
    seen = SpokenSignUp.objects.filter(cycle__in=cycles_seen(request.person, *SEES_NAMES).order_by())
    return get_object_or_404(seen.select_related("cycle__program", "cycle__version", "person", "by"), pk=pk)


def _line(draft: Draft, line: Line) -> tuple[Line, bool, bool]:
    """A question with its answer, whether it is theirs alone, and whether it was asked."""
    return line, spoken.is_theirs(line.question), line.question.ask in draft.response.answers


def _around(found: SpokenSignUp) -> dict[str, Any]:
    context: dict[str, Any] = {"spoken": found, "cycle": found.cycle, "program": found.cycle.program}
    if found.state not in spoken.OPEN:
        return context
    draft, cycle = spoken.draft(found), found.cycle
    me = somebody(draft.first, found.person)
    decision = decision_of(cycle.settings, found.role, me, cycle.starts_on)
    reasons = dict.fromkeys(str(each.sentence) for each in decision.reasons)
    return context | {
        "draft": draft,
        "called": cycle.settings.roles[found.role].called,
        "lines": [_line(draft, line) for line in draft.lines()],
        "may_ask_again": spoken.may_ask(found),
        "refused": list(reasons) if decision.answer is Answer.NO else (),
    }
