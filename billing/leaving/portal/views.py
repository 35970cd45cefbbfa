"""Leaving, for the owner: what happens on which day, one button; and then a large one to stay."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.leaving import services
from billing.leaving.models import Departure
from billing.leaving.selectors import counted, days_of, days_that_remain, departure_of, running, to_tell
from chiron.design.paging import Paginator
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants.leaving import stays_open
from tenants.people.access import Kind, SocietyRequest, staff

A_PAGE = 50


class LeavingForm(forms.Form):
    """Why, and that it is meant."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why do you leave?"),
        choices=[(value, label) for value, label in Departure.Reason.choices if value != Departure.Reason.UNPAID],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("Anything that we should know?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    meant = forms.BooleanField(
        label=gettext_lazy("Yes, everything of our society shall be deleted"),
        error_messages={"required": gettext_lazy("Tick this if it is meant.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(Kind.OWNER)
def leaving(request: SocietyRequest) -> HttpResponse:
    """What happens on which day, and the button; while it leaves, how to stay."""
    departure = departure_of(request.society)
    if departure is not None:
        days = days_that_remain(departure, request.society.zone)
        return render(request, "leaving/going.html", {"departure": departure, "days": days})
    form = LeavingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason, words = Departure.Reason(form.cleaned_data["reason"]), form.cleaned_data["words"]
        try:
            services.begin_leaving(society=request.society, by=request.person, reason=reason, words=words)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return redirect("leaving:leaving")
    days = days_of(request.society, clock.today(request.society.zone))
    context = {"form": form, "days": days, "running": running().count(), "told": to_tell().count(), "counts": counted()}
    return render(request, "leaving/leaving.html", context, status=422 if form.is_bound else 200)


@require_safe
@never_cache
@staff(Kind.OWNER)
def mentorships(request: SocietyRequest) -> HttpResponse:
    """The mentorships that run, with their people."""
    page = Paginator(running(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "leaving/mentorships.html", {"page": page})


@stays_open
@require_POST
@staff(Kind.OWNER)
def stay(request: SocietyRequest) -> HttpResponse:
    """Stop the leaving."""
    try:
        stays = services.stay(society=request.society, by=request.person)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        if stays is not None:
            messages.success(request, _("You stay. Within half a minute everything can be changed again."))
    return redirect("leaving:leaving")
