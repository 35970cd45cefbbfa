"""Look at every mail, decide who is asked and when, publish, and stop it as long as nothing has left."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching import selectors
from matching.access import cycle_for
from matching.council.selectors import open_ballot
from matching.models import MatchRun
from matching.publishing import leaving, sending
from matching.publishing.fewer import keep_best
from matching.publishing.models import Publication
from matching.publishing.others import cases_of, undecided_in
from matching.publishing.portal.forms import PlanForm
from matching.publishing.previews import Preview, preview_of, preview_of_groups, preview_of_others
from matching.publishing.selectors import plan_of, refused, to_begin
from matching.publishing.showing import outlook_on
from programs.policy.models import Cycle
from tenants import allowance
from tenants.allowance import Thing
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, staff


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(*RUNS_PROGRAMS)
def publish(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """First what would be written and to how many; then, by the button, for good."""
    cycle = cycle_for(request.person, cycle_pk)
    if request.method == "POST":
        return _publish(request, cycle)
    run = _draft(cycle)
    if run is None or plan_of(run).state == Publication.State.WAITING:
        return redirect("desk:pairs", cycle_pk)
    return _preview(request, run, PlanForm(plan=plan_of(run), cases=cases_of(run)))


def _publish(request: SocietyRequest, cycle: Cycle) -> HttpResponse:
    """What the button does is what the page showed: whoever chose otherwise sees the mails once more."""
    run = get_object_or_404(cycle.match_runs, pk=_uuid(request.POST.get("run", "")))
    run.cycle = cycle
    planned = plan_of(run)
    form = PlanForm(request.POST, plan=planned, cases=cases_of(run))
    again = run.state == MatchRun.State.PUBLISHED or planned.state == Publication.State.WAITING
    again = again or not {"asked_first", "day"} & request.POST.keys()  # nothing was chosen, so it goes as planned
    if not again and not form.is_valid():
        return _preview(request, run, form, status=422)
    try:
        if not again and form.says_otherwise(planned):
            leaving.plan(run=run, by=request.person, **form.said())
            messages.success(request, _("This is how it would be. Look at the mails, then publish."))
            return redirect("desk:publish", cycle.pk)
        if not again and "look" in request.POST:
            return redirect("desk:publish", cycle.pk)
        leaving.publish_later(run=run, by=request.person)
    except DomainError as error:
        if error.field and error.field in form.fields:
            form.add_error(error.field, error.message)
            return _preview(request, run, form, status=422)
        messages.error(request, error.message)
    return redirect("desk:pairs", cycle.pk)


def _preview(request: SocietyRequest, run: MatchRun, form: PlanForm, *, status: int = 200) -> HttpResponse:
    planned = plan_of(run)
    context = {
        "cycle": run.cycle,
        "run": run,
        "form": form,
        "plan": planned,
        "mails": _mails(run, planned),
        "others": preview_of_others(planned, [each.case for each in form.cases]),
        "undecided": undecided_in(run.cycle),
        "outlook": outlook_on(run, planned.asked_first),
        "refused": refused(run),
        "ballot": open_ballot(run.cycle),
        "too_many": allowance.refusal_here(Thing.PUBLISH, pairs=to_begin(run)),
    }
    return render(request, "publishing/publish.html", context, status=status)


def _mails(run: MatchRun, planned: Publication) -> list[Preview]:
    return preview_of_groups(run) if run.cycle.settings.in_groups else list(preview_of(run, planned.asked_first))


@require_POST
@staff(*RUNS_PROGRAMS)
def fewer(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """Leave as many in the draft as there is room for; the mails are shown once more."""
    cycle = cycle_for(request.person, cycle_pk)
    run = _draft(cycle)
    said = allowance.refusal_here(Thing.PUBLISH, pairs=to_begin(run)) if run else None
    if run is None or said is None or said.room is None:
        return redirect("desk:publish", cycle_pk)
    try:
        taken_out = keep_best(run=run, count=said.room, by=request.person)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        told = ngettext(
            "%(count)d was taken out. Whoever was in it waits for your next suggestion.",
            "%(count)d were taken out. Whoever was in them waits for your next suggestion.",
            taken_out,
        )
        messages.success(request, told % {"count": taken_out})
    return redirect("desk:publish", cycle_pk)


@require_POST
@staff(*RUNS_PROGRAMS)
def send_me(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """One of each, to whoever looks."""
    cycle = cycle_for(request.person, cycle_pk)
    run = _draft(cycle)
    if run is None:
        return redirect("desk:pairs", cycle_pk)
    planned = plan_of(run)
    looked_at = [*_mails(run, planned), *preview_of_others(planned, cases_of(run))]
    sent = sending.send_me_one_of_each(mails=[each.mail for each in looked_at], me=request.person)
    said = ngettext("%(count)d mail is on its way to you.", "%(count)d mails are on their way to you.", sent)
    messages.success(request, said % {"count": sent} + " " + _("Their links work once pairs are published."))
    return redirect("desk:publish", cycle_pk)


@require_POST
@staff(*RUNS_PROGRAMS)
def stop(request: SocietyRequest, cycle_pk: UUID, publication: UUID) -> HttpResponse:
    """Take everything back."""
    cycle = cycle_for(request.person, cycle_pk)
    found = get_object_or_404(Publication.objects.filter(run__cycle=cycle), pk=publication)
    try:
        leaving.stop(publication=found, by=request.person)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Stopped. Nobody was written to, and the draft is a draft again."))
    return redirect("desk:pairs", cycle_pk)


@require_POST
@staff(*RUNS_PROGRAMS)
def now(request: SocietyRequest, cycle_pk: UUID, publication: UUID) -> HttpResponse:
    """Do not wait any longer."""
    cycle = cycle_for(request.person, cycle_pk)
    found = get_object_or_404(Publication.objects.filter(run__cycle=cycle), pk=publication)
    done = leaving.leave_now(publication=found, by=request.person)
    if done.state == Publication.State.DONE:
        messages.success(request, _("Published. The mails are on their way."))
    elif done.trouble:
        messages.error(request, done.trouble)
    return redirect("desk:pairs", cycle_pk)


def show_leaving(request: SocietyRequest, cycle: Cycle, waiting: Publication) -> HttpResponse:
    """What leaves unless somebody stops it."""
    assert waiting.leaves_at is not None, "What waits has a time."
    waiting.run.cycle = cycle
    context = {
        "cycle": cycle,
        "publication": waiting,
        "outlook": outlook_on(waiting.run, waiting.asked_first),
        "minutes": max(1, -(-int((waiting.leaves_at - clock.now()).total_seconds()) // 60)),
        "is_over": waiting.leaves_at <= clock.now(),
    }
    return render(request, "publishing/leaving.html", context)


def _draft(cycle: Cycle) -> MatchRun | None:
    """The draft, if there is anything in it."""
    run = selectors.draft_of(cycle)
    if run is None or not (run.groups if cycle.settings.in_groups else run.pairs).exists():
        return None
    run.cycle = cycle
    return run


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
