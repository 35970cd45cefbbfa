"""The ways around a page lead where their reader may go, and nobody is sent to a page that is not there for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tenants.models import Society
from tests.permissions import matrix
from tests.permissions.planting import askers_of, askers_of_platform, plant, plant_platform

pytestmark = pytest.mark.django_db
Visitor = Callable[[str], Client]
STAFF = matrix.SOCIETY_WHO[5:]


def ways(client: Client, path: str) -> list[str]:
    """Where the frame of a page leads."""
    frame = client.get(path).context["frame"]
    return [link.url for link in (*frame.nav, *([frame.elsewhere] if frame.elsewhere else []))]


def test_every_way_is_open_to_whom_it_is_shown(
    sierra: Society, societies: dict[str, Society], visitor: Visitor
) -> None:
    mentorship, _planted = plant(sierra)
    askers = askers_of(sierra, societies["commonwealth"], visitor, mentorship)
    for who, client in zip(matrix.SOCIETY_WHO, askers, strict=True):
        for start in ("/", "/staff/") if who in STAFF else ("/",):
            closed = [way for way in ways(client, start) if client.get(way).status_code != 200]
            assert closed == [], who


def test_each_kind_of_staff_has_its_ways(sierra: Society, societies: dict[str, Society], visitor: Visitor) -> None:
    mentorship, _planted = plant(sierra)
    askers = list(askers_of(sierra, societies["commonwealth"], visitor, mentorship))[5:]
    shown = {who: " ".join(ways(client, "/staff/")) for who, client in zip(STAFF, askers, strict=True)}
    everybody, people, mail = "/staff/ /staff/programs/", " /staff/people/", " /staff/mail/"
    assert shown == {
        "committee": f"{everybody} /",
        "support": f"{everybody}{people}{mail} /",
        "manager of another program": f"{everybody}{people} /",
        "manager of this program": f"{everybody}{people} /",
        "manager": f"{everybody}{people}{mail} /",
        "owner": f"{everybody}{people}{mail} /staff/settings/ /",
    }


def test_every_way_of_the_console_is_open(platform_door: None, societies: dict[str, Society], visitor: Visitor) -> None:
    plant_platform(societies["sierra"])
    *_, operator = askers_of_platform(societies["sierra"], visitor)
    assert [operator.get(way).status_code for way in ways(operator, "/console/")] == [200, 200, 200]
