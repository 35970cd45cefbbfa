"""The desk: look at suggested pairs, have a say in them, publish them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from chiron.design.paging import Paginator
from chiron.kernel.errors import DomainError
from matching import notes, selectors, services, working
from matching.access import cycle_for
from matching.explaining import privacy, words
from matching.models import MatchRun, PairDecision
from matching.portal import apart, groups
from matching.portal.forms import SayForm
from matching.publishing.portal.views import show_leaving
from matching.publishing.selectors import changes_in, refused, waiting_in
from matching.publishing.showing import next_best_of
from matching.showing import rows as showing
from matching.showing.apart import apart as others
from matching.showing.lists import Table
from matching.tasks import suggest_for, suggest_in_background
from programs.enrollment.models import Enrollment, Role
from programs.policy.models import Cycle
from programs.policy.services import change_state
from programs.wishing.rules import is_open, last_day
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, staff

PER_PAGE = 25
# Said where a word is overridden that was given on another page meanwhile.
OVERRIDDEN = {
    PairDecision.Kind.NEVER.value: gettext_lazy("It was ruled out meanwhile; now it is kept."),
    PairDecision.Kind.KEEP.value: gettext_lazy("It was kept meanwhile; now it is ruled out."),
}


@require_safe
@staff(*RUNS_PROGRAMS)
def pairs(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """The draft, or what was published last."""
    cycle = cycle_for(request.person, cycle_pk)
    if doing := working.look(cycle):
        return _working(request, cycle, doing)
    if (waiting := waiting_in(cycle)) and "which" not in request.GET:
        return show_leaving(request, cycle, waiting)
    if "HX-Request" in request.headers:  # asked by the page that waits: what it waited for is here
        return HttpResponse(headers={"HX-Refresh": "true"})
    if request.GET.get("which") == "others":
        return apart.look(request, cycle)
    if cycle.settings.in_groups:
        return groups.look(request, cycle)
    published = selectors.latest_published(cycle)
    draft = None if published and request.GET.get("which") == "published" else selectors.draft_of(cycle)
    run = draft or published
    if run is None:
        return apart.look(request, cycle)
    run.cycle = cycle
    table = Table(cycle, draft, query=request.GET.get("q", "").strip(), show=request.GET.get("show", "all"))
    page = Paginator(table.rows(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "cycle": cycle,
        "run": run,
        "table": table,
        "page": page,
        "rows": showing.rows_of(page.object_list, cycle),
        "weights": showing.weights_of(run),
        "decisions": list(selectors.decisions_of(cycle)[:20]),
        "back": notes.back_again(cycle),
        "held": notes.held_in(cycle),
    }
    if draft is None:
        context |= {"count": table.all.count(), "answers": selectors.answers_to(table.all)}
        context |= {"draft": selectors.draft_of(cycle), "waiting": selectors.waiting_in(cycle)}
        context |= {"next_best": next_best_of(cycle), "changes": changes_in(cycle), "others": others(cycle).count()}
        return render(request, "matching/published.html", context)
    cut = selectors.was_cut(draft)
    context |= {
        "published": published,
        "refused": refused(draft),
        "numbers": showing.numbers_of(draft),
        "legend": words.LEGEND_OF_LISTS if draft.by_lists else words.LEGEND,
        "wishes_changed": cycle.settings.matching.wishes is not None and selectors.wishes_changed(draft),
        "wishes_until": last_day(cycle) if is_open(cycle) else None,
        "cut": cut,
        "mentees_left": showing.left_of(draft, Role.MENTEE, cut=cut),
        "mentors_left": showing.left_of(draft, Role.MENTOR, cut=cut),
        "changed": selectors.people_changed(draft, cycle),
        "joined": selectors.joined_since(draft),
        "contradicted": selectors.contradicted(draft).count(),
        "settings_changed": draft.version_id != cycle.version_id,
    }
    return render(request, "matching/draft.html", context)


@require_POST
@staff(*RUNS_PROGRAMS)
def suggest(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    cycle = cycle_for(request.person, cycle_pk)
    try:
        with transaction.atomic():
            if "close_sign_up" in request.POST:
                cycle = change_state(cycle=cycle, to=Cycle.State.MATCHING, by=request.person)
            if selectors.is_long(cycle):
                working.begin(cycle)
                suggest_in_background.after_commit(cycle_id=cycle.pk, by_id=request.person.pk)
                return redirect("desk:pairs", cycle_pk)
            run = suggest_for(cycle, request.person)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        if cycle.settings.in_groups:
            groups.suggested(request, run)
            return redirect("desk:pairs", cycle_pk)
        count = run.pairs.count()
        said = ngettext("%(count)d pair suggested, and checked.", "%(count)d pairs suggested, and checked.", count)
        messages.success(request, said % {"count": count})
    return redirect("desk:pairs", cycle_pk)


def _working(request: SocietyRequest, cycle: Cycle, doing: working.Working) -> HttpResponse:
    """How far the worker is; what it was refused is told once."""
    if doing.refused:
        working.end(cycle)
        messages.error(request, doing.refused)
        return redirect("desk:pairs", cycle.pk)
    return render(request, "matching/working.html", {"cycle": cycle, "working": doing})


@require_safe
@staff(*RUNS_PROGRAMS)
def pair(request: SocietyRequest, cycle_pk: UUID, pk: UUID) -> HttpResponse:
    """Why these two."""
    cycle = cycle_for(request.person, cycle_pk)
    shown = get_object_or_404(selectors.pairs_of(cycle), pk=pk)
    context = {
        "cycle": cycle,
        "row": showing.rows_of([shown], cycle)[0],
        "pair": shown,
        "is_draft": shown.run.state == MatchRun.State.DRAFT,
        "parts": showing.parts_of(shown),
        "to_mentee": privacy.sentences_for_staff(shown),
        "one_more": privacy.has_private_part(shown),
        "runner_up": showing.runner_up(shown),
        "margin": None if shown.margin is None else words.points(shown.margin),
        "answers": shown.mentorship and shown.mentorship.participations.select_related("person"),
        "form": SayForm(),
    }
    return render(request, "matching/pair.html", context)


@require_POST
@staff(*RUNS_PROGRAMS)
def say(request: SocietyRequest, cycle_pk: UUID, mentee: UUID, mentor: UUID) -> HttpResponse:
    """Keep a pair, or rule it out."""
    cycle = cycle_for(request.person, cycle_pk)
    people = Enrollment.objects.filter(cycle=cycle).select_related("person", "cycle")
    form = SayForm(request.POST)
    if not form.is_valid():
        raise Http404
    before = selectors.word_on(cycle, mentee, mentor)
    shown, _hash, row = form.cleaned_data["here"].partition("#")
    try:
        decision = services.decide_pair(
            cycle=cycle,
            mentee=get_object_or_404(people, pk=mentee),
            mentor=get_object_or_404(people, pk=mentor),
            kind=PairDecision.Kind(form.cleaned_data["kind"]),
            reason=form.cleaned_data["reason"],
            by=request.person,
            aspect=form.cleaned_data["aspect"],
        )
    except DomainError as error:
        messages.error(request, error.message)
        row = ""
    else:
        messages.success(request, _noted(decision))
        if before not in ("", decision.kind, form.cleaned_data["seen"]):
            messages.warning(request, OVERRIDDEN[before])
            row = ""
    return redirect(
        reverse("desk:pairs", args=[cycle_pk]) + (f"?{shown}" if shown else "") + (f"#{row}" if row else "")
    )


def _noted(decision: PairDecision) -> str:
    names = {"mentee": decision.mentee.person.name, "mentor": decision.mentor.person.name}
    if decision.kind == PairDecision.Kind.KEEP:
        return _("%(mentee)s and %(mentor)s stay together in every suggestion.") % names
    return _("%(mentee)s and %(mentor)s are never suggested again. Suggest again to see who comes instead.") % names


@require_POST
@staff(*RUNS_PROGRAMS)
def take_back(request: SocietyRequest, cycle_pk: UUID, decision: UUID) -> HttpResponse:
    cycle = cycle_for(request.person, cycle_pk)
    said = get_object_or_404(selectors.decisions_of(cycle), pk=decision)
    services.forget_decision(decision=said, by=request.person)
    messages.success(request, _("Taken back. Suggest again to see what changes."))
    return redirect("desk:pairs", cycle_pk)


@require_safe
@staff(*RUNS_PROGRAMS)
def left(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """Who has nobody, and why."""
    cycle = cycle_for(request.person, cycle_pk)
    run = _run(cycle)
    cut = selectors.was_cut(run)
    context = {
        "cycle": cycle,
        "mentees": showing.left_of(run, Role.MENTEE, cut=cut),
        "mentors": showing.left_of(run, Role.MENTOR, cut=cut),
    }
    return render(request, "matching/left.html", context)


def _run(cycle: Cycle) -> MatchRun:
    run = selectors.draft_of(cycle) or selectors.latest_published(cycle)
    if run is None or cycle.settings.in_groups:
        raise Http404
    return run
