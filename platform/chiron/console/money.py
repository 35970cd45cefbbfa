"""What operators see and decide about money: one society's plan, and what Stripe told."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from billing import buying, discounts, overrides, subscriptions, syncing
from billing.meter import Account, account_of
from billing.models import Discount, Invoice, Override, StripeEvent, TaxCertificate
from billing.showing import STATES, TONES, discounts_of, money, promise_of, use_of
from chiron.console.access import OperatorRequest, operators
from chiron.design.paging import Paginator
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants.audit.models import Entry
from tenants.models import Society

PER_PAGE = 50
# What an operator should have heard of, and for how long it stands over the events.
FOUND = {
    "billing.drifted": gettext_lazy("Something was otherwise than at Stripe. It was mended."),
    "billing.messages_missed": gettext_lazy("Messages of Stripe never arrived. What they are about was asked for."),
    "billing.second_subscription_ended": gettext_lazy("A second subscription was ended. Give back what was paid."),
}
SHOWN_FOR = timedelta(days=30)


class GiveForm(forms.Form):
    """Something beside the plan."""

    kind = forms.ChoiceField(label=gettext_lazy("What"), choices=Override.Kind.choices)
    amount = forms.IntegerField(
        label=gettext_lazy("Mentorships at a time"),
        help_text=gettext_lazy("Only for more mentorships."),
        min_value=0,
        max_value=1_000_000,
        required=False,
    )
    until = forms.DateField(
        label=gettext_lazy("Until the end of"),
        help_text=gettext_lazy("Empty until somebody takes it back."),
        widget=forms.DateInput(attrs={"type": "date"}),
        required=False,
    )
    reason = forms.CharField(label=gettext_lazy("Why, for your colleagues"), max_length=300)

    def until_in(self, society: Society) -> datetime | None:
        day = self.cleaned_data["until"]
        return datetime.combine(day + timedelta(days=1), time(), tzinfo=society.zone) if day else None


class DiscountForm(forms.Form):
    """What is taken off the plan."""

    percent = forms.IntegerField(label=gettext_lazy("Percent"), min_value=1, max_value=100, required=False)
    amount = forms.DecimalField(
        label=gettext_lazy("Or an amount in dollars"),
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
        required=False,
    )
    lasts = forms.ChoiceField(label=gettext_lazy("Off what"), choices=Discount.Lasts.choices)
    months = forms.IntegerField(
        label=gettext_lazy("How many months"),
        help_text=gettext_lazy("Only for the first months. What is left of a trial does not count."),
        min_value=1,
        max_value=60,
        required=False,
    )
    reason = forms.CharField(label=gettext_lazy("Why, for your colleagues"), max_length=300)


class OutsideForm(forms.Form):
    """That an invoice was paid by check or transfer."""

    words = forms.CharField(
        label=gettext_lazy("How it was paid"),
        help_text=gettext_lazy("Such as the number of the check."),
        max_length=200,
    )


@require_safe
@operators
def plan(request: OperatorRequest, pk: UUID) -> HttpResponse:
    """What a society bought, was given, and owes."""
    return _plan(request, _society(pk))


@require_POST
@operators
def begin(request: OperatorRequest, pk: UUID) -> HttpResponse:
    """Begin the trial of a society that operators made by hand."""
    society = _society(pk)
    subscriptions.begin_trial(society=society)
    return redirect("console:plan", pk)


@require_POST
@operators
def ask(request: OperatorRequest, pk: UUID) -> HttpResponse:
    """Ask Stripe now, and say what was otherwise."""
    society = _society(pk)
    try:
        changed = syncing.sync(society.pk).changed
    except DomainError as error:
        messages.error(request, error.message)
    else:
        said = _("Written down anew: %(what)s.") % {"what": ", ".join(changed)}
        messages.success(request, said if changed else _("All is as it is at Stripe."))
    return redirect("console:plan", pk)


@require_POST
@operators
def give(request: OperatorRequest, pk: UUID) -> HttpResponse:
    """No charge, more room, more time, a feature: with a reason."""
    society, form = _society(pk), GiveForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            overrides.give(
                society=society,
                kind=Override.Kind(said["kind"]),
                amount=said["amount"],
                until=form.until_in(society),
                reason=said["reason"],
                by=request.operator,
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, _("Given, and written down."))
            return redirect("console:plan", pk)
    return _plan(request, society, form=form)


@require_POST
@operators
def take_back(request: OperatorRequest, pk: UUID, override: UUID) -> HttpResponse:
    """End something that was given."""
    society = _society(pk)
    overrides.take_back(override=get_object_or_404(society.overrides, pk=override), by=request.operator)
    messages.success(request, _("Taken back."))
    return redirect("console:plan", pk)


@require_POST
@operators
def discount(request: OperatorRequest, pk: UUID) -> HttpResponse:
    """Take something off the plan that there is, or that comes."""
    society, form = _society(pk), DiscountForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            discounts.give(
                society=society,
                percent=said["percent"],
                cents=int(said["amount"] * 100) if said["amount"] is not None else None,
                lasts=Discount.Lasts(said["lasts"]),
                months=said["months"],
                reason=said["reason"],
                by=request.operator,
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, _("Given, and written down."))
            return redirect("console:plan", pk)
    return _plan(request, society, discount_form=form)


@require_POST
@operators
def discount_back(request: OperatorRequest, pk: UUID, discount: UUID) -> HttpResponse:
    """Take nothing off any more."""
    found = get_object_or_404(_society(pk).discounts, pk=discount)
    try:
        discounts.take_back(discount=found, by=request.operator)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Taken back."))
    return redirect("console:plan", pk)


@require_POST
@operators
def paid_outside(request: OperatorRequest, pk: UUID, invoice: UUID) -> HttpResponse:
    """Record a check or a transfer."""
    society = _society(pk)
    found = get_object_or_404(society.invoices, pk=invoice)
    try:
        buying.paid_outside(invoice=found, words=request.POST.get("words", ""), by=request.operator)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Recorded as paid."))
    return redirect("console:plan", pk)


@require_safe
@operators
def certificate(request: OperatorRequest, pk: UUID) -> HttpResponse:
    """The paper by which a society need not pay tax."""
    found = get_object_or_404(TaxCertificate, society=_society(pk))
    headers = {"Content-Disposition": f'attachment; filename="{found.name}"'}
    return HttpResponse(bytes(found.content), content_type=found.content_type, headers=headers)


@require_POST
@operators
def exempt(request: OperatorRequest, pk: UUID) -> HttpResponse:
    """It has been looked at: no tax from now on."""
    found = get_object_or_404(TaxCertificate.objects.defer("content"), society=_society(pk))
    try:
        buying.exempt(certificate=found, by=request.operator)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Accepted. Invoices are without tax from now on."))
    return redirect("console:plan", pk)


@require_safe
@operators
def events(request: OperatorRequest) -> HttpResponse:
    """What Stripe told, the latest first, and what was found to be otherwise."""
    rows = StripeEvent.objects.select_related("society").defer("society__logo")
    waiting = rows.filter(done_at=None)
    page = Paginator(waiting if "waiting" in request.GET else rows, PER_PAGE).get_page(request.GET.get("page"))
    entries = Entry.objects.filter(verb__in=FOUND, at__gte=clock.now() - SHOWN_FOR).order_by("-at")[:10]
    names = {
        str(pk): name
        for pk, name in Society.objects.filter(
            pk__in=[entry.subject_id for entry in entries if entry.subject_id]
        ).values_list("pk", "name")
    }
    found = [(FOUND[entry.verb], names.get(entry.subject_id, ""), _about(entry), entry.at) for entry in entries]
    context = {"page": page, "waiting": waiting.count(), "found": found, "only_waiting": "waiting" in request.GET}
    return render(request, "console/events.html", context)


def _about(entry: Entry) -> str:
    facts = entry.facts
    return ", ".join(facts.get("changed", [])) or str(facts.get("count") or facts.get("subscription") or "")


def _plan(request: OperatorRequest, society: Society, **forms: forms.Form) -> HttpResponse:
    account = account_of(society)
    context: dict[str, Any] = {"society": society, "account": account, "form": GiveForm()}
    context |= {"discount_form": DiscountForm(auto_id="discount_%s"), **forms}
    if account:
        context |= _shown(account, society)
    return render(request, "console/plan.html", context, status=422 if forms else 200)


def _shown(account: Account, society: Society) -> dict[str, Any]:
    invoices = list(society.invoices.all()[:PER_PAGE])
    now = clock.now()
    promised = society.discounts.filter(ended_at=None).first()
    return {
        "subscription": account.subscription,
        "state": STATES[account.standing.state],
        "tone": TONES[account.standing.state],
        "use": use_of(account, society),
        "is_late": account.subscription.unpaid_since is not None and account.subscription.unpaid_since <= now,
        "invoices": [(each, *_amounts(each), OutsideForm(auto_id=f"{each.pk}_%s")) for each in invoices],
        "given": [each for each in account.overrides if each.is_in_force(now)],
        "off": discounts_of(account.subscription, society.zone),
        "discount": {"row": promised, "words": promise_of(promised)} if promised else None,
        "certificate": TaxCertificate.objects.filter(society=society).defer("content").first(),
        "before": [each for each in account.overrides if not each.is_in_force(now)],
    }


def _amounts(invoice: Invoice) -> tuple[str, str]:
    """The total; and what was given back, if anything was."""
    back = invoice.refunded or invoice.credited
    return money(invoice.total, invoice.currency), money(back, invoice.currency) if back else ""


def _society(pk: UUID) -> Society:
    return get_object_or_404(Society.objects.filter(left_at=None, rehearses=None).defer("logo"), pk=pk)
