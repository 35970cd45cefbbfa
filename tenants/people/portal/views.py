"""Pages about people as the society knows them, and what its staff may do."""

from __future__ import annotations

from datetime import date
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
from tenants.people.portal.forms import AppointForm, EndForm
from tenants.people.selectors import roles_on
from tenants.people.services import TOLD_BEFORE, appoint, end_role, move_end_of_role


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
                % {"name": role.person.name, "role": role.called},
            )
            return redirect("people:roles")
    programs, today = scopes.program_names(), clock.today(request.society.zone)
    held = [
        (role, programs.get(role.program_id) if role.program_id else None, _ends_soon(role, today))
        for role in roles_on(today)
    ]
    status = 422 if form.errors else 200
    return render(request, "people/roles.html", {"held": held, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Kind.OWNER)
def until(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Let a role last longer, or less long."""
    role = get_object_or_404(roles_on(clock.today(request.society.zone)).exclude(kind=Kind.OWNER), pk=pk)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"ends_on": role.ends_on})
    if form.is_valid():
        try:
            role = move_end_of_role(role=role, ends_on=form.cleaned_data["ends_on"], by=request.person)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("The last day of %(name)s is kept.") % {"name": role.person.name})
            return redirect("people:roles")
    program = scopes.program_names().get(role.program_id, "") if role.program_id else ""
    context = {"role": role, "program": program, "form": form}
    return render(request, "people/until.html", context, status=422 if form.errors else 200)


@require_POST
@staff(Kind.OWNER)
def end(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Take a role away; pressed twice, it is as good as once."""
    role = StaffRole.objects.select_related("person").filter(pk=pk).first()
    if role is None:
        messages.info(request, _("This role has ended."))
        return redirect("people:roles")
    words = {"name": role.person.name, "role": role.called}
    try:
        end_role(role=role, by=request.person)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("%(name)s: no longer %(role)s.") % words)
    return redirect("people:roles")


def _ends_soon(role: StaffRole, today: date) -> bool:
    return role.ends_on is not None and role.ends_on <= today + TOLD_BEFORE
