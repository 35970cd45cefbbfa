"""Pages of the console."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from chiron.console.access import OperatorRequest, operators
from chiron.console.selectors import health_of
from chiron.design.paging import Paginator
from tenants import confirming
from tenants.audit.models import Entry
from tenants.models import Society

PER_PAGE = 25
DEEDS = {
    "society.created": _("Its space was made."),
    "society.left": _("It left. Its data are kept for a while."),
    "society.returned": _("It came back."),
    "society.restored": _("Its data were restored from a copy."),
    "society.confirmed": _("It was confirmed to be who it says."),
    "society.doubted": _("That it is who it says was taken back."),
}


@require_safe
@operators
def societies(request: OperatorRequest) -> HttpResponse:
    """All societies, with the numbers that tell whether one is in trouble."""
    found = Society.objects.filter(left_at=None, rehearses=None).defer("logo").order_by("name")
    if words := request.GET.get("q", "").strip():
        found = found.filter(name__icontains=words) | found.filter(slug__icontains=words)
    waiting = Society.objects.filter(left_at=None, rehearses=None, confirmed_at=None).count()
    if "unconfirmed" in request.GET:
        found = found.filter(confirmed_at=None)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "health": health_of(page.object_list), "words": words, "waiting": waiting}
    return render(request, "console/societies.html", context)


@require_safe
@operators
def society(request: OperatorRequest, pk: UUID) -> HttpResponse:
    """One society: its numbers and what the platform did with it."""
    found = get_object_or_404(Society.objects.filter(left_at=None).defer("logo"), pk=pk)
    entries = Entry.objects.filter(subject_id=str(found.pk))[:50]
    timeline = [(DEEDS.get(entry.verb, entry.verb), entry.at) for entry in entries]
    return render(request, "console/society.html", {"health": health_of([found])[0], "timeline": timeline})


@require_POST
@operators
def confirm(request: OperatorRequest, pk: UUID) -> HttpResponse:
    """One click: an operator has looked, and it is who it says; or takes that back."""
    found = get_object_or_404(Society.objects.filter(left_at=None, rehearses=None).defer("logo"), pk=pk)
    if "doubt" in request.POST:
        confirming.doubt(society=found, by=request.operator)
    else:
        confirming.confirm(society=found, by=request.operator)
    return redirect("console:society", pk)
