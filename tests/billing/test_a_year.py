"""A year of two societies that do the same at the same moments. One hears of it at once and in order; the other late,
in random order, and of a third twice. They end alike.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from billing import buying
from billing.models import Interval, Invoice, StripeEvent, Subscription
from billing.standing import State
from billing.subscriptions import TRIAL, begin_trial
from billing.syncing import sync
from chiron.console.models import Operator
from chiron.console.services import add_operator
from chiron.kernel import clock
from tenants import context
from tenants.models import Society
from tests.billing.buying import Buyer, plan, send, work
from tests.stripe_emulator.desk import Hook, StripeDesk

MESSAGES, TWICE = 1000, 0.3
# Ids, and what says when and how often somebody looked.
OWN = {
    "id",
    "society_id",
    "customer_id",
    "stripe_id",
    "schedule_id",
    "created_at",
    "seen_at",
    "revision",
    "number",
    "page_url",
    "pdf_url",
    "told_state",
}


class Post:
    """What brings the late one's messages: a box that is shaken, and gives out a part of them each time."""

    def __init__(self, seed: int) -> None:
        self.random, self.box, self.brought = random.Random(seed), list[Hook](), 0

    def add(self, hooks: list[Hook]) -> None:
        self.box += hooks + [hook for hook in hooks if self.random.random() < TWICE]
        self.random.shuffle(self.box)

    def bring(self, share: float = 1.0) -> None:
        count = round(len(self.box) * share)
        for _each in range(count):
            assert send(self.box.pop()).status_code == 200
        self.brought += count
        work()


def a_year(buyer: Buyer, operator: Operator) -> Iterator[tuple[int, State]]:
    """What a society does, each time until how many days after its beginning, and where it stands then."""
    yield 20, State.TRIALING
    buyer.subscribes("band-25")
    yield 45, State.ACTIVE
    buyer.takes_card("pm_card_chargeCustomerFail")
    yield 54, State.PAST_DUE
    buyer.takes_card("pm_card_visa")
    yield 70, State.ACTIVE  # Stripe tried again
    _now(buyer, "change_plan", plan=plan("band-100"), interval=Interval.MONTH)
    yield 100, State.ACTIVE
    _now(buyer, "change_plan", plan=plan("band-25"), interval=Interval.MONTH)
    yield 130, State.ACTIVE
    _now(buyer, "cancel", reason="We pay by transfer from now on")
    yield 145, State.RESTRICTED
    _now(buyer, "begin_by_invoice", plan=plan("band-100"), interval=Interval.YEAR)
    yield 190, State.PAST_DUE
    for invoice in _open(buyer):
        buying.paid_outside(invoice=invoice, words="Transfer of June 30", by=operator)
    yield 250, State.ACTIVE
    _now(buyer, "cancel", reason="A year is enough")
    yield 365, State.ACTIVE  # it was paid until the end


def test_a_year_ends_alike_in_whatever_order_it_is_heard_of(
    at_stripe: StripeDesk, societies: dict[str, Society]
) -> None:
    at_once, late = (Buyer(societies[slug], at_stripe) for slug in ("sierra", "northstar"))
    with context.platform():
        operator = add_operator(email="ann@chiron.example.org", name="Ann Lee")
        for buyer in (at_once, late):
            begin_trial(society=buyer.society)
        Subscription.objects.update(trial_ends_at=clock.now() + TRIAL)
    post = Post(seed=20260101)
    lives = zip(a_year(at_once, operator), a_year(late, operator), strict=True)
    with ExitStack() as time:
        past = 0
        for (day, state), _same in lives:
            time.enter_context(at_once.later(timedelta(days=day - past)))
            past = day
            _noise(late, post)
            mine, others = _whose(at_once, at_stripe.take())
            for hook in mine:
                send(hook)
            work()
            assert at_once.state == state, day
            post.add(others)
            post.bring(share=0.6)
        post.bring()
        assert post.brought >= MESSAGES
        assert _facts(late) == _facts(at_once)
        assert late.state == at_once.state == State.ACTIVE
        with context.platform():
            assert not StripeEvent.objects.filter(done_at=None).exists()
        assert [sync(buyer.society.pk).changed for buyer in (at_once, late)] == [[], []]
        time.enter_context(at_once.later(timedelta(days=150)))
        assert late.state == at_once.state == State.RESTRICTED


def _now(buyer: Buyer, service: str, **wish: Any) -> None:
    getattr(buying, service)(society=buyer.society, by=None, **wish)


def _open(buyer: Buyer) -> list[Invoice]:
    with context.platform():
        return list(Invoice.objects.filter(society=buyer.society, state="open"))


def _noise(buyer: Buyer, post: Post) -> None:
    """Changes that have nothing to do with money, so that there is much to hear."""
    if customer := buyer.row.customer_id:
        for number in range(75):
            wish: Any = {"metadata": {"seen": f"{post.brought}-{number}"}}
            buyer.desk.client.v1.customers.update(customer, wish)


def _whose(buyer: Buyer, hooks: list[Hook]) -> tuple[list[Hook], list[Hook]]:
    """The messages about one society, and the others."""
    mine, others = list[Hook](), list[Hook]()
    for hook in hooks:
        about = json.loads(hook.body)["data"]["object"]
        customer = about["id"] if about["object"] == "customer" else about.get("customer")
        (mine if customer == buyer.row.customer_id else others).append(hook)
    return mine, others


def _facts(buyer: Buyer) -> object:
    """Everything that is known of a society's money, without its ids."""
    with context.platform():
        row = Subscription.objects.values().get(society=buyer.society)
        invoices = Invoice.objects.filter(society=buyer.society).order_by("made_at", "total").values()
        return [{name: value for name, value in each.items() if name not in OWN} for each in (row, *invoices)]
