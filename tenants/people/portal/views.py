"""Pages about people as the society knows them, and what its staff may do."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants.people import scopes
from tenants.people.access import Kind, SocietyRequest, person_of, staff
from tenants.people.models import StaffRole
from tenants.people.portal.forms import AppointForm
from tenants.people.selectors import roles_on
from tenants.people.services import appoint, end_role


@require_safe
@login_required
def stranger(request: HttpRequest) -> HttpResponse:
    """Somebody proved an address that the society does not know."""
    if person_of(request) is not None:
        return redirect("/")
    return render(request, "people/stranger.html")


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Kind.OWNER)
def roles(request: SocietyRequest) -> HttpResponse:
    """Who may do what, and somebody more."""
    form = AppointForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            role = appoint(**form.cleaned_data, by=request.person)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(
                request,
                _("%(name)s: %(role)s from now on. We have written to them.")
                % {"name": role.person.name, "role": role.get_kind_display()},
            )
            return redirect("people:roles")
    programs = scopes.program_names()
    held = [
        (role, programs.get(role.program_id) if role.program_id else None)
        for role in roles_on(clock.today(request.society.zone))
    ]
    status = 422 if form.errors else 200
    return render(request, "people/roles.html", {"held": held, "form": form}, status=status)


@require_POST
@staff(Kind.OWNER)
def end(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Take a role away."""
    role = get_object_or_404(StaffRole.objects.select_related("person"), pk=pk)
    words = {"name": role.person.name, "role": role.get_kind_display()}
    try:
        end_role(role=role, by=request.person)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("%(name)s: no longer %(role)s.") % words)
    return redirect("people:roles")
