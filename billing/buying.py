"""Buying, changing, ending: what an owner or an operator wants of Stripe, and what it says afterwards.

Each service leaves the house first and writes afterwards: call it before the first write of a request. What it asks of
Stripe bears the turn of the subscription, so that a second press, another tab or a retry asks for the same thing, and
gets it once.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from django.db.models import F, Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing import discounts, gateway
from billing.leaving.models import Departure
from billing.models import BOUGHT, Interval, Invoice, Plan, Price, Subscription, TaxCertificate
from billing.seen import Coupon, SeenSubscription
from billing.showing import footer_of_invoices
from billing.syncing import chosen, sync
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import allowance, audit, context
from tenants.models import Society

# Stripe begins no trial that ends sooner.
SHORTEST_TRIAL = timedelta(days=2)


def open_checkout(*, society: Society, plan: Plan, interval: Interval, done: str, back_to: str) -> str:
    """An address at Stripe where the plan is paid for by card. What is left of the trial stays free.

    Pressed again, it is the same address. DomainError if the society has a plan already, if the plan cannot be had
    like this, or if more runs than it has room for.
    """
    subscription, price, coupon = _to_buy(society, plan, interval)
    customer_id = _customer_of(subscription)
    address = gateway.checkout(
        customer_id=customer_id,
        price_id=price.stripe_id,
        trial_ends_at=_rest_of_trial(subscription),
        coupon=coupon,
        done=done,
        back_to=back_to,
        turn=subscription.turn,
    )
    _remember(subscription, customer_id)
    return address


def begin_by_invoice(
    *,
    society: Society,
    plan: Plan,
    interval: Interval,
    by: Model | None,
    on_invoice: Mapping[str, str] | None = None,
    address: str = "",
    cents: int | None = None,
) -> Subscription:
    """Begin a plan whose invoices are sent to the billing contact, and due in thirty days.

    on_invoice: what stands on each invoice besides, such as the number of a purchase order. address: to whom the
    invoice is addressed. cents: the price that was
    quoted, which holds although there may be another by now. DomainError as above.
    """
    subscription, price, coupon = _to_buy(society, plan, interval, cents)
    customer_id = _customer_of(subscription)
    gateway.subscribe_by_invoice(
        customer_id=customer_id,
        price_id=price.stripe_id,
        trial_ends_at=_rest_of_trial(subscription),
        coupon=coupon,
        turn=subscription.turn,
        custom_fields=on_invoice,
        footer=footer_of_invoices(),
        address=address,
    )
    _remember(subscription, customer_id)
    return _done(subscription, "billing.begun_by_invoice", by, plan=plan.key, interval=interval)


def change_plan(*, society: Society, plan: Plan, interval: Interval, by: Model | None) -> Subscription:
    """Another plan: a larger one at once, for the difference; a smaller one when the paid period ends.

    DomainError if more runs than the smaller one has room for; PaymentRefused if the difference cannot be paid, and
    then nothing is changed.
    """
    _must_stay(society)
    subscription, seen = _bought(society)
    price = price_of(plan, interval)
    if price.stripe_id == seen.price_id:
        return keep_plan(society=society, by=by)
    if is_larger(plan, interval, subscription):
        if seen.schedule_id:
            gateway.keep_price(seen, turn=subscription.turn)
        gateway.change_now(seen, price_id=price.stripe_id, turn=subscription.turn)
        return _done(subscription, "billing.plan_changed", by, plan=plan.key, interval=interval)
    must_fit(society, plan)
    if seen.next_price_id != price.stripe_id:
        gateway.change_later(seen, price_id=price.stripe_id, turn=subscription.turn)
    return _done(subscription, "billing.plan_will_change", by, plan=plan.key, interval=interval)


def due_at_once(*, society: Society, plan: Plan, interval: Interval) -> tuple[int, str] | None:
    """What a larger plan costs on the day it begins, in cents, and in which currency; None if nothing is due then: on
    trial, and for one that begins later.

    DomainError if nothing was bought, if it is the plan that there is, or if it cannot be had.
    """
    _must_stay(society)
    subscription, seen = _bought(society)
    price = price_of(plan, interval)
    if price.stripe_id == seen.price_id and not seen.schedule_id:
        raise DomainError(_("This is the plan that your society has."), field="price")
    on_trial = seen.status == Subscription.Status.TRIALING
    if on_trial or price.stripe_id == seen.price_id or not is_larger(plan, interval, subscription):
        return None
    return gateway.due_now(seen, price_id=price.stripe_id)


def keep_plan(*, society: Society, by: Model | None) -> Subscription:
    """Take back a change of plan that waits for the end of the period; nothing happens if none does."""
    subscription, seen = _bought(society)
    if not seen.schedule_id:
        return subscription
    gateway.keep_price(seen, turn=subscription.turn)
    return _done(subscription, "billing.plan_kept", by)


def cancel(*, society: Society, reason: str, by: Model | None) -> Subscription:
    """End when the paid period does; said again, nothing changes. DomainError without a reason."""
    if not reason.strip():
        raise DomainError(_("Say why, in a few words. It helps us more than you may think."), field="reason")
    subscription, seen = _bought(society)
    if seen.cancels_at:
        return subscription
    if seen.schedule_id:
        gateway.keep_price(seen, turn=subscription.turn)
    gateway.cancel_at_end(seen, cancels=True, words=reason.strip(), turn=subscription.turn)
    return _done(subscription, "billing.will_end", by)


def go_on(*, society: Society, by: Model | None) -> Subscription:
    """Do not end after all; nothing happens if it was not to end. DomainError if the society leaves."""
    _must_stay(society)
    subscription, seen = _bought(society)
    if not seen.cancels_at:
        return subscription
    gateway.cancel_at_end(seen, cancels=False, turn=subscription.turn)
    return _done(subscription, "billing.goes_on", by)


def open_portal(*, society: Society, back_to: str) -> str:
    """An address at Stripe where cards, tax ids and invoices are. DomainError if nothing was bought yet."""
    with context.platform():
        known = Subscription.objects.filter(society=society).exclude(customer_id="").first()
    if known is None:
        raise DomainError(_("There is nothing to pay yet. Choose a plan first."))
    return gateway.portal(known.customer_id, back_to=back_to)


def paid_outside(*, invoice: Invoice, words: str, by: Model) -> Invoice:
    """Note that an invoice was paid by check or transfer, and how an operator knows; said again, nothing changes.

    DomainError if it is not open, or without words.
    """
    if not words.strip():
        raise DomainError(_("Write down how it was paid, such as the number of the check."), field="words")
    with context.platform():
        now = Invoice.objects.select_related("society").get(pk=invoice.pk)
    if now.state == Invoice.State.PAID:
        return now
    if now.state != Invoice.State.OPEN:
        raise DomainError(_("This invoice is not open, so there is nothing to be paid."))
    gateway.pay_outside(now.stripe_id)
    sync(now.society_id)
    with context.platform():
        audit.record("billing.paid_outside", subject=now.society, actor=by, invoice=now.stripe_id)
        Invoice.objects.filter(pk=invoice.pk).update(paid_how=words.strip()[:200])
        return Invoice.objects.get(pk=invoice.pk)


def exempt(*, certificate: TaxCertificate, by: Model) -> TaxCertificate:
    """Let a society pay without tax, its certificate having been looked at; said again, nothing changes."""
    if certificate.accepted_at is not None:
        return certificate
    with context.platform():
        subscription = Subscription.objects.select_related("society").get(society_id=certificate.society_id)
    customer_id = _customer_of(subscription)
    gateway.exempt_customer(customer_id)
    _remember(subscription, customer_id)
    with context.platform():
        certificate.accepted_at, certificate.accepted_by = clock.now(), str(by)
        certificate.save(update_fields=["accepted_at", "accepted_by"])
        audit.record("billing.exempted", subject=subscription.society, actor=by)
    return certificate


def what_exceeds(society: Society, plan: Plan) -> int:
    """How many mentorships more run than a plan has room for; nothing if they fit."""
    return max(0, allowance.in_use(society) - plan.mentorships) if plan.mentorships is not None else 0


def is_larger(plan: Plan, interval: Interval, subscription: Subscription) -> bool:
    """Whether a change gives more room, or as much for a longer time: then it happens at once."""
    now = subscription.plan
    if now is None or now == plan:
        return interval == Interval.YEAR and subscription.interval == Interval.MONTH
    return now.mentorships is not None and (plan.mentorships is None or plan.mentorships > now.mentorships)


def _to_buy(
    society: Society, plan: Plan, interval: Interval, cents: int | None = None
) -> tuple[Subscription, Price, Coupon | None]:
    _must_stay(society)
    price = price_of(plan, interval) if cents is None else _quoted_price(plan, interval, cents)
    must_fit(society, plan)
    with context.platform():
        subscription = Subscription.objects.select_related("society").get(society=society)
    # Also what was bought in another window a moment ago.
    seen = gateway.subscriptions_of(subscription.customer_id) if subscription.customer_id else []
    if any(each.status in BOUGHT for each in seen):
        raise DomainError(_("Your society has a plan already. You can change it."))
    coupon = discounts.of_a_new_plan(society, seen, first_invoice=_rest_of_trial(subscription))
    return subscription, price, coupon


def _customer_of(subscription: Subscription) -> str:
    """The society as Stripe's customer, who is made on first use: asked twice, Stripe makes one."""
    society = subscription.society
    mail = subscription.contact_mail or society.contact_mail
    return subscription.customer_id or gateway.create_customer(society_id=society.pk, name=society.name, mail=mail)


