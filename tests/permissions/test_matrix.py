"""The matrix holds, and names every address there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver
from pytest_django import Settings

from tenants.models import Society
from tests.permissions import matrix
from tests.permissions.planting import Planted, askers_of, askers_of_platform, plant, plant_platform

Visitor = Callable[[str], Client]
VERBS = ("GET", "POST")


def routes(urlconf: str) -> Iterator[str]:
    """Every address of a urlconf, with its holes."""

    def walk(patterns: Iterable[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
        for each in patterns:
            route = f"{prefix}{each.pattern}"
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, route)
            else:
                yield f"/{route}"

    yield from walk(import_module(urlconf).urlpatterns, "")


def answer(client: Client, verb: str, path: str, form: dict[str, object]) -> str:
    """One cell: what this browser gets, and then everything is as it was."""
    for cache in caches.all():
        cache.clear()
    cookies = client.cookies.output(header="")
    with transaction.atomic():
        reply = client.get(path) if verb == "GET" else client.post(path, form)
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.load(cookies)
    if reply.status_code == 200:
        return "ok"
    if reply.status_code != 302:
        return str(reply.status_code)
    where = reply["Location"]
    return "in" if where.startswith("/sign-in/?") else "who" if where == "/welcome/" else "go"


def check(table: matrix.Cells, planted: Planted, askers: list[Client]) -> None:
    """The whole table is as it says. Another verb is refused before anybody looks who asks: two are enough there."""
    asked = {cell: told[:: len(told) - 1] if set(told) == {"405"} else told for cell, told in table.items()}
    found = {
        (verb, route): [
            answer(client, verb, planted.path(route), planted.form(route))
            for client in (askers if len(told) == len(askers) else (askers[0], askers[-1]))
        ]
        for (verb, route), told in asked.items()
    }
    assert found == asked


@pytest.mark.parametrize(
    ("urlconf", "table", "who"),
    [
        ("chiron.urls_society", matrix.SOCIETY, matrix.SOCIETY_WHO),
        ("chiron.urls_public", matrix.PUBLIC, matrix.PUBLIC_WHO),
    ],
)
def test_the_matrix_names_every_address(urlconf: str, table: str, who: tuple[str, ...]) -> None:
    named = set(matrix.read(table, len(who)))
    assert named == {(verb, route) for route in routes(urlconf) for verb in VERBS}


@pytest.mark.django_db
def test_every_answer_of_a_society(
    sierra: Society, societies: dict[str, Society], visitor: Visitor, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    mentorship, planted = plant(sierra)
    askers = list(askers_of(sierra, societies["commonwealth"], visitor, mentorship))
    assert len(askers) == len(matrix.SOCIETY_WHO)
    check(matrix.read(matrix.SOCIETY, len(askers)), planted, askers)


@pytest.mark.django_db
def test_every_answer_of_the_public_site(platform_door: None, societies: dict[str, Society], visitor: Visitor) -> None:
    planted = plant_platform(societies["sierra"])
    askers = list(askers_of_platform(societies["sierra"], visitor))
    assert len(askers) == len(matrix.PUBLIC_WHO)
    check(matrix.read(matrix.PUBLIC, len(askers)), planted, askers)
