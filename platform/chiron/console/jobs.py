"""What the platform gave up doing, for an operator to look at and to start again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chiron.console.access import OperatorRequest, operators
from tenants import audit, due


@require_safe
@operators
def jobs(request: OperatorRequest) -> HttpResponse:
    """What failed too often, and whether the rest is done in time."""
    return render(request, "console/jobs.html", {"parked": due.parked(), "overdue": due.overdue()})


@require_POST
@operators
def try_again(request: OperatorRequest, pk: UUID) -> HttpResponse:
    """Start one from the beginning."""
    released = due.release(pk)
    if released is None:
        raise Http404
    audit.record("due.released", subject=released, actor=request.operator, kind=released.kind)
    messages.success(request, _("It is tried again now."))
    return redirect("console:jobs")
