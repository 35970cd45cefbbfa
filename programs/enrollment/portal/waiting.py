"""The waiting list as staff see it: in its order, with what makes that, and with somebody moved up for a reason."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chiron.design.frame import Link
from chiron.design.paging import Paginator
from chiron.kernel.errors import DomainError
from programs.enrollment import waiting
from programs.enrollment.models import Enrollment
from programs.enrollment.portal.forms import DecideForm, DrawForm
from programs.policy.access import cycle_for, cycles_seen
from programs.policy.models import Cycle
from programs.policy.words import ROLES_OF
from tenants.people.access import RUNS_PROGRAMS, SEES_NAMES, SocietyRequest, may, staff

PER_PAGE = 50


@require_safe
@staff(*SEES_NAMES)
def waiting_list(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Who waits for a place of a role, the first one first."""
    cycle = cycle_for(request.person, pk, *SEES_NAMES)
    roles = ROLES_OF[cycle.settings.format]
    queues = {role: waiting.in_order(cycle, role) for role in roles}
    wanted = request.GET.get("role", "")
    role = wanted if wanted in roles else next((each for each in roles if queues[each]), roles[0])
    page = Paginator(queues[role], PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "cycle": cycle,
        "tabs": [_tab(cycle, each, len(queues[each]), current=each == role) for each in roles],
        "page": page,
        "rows": list(enumerate(page.object_list, page.start_index())),
        "most": waiting.most(cycle),
        "lots": list(cycle.lots.select_related("drawn_by")) if waiting.lot_of(cycle) else [],
        "runs": may(request.person, *RUNS_PROGRAMS, program_id=cycle.program_id),
    }
    return render(request, "enrollment/waiting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def move_up(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Give somebody a place before it is their turn: first what that means, then the reason."""
    seen = Enrollment.objects.filter(cycle__in=cycles_seen(request.person, *RUNS_PROGRAMS).order_by())
    enrollment = get_object_or_404(seen.select_related("person", "cycle__program", "cycle__version"), pk=pk)
    standing = waiting.standing_of(enrollment)
    if standing is None:
        messages.info(request, _("%(name)s does not wait on the list any more.") % {"name": enrollment.person.name})
        return redirect("sessions:sign_up", pk)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            waiting.move_up(enrollment=enrollment, reason=form.cleaned_data["reason"], by=request.person)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("%(name)s has a place now.") % {"name": enrollment.person.name})
        return redirect("sessions:sign_up", pk)
    context = {"enrollment": enrollment, "cycle": enrollment.cycle, "standing": standing, "form": form}
    context |= {"taken": waiting.taken(enrollment.cycle, enrollment.role)}
    return render(request, "enrollment/move_up.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def draw(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Draw the lot of a list again: first to how many that is written, then the reason that they read."""
    cycle = cycle_for(request.person, pk, *RUNS_PROGRAMS)
    lot = waiting.lot_of(cycle)
    if lot is None:
        return redirect("sessions:waiting", pk)
    form = DrawForm(request.POST or None, initial={"lot": lot.pk})
    if request.method == "POST" and form.is_valid():
        try:
            waiting.draw_again(
                cycle=cycle, reason=form.cleaned_data["reason"], by=request.person, instead_of=form.cleaned_data["lot"]
            )
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("Drawn again, and those who wait are written to."))
        return redirect("sessions:waiting", pk)
    count = cycle.enrollments.filter(state=Enrollment.State.WAITLISTED).count()
    told = waiting.to_be_told(cycle).count()
    context = {"cycle": cycle, "form": form, "count": count, "told": told, "untold": count - told}
    return render(request, "enrollment/draw.html", context, status=422 if form.errors else 200)


def _tab(cycle: Cycle, role: str, count: int, *, current: bool) -> Link:
    return Link(f"{cycle.settings.roles[role].called} {count:,}", f"?role={role}", current=current)
