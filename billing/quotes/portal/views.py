"""The page of a quote, for whoever has its link: to read, to print, and to say yes."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from billing.buying import free_until
from billing.quotes.links import quote_by
from billing.quotes.paper import quote_pdf
from billing.quotes.services import accept
from billing.showing import money
from chiron.kernel import clock
from chiron.kernel.errors import DomainError


class YesForm(forms.Form):
    """Who says yes, and the number of the office's own paper."""

    by = forms.CharField(label=gettext_lazy("Your name"), max_length=120)
    purchase_order = forms.CharField(
        label=gettext_lazy("Number of your purchase order"),
        help_text=gettext_lazy("If your office has one. It stands on the invoice."),
        max_length=30,
        required=False,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def quote(request: HttpRequest, token: str) -> HttpResponse:
    """Read it, and say yes."""
    found = quote_by(token)
    form = YesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            accept(quote=found, purchase_order=said["purchase_order"], by=said["by"])
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return redirect("quotes:quote", token)
    context = {
        "quote": found,
        "society": found.society,
        "token": token,
        "price": money(found.cents, found.currency),
        "off": money(-found.off, found.currency) if found.off else "",
        "total": money(found.total, found.currency),
        "form": form,
        "free_until": free_until(found.society),
        "is_over": clock.today(found.society.zone) > found.valid_until,
    }
    return render(request, "quotes/quote.html", context, status=422 if form.is_bound else 200)


@require_safe
@never_cache
def paper(request: HttpRequest, token: str) -> HttpResponse:
    """The same as a PDF."""
    found = quote_by(token)
    headers = {"Content-Disposition": f'attachment; filename="{found.number}.pdf"'}
    return HttpResponse(quote_pdf(found), content_type="application/pdf", headers=headers)
