"""What Stripe tells: believed if signed, kept once, asked for anew; order, repetition and gaps change nothing."""

from __future__ import annotations

import hashlib
import hmac
import time
from datetime import timedelta

import pytest
import stripe
from django.conf import settings as django_settings
from django.test import Client
from pytest_django import Settings

from billing import reconciling, syncing
from billing.models import Invoice, StripeEvent, Subscription
from billing.standing import State
from chiron.kernel import clock
from tenants import context
from tenants.audit.models import Entry
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import StaffRole
from tests.billing.buying import SECRET, Buyer, send, work
from tests.factories.staff import make_staff
from tests.stripe_emulator.desk import StripeDesk


def invoices(society: Society) -> list[tuple[str, int]]:
    with context.platform():
        return list(Invoice.objects.filter(society=society).values_list("state", "total"))


def test_a_message_brings_what_is_true(buyer: Buyer) -> None:
    buyer.subscribes("band-100")
    assert buyer.state == State.TRIALING
    assert buyer.hears()
    row = buyer.row
    assert (row.status, row.plan and row.plan.key, row.interval) == ("active", "band-100", "month")
    assert buyer.state == State.ACTIVE
    assert invoices(buyer.society) == [("paid", 19900)]
    with context.platform():
        assert not StripeEvent.objects.filter(done_at=None).exists()
        assert Society.objects.get(pk=buyer.society.pk).state == Society.State.ACTIVE


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[]", b"null", b'"x"', b"{}", b'{"id": 1, "type": "a", "created": "soon", "data": {"object": {}}}',
        b'{"id": "evt_1", "type": "a", "created": 1e99, "data": {"object": {}}}', b"\xff\xfe\xfa",
        b'{"id": "evt_\\u0000", "type": "a", "created": 1, "data": {"object": {}}}',
        b'{"id": "evt_1", "type": "a", "created": 1, "data": {"object": {"customer": 7}}}',
        b'{"id": "", "type": "a", "created": 1, "data": {"object": {"customer": "cus_1"}}}',
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_what_is_signed_and_no_message_is_answered_and_not_kept(settings: Settings, body: bytes) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = (SECRET,)
    at = int(time.time())
    signed = hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    reply = Client(headers={"host": django_settings.BASE_HOST}, raise_request_exception=False).post(
        "/stripe/webhook/", body, content_type="application/json", headers={"stripe-signature": f"t={at},v1={signed}"}
    )
    assert reply.status_code == 400
    with context.platform():
        assert not StripeEvent.objects.exists()


def test_what_is_not_signed_is_not_kept(buyer: Buyer) -> None:
    buyer.subscribes()
    hook = buyer.desk.take()[0]
    browser = Client(headers={"host": django_settings.BASE_HOST})
    for signature in ("", "t=1,v1=00", hook.signature.replace("v1=", "v1=0")):
        reply = browser.post(
            "/stripe/webhook/",
            hook.body,
            content_type="application/json",
            headers={"stripe-signature": signature},
        )
        assert reply.status_code == 400
    changed = browser.post(
        "/stripe/webhook/",
        hook.body + b" ",
        content_type="application/json",
        headers={"stripe-signature": hook.signature},
    )
    assert changed.status_code == 400
    with context.platform():
        assert not StripeEvent.objects.exists()


def test_two_secrets_are_believed_while_one_takes_the_others_place(buyer: Buyer, settings: Settings) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = ("whsec_newer", SECRET)
    buyer.subscribes()
    first, second, *_rest = buyer.desk.take()
    assert send(first).status_code == 200
    settings.STRIPE_WEBHOOK_SECRETS = ("whsec_newer",)
    assert send(second).status_code == 400


def test_an_old_message_is_not_believed(buyer: Buyer) -> None:
    buyer.subscribes()
    hook = buyer.desk.take()[0]
    said = dict(part.split("=", 1) for part in hook.signature.split(","))
    old = stripe.WebhookSignature.generate_signature_header(hook.body.decode(), SECRET, int(said["t"]) - 3600)
    assert send(type(hook)(hook.event, hook.body, old)).status_code == 400


def test_a_message_is_kept_once_and_answered_before_anything_is_asked(buyer: Buyer, settings: Settings) -> None:
    buyer.subscribes()
    hook = next(each for each in buyer.desk.take() if b'"customer.subscription.created"' in each.body)
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"  # Stripe is away: the message is kept all the same
    assert [send(hook).status_code for _twice in range(3)] == [200, 200, 200]
    with context.platform():
        kept = StripeEvent.objects.get(pk=hook.event)
        assert (kept.times, kept.done_at) == (3, None)
        assert Due.objects.filter(kind="billing.sync").count() == 1


def test_while_stripe_is_away_it_is_tried_again(buyer: Buyer, settings: Settings) -> None:
    buyer.subscribes()
    for hook in buyer.desk.take():
        send(hook)
    there, settings.STRIPE_API_BASE = settings.STRIPE_API_BASE, "http://127.0.0.1:9"
    work()
    assert buyer.row.status == ""
    settings.STRIPE_API_BASE = there
    with clock.moved_by(timedelta(minutes=2)):
        work()
    assert buyer.row.status == "active"


