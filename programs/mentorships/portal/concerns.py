"""Reporting a concern, and naming who takes it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chiron.kernel.errors import DomainError
from programs.mentorships.concerns.recipients import name_recipients, named, recipients_for
from programs.mentorships.concerns.reporting import report
from programs.mentorships.portal.touch_forms import ConcernForm, RecipientsForm
from programs.mentorships.portal.ways import Here, both_ways
from tenants.leaving import stays_open
from tenants.people.access import Kind, SocietyRequest, staff


def _concern(request: HttpRequest, here: Here) -> HttpResponse:
    """To one of two people; the words are nowhere else."""
    mentorship = here.shown.mentorship
    form = ConcernForm(request.POST if request.method == "POST" else None, recipients=recipients_for(mentorship))
    if form.is_valid():
        to, said = form.chosen(), form.cleaned_data
        try:
            report(participation=here.mine, to=to, words=said["words"], key=said["key"])
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("It goes to %(name)s and to nobody else.") % {"name": to.in_a_sentence})
            return redirect(here.back)
    context = {
        "shown": here.shown,
        "program": mentorship.cycle.program,
        "form": form,
        "back": here.back,
    }
    return render(request, "mentorships/concern.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(Kind.OWNER)
def recipients(request: SocietyRequest) -> HttpResponse:
    """Who takes concerns, for the whole society."""
    there = named()
    form = RecipientsForm(request.POST if request.method == "POST" else None, there=there)
    if form.is_valid():
        try:
            name_recipients(recipients=form.recipients(), by=request.person)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Kept. Concerns go to one of these two from now on."))
            return redirect("concerns:recipients")
    context = {"form": form, "named": bool(there)}
    return render(request, "mentorships/recipients.html", context, status=422 if form.errors else 200)


# Also once it is over: that is when some can say it.
concern, concern_by_link = map(stays_open, both_ways(_concern, on=("active", "ended", "talking")))
