"""What the walls between societies cost: two ways to the same end take turns, and their medians are compared."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.management.commands.migrate import Command as DjangosMigrate
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, JsonResponse
from django.test import override_settings
from django.urls import path
from psycopg import sql

from chiron.kernel import clock
from tenants import context
from tenants.migration.run import migrate_everything
from tenants.models import Society
from tenants.people.models import Person, StaffRole
from tenants.provisioning import comparison
from tenants.provisioning.owner import OwnerConnection, connect, django_as_owner
from tenants.provisioning.services import provision_society
from tenants.provisioning.spares import make_spare

PEOPLE, FIRST = 200, 20
WARM_UP = 50


@dataclass(frozen=True)
class Result:
    """Medians in milliseconds, with and without; how their ratio compares with the bar; what else has to be nothing."""

    name: str
    ours: float
    plain: float
    bar: float
    differences: tuple[str, ...] = ()

    @property
    def ratio(self) -> float:
        return self.ours / self.plain

    @property
    def is_met(self) -> bool:
        return self.ratio <= self.bar and not self.differences

    def summary(self) -> dict[str, Any]:
        return {
            "ours_ms": round(self.ours, 2),
            "plain_ms": round(self.plain, 2),
            "ratio": round(self.ratio, 3),
            "bar": self.bar,
            "differences": list(self.differences),
            "met": self.is_met,
        }

    def sentence(self) -> str:
        verdict = "met" if self.is_met else "missed"
        told = f"{self.name:<9} {self.ours:8.2f} ms against {self.plain:8.2f} ms: {self.ratio:.3f} of it; "
        return "\n  ".join([f"{told}the bar is {self.bar} and is {verdict}", *self.differences])


def measure_creation(rounds: int) -> Result:
    """Make societies our way and by Django's own `migrate`, and compare the last two schemas."""
    migrate_everything()
    ours, plain = _take_turns(rounds, _create, _migrate_plainly)
    with context.platform():
        made = Society.objects.get(slug=f"bench-{rounds - 1}").schema_name
    with connect() as owner:
        found = comparison.differences(comparison.shape(owner, f"plain_{rounds - 1}"), comparison.shape(owner, made))
    return Result("creation", ours, plain, 0.25, tuple(found))


def _create(number: int) -> None:
    """All that a new society takes, as if no schema lay ready."""
    make_spare()
    provision_society(name="A society", slug=f"bench-{number}")


def _migrate_plainly(number: int) -> None:
    schema = f"plain_{number}"
    with connect() as owner:
        owner.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    with django_as_owner(schema):
        call_command(DjangosMigrate(), verbosity=0, interactive=False)


def measure_request(requests: int) -> Result:
    """Answer requests behind a society's door, and with the same tables on a connection that knows of no societies."""
    make_spare()
    society = provision_society(name="Requests", slug="requests")
    with context.society(society):
        Person.objects.bulk_create(
            Person(given_name="Ada", family_name=f"Lovelace {n:03}", member_id=f"{n}", created_at=clock.now())
            for n in range(PEOPLE)
        )
    with override_settings(ROOT_URLCONF=__name__):
        bare = [name for name in settings.MIDDLEWARE if name != "tenants.middleware.SocietyMiddleware"]
        plain = _Site(society.host, bare, OwnerConnection(society.schema_name))
        ours = _Site(society.host, settings.MIDDLEWARE, connections[DEFAULT_DB_ALIAS])
        try:
            _take_turns(WARM_UP, ours.answer, plain.answer)
            times = _take_turns(requests, ours.answer, plain.answer)
        finally:
            plain.connection.close()
            connections[DEFAULT_DB_ALIAS] = ours.connection
    return Result("request", *times, bar=1.5)


class _Site:
    """Django's whole handler with some middleware, on one connection that it keeps."""

    def __init__(self, host: str, middleware: Sequence[str], connection: BaseDatabaseWrapper) -> None:
        with override_settings(MIDDLEWARE=middleware):
            self._handler = WSGIHandler()
        self.connection = connection
        self._environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/",
            "SERVER_NAME": host,
            "SERVER_PORT": "80",
            "HTTP_HOST": host,
            "wsgi.url_scheme": "http",
        }

    def answer(self, number: int) -> None:
        """Answer one request, as a server would have it done."""
        connections[DEFAULT_DB_ALIAS] = self.connection
        with closing(self._handler({**self._environ, "wsgi.input": io.BytesIO()}, _start)) as response:
            body = b"".join(response)
        assert len(json.loads(body)["people"]) == FIRST


def _start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
    """Take a reply's beginning, as a server does."""
    assert status == "200 OK", status
    return lambda data: None


def four_queries(request: HttpRequest) -> JsonResponse:
    """A page like any other: how many there are, the first of them, one in full, and whether there is staff."""
    people = list(Person.objects.order_by("family_name")[:FIRST].values("id", "given_name", "family_name"))
    return JsonResponse(
        {
            "count": Person.objects.count(),
            "people": people,
            "first": Person.objects.get(pk=people[0]["id"]).address_name,
            "staff": StaffRole.objects.exists(),
        }
    )


urlpatterns = [path("", four_queries)]


def _take_turns(count: int, ours: Callable[[int], None], plain: Callable[[int], None]) -> tuple[float, float]:
    """The medians, in milliseconds, of two ways that take turns, and turns in going first."""
    times: dict[Callable[[int], None], list[float]] = {ours: [], plain: []}
    for number in range(count):
        for way in (ours, plain) if number % 2 else (plain, ours):
            began = time.perf_counter()
            way(number)
            times[way].append((time.perf_counter() - began) * 1000)
    return median(times[ours]), median(times[plain])
