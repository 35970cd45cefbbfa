"""After signing up: how it stands, why, and what happens next; and leaving again."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from chiron.design import errors
from chiron.kernel.errors import DomainError
from programs.enrollment.agreeing import owed_for
from programs.enrollment.models import Enrollment
from programs.enrollment.pairs import may_leave, state_told
from programs.enrollment.portal.joining import address_of, around, has_directory, takes
from programs.enrollment.room import TAKES
from programs.enrollment.services import withdraw
from programs.enrollment.waiting import all_taken, standing_of
from tenants.people.access import SocietyRequest, signed_in

# Once somebody has a place in a pair, what they answered has done its work.
SETTLED = (Enrollment.State.MATCHED, Enrollment.State.FINISHED, Enrollment.State.PAUSED)


@require_safe
@never_cache
@signed_in
def signed_up(request: SocietyRequest, pk: UUID, role: str) -> HttpResponse:
    """Afterwards, and whenever somebody comes back: whether they can take part, why, and what happens next."""
    enrollment = _mine(request, pk, role)
    if owed_for(enrollment):
        return redirect("enrollment:agree", pk, role)
    shown: dict[str, object] = {"enrollment": enrollment, "standing": standing_of(enrollment)}
    if takes(enrollment.cycle, role, address_of(request)):
        shown["may_change"] = state_told(enrollment) not in SETTLED
    shown |= {"may_leave": may_leave(enrollment), "is_asked": state_told(enrollment) == Enrollment.State.MATCHED}
    shown["has_directory"] = has_directory(enrollment.cycle) and enrollment.state in TAKES
    if shown["standing"]:
        shown["all_taken"] = all_taken(enrollment.cycle, role)
    return render(request, "enrollment/signed_up.html", around(enrollment.cycle, role) | shown)


@require_POST
@signed_in
def leave(request: SocietyRequest, pk: UUID, role: str) -> HttpResponse:
    """Take the sign-up back."""
    try:
        withdraw(enrollment=_mine(request, pk, role), by=request.person)
    except DomainError as error:
        return errors.refused(request, error)
    return redirect("enrollment:signed_up", pk, role)


def _mine(request: SocietyRequest, pk: UUID, role: str) -> Enrollment:
    mine = Enrollment.objects.filter(person=request.person).select_related("cycle__program", "cycle__version", "person")
    return get_object_or_404(mine, cycle=pk, role=role)
