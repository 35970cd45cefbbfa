"""Choosing a plan by the link of a mail, on the platform's own site: for a society whose portal is closed, and for a
treasurer who has no account. It tells the society's name and what plans cost, and nothing else.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from billing import buying, syncing
from billing.discounts import waiting
from billing.links import link_for, society_by
from billing.meter import account_of
from billing.portal.forms import ChoiceForm, current_prices
from billing.showing import owed_of, promise_of, where_it_stands
from chiron.design import csp
from chiron.kernel.errors import DomainError
from tenants.models import Society


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """Choose, and be led to Stripe; back from there, Stripe is asked at once."""
    societies = Society.objects.filter(left_at=None, rehearses=None).defer("logo")
    society = get_object_or_404(societies, pk=society_by(token))
    form = ChoiceForm(request.POST if request.method == "POST" else None, prices=current_prices())
    here = link_for(society)
    if request.method == "POST" and form.is_valid():
        plan, interval = form.chosen
        try:
            address = buying.open_checkout(
                society=society, plan=plan, interval=interval, done=f"{here}?paid=yes", back_to=here
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return HttpResponseRedirect(address, status=303)
    elif "paid" in request.GET:
        try:
            syncing.sync(society.pk)
        except DomainError as error:
            form.add_error(None, error.message)
    account = account_of(society)
    shown = {
        "society": society,
        "form": form,
        "account": account,
        "promised": promise_of(found) if (found := waiting(society)) else "",
        "stands": where_it_stands(account, society) if account else "",
        "owed": owed_of(society),
    }
    response = render(request, "billing/pay.html", shown, status=422 if form.is_bound else 200)
    response.headers[csp.HEADER] = csp.policy(form_action=settings.STRIPE_PAGES)
    return response
