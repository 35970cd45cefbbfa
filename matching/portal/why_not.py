"""Why these two are no pair: the full answer, what may be said, trying it, holding them, writing it down."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from chiron.kernel.errors import DomainError
from matching import notes, selectors
from matching.access import cycle_for
from matching.explaining.saying import may_be_said
from matching.explaining.why_not import Asked
from matching.models import MatchRun
from matching.portal.forms import NoteForm, SayForm, WhyNotForm
from programs.enrollment.models import Enrollment
from programs.policy.models import Cycle
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, staff


@require_safe
@never_cache
@staff(*RUNS_PROGRAMS)
def why_not(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """Why these two are no pair."""
    cycle = cycle_for(request.person, cycle_pk)
    run = run_of(cycle)
    whole = "mentee" in request.GET and "mentor" in request.GET
    form = WhyNotForm(request.GET if whole else None, run=run, initial=request.GET.dict())
    context: dict[str, Any] = {"cycle": cycle, "form": form, "is_draft": run.state == MatchRun.State.DRAFT}
    if whole and form.is_valid():
        context |= _answered(run, form.cleaned_data)
    return render(request, "matching/why_not.html", context)


def _answered(run: MatchRun, who: dict[str, str]) -> dict[str, Any]:
    mentee, mentor = two_of(run.cycle, who["mentee"], who["mentor"])
    said = may_be_said(run, mentee, mentor)
    told = _("Told the mentee: %(said)s") % {"said": said.to_mentee}
    return {
        "answer": Asked(run, who["mentee"], who["mentor"]).answer(),
        "mentee": mentee,
        "mentor": mentor,
        "said": said,
        "seen": selectors.word_on(run.cycle, mentee.pk, mentor.pk),
        "held": notes.is_held(mentee, mentor),
        "notes": notes.notes_on(mentee, mentor),
        "note_form": NoteForm(initial={"key": uuid4(), "text": told}),
        "query": urlencode({"mentee": mentee.pk, "mentor": mentor.pk}),
    }


@require_safe
@never_cache
@staff(*RUNS_PROGRAMS)
def try_it(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """All that would change if these two were a pair; nothing does before somebody keeps them."""
    cycle = cycle_for(request.person, cycle_pk)
    run = selectors.draft_of(cycle)
    if run is None or cycle.settings.in_groups:
        return redirect("desk:pairs", cycle.pk)
    run.cycle = cycle
    form = WhyNotForm(request.GET, run=run)
    if not form.is_valid():
        return redirect("desk:why_not", cycle.pk)
    asked = Asked(run, form.cleaned_data["mentee"], form.cleaned_data["mentor"])
    mentee, mentor = two_of(cycle, asked.mentee_id, asked.mentor_id)
    query = urlencode({"mentee": mentee.pk, "mentor": mentor.pk})
    try:
        tried = asked.tried()
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(f"{reverse('desk:why_not', args=[cycle.pk])}?{query}")
    context = {
        "cycle": cycle,
        "mentee": mentee,
        "mentor": mentor,
        "tried": tried,
        "aspect": asked.aspect,
        "query": query,
        "seen": selectors.word_on(cycle, mentee.pk, mentor.pk),
        "say_form": SayForm(),
    }
    return render(request, "matching/try_it.html", context)


@require_POST
@staff(*RUNS_PROGRAMS)
def hold(request: SocietyRequest, cycle_pk: UUID, mentee: UUID, mentor: UUID) -> HttpResponse:
    """Hold two people for the next session, or let them go."""
    cycle = cycle_for(request.person, cycle_pk)
    one, other = two_of(cycle, str(mentee), str(mentor))
    names = {"mentee": one.person.name, "mentor": other.person.name}
    try:
        if "let_go" in request.POST:
            notes.let_go(cycle=cycle, mentee=one, mentor=other, by=request.person)
            messages.success(request, _("%(mentee)s and %(mentor)s are held no longer.") % names)
        else:
            notes.hold_pair(cycle=cycle, mentee=one, mentor=other, by=request.person)
            said = _("Held. If %(mentee)s and %(mentor)s both come to the next session, you see it there.")
            messages.success(request, said % names)
    except DomainError as error:
        messages.error(request, error.message)
    return _back(cycle, one, other)


@require_POST
@staff(*RUNS_PROGRAMS)
def note(request: SocietyRequest, cycle_pk: UUID, mentee: UUID, mentor: UUID) -> HttpResponse:
    """Write something down about two people."""
    cycle = cycle_for(request.person, cycle_pk)
    one, other = two_of(cycle, str(mentee), str(mentor))
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("There is nothing to write down."))
        return _back(cycle, one, other)
    try:
        notes.add_note(cycle=cycle, mentee=one, mentor=other, by=request.person, **form.cleaned_data)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Written down. Your colleagues see it here."))
    return _back(cycle, one, other)


def run_of(cycle: Cycle) -> MatchRun:
    """The draft, or what was published last; Http404 if there is neither."""
    run = selectors.draft_of(cycle) or selectors.latest_published(cycle)
    if run is None or cycle.settings.in_groups:
        raise Http404
    run.cycle = cycle
    return run


def two_of(cycle: Cycle, mentee: str, mentor: str) -> tuple[Enrollment, Enrollment]:
    """Two sign-ups of a session."""
    people = Enrollment.objects.filter(cycle=cycle).select_related("person", "cycle")
    return get_object_or_404(people, pk=mentee), get_object_or_404(people, pk=mentor)


def _back(cycle: Cycle, mentee: Enrollment, mentor: Enrollment) -> HttpResponse:
    query = urlencode({"mentee": mentee.pk, "mentor": mentor.pk})
    return redirect(f"{reverse('desk:why_not', args=[cycle.pk])}?{query}")
