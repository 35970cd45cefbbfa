"""That the society is who it says: how that stands, what is missing, and an address that proves it."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chiron.design import errors
from tenants.accounts import codes, demonstration
from tenants.accounts.codes import CodeForm, Waiting
from tenants.confirming import confirm
from tenants.people.access import Kind, SocietyRequest, staff
from tenants.portal.forms import AddressAtHomeForm
from tenants.trust import FREE_MAIL, MOST_UNCONFIRMED, domain_of

PURPOSE = WAITING = "confirming"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(Kind.OWNER)
def confirmation(request: SocietyRequest) -> HttpResponse:
    """An address at the website's domain, then its code."""
    society, session = request.society, request.session
    waiting = None if society.is_confirmed else Waiting.read(session.get(WAITING))
    domain = domain_of(society.website)
    can_prove = bool(domain) and domain not in FREE_MAIL
    typing_code = waiting is not None and "address" not in request.POST
    form: Any = (
        CodeForm(request.POST or None) if typing_code else AddressAtHomeForm(request.POST or None, society=society)
    )
    if society.is_confirmed or not can_prove:
        form = None
    elif form.is_valid() and not typing_code:
        address = form.cleaned_data["address"]
        if not ratelimit.consume(request, action="start", key=address):
            return errors.too_many(request)
        sent = codes.send_code("confirmation_code", purpose=PURPOSE, whose=str(society.pk), address=address)
        session[WAITING] = sent.stored()
        return redirect("society:confirmation")
    elif form.is_valid() and waiting is not None:
        code = form.cleaned_data["code"]
        if codes.is_code(purpose=PURPOSE, whose=str(society.pk), waiting=waiting, code=code):
            del session[WAITING]
            confirm(society=society)
            messages.success(request, _("Thank you. The society is confirmed now."))
            return redirect("society:confirmation")
        session[WAITING] = waiting.tried().stored()
        form.add_error("code", codes.WRONG)
    context = {
        "form": form,
        "domain": domain,
        "address": waiting.address if typing_code and waiting else "",
        "most": MOST_UNCONFIRMED,
        "contact": settings.CHIRON_CONTACT,
        "caught_mail": demonstration.caught_mail(),
    }
    return render(request, "society/confirmation.html", context, status=422 if form and form.errors else 200)
