"""Choosing a plan by the link of a mail, also while the portal is closed."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.test import Client

from billing.links import link_for
from billing.models import Invoice
from tenants import context, hosts
from tenants.models import Society
from tests.billing.buying import Buyer


def path_of(society: Society) -> str:
    return link_for(society).partition(settings.BASE_HOST)[2].lstrip(":0123456789")


def test_a_suspended_societys_owner_chooses_a_plan_and_is_led_to_stripe(buyer: Buyer) -> None:
    with context.platform():
        Society.objects.filter(pk=buyer.society.pk).update(state=Society.State.SUSPENDED)
    hosts.forget()
    browser, path = Client(headers={"host": settings.BASE_HOST}), path_of(buyer.society)
    page = browser.get(path).content.decode()
    assert "Choose a plan" in page
    assert browser.post(path, {}).status_code == 422
    sent = browser.post(path, {"price": "chiron_band_25_year"})
    assert (sent.status_code, sent["Location"].startswith(buyer.desk.base)) == (303, True)
    buyer.subscribes()
    back = browser.get(f"{path}?paid=yes").content.decode()
    assert "There is a plan" in back


def test_what_is_owed_is_said_and_can_be_paid_by_the_link(buyer: Buyer) -> None:
    browser, path = Client(headers={"host": settings.BASE_HOST}), path_of(buyer.society)
    assert "The trial ends on" in browser.get(path).content.decode()
    buyer.subscribes()
    buyer.hears()
    buyer.takes_card("pm_card_chargeCustomerFail")
    with buyer.later(timedelta(days=32)):
        buyer.hears()
        page = browser.get(path).content.decode()
        with context.platform():
            owed = Invoice.objects.get(state=Invoice.State.OPEN)
    for said in (f'href="{owed.page_url}"', "See it, and pay $79.00", "Everything goes on until"):
        assert said in page
    for wrong in ("Choose a plan", "There is a plan"):
        assert wrong not in page


def test_the_link_is_of_one_society_and_cannot_be_made_up(buyer: Buyer) -> None:
    browser = Client(headers={"host": settings.BASE_HOST})
    assert browser.get(path_of(buyer.society)[:-3] + "ab/").status_code == 404
