"""The settings page: owners change name, look and contact; what makes no sense is told at its field."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from tenants import context
from tenants.models import Society
from tenants.people.models import StaffRole
from tests.factories.staff import browser_of, make_staff

FACTS = {
    "name": "Sierra Society",
    "contact_mail": "us@sierra.example.org",
    "time_zone": "America/Denver",
    "brand_color": "#7b1e3a",
    "accent_color": "#c98a2b",
}


@pytest.fixture
def owner(sierra: Society) -> Client:
    return browser_of(make_staff(StaffRole.Kind.OWNER), sierra)


def stored(society: Society) -> Society:
    with context.platform():
        return Society.objects.get(pk=society.pk)


def test_an_owner_changes_the_look_and_every_fact(sierra: Society, owner: Client) -> None:
    assert owner.get(reverse("society:settings")).status_code == 200
    out = io.BytesIO()
    Image.new("RGB", (80, 80), "#7b1e3a").save(out, "PNG")
    logo = SimpleUploadedFile("logo.png", out.getvalue(), content_type="image/png")
    reply = owner.post(reverse("society:settings"), FACTS | {"logo": logo, "keep": "yes"})
    assert reply.status_code == 302
    now = stored(sierra)
    assert {name: getattr(now, name) for name in FACTS} == FACTS
    assert now.logo_hash


def test_looking_at_colors_changes_nothing_and_says_what_would_be_mended(sierra: Society, owner: Client) -> None:
    before = stored(sierra).brand_color
    reply = owner.post(reverse("society:settings"), FACTS | {"brand_color": "#ffff00", "look": "yes"})
    assert "#ffff00 is too light for links on white" in reply.content.decode()
    assert stored(sierra).brand_color == before


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"brand_color": "red"}, "Write a color like"),
        ({"contact_mail": "nobody"}, "does not look like a mail address"),
        ({"time_zone": "Mars/Olympus"}, "Choose from what is offered here"),
        ({"name": ""}, "required"),
    ],
)
def test_what_makes_no_sense_is_told_at_its_field(
    sierra: Society, owner: Client, wrong: dict[str, str], told: str
) -> None:
    before = stored(sierra).name
    reply = owner.post(reverse("society:settings"), FACTS | wrong)
    assert reply.status_code == 422
    assert told in reply.content.decode()
    assert stored(sierra).name == before


def test_a_logo_that_is_no_picture_is_refused_and_nothing_kept(sierra: Society, owner: Client) -> None:
    logo = SimpleUploadedFile("logo.svg", b"<svg/>", content_type="image/svg+xml")
    reply = owner.post(reverse("society:settings"), FACTS | {"logo": logo})
    assert "SVG does not work here" in reply.content.decode()
    assert stored(sierra).name != FACTS["name"]


def test_only_an_owner_finds_the_page(sierra: Society) -> None:
    for kind in (StaffRole.Kind.MANAGER, StaffRole.Kind.COMMITTEE, StaffRole.Kind.SUPPORT):
        assert browser_of(make_staff(kind, given=kind), sierra).get(reverse("society:settings")).status_code == 404
