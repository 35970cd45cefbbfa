"""Writings to many: how far each is, what came back of it, and the button that keeps back what has not left."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chiron.design.paging import Paginator
from chiron.kernel.errors import DomainError
from tenants.outbox import mailings
from tenants.outbox.models import Mailing, OutboxMail
from tenants.people.access import RUNS_PROGRAMS, Kind, SocietyRequest, may, require, staff
from tenants.services import change_society

PAGE, SHOWN = 30, 200


class AddressForm(forms.Form):
    """Where letters reach the society."""

    postal_address = forms.CharField(
        label=gettext_lazy("Postal address"),
        help_text=gettext_lazy("Street or post office box, city, state and ZIP code."),
        max_length=300,
        min_length=10,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
        error_messages={
            "required": gettext_lazy("Type the address at which letters reach you."),
            "min_length": gettext_lazy("Type the whole address: street or box, city, state and ZIP code."),
        },
    )


@require_safe
@never_cache
@staff(*RUNS_PROGRAMS)
def many(request: SocietyRequest) -> HttpResponse:
    """All of them, the newest first."""
    require(request.person, *RUNS_PROGRAMS)
    page = Paginator(mailings.numbers_of(Mailing.objects.all()), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "refused": mailings.refusal(mailings.FEW + 1),
        "may_ask": not request.society.is_confirmed and may(request.person, Kind.OWNER),
    }
    return render(request, "outbox/many.html", context)


@require_safe
@never_cache
@staff(*RUNS_PROGRAMS)
def mailing(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """One, with whom it did not reach."""
    require(request.person, *RUNS_PROGRAMS)
    found = get_object_or_404(mailings.numbers_of(Mailing.objects.filter(pk=pk)))
    back = found.mails.exclude(came_back="").order_by("-came_back_at")
    waits = found.mails.filter(state=OutboxMail.State.WAITING).order_by("leaves_at").first()
    context: dict[str, Any] = {
        "mailing": found,
        "back": back[:SHOWN],
        "goes_on": found.stopped_at is None and bool(found.waiting or found.written < found.people),
        "rest_leaves_at": waits.leaves_at if waits else None,
    }
    return render(request, "outbox/mailing.html", context)


@require_POST
@staff(*RUNS_PROGRAMS)
def stop(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Keep back what has not left."""
    require(request.person, *RUNS_PROGRAMS)
    count = mailings.stop(mailing=get_object_or_404(Mailing, pk=pk), by=request.person)
    told = ngettext("%d mail stays here.", "%d mails stay here.", count) % count
    messages.success(request, told + " " + _("Those that have left cannot be taken back."))
    return redirect("mail:mailing", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(*RUNS_PROGRAMS)
def postal_address(request: SocietyRequest) -> HttpResponse:
    """What stands at the foot of every mail that invites."""
    require(request.person, *RUNS_PROGRAMS)
    society = request.society
    form = AddressForm(request.POST or None, initial={"postal_address": society.postal_address})
    if form.is_valid():
        try:
            change_society(society=society, by=request.person, **form.cleaned_data)
        except DomainError as error:
            form.add_error("postal_address", error.message)
        else:
            messages.success(request, _("Kept. It stands in every mail that invites from now on."))
            return redirect("mail:many")
    return render(request, "outbox/postal_address.html", {"form": form}, status=422 if form.errors else 200)
