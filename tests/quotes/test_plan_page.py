"""The owner's page about the plan."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from billing import buying, gateway
from billing.models import Interval, Invoice, Subscription
from billing.quotes.models import Quote
from billing.showing import money
from chiron.kernel import clock
from tenants import context
from tenants.people.models import StaffRole
from tests.billing.buying import Buyer, plan
from tests.billing.test_ending import leaves, stays
from tests.factories.staff import browser_of, make_staff


def owner(buyer: Buyer) -> Client:
    with context.society(buyer.society):
        return browser_of(make_staff(StaffRole.Kind.OWNER), buyer.society)


def test_on_trial_an_owner_chooses_and_is_led_to_stripe(buyer: Buyer) -> None:
    browser = owner(buyer)
    page = browser.get(reverse("plan:plan"))
    assert "None chosen yet" in page.content.decode()
    assert settings.STRIPE_PAGES in page["Content-Security-Policy"]
    assert browser.post(reverse("plan:card"), {}).status_code == 422
    sent = browser.post(reverse("plan:card"), {"price": "chiron_band_25_month"})
    assert (sent.status_code, sent["Location"].startswith(buyer.desk.base)) == (303, True)


def test_with_a_plan_it_can_be_changed_ended_and_kept(buyer: Buyer) -> None:
    buyer.subscribes("band-100")
    buyer.hears()
    browser = owner(buyer)
    page = browser.get(reverse("plan:plan")).content.decode()
    assert "Paid until" in page
    assert "Choose a plan" not in page
    assert browser.post(reverse("plan:change"), {"price": "chiron_band_25_month"}).status_code == 302
    assert "From then on" in browser.get(reverse("plan:plan")).content.decode()
    browser.post(reverse("plan:keep"))
    assert "From then on" not in browser.get(reverse("plan:plan")).content.decode()
    assert browser.post(reverse("plan:end"), {"reason": ""}).status_code == 422
    browser.post(reverse("plan:end"), {"reason": "The program ends"})
    assert buyer.row.cancels_at is not None
    browser.post(reverse("plan:go_on"))
    assert buyer.row.cancels_at is None


def test_what_is_wrong_with_a_certificate_stands_beside_it(buyer: Buyer) -> None:
    browser, words = owner(buyer), SimpleUploadedFile("form.txt", b"hello")
    assert "Bring your certificate" in browser.get(reverse("plan:plan")).content.decode()
    refused = browser.post(reverse("plan:certificate"), {"certificate": words})
    page = refused.content.decode()
    assert (refused.status_code, "a PDF or a picture" in page) == (422, True)
    assert "Bring your certificate" not in page, "a closed box would hide it"
    paper = SimpleUploadedFile("form.pdf", b"%PDF-1.4 exempt")
    thanks = browser.post(reverse("plan:certificate"), {"certificate": paper}, follow=True).content.decode()
    assert "once it is accepted, invoices are without tax" in thanks, "nobody has looked at it yet"


@pytest.mark.parametrize(
    ("kept", "until"),
    [({}, "there is a plan"), ({"status": "past_due", "method": "card"}, "the open invoice is paid")],
)
def test_what_lapsed_says_so_and_names_no_day_that_is_over(buyer: Buyer, kept: dict[str, str], until: str) -> None:
    browser = owner(buyer)
    with context.platform():
        unpaid_since = clock.now() if kept else None
        Subscription.objects.filter(society=buyer.society).update(unpaid_since=unpaid_since, **kept)
    assert "The portal closes" not in browser.get(reverse("plan:plan")).content.decode()
    with clock.moved_by(timedelta(days=61)):
        page = browser.get(reverse("plan:plan")).content.decode()
    assert f"Nothing new can begin until {until}. What runs goes on." in page
    assert "The portal closes" in page
    for over in ("you try everything", "Trial ends", "Please pay by"):
        assert over not in page


def test_a_quote_is_asked_for_with_a_treasurer(buyer: Buyer) -> None:
    browser = owner(buyer)
    said = {
        "price": "chiron_band_25_year",
        "contact_name": "Tess",
        "contact_mail": "t@sierra.example",
        "address": "1 Pine",
    }
    assert browser.post(reverse("plan:quote"), said | {"contact_mail": "t"}).status_code == 422
    assert browser.post(reverse("plan:quote"), said).status_code == 302
    with context.platform():
        quote = Quote.objects.get()
    assert (quote.interval, quote.contact_mail, buyer.row.contact_mail) == (
        Interval.YEAR, "t@sierra.example", "t@sierra.example",
    )  # fmt: skip
    assert quote.number in browser.get(reverse("plan:plan")).content.decode()


def test_what_is_free_is_not_said_to_be_paid(buyer: Buyer) -> None:
    buying.begin_by_invoice(society=buyer.society, plan=plan("band-25"), interval=Interval.YEAR, by=None)
    buyer.hears()
    page = owner(buyer).get(reverse("plan:plan")).content.decode()
    assert ("Trial ends" in page, "Paid until" in page) == (True, False)


def test_what_is_owed_is_not_said_to_be_paid_and_can_be_paid_at_once(buyer: Buyer) -> None:
    buying.begin_by_invoice(society=buyer.society, plan=plan("band-25"), interval=Interval.YEAR, by=None)
    with buyer.later(timedelta(days=61)):
        buyer.hears()
        assert buyer.row.unpaid_since is not None
        with context.platform():
            owed = Invoice.objects.get(state=Invoice.State.OPEN)
        page = owner(buyer).get(reverse("plan:plan")).content.decode()
    assert "Paid until" not in page
    assert f'href="{owed.page_url}"' in page.partition("Invoices, the newest first")[0]


def test_with_a_plan_no_quote_is_made_that_nobody_could_accept(buyer: Buyer) -> None:
    buyer.subscribes()
    buyer.hears()
    assert owner(buyer).get(reverse("plan:quote")).status_code == 302


def test_who_leaves_buys_nothing_before_staying(buyer: Buyer) -> None:
    buyer.subscribes()
    buyer.hears()
    leaves(buyer)
    browser = owner(buyer)
    page = browser.get(reverse("plan:plan")).content.decode()
    assert not [each for each in ("Another plan", "Do not end it", "End it") if each in page]
    refused = browser.post(reverse("plan:change"), {"price": "chiron_band_100_month"})
    assert (refused.status_code, "is leaving" in refused.content.decode()) == (422, True)
    browser.post(reverse("plan:go_on"))
    assert (buyer.row.plan, buyer.row.cancels_at is not None) == (plan("band-25"), True)
    stays(buyer)
    assert browser.post(reverse("plan:change"), {"price": "chiron_band_100_month", "agreed": "yes"}).status_code == 302
    assert buyer.row.plan == plan("band-100")


def test_a_billing_contact_is_named_at_stripe_too(buyer: Buyer) -> None:
    buyer.subscribes()
    browser = owner(buyer)
    browser.post(reverse("plan:contact"), {"contact_name": "Tess", "contact_mail": "t@sierra.example"})
    assert buyer.row.contact_mail == "t@sierra.example"
    assert buyer.desk.client.v1.customers.retrieve(buyer.row.customer_id).email == "t@sierra.example"
    browser.post(reverse("plan:contact"), {"contact_name": "Tess", "contact_mail": ""})
    assert buyer.row.contact_mail == "t@sierra.example"


def test_a_larger_plan_says_its_sum_before_anything_is_charged(buyer: Buyer) -> None:
    buyer.subscribes("band-25")
    buyer.hears()
    browser, larger = owner(buyer), {"price": "chiron_band_100_month"}
    shown = browser.post(reverse("plan:change"), larger).content.decode()
    assert "is due now" in shown
    assert f"{plan('band-100').name}, by the month" in shown
    assert buyer.row.plan == plan("band-25")
    before = len(gateway.invoices_of(buyer.row.customer_id))
    assert browser.post(reverse("plan:change"), larger | {"agreed": "yes"}).status_code == 302
    assert buyer.row.plan == plan("band-100")
    (bill,) = gateway.invoices_of(buyer.row.customer_id)[: len(gateway.invoices_of(buyer.row.customer_id)) - before]
    assert f"Change, for {money(bill.total)}" in shown


def test_the_plan_that_there_is_cannot_be_chosen_again(buyer: Buyer) -> None:
    buyer.subscribes("band-25")
    buyer.hears()
    page = owner(buyer).post(reverse("plan:change"), {"price": "chiron_band_25_month"})
    assert (page.status_code, "This is the plan that your society has" in page.content.decode()) == (422, True)


@pytest.mark.parametrize("name", ["card", "contact", "certificate"])
def test_the_address_of_a_form_that_was_refused_leads_back(buyer: Buyer, name: str) -> None:
    assert owner(buyer).get(reverse(f"plan:{name}"))["Location"] == reverse("plan:plan")
