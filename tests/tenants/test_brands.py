"""The files of a society's look, under addresses that can be kept for a year."""

from __future__ import annotations

import pytest
from django.test import Client

from tenants import brands, context
from tenants.models import Society

pytestmark = pytest.mark.django_db(transaction=True)

# The smallest picture there is; what it shows is the settings page's affair.
PICTURE = b"\x89PNG a logo"


@pytest.fixture
def dressed(societies: dict[str, Society]) -> dict[str, Society]:
    """The societies, each in a color of its own and with a logo."""
    with context.platform():
        for society, color in zip(societies.values(), ("#7b1e3a", "#1d3f72", "#1e6b52"), strict=True):
            society.brand_color, society.logo, society.logo_hash = color, PICTURE + society.slug.encode(), society.slug
            society.save()
    return societies


def test_each_society_has_a_stylesheet_that_never_changes(dressed: dict[str, Society]) -> None:
    sheets = set()
    for society in dressed.values():
        response = Client(headers={"host": society.host}).get(brands.brand_of(society).stylesheet)
        assert (response.status_code, response["Content-Type"]) == (200, "text/css; charset=utf-8")
        assert "immutable" in response["Cache-Control"]
        sheets.add(response.content)
    assert len(sheets) == 3


def test_an_older_page_gets_todays_colors_for_a_short_while(dressed: dict[str, Society]) -> None:
    browser = Client(headers={"host": dressed["sierra"].host})
    response = browser.get("/brand/0123456789abcdef.css")
    assert response["Cache-Control"] == "no-cache"
    assert response.content == browser.get(brands.brand_of(dressed["sierra"]).stylesheet).content


def test_a_logo_is_shown_on_its_own_societys_host_alone(dressed: dict[str, Society]) -> None:
    address = brands.brand_of(dressed["sierra"]).logo
    response = Client(headers={"host": dressed["sierra"].host}).get(address)
    assert (response.content, response["Content-Type"]) == (PICTURE + b"sierra", "image/png")
    for host in (dressed["northstar"].host, "localhost"):
        assert Client(headers={"host": host}).get(address).status_code == 404


def test_a_page_wears_the_societys_look(dressed: dict[str, Society]) -> None:
    brand = brands.brand_of(dressed["sierra"])
    page = Client(headers={"host": dressed["sierra"].host}).get("/nowhere/").text
    assert brand.stylesheet in page
    assert brand.logo in page
