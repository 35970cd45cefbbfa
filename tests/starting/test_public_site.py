"""The public site beside the start: what it costs, and whether everything works."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from billing.models import Interval, Plan, Price
from billing.showing import footer_of_invoices
from chiron.front.plans import dollars
from chiron.kernel import clock
from tenants import context
from tenants.hosts import public_url
from tenants.models import RESERVED_SLUGS, Due

pytestmark = pytest.mark.django_db
Visitor = Callable[[str], Client]


def test_plans_and_prices_are_those_that_can_be_chosen_today(visitor: Visitor) -> None:
    with context.platform():
        Plan.objects.update(offered=False)
        plan = Plan.objects.create(
            key="small", name="Up to 12 mentorships", mentorships=12, features=["sso"], position=0
        )
        Price.objects.create(plan=plan, interval=Interval.MONTH, cents=9_900, replaced_at=clock.now())
        Price.objects.create(plan=plan, interval=Interval.MONTH, cents=4_250)
        Price.objects.create(plan=plan, interval=Interval.YEAR, cents=123_400)
    page = visitor("localhost").get("/plans/").content.decode()
    assert page.count(" a month") == 1
    own = ("Sign-in by your own system", "(in preparation)")
    for words in ("Up to 12 mentorships", "$42.50", "or $1,234 a year", *own):
        assert words in page
    assert "A web address of your own" not in page
    landing = visitor("localhost").get("/").content.decode()
    assert "From <strong>$42.50</strong> a month" in landing
    assert "up to 12 mentorships at a time" in landing


def test_without_plans_the_pages_still_lead_to_the_start(visitor: Visitor) -> None:
    with context.platform():
        Plan.objects.update(offered=False)
    for path in ("/", "/plans/"):
        assert 'href="/start/"' in visitor("localhost").get(path).content.decode()


def test_our_tax_form_is_named_where_one_pays(visitor: Visitor, settings: Settings) -> None:
    assert visitor("localhost").get("/plans/tax-form/").status_code == 404
    assert "/plans/tax-form/" not in footer_of_invoices() + visitor("localhost").get("/plans/").content.decode()
    settings.TAX_FORM = b"%PDF-1.7 ours"
    assert 'href="/plans/tax-form/"' in visitor("localhost").get("/plans/").content.decode()
    form = visitor("localhost").get("/plans/tax-form/")
    assert (form["Content-Type"], form.content) == ("application/pdf", b"%PDF-1.7 ours")
    assert public_url("/plans/tax-form/") in footer_of_invoices()


def test_an_amount_is_written_as_people_write_it() -> None:
    assert [dollars(cents) for cents in (7_900, 7_950, 899_000, 0)] == ["$79", "$79.50", "$8,990", "$0"]


def test_the_status_says_when_mails_are_late(visitor: Visitor) -> None:
    assert "Everything works" in visitor("localhost").get("/status/").content.decode()
    with context.platform():
        Due.objects.create(kind="mail", ref="7", due_at=clock.now() - timedelta(minutes=12))
    page = visitor("localhost").get("/status/").content.decode()
    assert "Mails are late" in page
    assert "12 minutes late" in page


def test_every_page_of_the_public_site_has_a_name_that_no_society_takes() -> None:
    pages = {"plans", "security", "status", "privacy", "start", "terms", "console", "sign-in", "mail", "example"}
    assert pages <= RESERVED_SLUGS
