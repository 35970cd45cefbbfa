"""People as staff look them up: the list, and one person with their sign-ups."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from chiron.design.paging import Paginator
from programs.enrollment import selectors, showing
from programs.enrollment.models import Enrollment
from programs.enrollment.portal.me import known_of
from programs.policy.access import cycles_seen
from programs.policy.models import Cycle
from tenants.people.access import RUNS_PROGRAMS, SEES_NAMES, SocietyRequest, may, programs_of, staff

PER_PAGE = 50


def _cycles(request: SocietyRequest) -> QuerySet[Cycle] | None:
    """The sessions through which the person may see people; None: they may see everybody."""
    whole = programs_of(request.person, *SEES_NAMES) is None
    return None if whole else cycles_seen(request.person, *SEES_NAMES)


@require_safe
@staff(*SEES_NAMES)
def people(request: SocietyRequest) -> HttpResponse:
    """Everybody whom the society knows, found by name, address or number."""
    name = request.GET.get("q", "").strip()
    found = selectors.people_seen(_cycles(request), name=name)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "name": name, "may_bring": may(request.person, *RUNS_PROGRAMS)}
    return render(request, "enrollment/directory.html", context)


@require_safe
@staff(*SEES_NAMES)
def person(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """One person: what the society knows, and what they signed up to, as far as one's own programs go."""
    shown = get_object_or_404(selectors.people_seen(_cycles(request)), pk=pk)
    mine = Enrollment.objects.filter(person=shown, cycle__in=cycles_seen(request.person, *SEES_NAMES).order_by())
    sign_ups = mine.select_related("cycle__program", "cycle__version").order_by("-signed_up_at")
    context = {
        "person": shown,
        "known": known_of(shown),
        "sign_ups": [
            (enrollment, showing.called(enrollment.state), showing.tone_of(enrollment.state)) for enrollment in sign_ups
        ],
    }
    return render(request, "enrollment/person.html", context)
