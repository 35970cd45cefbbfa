"""Bringing sheets in: choose a file, look at what it would do, then take it as a whole or not at all."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chiron.design.paging import Paginator
from chiron.kernel.errors import DomainError
from programs.enrollment.importing import background
from programs.enrollment.importing.fates import LEFT_OUT, WORDS, Listed
from programs.enrollment.importing.imports import (
    LARGEST,
    is_certain,
    layout_of,
    look_again,
    receive_sheet,
    seal_of,
    table_of,
    take_sheet,
)
from programs.enrollment.importing.kinds import kinds_of, looks_like_another, roles_of, vocabulary_of
from programs.enrollment.importing.plans import SHOWN
from programs.enrollment.importing.sheets.choices import unsettled
from programs.enrollment.importing.sheets.packing import unpacked
from programs.enrollment.importing.taking_back import take_back
from programs.enrollment.models import SheetImport
from programs.enrollment.portal.forms import SheetForm, SignUpSheetForm
from programs.enrollment.portal.working import progress
from programs.enrollment.services import why_no_sign_ups
from programs.policy.access import cycle_for, cycles_seen
from programs.policy.models import Cycle
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, require, staff

Work = SheetImport.Work
EARLIER = 10
TONES = {"added": "success", "changed": "info", "same": "quiet", LEFT_OUT: "warning"}


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def roster(request: SocietyRequest) -> HttpResponse:
    """Bring the membership list in; for those who run all programs."""
    require(request.person, *RUNS_PROGRAMS)
    form = SheetForm(request.POST or None, request.FILES or None)
    if form.is_valid() and (kept := _receive(request, form, SheetImport.Kind.ROSTER, None)):
        return _first_page(kept)
    context = {"form": form, "earlier": _earlier(None)}
    return render(request, "enrollment/bring_roster.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def sign_ups(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Bring the sign-ups of one role or both in, or pairs that exist already."""
    cycle = cycle_for(request.person, pk, *RUNS_PROGRAMS)
    kinds = kinds_of(cycle)
    form = SignUpSheetForm(request.POST or None, request.FILES or None, roles=roles_of(cycle), kinds=kinds)
    if request.method == "POST" and not kinds:
        messages.error(request, why_no_sign_ups(cycle))
        return redirect("sheets:sign_ups", pk)
    if form.is_valid() and (kept := _receive(request, form, form.cleaned_data["kind"], cycle)):
        return _first_page(kept)
    refused = "" if kinds else why_no_sign_ups(cycle)
    context = {"cycle": cycle, "form": form, "refused": refused, "earlier": _earlier(cycle)}
    return render(request, "enrollment/bring_sign_ups.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def preview(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """What a sheet would do, row by row; its one button does it."""
    kept = sheet_for(request, pk)
    if kept.applied_at is not None:
        return redirect("sheets:taken", pk)
    if kept.work:
        return _working(request, kept)
    if "HX-Request" in request.headers:  # asked by the page that waits: what it waited for is here
        return HttpResponse(headers={"HX-Refresh": "true"})
    try:
        return _take(request, kept) if request.method == "POST" else _preview(request, kept)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("sheets:columns" if request.method != "POST" else "sheets:preview", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def taken(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """What a sheet did; its button takes all of it back."""
    kept = sheet_for(request, pk)
    if kept.applied_at is None:
        return redirect("sheets:preview", pk)
    if kept.work:
        return _working(request, kept)
    if "HX-Request" in request.headers:  # asked by the page that waits: what it waited for is here
        return HttpResponse(headers={"HX-Refresh": "true"})
    if request.method == "POST":
        if kept.is_large:
            background.ask(sheet_import=kept, work=Work.TAKING_BACK, by=request.person)
        else:
            take_back(sheet_import=kept, by=request.person)
        return redirect("sheets:taken", pk)
    context = {"sheet": kept, "cycle": kept.cycle, "faults": kept.faults[:SHOWN], "kept_back": kept.kept_back[:SHOWN]}
    return render(request, "enrollment/taken.html", context)


@require_POST
@staff(*RUNS_PROGRAMS)
def stop(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Stop the work on a large sheet; nothing of it stays."""
    kept = sheet_for(request, pk)
    background.stop(sheet_import=kept)
    return redirect("sheets:preview", pk)


@require_safe
@staff(*RUNS_PROGRAMS)
def to_mend(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """The rows that were not taken as they are, as a sheet with what is wrong."""
    return _as_file(sheet_for(request, pk).to_mend, "to-mend.csv")


@require_safe
@staff(*RUNS_PROGRAMS)
def every_row(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Every row and what happens to it, or happened."""
    return _as_file(sheet_for(request, pk).fates, "every-row.csv")


def sheet_for(request: SocietyRequest, pk: UUID) -> SheetImport:
    """A sheet of a session that the person runs; the membership list only for those who run all programs."""
    sheet = get_object_or_404(SheetImport.objects.select_related("cycle__program", "cycle__version"), pk=pk)
    if sheet.cycle_id is None:
        require(request.person, *RUNS_PROGRAMS)
        request.belongs_to = reverse("sheets:roster")
    else:
        get_object_or_404(cycles_seen(request.person, *RUNS_PROGRAMS), pk=sheet.cycle_id)
    return sheet


def look_or_leave_it_to_a_worker(request: SocietyRequest, kept: SheetImport) -> HttpResponse:
    """Go on to what a sheet would do; a large one is looked at meanwhile."""
    if kept.is_large:
        background.ask(sheet_import=kept, work=Work.LOOKING, by=request.person)
    return redirect("sheets:preview", kept.pk)


def _earlier(cycle: Cycle | None) -> QuerySet[SheetImport]:
    """The last sheets that were taken, or that a worker is at, to look at again or to take back."""
    taken = Q(applied_at__isnull=False) | ~Q(work="")
    fields = ("file_name", "kind", "applied_at", "taken_back_at", "work", "rows_added", "rows_changed")
    return SheetImport.objects.filter(taken, cycle=cycle).only(*fields)[:EARLIER]


def _first_page(kept: SheetImport) -> HttpResponse:
    """What the columns mean, unless there is nothing to ask."""
    table, layout = table_of(kept), layout_of(kept)
    if kept.is_large or not is_certain(kept, table, layout):
        return redirect("sheets:columns", kept.pk)
    if unsettled(table, layout, vocabulary_of(kept.cycle), roles_of(kept.cycle)):
        return redirect("sheets:columns", kept.pk)
    return redirect("sheets:preview", kept.pk)


def _preview(request: SocietyRequest, kept: SheetImport) -> HttpResponse:
    if kept.is_large and kept.looked_at is None:
        return redirect("sheets:columns", kept.pk)
    # Further pages are of the same look as the first one.
    if not kept.is_large and not (kept.looked_at and request.GET):
        look_again(sheet_import=kept)
    show = request.GET.get("show", "")
    page = Paginator(Listed(kept, show if show in WORDS else ""), SHOWN).get_page(request.GET.get("page"))
    context = {
        "sheet": kept,
        "cycle": kept.cycle,
        "changing": kept.rows_added + kept.rows_changed,
        "faults": kept.faults[:SHOWN] if page.number == 1 and not show else (),
        "more_faults": max(kept.fault_count - SHOWN, 0),
        "hint": "" if kept.is_large else looks_like_another(kept, table_of(kept)),
        "page": page,
        "seal": seal_of(kept),
        "show": show,
        "rows": [(fate, TONES[fate.does], WORDS[fate.does]) for fate in page.object_list],
    }
    return render(request, "enrollment/preview.html", context)


def _take(request: SocietyRequest, kept: SheetImport) -> HttpResponse:
    if request.POST.get("columns", seal_of(kept)) != seal_of(kept):
        messages.warning(request, _("Somebody gave the columns another meaning meanwhile. Look at it again."))
        return redirect("sheets:preview", kept.pk)
    if kept.is_large:
        background.ask(sheet_import=kept, work=Work.TAKING, by=request.person)
        return redirect("sheets:preview", kept.pk)
    take_sheet(sheet_import=kept, by=request.person)
    return redirect("sheets:taken", kept.pk)


def _working(request: SocietyRequest, kept: SheetImport) -> HttpResponse:
    if request.method == "POST" and "again" in request.POST:
        background.take_up_again(sheet_import=kept)
        return redirect(request.path)
    context = {"sheet": kept, "cycle": kept.cycle} | progress(request, kept.pk)
    return render(request, "enrollment/working.html", context)


def _as_file(sheet: bytes | memoryview[int] | None, name: str) -> HttpResponse:
    if not sheet:
        raise Http404
    reply = HttpResponse(unpacked(bytes(sheet)), content_type="text/csv; charset=utf-8")
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply


def _receive(
    request: SocietyRequest, form: SheetForm, kind: SheetImport.Kind, cycle: Cycle | None
) -> SheetImport | None:
    """Keep the file for the decision; None if it is no sheet, which then stands at the form."""
    file = form.cleaned_data["file"]
    try:
        # One byte more than is allowed tells that there is more, without reading all of it.
        content = file.read(LARGEST + 1)
        return receive_sheet(kind=kind, content=content, file_name=file.name, cycle=cycle, by=request.person)
    except DomainError as error:
        form.add_error("file", error.message)
        return None
