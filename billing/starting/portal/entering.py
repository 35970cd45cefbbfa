"""The owner's first steps on their own portal: in by a link, then what to run."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from billing.starting import services
from billing.starting.first_program import TEMPLATE, set_up_for_sheet
from chiron.kernel import signing
from programs.policy.models import Program
from tenants import context
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, person_of, require, roles_of, staff

# The three programs that a society is asked about first; each is a template with its questions answered.
CARDS = ("mentorship-in-medicine", "premed-mentorship", "physician-to-physician-pilot")


@require_safe
@never_cache
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """In by the link of the page before. It works once: whoever is in by then just goes on."""
    society = context.current()
    assert society is not None, "This address is a society's."
    try:
        account = services.take_over(society=society, token=token)
    except signing.Expired:
        person = person_of(request)
        if person is not None and roles_of(person):
            return redirect("owner:what_to_run")
        return render(request, "starting/link_is_over.html", status=410)
    login(request, account)
    return redirect("owner:what_to_run")


@require_safe
@never_cache
@staff(*RUNS_PROGRAMS)
def what_to_run(request: SocietyRequest) -> HttpResponse:
    """The one question of the beginning; who has answered it goes on with the list."""
    require(request.person, *RUNS_PROGRAMS)
    if "again" not in request.GET and Program.objects.exists():
        return redirect(next_page())
    return render(request, "starting/what_to_run.html", {"cards": CARDS, "anything": TEMPLATE})


@require_POST
@staff(*RUNS_PROGRAMS)
def from_sheet(request: SocietyRequest) -> HttpResponse:
    """Set a plain program up, and take the sheet next."""
    require(request.person, *RUNS_PROGRAMS)
    cycle = set_up_for_sheet(society=request.society, by=request.person)
    messages.success(
        request, _("A plain program is set up for your sheet. You can change its name and settings later.")
    )
    return redirect("sheets:sign_ups", cycle.pk)


def next_page() -> str:
    """Where a society goes on that has a program."""
    try:
        return reverse("opening:list")
    except NoReverseMatch:
        return reverse("today")
