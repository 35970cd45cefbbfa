"""Pages of the console."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from chiron.console.access import OperatorRequest, operators
from chiron.console.selectors import health_of
from chiron.design.paging import Paginator
from tenants.audit.models import Entry
from tenants.models import Society

PER_PAGE = 25
DEEDS = {
    "society.created": _("Its space was made."),
    "society.left": _("It left. Its data are kept for a while."),
    "society.returned": _("It came back."),
    "society.restored": _("Its data were restored from a copy."),
}


@require_safe
@operators
def societies(request: OperatorRequest) -> HttpResponse:
    """All societies, with the numbers that tell whether one is in trouble."""
    found = Society.objects.filter(left_at=None, rehearses=None).defer("logo").order_by("name")
    if words := request.GET.get("q", "").strip():
        found = found.filter(name__icontains=words) | found.filter(slug__icontains=words)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "console/societies.html", {"page": page, "health": health_of(page.object_list), "words": words}
    )


@require_safe
@operators
def society(request: OperatorRequest, pk: UUID) -> HttpResponse:
    """One society: its numbers and what the platform did with it."""
    found = get_object_or_404(Society.objects.filter(left_at=None).defer("logo"), pk=pk)
    entries = Entry.objects.filter(subject_id=str(found.pk))[:50]
    timeline = [(DEEDS.get(entry.verb, entry.verb), entry.at) for entry in entries]
    return render(request, "console/society.html", {"health": health_of([found])[0], "timeline": timeline})
