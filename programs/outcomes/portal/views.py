"""A session's surveys as staff see them, what may be told of their answers, and the page for the board."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from chiron.kernel.errors import DomainError
from programs.outcomes import quoting
from programs.outcomes.asking import sample, send_now
from programs.outcomes.charts import drawn, summary
from programs.outcomes.pdf import report_pdf
from programs.outcomes.report import Opens, Report, report_of
from programs.outcomes.selectors import Sending, comments, results, sending_of, sendings
from programs.policy.access import cycle_for, cycles_seen
from programs.policy.models import Cycle
from programs.policy.services import FROZEN
from programs.surveys.models import Comment
from programs.surveys.portal.forms import SurveyForm
from programs.surveys.sets import question_set
from tenants.brands import brand_of
from tenants.people.access import EVERY_KIND, RUNS_PROGRAMS, SEES_NAMES, SocietyRequest, may, staff


@require_safe
@never_cache
@staff(*EVERY_KIND)
def surveys(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Every survey of a session: when, to whom, and how many answered."""
    cycle = cycle_for(request.person, pk, *EVERY_KIND)
    context = {"cycle": cycle, "sendings": sendings(cycle), "runs": _runs(request, cycle)}
    return render(request, "outcomes/surveys.html", context)


@require_safe
@never_cache
@staff(*EVERY_KIND)
def survey(request: SocietyRequest, pk: UUID, position: int) -> HttpResponse:
    """One survey: its questions as people see them, or what they answered once it is closed.

    What was written is for those who run the program; the others of the staff see figures.
    """
    cycle = cycle_for(request.person, pk, *EVERY_KIND)
    sending, runs = _sending(cycle, position), _runs(request, cycle)
    context = {
        "cycle": cycle,
        "sending": sending,
        "runs": runs,
        "may_send": runs and cycle.state in FROZEN,
        "form": None if sending.state == "closed" else _preview(sending),
        "results": drawn(results(sending)),
        "comments": comments(sending) if runs else [],
        "roles": {role: sending.called(role) for role in sending.survey.to},
    }
    return render(request, "outcomes/survey.html", context)


@require_POST
@staff(*RUNS_PROGRAMS)
def send(request: SocietyRequest, pk: UUID, position: int) -> HttpResponse:
    """Send a survey before its day."""
    cycle = cycle_for(request.person, pk, *RUNS_PROGRAMS)
    _sending(cycle, position)
    try:
        wave = send_now(cycle=cycle, position=position, by=request.person)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        count = wave.people.count()
        sent = ngettext("The survey goes to %(count)d person.", "The survey goes to %(count)d people.", count)
        messages.success(request, sent % {"count": count})
    return redirect("outcomes:survey", pk, position)


@require_POST
@staff(*RUNS_PROGRAMS)
def send_me(request: SocietyRequest, pk: UUID, position: int) -> HttpResponse:
    """The mails of a survey to whoever looks at it, and to nobody else."""
    cycle = cycle_for(request.person, pk, *RUNS_PROGRAMS)
    if _sending(cycle, position).state == "closed":
        messages.error(request, _("This survey is closed, so none of its mails leaves any more."))
    elif not request.person.email:
        messages.error(request, _("We know no mail address of yours to send it to."))
    else:
        page = request.society.url(reverse("outcomes:survey", args=[pk, position]))
        sample(cycle=cycle, position=position, to=request.person, link=page)
        messages.success(request, _("On their way to you alone: %(mail)s.") % {"mail": request.person.email})
    return redirect("outcomes:survey", pk, position)


@require_POST
@staff(*RUNS_PROGRAMS)
def quote(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Release a part of a comment into the report, or withhold it."""
    cycles = cycles_seen(request.person, *RUNS_PROGRAMS)
    found = Comment.objects.select_related("wave").filter(wave__cycle__in=cycles.order_by())
    comment = get_object_or_404(found, pk=pk)
    try:
        if "withhold" in request.POST:
            quoting.withhold(comment=comment, by=request.person)
        else:
            quoting.release(comment=comment, part=request.POST.get("part", ""), by=request.person)
            messages.success(request, _("It stands in the report."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("outcomes:survey", comment.wave.cycle_id, comment.wave.position)


@require_safe
@never_cache
@staff(*EVERY_KIND)
def report(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """The page for the board."""
    cycle = cycle_for(request.person, pk, *EVERY_KIND)
    page = report_of(cycle)
    context = {"cycle": cycle, "report": page, "chart": summary(page), "runs": _runs(request, cycle)}
    sees_names = may(request.person, *SEES_NAMES, program_id=cycle.program_id)
    context |= {"numbers": [(each, _behind(page, each.opens, sees_names=sees_names)) for each in page.figures]}
    return render(request, "outcomes/report.html", context)


def _behind(report: Report, opens: Opens | None, *, sees_names: bool) -> str:
    """What a number opens into: people for those who may see names, never answers but those that may be told."""
    if opens == Opens.ANSWERED:
        return reverse("outcomes:survey", args=[report.cycle.pk, report.survey])
    if opens is None or not sees_names:
        return ""
    if opens == Opens.MET:
        return reverse("keeping:keeping", args=[report.cycle.pk])
    people = reverse("sessions:people", args=[report.cycle.pk])
    return people if opens == Opens.SIGNED_UP else f"{people}?came={opens}"


@require_safe
@never_cache
@staff(*EVERY_KIND)
def report_file(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """The same page as a PDF."""
    cycle = cycle_for(request.person, pk, *EVERY_KIND)
    content = report_pdf(report_of(cycle), brand_of(request.society))
    name = f"{slugify(cycle.program.name)}-{slugify(cycle.name)}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _runs(request: SocietyRequest, cycle: Cycle) -> bool:
    return may(request.person, *RUNS_PROGRAMS, program_id=cycle.program_id)


def _sending(cycle: Cycle, position: int) -> Sending:
    sending = sending_of(cycle, position)
    if sending is None:
        raise Http404
    return sending


def _preview(sending: Sending) -> SurveyForm:
    """The questions as people see them."""
    return SurveyForm(
        questions=question_set(sending.survey.instrument).questions, policy=sending.cycle.version.policy, kept={}
    )