def test_repeated_and_late_messages_change_nothing(buyer: Buyer) -> None:
    buyer.subscribes()
    hooks = buyer.desk.take()
    for hook in reversed(hooks):
        send(hook)
    work()
    before, entries = _all(buyer), _entries()
    for hook in hooks * 2:
        send(hook)
    work()
    assert (_all(buyer), _entries()) == (before, entries)


def test_one_who_asked_earlier_does_not_write_over_what_was_heard_later(
    buyer: Buyer, monkeypatch: pytest.MonkeyPatch
) -> None:
    buyer.subscribes()
    ask = syncing.gateway.invoices_of
    asked: list[str] = []

    def while_another_writes(customer_id: str) -> object:
        heard = ask(customer_id)
        asked.append(customer_id)
        if len(asked) == 1:  # after this one has heard, another asks, hears of the end, and writes it down
            buyer.desk.client.v1.subscriptions.cancel(buyer.desk.client.v1.subscriptions.list().data[0].id)
            syncing.sync(buyer.society.pk)
        return heard

    monkeypatch.setattr(syncing.gateway, "invoices_of", while_another_writes)
    syncing.sync(buyer.society.pk)
    assert buyer.row.status == "canceled"
    assert len(asked) == 3


def test_a_gap_is_found_filled_and_said(buyer: Buyer, caplog: pytest.LogCaptureFixture) -> None:
    buyer.subscribes()
    assert buyer.desk.take()  # they never arrive
    with clock.moved_by(timedelta(hours=1)):
        reconciling.reconcile()
        work()
    assert buyer.row.status == "active"
    assert "never arrived" in caplog.text
    with context.platform():
        assert Entry.objects.filter(verb="billing.messages_missed").count() == 1
        assert not StripeEvent.objects.exclude(times=0).exists()


def test_drift_is_mended_and_said(buyer: Buyer, caplog: pytest.LogCaptureFixture) -> None:
    buyer.subscribes()
    buyer.hears()
    with context.platform():
        Subscription.objects.update(status="canceled", cancels_at=clock.now())
    reconciling.reconcile()
    work()
    assert buyer.row.status == "active"
    assert "otherwise than at Stripe: cancels_at, status" in caplog.text
    with context.platform():
        assert Entry.objects.get(verb="billing.drifted").facts == {"changed": ["cancels_at", "status"]}
    caplog.clear()
    reconciling.reconcile()
    work()
    assert "otherwise" not in caplog.text


def test_a_second_subscription_is_ended_and_the_first_stays(buyer: Buyer) -> None:
    buyer.subscribes()
    buyer.hears()
    first = buyer.row.stripe_id
    buyer.subscribes("band-100")
    buyer.hears()
    assert (buyer.row.stripe_id, buyer.row.status) == (first, "active")
    running = buyer.desk.client.v1.subscriptions.list({"customer": buyer.row.customer_id})
    assert [each.id for each in running.data] == [first]
    with context.platform():
        assert Entry.objects.filter(verb="billing.second_subscription_ended").count() == 1


def test_a_card_that_fails_then_pays_is_told_to_the_owner_alone(buyer: Buyer) -> None:
    with context.society(buyer.society):
        owner = make_staff(StaffRole.Kind.OWNER, "Olga")
        make_staff(StaffRole.Kind.MANAGER)
    buyer.subscribes()
    buyer.hears()
    buyer.takes_card("pm_card_chargeCustomerFail")
    with buyer.later(timedelta(days=32)):
        buyer.hears()
        assert (buyer.row.status, buyer.state) == ("past_due", State.PAST_DUE)
        with context.platform():
            invoice_page = Invoice.objects.get(state="open").page_url
        buyer.takes_card("pm_card_visa")
        with buyer.later(timedelta(days=8)):
            buyer.hears()
            assert (buyer.row.status, buyer.state) == ("active", State.ACTIVE)
    with context.platform():
        told = OutboxMail.objects.filter(template="billing_standing").order_by("id")
        assert {mail.recipient for mail in told} == {owner.email}
        assert invoice_page in told[0].text
        assert ["did not go through" in told[0].subject, "is paid" in told[1].subject] == [True, True]


def test_a_message_about_nobody_of_ours_is_kept_and_put_aside(at_stripe: StripeDesk) -> None:
    at_stripe.client.v1.customers.create({"name": "Somebody else"})
    for hook in at_stripe.take():
        assert send(hook).status_code == 200
    with context.platform():
        assert set(StripeEvent.objects.values_list("outcome", "society")) == {("about no society of ours", None)}


def _all(buyer: Buyer) -> object:
    with context.platform():
        row = Subscription.objects.values().get(society=buyer.society)
        for moving in ("seen_at", "revision"):
            row.pop(moving)
        return row, list(Invoice.objects.values().order_by("id"))


def _entries() -> int:
    with context.platform():
        return Entry.objects.count()
