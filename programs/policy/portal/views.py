"""Programs as their staff see them: the list, one program in words, its settings, and new sessions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.policy import templates
from programs.policy.access import program_for, programs_seen
from programs.policy.document import Policy, PolicyError, diff, dump_policy, load_policy
from programs.policy.models import Program
from programs.policy.overview import in_full
from programs.policy.portal.forms import SessionForm, SettingsForm, StartForm
from programs.policy.services import create_program, open_cycle, publish_version
from tenants.people.access import EVERY_KIND, RUNS_PROGRAMS, SocietyRequest, may, require, staff


@require_safe
@staff(*EVERY_KIND)
def programs(request: SocietyRequest) -> HttpResponse:
    """Every program with its sessions, and the templates that another can start from."""
    seen = programs_seen(request.person, *EVERY_KIND).prefetch_related("cycles")
    may_start = may(request.person, *RUNS_PROGRAMS)
    offered = [(name, templates.load(name)) for name in templates.names()] if may_start else []
    return render(request, "policy/programs.html", {"programs": seen, "templates": offered})


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def template(request: SocietyRequest, name: str) -> HttpResponse:
    """What a template would make, and the button that makes it."""
    require(request.person, *RUNS_PROGRAMS)
    if name not in templates.names():
        raise Http404
    policy = templates.load(name)
    form = StartForm(
        request.POST or None, initial={"title": policy.title, "contact": request.society.contact_mail or policy.contact}
    )
    if form.is_valid():
        own = policy.model_copy(update=form.cleaned_data)
        try:
            program = create_program(policy=own, by=request.person)
        except DomainError as error:
            form.add_error("title", error.message)
        else:
            messages.success(request, _("%(name)s is there. Open its first session next.") % {"name": program.name})
            return redirect("programs:program", program.slug)
    context = {"policy": policy, "parts": in_full(policy), "form": form}
    return render(request, "policy/template.html", context, status=422 if form.errors else 200)


@require_safe
@staff(*EVERY_KIND)
def program(request: SocietyRequest, slug: str) -> HttpResponse:
    """One program: its sessions, and its settings in words."""
    shown = program_for(request.person, slug, *EVERY_KIND)
    versions = list(shown.versions.select_related("created_by"))
    if not versions:
        raise Http404
    newest = versions[0]
    older = versions[1].policy if len(versions) > 1 else None
    context = {
        "program": shown,
        "policy": newest.policy,
        "version": newest,
        "versions": versions,
        "changes": [str(change) for change in diff(older, newest.policy)] if older else [],
        "cycles": shown.cycles.all(),
        "parts": in_full(newest.policy),
        "may_change": may(request.person, *RUNS_PROGRAMS, program_id=shown.pk),
    }
    return render(request, "policy/program.html", context)


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


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def settings(request: SocietyRequest, slug: str) -> HttpResponse:
    """The settings as a text: first what would change, in words, then the button that keeps it."""
    shown, policy = _newest(request, slug)
    form = SettingsForm(request.POST or None, initial={"text": dump_policy(policy)})
    context: dict[str, Any] = {"program": shown, "form": form}
    if form.is_valid() and (read := _read(form)):
        changes = [str(change) for change in diff(policy, read)]
        if "keep" in request.POST and _keep(request, shown, read, form):
            messages.success(request, _("Kept. Sessions that are prepared from now on have these settings."))
            return redirect("programs:program", slug)
        context |= {"looked": True, "changes": changes}
    return render(request, "policy/settings.html", context, status=422 if form.errors else 200)


def _newest(request: SocietyRequest, slug: str) -> tuple[Program, Policy]:
    """A program that the person runs, with its newest settings."""
    shown = program_for(request.person, slug, *RUNS_PROGRAMS)
    version = shown.versions.first()
    if version is None:
        raise Http404
    return shown, version.policy


def _read(form: SettingsForm) -> Policy | None:
    """The settings that somebody wrote; what is wrong with them stands at the form, with its line."""
    try:
        return load_policy(form.cleaned_data["text"], _("settings"))
    except PolicyError as error:
        for fault in error.faults:
            form.add_error("text", str(fault))
        return None


def _keep(request: SocietyRequest, program: Program, policy: Policy, form: SettingsForm) -> bool:
    try:
        publish_version(program=program, policy=policy, by=request.person, note=form.cleaned_data["note"])
    except DomainError as error:
        form.add_error("text", error.message)
        return False
    return True
