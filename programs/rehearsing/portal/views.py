"""Pages of rehearsals: beginning one, its way in, and the buttons by which its time passes."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chiron.design import csp, errors
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.policy.access import program_for
from programs.rehearsing import showing
from programs.rehearsing.entering import way_in, whom_it_lets_in
from programs.rehearsing.portal.forms import BeginForm, LaterForm
from programs.rehearsing.services import begin_rehearsal, let_in, parts_to_rehearse
from tenants import context, rehearsals
from tenants.models import Society
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, staff


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(*RUNS_PROGRAMS)
def begin(request: SocietyRequest, slug: str) -> HttpResponse:
    """What a rehearsal is, and the button that makes one; also the way back into the one that is under way."""
    program = program_for(request.person, slug, *RUNS_PROGRAMS)
    version = program.versions.first()
    if version is None or request.society.is_rehearsal:
        raise Http404
    parts = parts_to_rehearse(version.policy)
    form = BeginForm(request.POST or None, parts=[part.name for part in parts])
    if request.method == "POST" and form.is_valid():
        try:
            begin_rehearsal(program=program, part=form.cleaned_data["part"], society=request.society, by=request.person)
        except DomainError as error:
            form.add_error(None, error.message)
        else:  # no form of ours may lead to another host, so the way in is a link of the page that follows
            messages.success(request, _("Your rehearsal is ready."))
            return redirect("rehearsing:begin", program.slug)
    under_way = rehearsals.of_person(request.society, request.person)
    values = {
        "program": program,
        "form": form,
        "parts": parts,
        "not_rehearsed": [part.name for part in version.policy.parts if part not in parts],
        "under_way": under_way,
        "way_in": way_in(under_way, request.person) if under_way else "",
    }
    return render(request, "rehearsing/begin.html", values, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Into the rehearsal, by one button: a link alone changes nothing."""
    if not _rehearses(request):
        raise Http404
    try:
        account = whom_it_lets_in(token)
    except DomainError as error:
        return errors.refused(request, error)
    if request.method == "POST":
        login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
        return redirect("rehearsing:overview")
    return render(request, "rehearsing/enter.html")


@require_safe
@never_cache
@staff(*RUNS_PROGRAMS)
def overview(request: SocietyRequest) -> HttpResponse:
    """Which day it is here, what to do next, and the buttons that let time pass."""
    _must_rehearse(request)
    cycle = showing.session()
    steps = showing.steps(cycle) if cycle else []
    values = {
        "cycle": cycle,
        "steps": steps,
        "now": next((step for step in steps if not step.done), None),
        "today": clock.today(request.society.zone),
        "until": request.society.passing_until,
        "mails": showing.mails_written(),
        "rehearsed_for": request.society.rehearsed_for,
    }
    response = render(request, "rehearsing/overview.html", values)
    if request.headers.get("HX-Request") and request.society.passing_until is None:
        response.headers["HX-Refresh"] = "true"  # it is another day, and the whole page says so
    response.headers[csp.HEADER] = csp.policy(form_action=_society(request).url("/"))  # where its end leads
    return response


@require_POST
@staff(*RUNS_PROGRAMS)
def later(request: SocietyRequest) -> HttpResponse:
    """Let days pass. A second press while they do changes nothing."""
    _must_rehearse(request)
    form = LaterForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        rehearsals.let_time_pass(rehearsal=request.society, days=form.cleaned_data["days"])
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("rehearsing:overview")


@require_POST
@staff(*RUNS_PROGRAMS)
def let_everybody_in(request: SocietyRequest) -> HttpResponse:
    """Decide about all who wait for a word of staff; pressed twice, nobody waits the second time."""
    _must_rehearse(request)
    if cycle := showing.session():
        count = let_in(cycle=cycle, by=request.person)
        said = ngettext("%(count)d person can take part now.", "%(count)d people can take part now.", count)
        messages.success(request, said % {"count": count})
    return redirect("rehearsing:overview")


@require_POST
@staff(*RUNS_PROGRAMS)
def end(request: SocietyRequest) -> HttpResponse:
    """Make it all go away, and back to the society."""
    _must_rehearse(request)
    rehearsals.end(rehearsal=request.society)
    return redirect(_society(request).url("/staff/programs/"))


def _society(request: SocietyRequest) -> Society:
    """The society whose rehearsal this is."""
    with context.platform():
        return Society.objects.defer("logo").get(rehearsals=request.society)


def _rehearses(request: HttpRequest) -> bool:
    society = getattr(request, "society", None)
    return society is not None and society.is_rehearsal


def _must_rehearse(request: SocietyRequest) -> None:
    if not _rehearses(request):
        raise Http404
