"""Making a quote, and saying yes to it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from billing import buying, discounts, gateway
from billing.models import Interval, Method, Plan, Subscription
from billing.quotes import mails
from billing.quotes.models import Quote
from billing.showing import discounts_of, footer_of_invoices, promise_of
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import audit, context, due
from tenants.models import Society
from tenants.people.models import Person

VALID_FOR = timedelta(days=60)
A_YEAR = timedelta(days=365)
# So long before a year ends there is a quote for the next.
BEFORE_A_YEAR_ENDS = timedelta(days=60)
RENEW = "quotes.renew"
# What Stripe writes on an invoice beside a number.
PURCHASE_ORDER = "PO number"


def make_quote(
    *,
    society: Society,
    plan: Plan,
    interval: Interval,
    contact_name: str,
    contact_mail: str,
    address: str,
    by: Person | None,
    renews: bool = False,
) -> Quote:
    """Write a quote and send it to the billing contact, who is noted as such.

    DomainError if the plan cannot be had, or is too small for what runs. The same asked again on the same day is the
    same quote, so that a second press makes no second paper.
    """
    price = buying.price_of(plan, interval)
    buying.must_fit(society, plan)
    today = clock.today(society.zone)
    asked = {"plan": plan, "interval": interval, "contact_mail": contact_mail, "address": address, "renews": renews}
    asked |= {"cents": price.cents, **(_off_next_year if renews else _off)(society, price.cents)}
    with context.platform():
        _hold_numbers()
        valid_until = today + VALID_FOR
        if there := Quote.objects.filter(society=society, valid_until=valid_until, accepted_at=None, **asked).first():
            return there
        quote = Quote.objects.create(
            society=society,
            number=_next_number(today.year),
            currency=price.currency,
            contact_name=contact_name,
            made_at=clock.now(),
            valid_until=valid_until,
            **asked,
        )
        named = {"contact_name": contact_name, "contact_mail": contact_mail}
        Subscription.objects.filter(society=society).update(**named)
        audit.record("billing.quoted", subject=society, quote=quote.number)
    with context.society(society):
        audit.record("billing.quoted", actor=by, subject=society, quote=quote.number)
        mails.send(quote)
    return quote


def accept(*, quote: Quote, purchase_order: str, by: str) -> Quote:
    """Say yes: the plan begins, and its invoice goes to the billing contact, due in thirty days. Twice is once.

    Leaves the house first: call it before the first write of a request. DomainError if the quote is too old, or if
    the plan cannot begin.
    """
    society = quote.society
    with context.platform():
        _hold_yes(society)
        quote.refresh_from_db(fields=["accepted_at", "accepted_by", "purchase_order"])
    if quote.accepted_at is not None:
        return quote
    if clock.today(society.zone) > quote.valid_until:
        raise DomainError(_("This quote was valid until %s. Ask for a new one: it takes a minute.") % quote.valid_until)
    promised = discounts.waiting(society)
    if not quote.renews and quote.discount_id != (promised.pk if promised else None):
        raise DomainError(_("The discount is another one by now. Ask for a new quote: it takes a minute."))
    fields = {PURCHASE_ORDER: purchase_order.strip()} if purchase_order.strip() else {}
    _at_stripe(quote, fields)
    if not quote.renews:
        buying.begin_by_invoice(
            society=society,
            plan=quote.plan,
            interval=Interval(quote.interval),
            by=None,
            on_invoice=fields,
            address=quote.address,
            cents=quote.cents,
        )
    with context.platform():
        said = {"accepted_at": clock.now(), "accepted_by": by, "purchase_order": purchase_order.strip()}
        first = Quote.objects.filter(pk=quote.pk, accepted_at=None).update(**said)
        quote.refresh_from_db(fields=list(said))
        if first:
            audit.record("billing.quote_accepted", subject=society, quote=quote.number)
            mails.tell_of_yes(quote)
    plan_renewal(society)
    return quote


def plan_renewal(society: Society) -> None:
    """Have a quote for another year made in time, where a society pays by invoice for a year.

    What is left of a trial is no year: the first one follows it.
    """
    with context.platform():
        row = Subscription.objects.filter(society=society, method=Method.INVOICE, interval=Interval.YEAR).first()
    if row is not None and row.period_ends_at is not None:
        ends = row.period_ends_at + (A_YEAR if row.on_trial else timedelta())
        with context.society(society):
            due.schedule(RENEW, str(society.pk), at=max(ends - BEFORE_A_YEAR_ENDS, clock.now()))


def quote_renewal(society: Society) -> Quote | None:
    """A quote for another year of what a society has; None if it does not go on. The next is planned with it."""
    with context.platform():
        row = Subscription.objects.select_related("plan", "next_plan").filter(society=society).first()
        last = Quote.objects.filter(society=society, accepted_at__isnull=False).first()
    if row is None or last is None or row.plan is None or not row.is_bought or row.cancels_at or row.ended_at:
        return None
    if row.method != Method.INVOICE or row.period_ends_at is None:
        return None
    with context.society(society):
        due.schedule(RENEW, str(society.pk), at=row.period_ends_at + A_YEAR - BEFORE_A_YEAR_ENDS)
    return make_quote(
        society=society,
        plan=row.next_plan or row.plan,
        interval=Interval(row.next_interval or row.interval),
        contact_name=row.contact_name or last.contact_name,
        contact_mail=row.contact_mail or last.contact_mail,
        address=last.address,
        by=None,
        renews=True,
    )


def _off(society: Society, cents: int) -> dict[str, object]:
    """What is taken off the first invoice of a plan that begins, and before when there is none."""
    when, found = {"invoiced_from": buying.free_until(society)}, discounts.waiting(society)
    if found is None:
        return {"off": 0, "off_for": "", "discount": None, **when}
    taken = discounts.taken_off(cents, percent=found.percent, cents=found.cents)
    return {"off": taken, "off_for": promise_of(found), "discount": found, **when}


def _off_next_year(society: Society, cents: int) -> dict[str, object]:
    """What Stripe will take off when the next year begins: what counts until later than that."""
    with context.platform():
        row = Subscription.objects.get(society=society)
    assert row.period_ends_at is not None, "Only what runs is quoted anew."
    left, said = cents, []
    for each, words in zip(row.discounts, discounts_of(row, society.zone), strict=True):
        if each["once"] or (each["until"] and datetime.fromisoformat(each["until"]) <= row.period_ends_at):
            continue
        left -= discounts.taken_off(left, percent=each["percent"], cents=each["cents"])
        said.append(words)
    next_year = {"discount": None, "invoiced_from": row.period_ends_at}
    return {"off": cents - left, "off_for": ", ".join(said)[:200], **next_year}


def _at_stripe(quote: Quote, fields: dict[str, str]) -> None:
    """Who gets the invoices, and what stands on the next, where Stripe knows the society already."""
    with context.platform():
        row = Subscription.objects.filter(society=quote.society).first()
    if row is not None and row.customer_id:
        gateway.change_customer(row.customer_id, name=quote.society.name, mail=quote.contact_mail)
        on_paper = {"footer": footer_of_invoices(), "address": quote.address}
        gateway.change_customer_fields(row.customer_id, fields, turn=quote.number, **on_paper)


def _hold_yes(society: Society) -> None:
    """One after the other says yes for a society: the second sees what the first began."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"quotes.yes.{society.pk}"])


def _hold_numbers() -> None:
    """Numbers are given one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('quotes.number'))")


def _next_number(year: int) -> str:
    """Counted by length first, so that the ten-thousandth comes after the one before it."""
    made = Quote.objects.filter(number__startswith=f"Q-{year}-").order_by(Length("number"), "number")
    last = made.values_list("number", flat=True).last()
    return f"Q-{year}-{int(last.rpartition('-')[2]) + 1 if last else 1:04}"
