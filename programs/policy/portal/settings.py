"""Changing a program's settings: section by section, or as a text. Two people at once lose nothing of each other's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chiron.kernel.errors import DomainError
from programs.policy.access import program_for, version_for
from programs.policy.document import Policy, PolicyError, diff, dump_policy, load_policy, merge, store_policy
from programs.policy.editing.forms import SectionForm
from programs.policy.editing.parts import add_part, remove_part
from programs.policy.editing.section import Section
from programs.policy.editing.sections import PART, PROGRAM, section
from programs.policy.models import Cycle, PolicyVersion, Program
from programs.policy.portal.forms import LogoForm, PartForm, SettingsForm
from programs.policy.services import ChangedMeanwhile, keep_logo, publish_version
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, staff

# Before pairs are published a session may still move to newer settings.
CAN_MOVE = (Cycle.State.DRAFT, Cycle.State.RECRUITING, Cycle.State.MATCHING)


@dataclass(frozen=True)
class Meanwhile:
    """What somebody else kept while these settings were being edited, and what is new here."""

    newest: PolicyVersion
    theirs: Sequence[str]
    mine: Sequence[str]


@require_safe
@staff(*RUNS_PROGRAMS)
def settings(request: SocietyRequest, slug: str) -> HttpResponse:
    """Where each setting is changed."""
    shown, version = newest(request, slug)
    stored = store_policy(version.policy)
    parts = [
        (position, part["name"], [each for each in PART if each.suits(part)])
        for position, part in enumerate(stored["parts"])
    ]
    context = {"program": shown, "version": version, "sections": PROGRAM, "parts": parts, "form": PartForm()}
    return render(request, "policy/settings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def section_of_program(request: SocietyRequest, slug: str, name: str) -> HttpResponse:
    """A section of what holds for the whole program."""
    return _section(request, slug, name, None)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def section_of_part(request: SocietyRequest, slug: str, part: int, name: str) -> HttpResponse:
    """A section of what holds for one part."""
    return _section(request, slug, name, part)


def _section(request: SocietyRequest, slug: str, name: str, part: int | None) -> HttpResponse:
    shown, base = edited(request, slug)
    found = _found(base.policy, name, part)
    form = SectionForm(request.POST or None, section=found, base=base.policy, part=part)
    context: dict[str, Any] = {
        "program": shown,
        "base": base,
        "section": found,
        "form": form,
        "part": base.policy.parts[part] if part is not None else None,
        "position": part,
    }
    # A button that adds a sentence or a row says so; then nothing is looked at yet.
    read = form.policy() if form.is_bound and "more" not in request.POST else None
    if read is not None:
        context["changes"] = [str(change) for change in diff(base.policy, read)]
    if request.headers.get("HX-Request"):
        return render(request, "policy/_check.html", context)
    if read is not None and "keep" in request.POST:
        kept = keep(request, shown, base, read, form)
        if isinstance(kept, PolicyVersion):
            return redirect("programs:settings", slug)
        context["meanwhile"] = kept
    return render(request, "policy/section.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def as_text(request: SocietyRequest, slug: str) -> HttpResponse:
    """The settings as a text, whole, with what is wrong by its line."""
    shown, base = edited(request, slug)
    form = SettingsForm(request.POST or None, initial={"text": dump_policy(base.policy)})
    context: dict[str, Any] = {"program": shown, "base": base, "form": form}
    read = _read(form) if form.is_valid() else None
    if read is not None:
        context["changes"] = [str(change) for change in diff(base.policy, read)]
    if request.headers.get("HX-Request"):
        return render(request, "policy/_check.html", context)
    if read is not None and "keep" in request.POST:
        kept = keep(request, shown, base, read, form)
        if isinstance(kept, PolicyVersion):
            return redirect("programs:settings", slug)
        context["meanwhile"] = kept
    return render(request, "policy/as_text.html", context, status=422 if form.errors else 200)


@require_POST
@staff(*RUNS_PROGRAMS)
def parts(request: SocietyRequest, slug: str) -> HttpResponse:
    """Add a part, or take one away."""
    shown, version = newest(request, slug)
    form = PartForm(request.POST)
    try:
        if "remove" in request.POST:
            policy = remove_part(version.policy, request.POST["remove"])
        elif form.is_valid():
            policy = add_part(version.policy, **form.cleaned_data)
        else:
            raise DomainError(_("Give the new part a name, and say what it is."))
        publish_version(program=shown, policy=policy, by=request.person, after=version.number)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Kept."))
    return redirect("programs:settings", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def partner_logos(request: SocietyRequest, slug: str) -> HttpResponse:
    """Bring the logo of a partner."""
    shown, version = newest(request, slug)
    names = [partner.name for partner in version.policy.partners]
    form = LogoForm(request.POST or None, request.FILES or None, names=names)
    if form.is_valid():
        try:
            digest = keep_logo(content=form.cleaned_data["file"].read())
            policy = _with_logo(version.policy, form.cleaned_data["partner"], digest)
            publish_version(program=shown, policy=policy, by=request.person, after=version.number)
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            messages.success(request, _("The logo stands on the program’s page."))
            return redirect("programs:partner_logos", slug)
    context = {"program": shown, "partners": version.policy.partners, "form": form}
    return render(request, "policy/logos.html", context, status=422 if form.errors else 200)


def newest(request: SocietyRequest, slug: str) -> tuple[Program, PolicyVersion]:
    """A program that the person runs, and its newest settings."""
    shown = program_for(request.person, slug, *RUNS_PROGRAMS)
    version = shown.versions.first()
    if version is None:
        raise Http404
    return shown, version


def edited(request: SocietyRequest, slug: str) -> tuple[Program, PolicyVersion]:
    """A program that the person runs, and the settings that the form began with."""
    shown, version = newest(request, slug)
    began = _number(request.POST.get("base", ""))
    return shown, version_for(shown, began) if began else version


def keep(
    request: SocietyRequest, program: Program, base: PolicyVersion, policy: Policy, form: forms.Form
) -> PolicyVersion | Meanwhile | None:
    """Keep settings that were made from `base`. Somebody else's come first: they are shown, and nothing is kept yet.

    Whoever has seen them sends the form once more with their number under `over`: both are put together.
    """
    after, mine = base.number, policy
    try:
        if over := _number(request.POST.get("over", "")):
            seen = version_for(program, over)
            policy, after = merge(base=base.policy, mine=policy, theirs=seen.policy), seen.number
        kept = publish_version(
            program=program, policy=policy, by=request.person, note=form.cleaned_data.get("note", ""), after=after
        )
    except ChangedMeanwhile as error:
        theirs, own = diff(base.policy, error.newest.policy), diff(base.policy, mine)
        return Meanwhile(error.newest, [str(each) for each in theirs], [str(each) for each in own])
    except DomainError as error:
        form.add_error(None, error.message)
        return None
    messages.success(request, _("Kept. Sessions that are prepared from now on have these settings."))
    if behind := program.cycles.filter(state__in=CAN_MOVE).exclude(version=kept).order_by("starts_on", "pk"):
        told = _("Still with earlier settings: %(sessions)s. Each can be moved to these on its own page.")
        messages.info(request, told % {"sessions": ", ".join(cycle.name for cycle in behind)})
    return kept


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _found(policy: Policy, name: str, part: int | None) -> Section:
    stored: Mapping[str, Any] | None = None
    if part is not None:
        if part >= len(policy.parts):
            raise Http404
        stored = store_policy(policy)["parts"][part]
    found = section(name, part=stored)
    if found is None:
        raise Http404
    return found


def _read(form: SettingsForm) -> Policy | None:
    """The settings that somebody wrote; what is wrong with them stands at the form, with its line."""
    try:
        return load_policy(form.cleaned_data["text"], _("settings"))
    except PolicyError as error:
        for fault in error.faults:
            form.add_error("text", str(fault))
        return None


def _with_logo(policy: Policy, name: str, digest: str) -> Policy:
    partners = tuple(
        each.model_copy(update={"logo": digest}) if each.name == name else each for each in policy.partners
    )
    return policy.model_copy(update={"partners": partners})
