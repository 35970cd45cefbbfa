"""Money and states in words, for whoever may hear of them: owners, billing contacts and operators."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from billing.meter import Account, account_of
from billing.models import Discount, Invoice, Subscription
from billing.standing import State
from tenants import allowance, context
from tenants.hosts import public_url
from tenants.models import Society

STATES: Mapping[State, Any] = {
    State.TRIALING: gettext_lazy("On trial"),
    State.ACTIVE: gettext_lazy("Active"),
    State.PAST_DUE: gettext_lazy("Past due"),
    State.RESTRICTED: gettext_lazy("Nothing new"),
    State.SUSPENDED: gettext_lazy("Suspended"),
    State.ENDING: gettext_lazy("Will be deleted"),
    State.COMPED: gettext_lazy("No charge"),
}
TONES: Mapping[State, str] = {
    State.TRIALING: "brand",
    State.ACTIVE: "success",
    State.COMPED: "success",
    State.PAST_DUE: "warning",
    State.RESTRICTED: "warning",
    State.SUSPENDED: "danger",
    State.ENDING: "danger",
}


def money(cents: int, currency: str = "usd") -> str:
    """“$79.00”; of another currency its code stands behind."""
    amount = f"{'-' if cents < 0 else ''}{'$' if currency == 'usd' else ''}{abs(cents) / 100:,.2f}"
    return amount if currency == "usd" else f"{amount} {currency.upper()}"


def off(percent: float | None, cents: int | None) -> str:
    """“20% off”, “$100.00 off”."""
    said = f"{percent:g}%" if percent is not None else money(cents or 0)
    return _("%(how_much)s off") % {"how_much": said}


def promise_of(discount: Discount) -> str:
    """What waits for a plan, in words."""
    how_much = {"off": off(discount.percent, discount.cents)}
    match discount.lasts:
        case Discount.Lasts.ONCE:
            return _("%(off)s the first invoice") % how_much
        case Discount.Lasts.MONTHS:
            return ngettext(
                "%(off)s every invoice of the first month",
                "%(off)s every invoice of the first %(months)s months",
                discount.months or 1,
            ) % {**how_much, "months": discount.months}
    return _("%(off)s every invoice") % how_much


def discounts_of(subscription: Subscription, zone: ZoneInfo) -> list[str]:
    """What Stripe takes off the invoices of a plan, in words."""
    said = []
    for each in subscription.discounts:
        how_much = {"off": off(each["percent"], each["cents"])}
        if each["until"]:
            day = datetime.fromisoformat(each["until"]).astimezone(zone)
            said.append(_("%(off)s every invoice before %(day)s") % {**how_much, "day": date_format(day, "F j, Y")})
        else:
            said.append((_("%(off)s one invoice") if each["once"] else _("%(off)s every invoice")) % how_much)
    return said


def where_it_stands(account: Account, society: Society) -> str:
    """A society's state in one sentence for whoever may pay, with the day on which it becomes another one."""
    until = account.standing.until
    if until is None:
        return ""
    day = {"day": date_format(until.astimezone(society.zone), "F j, Y")}
    match account.standing.state:
        case State.TRIALING:
            return _("The trial ends on %(day)s. What is left of it stays free.") % day
        case State.PAST_DUE:
            return _("Everything goes on until %(day)s.") % day
        case State.RESTRICTED if account.subscription.is_bought:
            return _("Nothing new can begin until the open invoice is paid. What runs goes on, until %(day)s.") % day
        case State.RESTRICTED:
            return _("Nothing new can begin until there is a plan. What runs goes on, until %(day)s.") % day
        case State.SUSPENDED:
            return _("The portal is closed. Everything in it is kept until %(day)s.") % day
        case State.ENDING:
            return _("Everything in the portal will be deleted on %(day)s.") % day
    return ""


def owed_of(society: Society) -> tuple[Invoice, str] | None:
    """The oldest invoice that is to be paid on Stripe's page, and its sum."""
    with context.platform():
        open_ones = Invoice.objects.filter(society_id=society.pk, state=Invoice.State.OPEN).exclude(page_url="")
        found = open_ones.order_by("made_at").first()
    return (found, money(found.remaining, found.currency)) if found else None


def use_of(account: Account, society: Society) -> str:
    """“12 of 25”, or how many where there is no limit."""
    used = allowance.in_use(society)
    return str(used) if account.limit is None else _("%(used)s of %(limit)s") % {"used": used, "limit": account.limit}


def notice_for_owner(society: Society) -> str:
    """One sentence over an owner's pages while something about the plan wants them; nothing if all is well."""
    account = account_of(society)
    if account is None:
        return ""
    day = date_format(account.standing.until.astimezone(society.zone), "F j") if account.standing.until else ""
    match account.standing.state:
        case State.PAST_DUE if account.subscription.method == "invoice":
            return _("An invoice is past its day. Everything goes on until %(day)s.") % {"day": day}
        case State.PAST_DUE:
            return _("A payment did not go through. Everything goes on until %(day)s.") % {"day": day}
        case State.RESTRICTED if account.subscription.is_bought:
            return _("Nothing new can begin until the open invoice is paid. What runs goes on.")
        case State.RESTRICTED:
            return _("Nothing new can begin until there is a plan. What runs goes on.")
        case State.TRIALING | State.ACTIVE | State.COMPED:
            return _over(account, society)
    return ""


def _over(account: Account, society: Society) -> str:
    over = allowance.in_use(society) - account.limit if account.limit is not None else 0
    if over <= 0:
        return ""
    return ngettext(
        "%(count)s mentorship more runs than your plan has room for. It goes on, and no more pairs can be published.",
        "%(count)s mentorships more run than your plan has room for. They go on, and no more pairs can be published.",
        over,
    ) % {"count": over}


def footer_of_invoices() -> str:
    """What stands under an invoice that is sent: where checks go, and where our tax form is."""
    if settings.TAX_FORM:
        form = public_url(reverse("tax-form", urlconf=settings.PUBLIC_SCHEMA_URLCONF))
        said = {"form": form, "contact": settings.CHIRON_CONTACT}
        ask = _("Our tax form (W-9): %(form)s. Questions: %(contact)s.") % said
    else:
        ask = _("Questions, or our tax form (W-9): %(contact)s.") % {"contact": settings.CHIRON_CONTACT}
    if not settings.POSTAL_ADDRESS:
        return ask
    address = ", ".join(settings.POSTAL_ADDRESS.splitlines())
    return f"{_('Checks: to Chiron, %(address)s, with the number of the invoice.') % {'address': address}} {ask}"