def _remember(subscription: Subscription, customer_id: str) -> None:
    with context.platform():
        Subscription.objects.filter(pk=subscription.pk, customer_id="").update(customer_id=customer_id)


def _bought(society: Society) -> tuple[Subscription, SeenSubscription]:
    """The subscription that runs, as it is here and at Stripe at this moment. DomainError if there is none."""
    with context.platform():
        subscription = Subscription.objects.select_related("plan").filter(society=society).first()
    seen = None
    if subscription and subscription.customer_id:
        seen = chosen(subscription, gateway.subscriptions_of(subscription.customer_id))
    if subscription is None or seen is None or seen.ended_at:
        raise DomainError(_("Your society has no plan yet. Choose one first."))
    return subscription, seen


def price_of(plan: Plan, interval: Interval) -> Price:
    """What a plan costs today. DomainError if it cannot be had."""
    with context.platform():
        price = plan.prices.filter(interval=interval, replaced_at=None).exclude(stripe_id="").first()
    if price is None or not plan.offered:
        raise DomainError(_("This plan cannot be had at the moment. Choose another one, or write to us."))
    return price


def _quoted_price(plan: Plan, interval: Interval, cents: int) -> Price:
    """The price that stands on a quote, though another may have its place by now. DomainError if it cannot be had."""
    with context.platform():
        quoted = plan.prices.filter(interval=interval, cents=cents).exclude(stripe_id="")
        price = quoted.order_by(F("replaced_at").desc(nulls_first=True)).first()
    if price is None:
        raise DomainError(_("This plan cannot be had at the moment. Choose another one, or write to us."))
    return price


