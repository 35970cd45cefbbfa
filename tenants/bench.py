"""The command `chiron bench tenancy`."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import django

from chiron.supervisor.forget import forget
from chiron.supervisor.postgres import Cluster
from chiron.supervisor.valkey import CACHE, Broker
from tenants.commanding import say_json

BAR_MISSED = 3


@click.command()
@click.option("--rounds", default=9, show_default=True, help="How many societies are made each way.")
@click.option("--requests", default=1000, show_default=True, help="How many requests are made each way.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for programs.")
def tenancy(*, rounds: int, requests: int, as_json: bool) -> None:
    """Measure what the walls between societies cost, against having none.

    It starts a database and a cache of its own, as `chiron up` would, and deletes them afterwards. Both sides of a
    ratio take turns; their medians are compared.

    \b
    creation  a society with schema, role, rights and address, against Django's migrate into an empty schema
    request   a request of four queries behind a society's door, against the same view on Django's own connection
              to the same tables, with everything else as it is

    \b
    Exit status: 0 both bars are met · 3 one is missed
    """
    with ground():
        from tenants.measuring import measure_creation, measure_request

        results = [measure_creation(rounds), measure_request(requests)]
    if as_json:
        say_json({result.name: result.summary() for result in results})
    else:
        for result in results:
            click.echo(result.sentence())
    if not all(result.is_met for result in results):
        raise SystemExit(BAR_MISSED)


@contextmanager
def ground() -> Iterator[None]:
    """A database with its roles, a cache, and Django set up to use both."""
    with tempfile.TemporaryDirectory(prefix="chiron-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        try:
            with Cluster(home) as cluster, Broker(home) as cache:
                os.environ |= {
                    "CHIRON_HOME": folder,
                    "DJANGO_SETTINGS_MODULE": "chiron.settings.development",
                    "DATABASE_SUPERUSER_URL": cluster.superuser_dsn,
                    "DATABASE_ADMIN_URL": cluster.dsn("chiron_owner", "chiron"),
                    "DATABASE_URL": cluster.dsn("chiron_app", "chiron"),
                    "CACHE_URL": cache.url(CACHE),
                }
                from tenants.setup import set_up

                set_up(os.environ)
                django.setup()
                logging.disable()
                yield
        finally:
            forget(home)
