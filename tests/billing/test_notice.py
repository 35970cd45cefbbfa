"""What an owner alone reads over the pages and on the page of the plan."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from billing.meter import account_of
from billing.standing import State
from billing.subscriptions import begin_trial
from chiron.kernel import clock
from tenants import context
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person, StaffRole
from tests.billing.buying import Buyer, plan, work
from tests.factories.staff import browser_of, make_staff


@pytest.fixture
def olga(buyer: Buyer) -> Person:
    with context.society(buyer.society):
        return make_staff(StaffRole.Kind.OWNER, "Olga")


@pytest.fixture
def owner(buyer: Buyer, olga: Person) -> Client:
    with context.society(buyer.society):
        return browser_of(olga, buyer.society)


def test_the_owner_alone_reads_that_something_is_owed_and_how_to_pay_it(buyer: Buyer, owner: Client) -> None:
    with context.society(buyer.society):
        manager = browser_of(make_staff(StaffRole.Kind.MANAGER, "Mia"), buyer.society)
        member = browser_of(make_staff(StaffRole.Kind.OWNER, "Ola"), buyer.society)
    buyer.subscribes()
    buyer.hears()
    buyer.takes_card("pm_card_chargeCustomerFail")
    with buyer.later(timedelta(days=32)):
        buyer.hears()
        assert buyer.state == State.PAST_DUE
        with context.society(buyer.society):
            texts = [owner.get("/staff/"), manager.get("/staff/"), member.get("/")]
            page = reverse("plan:plan")
        assert ["A payment did not go through" in text.content.decode() for text in texts] == [True, False, False]
        assert f'href="{page}"' in texts[0].content.decode()
        assert manager.get(page).status_code == 404


def test_a_card_that_is_declined_is_a_sentence_on_the_page(buyer: Buyer, owner: Client) -> None:
    buyer.subscribes("band-25")
    buyer.hears()
    buyer.takes_card("pm_card_chargeCustomerFail")
    reply = owner.post("/staff/settings/plan/change/", {"price": "chiron_band_100_month", "agreed": "yes"})
    assert (reply.status_code, "The card was declined" in reply.content.decode()) == (422, True)
    assert buyer.row.plan == plan("band-25")


def test_the_way_to_stripe_loaded_anew_leads_back_to_the_plan(sierra: Society) -> None:
    reply = browser_of(make_staff(StaffRole.Kind.OWNER), sierra).get("/staff/settings/plan/payment/")
    assert (reply.status_code, reply["Location"]) == (302, "/staff/settings/plan/")
    manager = browser_of(make_staff(StaffRole.Kind.MANAGER, "Mia"), sierra)
    assert manager.get("/staff/settings/plan/payment/").status_code == 404


def test_to_look_at_a_quote_begins_no_trial_where_nothing_is_charged(sierra: Society) -> None:
    owner = browser_of(make_staff(StaffRole.Kind.OWNER), sierra)
    assert owner.get("/staff/settings/plan/quote/").status_code == 302
    assert account_of(sierra) is None


def test_a_week_before_a_trial_ends_its_owners_hear_of_it_once(societies: dict[str, Society]) -> None:
    sierra = societies["sierra"]
    with context.society(sierra):
        olga = make_staff(StaffRole.Kind.OWNER, "Olga")
    begin_trial(society=sierra)
    for days, letters in ((52, 0), (53, 1), (57, 1), (60, 2), (120, 3)):
        with clock.moved_by(timedelta(days=days, minutes=1)):
            work()
            with context.platform():
                mails = list(OutboxMail.objects.filter(template="billing_standing").order_by("id"))
            assert [mail.recipient for mail in mails] == [olga.email] * letters, days
    assert "your trial ends soon" in mails[0].subject
    assert "/staff/settings/plan/" in mails[0].text
    assert "nothing new can begin" in mails[1].subject
    assert "Then the portal is closed, unless there is a plan." in mails[1].text
    assert "the portal is closed" in mails[2].subject
    assert "/plans/for/" in mails[2].text
    with context.platform():
        assert Society.objects.get(pk=sierra.pk).state == Society.State.SUSPENDED
