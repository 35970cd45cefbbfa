"""A member names a colleague; staff read whom members named, and invite or set aside."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.portal.interest import get_offered, roles_of
from programs.invitations import nominations
from programs.invitations.models import Nomination
from programs.invitations.portal.forms import NominateForm
from programs.policy.access import program_for, program_in_public, programs_seen
from programs.policy.offered import takes_sign_ups
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, signed_in, staff

SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def nominate(request: SocietyRequest, slug: str) -> HttpResponse:
    """Name a colleague. Whoever it is, the page says the same."""
    program = program_in_public(slug, request.person)
    offer = get_offered(program)
    form = NominateForm(request.POST or None, part=offer.policy.parts[0])
    role = form.fields["role"]
    role.choices = list(roles_of(offer).items())  # type: ignore[attr-defined]
    if form.is_valid():
        try:
            nominations.nominate(program=program, by=request.person, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            return render(request, "invitations/nominated.html", {"program": program})
    return render(
        request, "invitations/nominate.html", {"program": program, "form": form}, status=422 if form.errors else 200
    )


@require_safe
@never_cache
@staff(*RUNS_PROGRAMS)
def nominated(request: SocietyRequest, slug: str) -> HttpResponse:
    """Whom members named for a program."""
    program = program_for(request.person, slug, *RUNS_PROGRAMS)
    today = clock.today(request.society.zone)
    open_ones = [each for each in program.cycles.select_related("version") if takes_sign_ups(each, today)]
    called = roles_of(get_offered(program))
    rows = [(each, called.get(each.role, each.role)) for each in nominations.nominations_of(program)[:SHOWN]]
    context = {"program": program, "rows": rows, "cycles": open_ones}
    return render(request, "invitations/nominations.html", context)


@require_POST
@staff(*RUNS_PROGRAMS)
def set_aside(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Do nothing about a nomination."""
    mine = Nomination.objects.filter(program__in=programs_seen(request.person, *RUNS_PROGRAMS).order_by())
    nomination = get_object_or_404(mine.select_related("program"), pk=pk)
    nominations.set_aside(nomination=nomination, by=request.person)
    messages.success(request, _("%(name)s is set aside. Nobody is told.") % {"name": nomination.name})
    return redirect("invited:nominations", nomination.program.slug)
