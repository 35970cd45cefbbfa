"""Bringing sheets in: choose a file, look at what it would do, then take it as a whole or not at all."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chiron.kernel.errors import DomainError
from programs.enrollment.imports import LARGEST, look_again, look_at_sheet, take_sheet
from programs.enrollment.models import SheetImport
from programs.enrollment.portal.forms import SheetForm, SignUpSheetForm
from programs.policy.access import cycle_for, cycles_seen
from programs.policy.models import Cycle
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, require, staff

SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def roster(request: SocietyRequest) -> HttpResponse:
    """Bring the membership list in; for those who run all programs."""
    require(request.person, *RUNS_PROGRAMS)
    form = SheetForm(request.POST or None, request.FILES or None)
    if form.is_valid() and (kept := _look(request, form, SheetImport.Kind.ROSTER, None)):
        return redirect("sheets:preview", kept.pk)
    return render(request, "enrollment/bring_roster.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def sign_ups(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Bring the sign-ups of one role in."""
    cycle = cycle_for(request.person, pk, *RUNS_PROGRAMS)
    form = SignUpSheetForm(request.POST or None, request.FILES or None)
    if form.is_valid() and (kept := _look(request, form, form.cleaned_data["kind"], cycle)):
        return redirect("sheets:preview", kept.pk)
    context = {"cycle": cycle, "form": form}
    return render(request, "enrollment/bring_sign_ups.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def preview(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """What a sheet would do, row by row; its one button does it."""
    kept = _sheet_for(request, pk)
    if kept.applied_at is not None:
        return redirect("sheets:taken", pk)
    if request.method == "POST":
        try:
            take_sheet(sheet_import=kept, by=request.person)
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("sheets:preview", pk)
        return redirect("sheets:taken", pk)
    plan = look_again(sheet_import=kept)
    changing = [step for step in plan.steps if step.does != "same"]
    context = {
        "sheet": kept,
        "cycle": kept.cycle,
        "added": plan.count("added"),
        "changed": plan.count("changed"),
        "same": plan.count("same"),
        "faults": plan.faults[:SHOWN],
        "lost": {fault.line for fault in plan.faults if not fault.row_taken},
        "steps": changing[:SHOWN],
        "more": max(len(changing) - SHOWN, 0),
        "does": {"added": _("new"), "changed": _("changed")},
    }
    return render(request, "enrollment/preview.html", context)


@require_safe
@staff(*RUNS_PROGRAMS)
def taken(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """What a sheet did."""
    kept = _sheet_for(request, pk)
    if kept.applied_at is None:
        return redirect("sheets:preview", pk)
    return render(request, "enrollment/taken.html", {"sheet": kept, "cycle": kept.cycle, "faults": kept.faults[:SHOWN]})


def _look(request: SocietyRequest, form: SheetForm, kind: SheetImport.Kind, cycle: Cycle | None) -> SheetImport | None:
    """Keep the file for the decision; None if it is no sheet, which then stands at the form."""
    file = form.cleaned_data["file"]
    try:
        # One byte more than is allowed tells that there is more, without reading all of it.
        content = file.read(LARGEST + 1)
        kept, _plan = look_at_sheet(kind=kind, content=content, file_name=file.name, cycle=cycle, by=request.person)
    except DomainError as error:
        form.add_error("file", error.message)
        return None
    return kept


def _sheet_for(request: SocietyRequest, pk: UUID) -> SheetImport:
    """A sheet of a session that the person runs; the membership list only for those who run all programs."""
    sheet = get_object_or_404(SheetImport.objects.select_related("cycle__program", "cycle__version"), pk=pk)
    if sheet.cycle_id is None:
        require(request.person, *RUNS_PROGRAMS)
    else:
        get_object_or_404(cycles_seen(request.person, *RUNS_PROGRAMS), pk=sheet.cycle_id)
    return sheet
