"""By purchase order: a quote on paper, a yes without an account, an invoice, and a quote for the next year."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.formats import date_format

from billing import gateway
from billing.models import Interval, Method, Subscription
from billing.quotes import services
from billing.quotes.links import link_for
from billing.quotes.models import Quote
from billing.quotes.words import when_invoiced
from billing.standing import State
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from tenants import context
from tenants.outbox.models import OutboxMail
from tenants.people.models import StaffRole
from tests.billing.buying import Buyer, plan, work
from tests.factories.staff import make_staff

FOR: dict[str, Any] = {
    "contact_name": "Tess Rayburn",
    "contact_mail": "treasurer@sierra.example",
    "address": "1 Pine Street\nSacramento, CA 95814",
}


def quoted(buyer: Buyer, key: str = "band-25", **changes: Any) -> Quote:
    made = services.make_quote(
        society=buyer.society, plan=plan(key), interval=Interval.YEAR, by=None, **{**FOR, **changes}
    )
    with context.platform():
        return Quote.objects.select_related("society", "plan").get(pk=made.pk)


def treasurer() -> Client:
    return Client(headers={"host": settings.BASE_HOST})


def path_of(quote: Quote) -> str:
    return link_for(quote).partition(settings.BASE_HOST)[2].lstrip(":0123456789")


def test_a_quote_is_numbered_and_goes_to_the_treasurer_and_the_owners(buyer: Buyer) -> None:
    first, second = quoted(buyer), quoted(buyer, "band-100")
    year = clock.today(buyer.society.zone).year
    assert [first.number, second.number] == [f"Q-{year}-0001", f"Q-{year}-0002"]
    assert first.valid_until - clock.today(buyer.society.zone) == timedelta(days=60)
    with context.platform():
        mails = OutboxMail.objects.filter(template="quote", recipient="treasurer@sierra.example")
        assert [link_for(each) in mail.text for each, mail in zip((first, second), mails.order_by("id"), strict=True)]
        assert first.number in mails.order_by("id")[0].subject


def test_pressed_twice_it_is_one_quote(buyer: Buyer) -> None:
    assert quoted(buyer).pk == quoted(buyer).pk


def test_whoever_has_the_link_reads_it_prints_it_and_accepts_it_without_an_account(buyer: Buyer) -> None:
    quote = quoted(buyer)
    browser, path = treasurer(), path_of(quote)
    page = browser.get(path)
    assert (page.status_code, b"1 Pine Street" in page.content) == (200, True)
    paper = browser.get(f"{path}pdf/")
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert browser.post(path, {"by": ""}).status_code == 422
    for _ in range(2):
        assert browser.post(path, {"by": "Tess Rayburn", "purchase_order": "PO 4711"}).status_code == 302
    buyer.hears()
    assert (buyer.state, buyer.row.method, buyer.row.plan) == (State.TRIALING, Method.INVOICE, plan("band-25"))
    customer = buyer.desk.client.v1.customers.retrieve(buyer.row.customer_id)
    assert customer.email == "treasurer@sierra.example"
    assert customer.invoice_settings.custom_fields is not None
    assert [(each.name, each.value) for each in customer.invoice_settings.custom_fields] == [("PO number", "PO 4711")]
    assert "W-9" in str(customer.invoice_settings.footer)
    assert customer.address is not None, "to whom an invoice goes stands on it"
    assert f"{customer.address.line1}, {customer.address.line2}" == FOR["address"].replace("\n", ", ")
    assert len(gateway.subscriptions_of(buyer.row.customer_id)) == 1
    assert "Accepted" in browser.get(path).content.decode()


def test_a_quote_is_nobody_elses_and_not_for_ever(buyer: Buyer) -> None:
    quote = quoted(buyer)
    assert treasurer().get(path_of(quote)[:-2] + "x/").status_code == 404
    with clock.moved_to(clock.now() + timedelta(days=61)):
        page = treasurer().get(path_of(quote)).content.decode()
        assert "too old" in page
        with pytest.raises(DomainError, match="was valid until"):
            services.accept(quote=quote, purchase_order="", by="Tess")
    with context.platform():
        assert not Quote.objects.filter(accepted_at__isnull=False).exists()


def test_what_is_left_of_a_trial_is_no_year_and_the_page_says_when_the_invoice_comes(buyer: Buyer) -> None:
    quote = quoted(buyer)
    day = date_format(buyer.row.trial_ends_at.astimezone(buyer.society.zone), "F j, Y")
    said = f"by mail on {day}"
    assert said in treasurer().get(path_of(quote)).content.decode()
    services.accept(quote=quote, purchase_order="", by="Tess")
    work()
    with context.platform():
        assert not Quote.objects.filter(renews=True).exists()
    assert f"treasurer@sierra.example on {day}" in treasurer().get(path_of(quote)).content.decode()


def test_a_yes_is_told_once_to_owners_and_the_billing_contact(buyer: Buyer) -> None:
    with context.society(buyer.society):
        olga = make_staff(StaffRole.Kind.OWNER, "Olga")
        make_staff(StaffRole.Kind.MANAGER, "Mia")
    quote, browser = quoted(buyer), treasurer()
    for _ in range(2):
        browser.post(path_of(quote), {"by": "Tess Rayburn", "purchase_order": "PO 4711"})
    with context.platform():
        mails = list(OutboxMail.objects.filter(template="quote_accepted"))
    assert sorted(mail.recipient for mail in mails) == sorted([olga.email, "treasurer@sierra.example"])
    day = date_format(buyer.row.trial_ends_at.astimezone(buyer.society.zone), "F j, Y")
    text = " ".join(mails[0].text.split())
    said = ("Tess Rayburn", quote.number, quote.plan.name, "PO 4711", f"is made on {day}", "due 30 days", "has begun")
    for word in said:
        assert word in text
    page = " ".join(browser.get(path_of(quote)).content.decode().split())
    assert "Your number PO 4711 stands on the invoice." in page


def test_mail_and_paper_say_when_the_invoice_is_made(buyer: Buyer) -> None:
    in_trial = quoted(buyer)
    day = date_format(buyer.row.trial_ends_at.astimezone(buyer.society.zone), "F j, Y")
    assert f"is made on {day}, or with the yes if that is later" in when_invoiced(in_trial)
    with context.platform():
        mail = OutboxMail.objects.filter(template="quote").latest("id")
        assert f"is made on {day}" in " ".join(mail.text.split())
        Subscription.objects.update(trial_ends_at=clock.now())
    at_once = quoted(buyer)
    assert when_invoiced(at_once).endswith("The invoice follows, and is due 30 days later.")
    services.accept(quote=at_once, purchase_order="", by="Tess")
    row = buyer.row
    assert row.period_ends_at is not None
    renewal = services.quote_renewal(buyer.society)
    assert renewal is not None
    day = date_format(row.period_ends_at.astimezone(buyer.society.zone), "F j, Y")
    assert when_invoiced(renewal) == (
        f"The plan goes on by itself. The invoice is made on {day}, and is due 30 days later."
    )


def test_sixty_days_before_the_year_ends_there_is_a_quote_for_the_next(buyer: Buyer) -> None:
    services.accept(quote=quoted(buyer), purchase_order="PO 1", by="Tess")
    ends = buyer.row.period_ends_at
    assert ends is not None
    with buyer.later(timedelta(days=61)):
        buyer.hears()
        paid_until = buyer.row.period_ends_at
        services.plan_renewal(buyer.society)
    assert paid_until is not None
    with clock.moved_to(paid_until - timedelta(days=59)):
        next_one = services.quote_renewal(buyer.society)
    assert next_one is not None
    assert (next_one.renews, next_one.plan, next_one.address) == (True, plan("band-25"), FOR["address"])
    with context.platform():
        held = Quote.objects.select_related("society", "plan").get(pk=next_one.pk)
    with clock.moved_to(paid_until - timedelta(days=58)):
        services.accept(quote=held, purchase_order="PO 2", by="Tess")
    customer = buyer.desk.client.v1.customers.retrieve(buyer.row.customer_id)
    assert customer.invoice_settings.custom_fields is not None
    assert [each.value for each in customer.invoice_settings.custom_fields] == ["PO 2"]
    assert len(gateway.subscriptions_of(buyer.row.customer_id)) == 1