def must_fit(society: Society, plan: Plan) -> None:
    """DomainError if more runs than a plan has room for."""
    over = what_exceeds(society, plan)
    if over:
        raise DomainError(
            ngettext(
                "%(count)s mentorship more runs than this plan has room for. Choose it once it has ended.",
                "%(count)s mentorships more run than this plan has room for. Choose it once they have ended.",
                over,
            )
            % {"count": over}
        )


def leaves(society: Society) -> bool:
    """Whether a society leaves by its own wish; whose data go for want of a plan may choose one."""
    with context.platform():
        going = Departure.objects.filter(society=society, stopped_at=None, deleted_at=None)
        return going.exclude(reason=Departure.Reason.UNPAID).exists()


def free_until(society: Society) -> datetime | None:
    """When the first invoice of a plan is made that is chosen now; None if that is at once."""
    with context.platform():
        subscription = Subscription.objects.filter(society=society).first()
    return _rest_of_trial(subscription) if subscription else None


def _must_stay(society: Society) -> None:
    """DomainError if a society leaves: it would pay for what is deleted."""
    if leaves(society):
        raise DomainError(_("Your society is leaving. Its owner can let it stay, and then this can be done."))


def _rest_of_trial(subscription: Subscription) -> datetime | None:
    ends = subscription.trial_ends_at
    return ends if ends > clock.now() + SHORTEST_TRIAL and not subscription.ended_at else None


def _done(subscription: Subscription, verb: str, by: Model | None, **facts: str) -> Subscription:
    """What Stripe says now is written down, and the next turn begins."""
    with suppress(gateway.StripeAway):  # it is done; a message tells of it, or the hourly check finds it
        sync(subscription.society_id)
    with context.platform():
        Subscription.objects.filter(pk=subscription.pk, turn=subscription.turn).update(turn=F("turn") + 1)
        audit.record(verb, subject=subscription.society, actor=by, **facts)
        return Subscription.objects.select_related("plan", "next_plan", "society").get(pk=subscription.pk)
