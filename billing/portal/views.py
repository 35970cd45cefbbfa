"""A society's plan, for its owner: where it stands, what it costs, and one page at Stripe for cards and tax numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from billing import buying, syncing
from billing.certificates import bring_certificate
from billing.contact import name_contact
from billing.discounts import waiting
from billing.features import features_for
from billing.meter import account_of
from billing.models import Interval, Invoice, TaxCertificate
from billing.portal.forms import CertificateForm, ChoiceForm, ContactForm, EndForm, QuoteForm, current_prices
from billing.quotes.links import link_for
from billing.quotes.models import Quote
from billing.quotes.services import make_quote
from billing.showing import STATES, TONES, discounts_of, money, owed_of, promise_of, use_of
from chiron.design import csp
from chiron.kernel.errors import DomainError
from tenants import context
from tenants.leaving import stays_open
from tenants.people.access import Kind, SocietyRequest, staff

MOST_INVOICES = 24


@require_http_methods(["GET", "HEAD"])
@never_cache
@staff(Kind.OWNER)
def plan(request: SocietyRequest) -> HttpResponse:
    """Where it stands. Back from paying, Stripe is asked at once, for its message may take a moment."""
    if "paid" in request.GET:
        _ask(request)
        return redirect("plan:plan")
    return _page(request)


@stays_open
@require_http_methods(["GET", "HEAD", "POST"])
@staff(Kind.OWNER)
def card(request: SocietyRequest) -> HttpResponse:
    """To the page at Stripe on which a plan is paid by card."""
    if request.method != "POST":  # the address of a form that was not accepted, loaded anew
        return redirect("plan:plan")
    form = ChoiceForm(request.POST, prices=current_prices())
    if not form.is_valid():
        return _page(request, choice=form)
    chosen, interval = form.chosen
    here = request.society.url(reverse("plan:plan"))
    return _out(
        request,
        lambda: buying.open_checkout(
            society=request.society, plan=chosen, interval=interval, done=f"{here}?paid=yes", back_to=here
        ),
    )


@stays_open
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(Kind.OWNER)
def quote(request: SocietyRequest) -> HttpResponse:
    """By purchase order: a quote on paper, which goes to the treasurer too."""
    account = account_of(request.society)
    if account is None:  # nothing of it is charged, and to look at this page changes that as little
        return redirect("plan:plan")
    row = account.subscription
    if row.is_bought:  # nobody could say yes to it
        messages.info(request, _("Your society has a plan already. You can change it."))
        return redirect("plan:plan")
    prices = [price for price in current_prices() if price.interval == Interval.YEAR] or current_prices()
    first = {
        "contact_name": row.contact_name,
        "contact_mail": row.contact_mail,
        "address": request.society.postal_address,
    }
    form = QuoteForm(request.POST or None, prices=prices, initial=first)
    if request.method == "POST" and form.is_valid():
        chosen, interval = form.chosen
        said = {name: form.cleaned_data[name] for name in ("contact_name", "contact_mail", "address")}
        try:
            made = make_quote(society=request.society, plan=chosen, interval=interval, by=request.person, **said)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(
                request,
                _("Quote %(number)s is on its way to %(mail)s and to you.")
                % {"number": made.number, "mail": made.contact_mail},
            )
            return redirect("plan:plan")
    return render(request, "billing/quote.html", {"form": form}, status=422 if form.is_bound else 200)


@stays_open
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(Kind.OWNER)
def change(request: SocietyRequest) -> HttpResponse:
    """Another plan: a larger one at once, for a sum that is shown first; a smaller one when the paid time ends."""
    form, sum_due, coming = ChoiceForm(request.POST or None, prices=current_prices()), "", ""
    if request.method == "POST" and form.is_valid():
        chosen, interval = form.chosen
        coming = f"{chosen.name}, {Interval(interval).label}"
        try:
            due = buying.due_at_once(society=request.society, plan=chosen, interval=interval)
            sum_due = money(*due) if due else ""
            # What is paid is what was shown; a second passes between the two, so a cent may too.
            if due is None or "agreed" in request.POST:
                buying.change_plan(society=request.society, plan=chosen, interval=interval, by=request.person)
                messages.success(request, _("Done. What changes when stands below."))
                return redirect("plan:plan")
        except DomainError as error:
            form.add_error("price" if error.field == "price" else None, error.message)
    shown = {"form": form, "sum_due": sum_due, "coming": coming}
    return render(request, "billing/change.html", shown, status=422 if form.errors else 200)


@stays_open
@require_POST
@staff(Kind.OWNER)
def keep(request: SocietyRequest) -> HttpResponse:
    """Take back a change that waits."""
    return _done(request, lambda: buying.keep_plan(society=request.society, by=request.person), _("It stays as it is."))


@stays_open
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(Kind.OWNER)
def end(request: SocietyRequest) -> HttpResponse:
    """End the plan with the paid time, and say why."""
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            buying.cancel(society=request.society, reason=form.cleaned_data["reason"], by=request.person)
        except DomainError as error:
            form.add_error("reason" if error.field == "reason" else None, error.message)
        else:
            messages.success(request, _("It ends with the time that is paid. Until then nothing changes."))
            return redirect("plan:plan")
    return render(request, "billing/end.html", {"form": form}, status=422 if form.is_bound else 200)


@stays_open
@require_POST
@staff(Kind.OWNER)
def go_on(request: SocietyRequest) -> HttpResponse:
    """Do not end after all."""
    return _done(request, lambda: buying.go_on(society=request.society, by=request.person), _("It goes on."))


@stays_open
@require_http_methods(["GET", "HEAD", "POST"])
@staff(Kind.OWNER)
def payment(request: SocietyRequest) -> HttpResponse:
    """To the page at Stripe where cards, tax numbers and invoices are."""
    if request.method != "POST":  # loaded anew, where Stripe could not be reached
        return redirect("plan:plan")
    here = request.society.url(reverse("plan:plan"))
    return _out(request, lambda: buying.open_portal(society=request.society, back_to=f"{here}?paid=yes"))


@stays_open
@require_http_methods(["GET", "HEAD", "POST"])
@staff(Kind.OWNER)
def contact(request: SocietyRequest) -> HttpResponse:
    """Who hears of bills beside the owners."""
    if request.method != "POST":  # the address of a form that was not accepted, loaded anew
        return redirect("plan:plan")
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, contact_form=form)
    said = form.cleaned_data
    return _done(
        request,
        lambda: name_contact(
            society=request.society, name=said["contact_name"], mail=said["contact_mail"], by=request.person
        ),
        _("Kept."),
    )


@stays_open
@require_http_methods(["GET", "HEAD", "POST"])
@staff(Kind.OWNER)
def certificate(request: SocietyRequest) -> HttpResponse:
    """A certificate of tax exemption, once."""
    if request.method != "POST":  # the address of a form that was not accepted, loaded anew
        return redirect("plan:plan")
    form = CertificateForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            bring_certificate(society=request.society, upload=form.cleaned_data["certificate"], by=request.person)
        except DomainError as error:
            form.add_error("certificate", error.message)
        else:
            messages.success(request, _("Thank you. We look at it; once it is accepted, invoices are without tax."))
            return redirect("plan:plan")
    return _page(request, certificate_form=form)


def _page(request: SocietyRequest, **forms: Any) -> HttpResponse:
    society = request.society
    account = account_of(society)
    shown: dict[str, Any] = {"account": account}
    if account is not None:
        row, state = account.subscription, account.standing.state
        with context.platform():
            invoices = list(Invoice.objects.filter(society_id=society.pk)[:MOST_INVOICES])
            papers = TaxCertificate.objects.filter(society_id=society.pk).defer("content").first()
            quotes = list(Quote.objects.filter(society_id=society.pk).select_related("plan")[:MOST_INVOICES])
        shown |= {
            "row": row,
            "leaves": buying.leaves(society),
            "owed": owed_of(society),
            "state": STATES[state],
            "tone": TONES[state],
            "until": account.standing.until,
            "use": use_of(account, society),
            "off": discounts_of(row, society.zone),
            "promised": promise_of(found) if (found := waiting(society)) else "",
            "invoices": _priced(invoices),
            "features": features_for(society),
            "quotes": [(each, money(each.total, each.currency), link_for(each)) for each in quotes],
            "choice": ChoiceForm(prices=current_prices()),
            "tax_certificate": papers,
            "certificate_form": CertificateForm(),
            "contact_form": ContactForm(initial={"contact_name": row.contact_name, "contact_mail": row.contact_mail}),
        }
    bound = any(form.is_bound for form in forms.values())
    response = render(request, "billing/plan.html", shown | forms, status=422 if bound else 200)
    # Its buttons lead on to pages of Stripe's.
    response.headers[csp.HEADER] = csp.policy(form_action=settings.STRIPE_PAGES)
    return response


def _priced(invoices: list[Invoice]) -> list[tuple[Invoice, str]]:
    return [(each, money(each.total, each.currency)) for each in invoices]


def _ask(request: SocietyRequest) -> None:
    try:
        syncing.sync(request.society.pk)
    except DomainError as error:
        messages.warning(request, error.message)


def _out(request: SocietyRequest, address: Callable[[], str]) -> HttpResponse:
    """Lead on to Stripe, or say why not."""
    try:
        return HttpResponseRedirect(address(), status=303)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("plan:plan")


def _done(request: SocietyRequest, work: Callable[[], object], said: str) -> HttpResponse:
    try:
        work()
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, said)
    return redirect("plan:plan")
