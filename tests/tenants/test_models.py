"""What the database itself holds of a society."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from pytest_django import Settings

from chiron.kernel import clock
from tenants.accounts.models import Account
from tenants.models import Domain, Society


def society(**facts: object) -> Society:
    return Society(**{"slug": "bay", "name": "Bay Medical Society", "contact_mail": "us@bay.example", **facts})


@pytest.mark.parametrize("slug", ["bay", "b", "bay-area", "a1", "x" * 40])
def test_a_slug_is_a_part_of_a_host_name(platform_door: None, slug: str) -> None:
    one = society(slug=slug)
    one.full_clean()
    one.save()


@pytest.mark.parametrize("slug", ["", "Bay", "-bay", "bay-", "bay.area", "bay area", "bucht-ä", "bay\n", "x" * 41])
def test_nothing_else_is_not_even_for_the_database(platform_door: None, slug: str) -> None:
    one = society(slug=slug)
    with pytest.raises(ValidationError) as told:
        one.full_clean()
    assert list(told.value.message_dict) == ["slug"]
    if len(slug) <= 40:
        with pytest.raises(IntegrityError, match="a_slug_is_a_host_name"), transaction.atomic():
            one.save()


@pytest.mark.parametrize("facts", [{"slug": "www"}, {"time_zone": "Mars/Olympus"}, {"brand_color": "red"}])
def test_what_makes_no_sense_is_told_by_field(platform_door: None, facts: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as told:
        society(**facts).full_clean()
    assert told.value.message_dict.keys() == facts.keys()


def test_who_left_has_a_date_and_nobody_else_has(platform_door: None) -> None:
    for facts in ({"state": Society.State.LEFT}, {"left_at": clock.now()}):
        with pytest.raises(IntegrityError, match="who_left_has_a_date"), transaction.atomic():
            society(**facts).save()
    society(state=Society.State.LEFT, left_at=clock.now()).save()


def test_two_societies_never_share_a_schema_and_its_name_says_nothing(platform_door: None) -> None:
    one = society()
    one.save()
    assert "bay" not in one.schema_name
    with pytest.raises(ValidationError, match="already exists"), transaction.atomic():
        society(slug="other", schema_name=one.schema_name).save()
    with pytest.raises(IntegrityError, match="a_schema_name_is_opaque"), transaction.atomic():
        society(slug="other", schema_name="s_bay").save()


def test_addresses_of_a_desk_and_of_production(settings: Settings) -> None:
    settings.SITE_SCHEME, settings.SITE_PORT = "http", 8000
    assert society().url("/me/") == "http://bay.localhost:8000/me/"
    settings.SITE_SCHEME, settings.SITE_PORT, settings.BASE_HOST = "https", None, "chiron.example"
    assert society().url() == "https://bay.chiron.example/"


@pytest.mark.parametrize(
    "domain", ["mentoring", "Mentoring.example.org", "a_b.example", "mentoring.example.org:80", ".org"]
)
def test_a_domain_is_a_host_name(platform_door: None, domain: str) -> None:
    one = society()
    one.save()
    Domain.objects.create(domain="mentoring.example.org", tenant=one)
    with pytest.raises(IntegrityError, match="a_domain_is_a_host_name"), transaction.atomic():
        Domain.objects.create(domain=domain, tenant=one)


def test_an_account_is_a_mail_address_in_small_letters(sierra: Society) -> None:
    account = Account.objects.create_user(" Ana.Rivera@Example.org ")
    assert (account.email, account.has_usable_password(), account.is_active) == ("ana.rivera@example.org", False, True)
    assert Account.objects.get_by_natural_key("ANA.RIVERA@example.org") == account
    with pytest.raises(IntegrityError, match="accounts_account_email"), transaction.atomic():
        Account.objects.create_user("ana.rivera@example.org")
    with pytest.raises(IntegrityError, match="mail_addresses_are_small_letters"), transaction.atomic():
        Account.objects.create(email="Ana@example.org")
