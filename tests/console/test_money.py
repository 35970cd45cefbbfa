"""Operators see what a society bought and owes, and decide beside its plan; each decision has a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from billing import buying
from billing.meter import account_of
from billing.models import Interval, Invoice, Override, StripeEvent, Subscription
from billing.standing import State
from billing.subscriptions import begin_trial
from chiron.console.services import add_operator
from chiron.kernel import clock
from tenants import audit, context
from tenants.audit.models import Entry
from tenants.models import Society
from tests.billing.buying import Buyer, plan
from tests.billing.conftest import at_stripe, buyer, stripe_desk

__all__ = ["at_stripe", "buyer", "stripe_desk"]

Visitor = Callable[[str], Client]


@pytest.fixture
def operator(db: None, visitor: Visitor) -> Client:
    client = visitor("localhost")
    with context.platform():
        client.force_login(add_operator(email="ann@chiron.example.org", name="Ann Lee").account)
    return client


def page_of(society: Society, *more: object) -> str:
    return "/".join(["/console/societies", str(society.pk), "plan", *map(str, more), ""])


def test_a_society_made_by_hand_has_no_account_until_its_trial_begins(
    operator: Client, societies: dict[str, Society]
) -> None:
    sierra = societies["sierra"]
    assert "Nothing of it is limited" in operator.get(page_of(sierra)).content.decode()
    given = {"kind": "sso", "reason": "To try it"}
    assert operator.post(page_of(sierra, "give"), given).status_code == 422
    for _twice in range(2):
        operator.post(page_of(sierra, "begin"))
    text = operator.get(page_of(sierra)).content.decode()
    assert "On trial" in text
    assert "0 of 25" in text


def test_something_is_given_with_a_reason_and_taken_back(operator: Client, societies: dict[str, Society]) -> None:
    sierra = societies["sierra"]
    begin_trial(society=sierra)
    refused = operator.post(page_of(sierra, "give"), {"kind": "mentorships", "reason": "Their year"})
    assert (refused.status_code, "Say how many" in refused.content.decode()) == (422, True)
    assert operator.post(page_of(sierra, "give"), {"kind": "comp", "reason": " "}).status_code == 422
    over = (clock.today() - timedelta(days=2)).isoformat()
    past = operator.post(page_of(sierra, "give"), {"kind": "comp", "reason": "x", "until": over})
    assert "yet to come" in past.content.decode()
    for amount in (40, 60):  # the newer one takes the older one's place
        operator.post(page_of(sierra, "give"), {"kind": "mentorships", "amount": amount, "reason": "Their year"})
    operator.post(page_of(sierra, "give"), {"kind": "comp", "reason": "A gift of the board"})
    text = operator.get(page_of(sierra)).content.decode()
    for said in ("No charge", "0 of 60", "A gift of the board", "Ann Lee"):
        assert said in text
    with context.platform():
        comp = Override.objects.get(kind="comp", ended_at=None)
        assert Society.objects.get(pk=sierra.pk).state == Society.State.ACTIVE
    for _twice in range(2):
        assert operator.post(page_of(sierra, "given", comp.pk, "back")).status_code == 302
    account = account_of(sierra)
    assert account is not None
    assert account.standing.state == State.TRIALING
    with context.platform():
        verbs = Entry.objects.filter(verb__startswith="billing.").order_by("at").values_list("verb", flat=True)
        assert list(verbs) == ["billing.trial_began", *["billing.given"] * 3, "billing.taken_back"]


def test_what_one_society_was_given_is_not_taken_back_at_another(
    operator: Client, societies: dict[str, Society]
) -> None:
    sierra, northstar = societies["sierra"], societies["northstar"]
    begin_trial(society=sierra)
    operator.post(page_of(sierra, "give"), {"kind": "comp", "reason": "A gift"})
    with context.platform():
        comp = Override.objects.get()
    assert operator.post(page_of(northstar, "given", comp.pk, "back")).status_code == 404


def test_a_check_is_recorded_on_an_open_invoice(operator: Client, buyer: Buyer) -> None:
    with context.platform():
        Subscription.objects.update(trial_ends_at=clock.now())
    buying.begin_by_invoice(society=buyer.society, plan=plan("band-25"), interval=Interval.YEAR, by=None)
    with buyer.later(timedelta(hours=2)):
        buyer.hears()
        with context.platform():
            invoice = Invoice.objects.get()
        text = operator.get(page_of(buyer.society)).content.decode()
        assert ("$790.00" in text, "Record as paid" in text) == (True, True)
        assert ("To be paid by" in text, "Owed since" in text) == (True, False)
        assert "How it was paid</label>" in " ".join(text.split()), "it is asked for, so it is not optional"
        where = page_of(buyer.society, "invoices", invoice.pk, "outside")
        assert "Write down how it was paid" in operator.post(where, {"words": ""}, follow=True).content.decode()
        operator.post(where, {"words": "Check 1188"})
        text = operator.get(page_of(buyer.society)).content.decode()
        assert ("Check 1188" in text, "Record as paid" in text) == (True, False)


def test_stripe_is_asked_by_a_button(operator: Client, buyer: Buyer) -> None:
    buyer.subscribes()
    reply = operator.post(page_of(buyer.society, "ask"), follow=True).content.decode()
    assert "Written down anew" in reply
    assert "All is as it is" in operator.post(page_of(buyer.society, "ask"), follow=True).content.decode()


def test_billing_events_say_what_waits_what_was_done_and_what_was_found(
    operator: Client, societies: dict[str, Society]
) -> None:
    sierra, now = societies["sierra"], clock.now()
    with context.platform():
        for number, done in ((1, now), (2, None)):
            StripeEvent.objects.create(
                id=f"evt_{number}",
                kind="invoice.paid",
                society=sierra,
                happened_at=now,
                done_at=done,
                outcome="invoices" if done else "",
                times=number,
            )
        audit.record("billing.drifted", subject=sierra, changed=["status"])
    text = operator.get("/console/billing/").content.decode()
    for said in ("1 message of Stripe waits", "evt_1", "evt_2", "2 times", "otherwise than at Stripe", "status"):
        assert said in text
    waiting = operator.get("/console/billing/?waiting=yes").content.decode()
    assert ("evt_1" in waiting, "evt_2" in waiting) == (False, True)
