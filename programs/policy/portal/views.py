"""Programs as their staff see them: the list, one program in words, its settings, and new sessions."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.policy.access import program_for, programs_seen
from programs.policy.document import Policy, diff
from programs.policy.models import Cycle, Program
from programs.policy.offered import stands
from programs.policy.overview import in_full
from programs.policy.portal.forms import SessionForm
from programs.policy.services import hide_program, open_cycle, show_program
from tenants.people.access import EVERY_KIND, RUNS_PROGRAMS, SocietyRequest, may, staff


@require_safe
@staff(*EVERY_KIND)
def programs(request: SocietyRequest) -> HttpResponse:
    """Every program with its sessions, and the way to another one."""
    seen = programs_seen(request.person, *EVERY_KIND).prefetch_related("cycles")
    today = clock.today(request.society.zone)
    rows = [(each, [(cycle, stands(cycle, today)) for cycle in each.cycles.all()]) for each in seen]
    context = {"programs": rows, "may_start": may(request.person, *RUNS_PROGRAMS)}
    return render(request, "policy/programs.html", context)


@require_safe
@staff(*EVERY_KIND)
def program(request: SocietyRequest, slug: str) -> HttpResponse:
    """One program: its sessions, and its settings in words."""
    shown = program_for(request.person, slug, *EVERY_KIND)
    versions = list(shown.versions.select_related("created_by"))
    if not versions:
        raise Http404
    newest, cycles = versions[0], list(shown.cycles.all())
    older = versions[1].policy if len(versions) > 1 else None
    context = {
        "program": shown,
        "policy": newest.policy,
        "version": newest,
        "versions": versions,
        "changes": [str(change) for change in diff(older, newest.policy)] if older else [],
        "cycles": [(cycle, stands(cycle, clock.today(request.society.zone))) for cycle in cycles],
        "has_opened": any(cycle.state != Cycle.State.DRAFT for cycle in cycles),
        "parts": in_full(newest.policy),
        "may_change": may(request.person, *RUNS_PROGRAMS, program_id=shown.pk),
    }
    return render(request, "policy/program.html", context)


@require_POST
@staff(*RUNS_PROGRAMS)
def show(request: SocietyRequest, slug: str) -> HttpResponse:
    """Show a program before its first session, or take it off the list again."""
    shown = program_for(request.person, slug, *RUNS_PROGRAMS)
    try:
        if request.POST.get("shown") == "no":
            hide_program(program=shown, by=request.person)
            messages.success(request, _("Visitors do not see it any more. You still do."))
        else:
            show_program(program=shown, by=request.person)
            messages.success(request, _("Everybody can see it now, and say that they are interested."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("programs:program", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def new_session(request: SocietyRequest, slug: str) -> HttpResponse:
    """Prepare a session; nobody outside the staff sees it before sign-up opens."""
    shown, policy = _newest(request, slug)
    today = clock.today(request.society.zone)
    form = SessionForm(request.POST or None, policy=policy, today=today)
    if form.is_valid():
        try:
            cycle = open_cycle(program=shown, **form.cleaned_data, today=today, by=request.person)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The session is prepared. Look at its dates, then open sign-up."))
            return redirect("sessions:board", cycle.pk)
    context = {"program": shown, "policy": policy, "form": form}
    return render(request, "policy/new_session.html", context, status=422 if form.errors else 200)


def _newest(request: SocietyRequest, slug: str) -> tuple[Program, Policy]:
    """A program that the person runs, with its newest settings."""
    shown = program_for(request.person, slug, *RUNS_PROGRAMS)
    version = shown.versions.first()
    if version is None:
        raise Http404
    return shown, version.policy
