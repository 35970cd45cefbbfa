"""The first visit of somebody whom staff brought: what has to be agreed to before anything else is shown."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chiron.design import errors
from chiron.kernel.errors import DomainError
from programs.enrollment.agreeing import agree, owed_for
from programs.enrollment.models import Enrollment
from programs.enrollment.pairs import may_leave
from programs.enrollment.portal.agreeing import AgreeForm
from tenants.people.access import SocietyRequest, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def agreements(request: SocietyRequest, pk: UUID, role: str) -> HttpResponse:
    """Read, and agree; whoever has nothing to agree to is led on."""
    mine = Enrollment.objects.filter(person=request.person).select_related("cycle__program", "cycle__version", "person")
    enrollment = get_object_or_404(mine, cycle=pk, role=role)
    owed = owed_for(enrollment)
    if not owed:
        return redirect("enrollment:signed_up", pk, role)
    form = AgreeForm(request.POST if request.method == "POST" else None, draft=owed)
    if form.is_valid():
        try:
            agree(enrollment=enrollment, agreed=form.agreed())
        except DomainError as error:
            return errors.refused(request, error)
        messages.success(request, _("Thank you. Everything is open to you now."))
        return redirect("home")
    leave_url = reverse("enrollment:leave", args=[pk, role]) if may_leave(enrollment) else ""
    context = {"program": enrollment.cycle.program, "form": form, "leave_url": leave_url}
    return render(request, "enrollment/first_visit.html", context, status=422 if form.is_bound else 200)
