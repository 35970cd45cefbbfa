"""What every test may ask for. A test that asks for no database starts none."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.test import Client, TransactionTestCase
from pytest_django import DjangoDbBlocker, Settings

from tenants import context, hosts
from tenants.models import Society, Spare
from tenants.provisioning.services import provision_society
from tenants.provisioning.spares import make_spare
from tests import databases

# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile("patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("patient")

HERE = Path(__file__).parent
ROOT = HERE.parent


def pytest_configure(config: pytest.Config) -> None:
    databases.begin_run()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Of several workers each begins to read the tests at another place, and finds compiled what others read before."""
    worker, count = os.environ.get("PYTEST_XDIST_WORKER", ""), int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if worker and session.config.args == session.config.getini("testpaths"):
        names = sorted(".".join(path.relative_to(ROOT).with_suffix("").parts) for path in HERE.rglob("test_*.py"))
        first = int(worker.removeprefix("gw")) * len(names) // count
        for name in names[first:] + names[:first]:
            import_module(name)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is there by now stays to the end, and what comes is soon gone: the garbage collector need not look often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1_000)


@pytest.fixture(scope="session", autouse=True)
def _addresses_without_a_demonstration(django_test_environment: None) -> None:
    """Read once what addresses there are, before any test turns the demonstration on, whichever comes first."""
    for urls in (django_settings.ROOT_URLCONF, django_settings.PUBLIC_SCHEMA_URLCONF):
        import_module(urls)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A clone of the template for this worker, entered as the application. Ordinary tests roll back in it."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        server = databases.server()
        # Django would empty all tables after a test that commits; its clone is dropped instead.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test: None)
        with server.clone(databases.name_for_clone()) as database:
            server.point_django_at(database)
            yield
            server.point_django_at("")


@pytest.fixture(autouse=True)
def _clone_for_commits(request: pytest.FixtureRequest) -> Iterator[None]:
    """A database of its own for each test that commits."""
    if not _commits(request):
        yield
        return
    request.getfixturevalue("django_db_setup")
    server = databases.server()
    worker_database = django_settings.DATABASES["default"]["NAME"]
    with server.clone(databases.name_for_clone()) as database:
        server.point_django_at(database)
        yield
        server.point_django_at(worker_database)


@pytest.fixture(autouse=True)
def _forgetful() -> Iterator[None]:
    """No test sees what another one left in this process's memory."""
    yield
    hosts.forget()
    for cache in caches.all():
        cache.clear()


@pytest.fixture
def societies(db: None) -> dict[str, Society]:
    """The three societies by slug, without entering any."""
    with context.platform():
        return {society.slug: society for society in Society.objects.all()}


@pytest.fixture
def sierra(request: pytest.FixtureRequest, societies: dict[str, Society]) -> Iterator[Society]:
    """Sierra, entered for the whole test; a test that commits enters by itself."""
    with _entered(request, societies["sierra"]) as society:
        yield society


@pytest.fixture
def commonwealth(request: pytest.FixtureRequest, societies: dict[str, Society]) -> Iterator[Society]:
    """Commonwealth, entered like `sierra`."""
    with _entered(request, societies["commonwealth"]) as society:
        yield society


@pytest.fixture
def northstar(request: pytest.FixtureRequest, societies: dict[str, Society]) -> Iterator[Society]:
    """North Star, entered like `sierra`."""
    with _entered(request, societies["northstar"]) as society:
        yield society


@pytest.fixture
def platform_door(db: None) -> Iterator[None]:
    """The platform's own tables, for the whole test."""
    with context.platform():
        yield


@pytest.fixture
def owner_url(db: None, settings: Settings) -> str:
    """The owner's address of this test's database, at hand for the code under test as it is for `chiron migrate`."""
    server = databases.server()
    settings.DATABASE_ADMIN_URL = server.address(server.roles.owner, django_settings.DATABASES["default"]["NAME"])
    return settings.DATABASE_ADMIN_URL


@pytest.fixture
def lakes(owner_url: str) -> Society:
    """A society that this test's database alone has, so that its door may be closed and its role dropped: roles are
    those of all databases, and so the doors of the other three are.
    """
    with context.platform():
        Spare.objects.all().delete()
    make_spare()
    return provision_society(
        name="Lakes Medical Society",
        slug="lakes",
        host="mentoring.lakes.example.org",
        owner_mail="ann@lakes.example.org",
    )


@pytest.fixture
def visitor() -> Callable[[str], Client]:
    """A browser on a host: `visitor(sierra.host).get("/")`."""
    return lambda host: Client(headers={"host": host})


@contextmanager
def _entered(request: pytest.FixtureRequest, society: Society) -> Iterator[Society]:
    with ExitStack() as stack:
        if not _commits(request):
            stack.enter_context(context.society(society))
        yield society


def _commits(request: pytest.FixtureRequest) -> bool:
    """Whether the test commits for real: pytest-django's own rule."""
    marker = request.node.get_closest_marker("django_db")
    return bool(marker and (marker.kwargs.get("transaction") or marker.args[:1] == (True,))) or bool(
        {"transactional_db", "live_server"}.intersection(request.fixturenames)
    )
