"""What each kind of settings needs to start, tried in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

import pytest

from tests.architecture.source import ROOT

PRODUCTION = {
    "DATABASE_URL": "postgresql://chiron_app:p@db.example/chiron",
    "CELERY_BROKER_URL": "amqps://queue.example",
    "CACHE_URL": "rediss://cache.example",
    "EMAIL_URL": "smtps://relay.example",
    "CHIRON_BASE_HOST": "chiron.example.org",
    "SECRET_KEY": "x" * 50,
}

OWNER = {"DATABASE_ADMIN_URL": "postgresql://chiron_owner:p@db.example/chiron"}
OWN_NO_TABLES = "from chiron import celery_app; celery_app.own_no_tables(options={'queues': %s})"


def start(kind: str, variables: Mapping[str, str], *, what: str = "import django; django.setup()") -> str:
    """The last line that a process with these variables alone says before it ends; nothing if it starts."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}"}
    said = subprocess.run(
        [sys.executable, "-W", "error", "-c", what],
        env={**env, "DJANGO_SETTINGS_MODULE": f"chiron.settings.{kind}", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = said.stderr.strip().splitlines()
    assert said.returncode == 0 or lines
    return "" if said.returncode == 0 else lines[-1]


def test_a_desk_and_tests_need_nothing() -> None:
    assert start("development", {}) == ""
    assert start("test", {}, what="import chiron.settings.test") == ""


def test_production_starts_when_all_is_given_and_waits_for_nothing_heavy() -> None:
    """The web, with what the workers ask besides; scipy is for who matches."""
    nothing_heavy = "import sys; sys.exit('scipy' in sys.modules and 'scipy was loaded')"
    assert start("production", PRODUCTION, what=f"import chiron.wsgi; {OWN_NO_TABLES % None}; {nothing_heavy}") == ""


@pytest.mark.parametrize("missing", PRODUCTION)
def test_production_needs_every_address(missing: str) -> None:
    told = start("production", {**PRODUCTION, missing: ""}, what="import chiron.settings.production")
    assert f"SettingError: {missing} is" in told


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"CHIRON_DEMO": "yes"}, "CHIRON_DEMO is for a desk alone."),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is missing or too short."),
        ({"DATABASE_URL": "postgresql://chiron_owner:p@db.example/chiron"}, "DATABASE_URL enters as “chiron_owner”."),
        (
            {"CELERY_BROKER_URL": "redis://one.example/0", "CACHE_URL": "redis://one.example/1"},
            "CACHE_URL is the broker's server.",
        ),
    ],
)
def test_production_refuses_what_does_not_belong_there(variables: Mapping[str, str], sentence: str) -> None:
    assert sentence in start("production", {**PRODUCTION, **variables}, what="import chiron.settings.production")


def test_of_the_workers_only_the_provisioner_may_have_the_owners_address() -> None:
    assert start("production", {**PRODUCTION, **OWNER}, what=OWN_NO_TABLES % ["provision"]) == ""
    worker = (
        "from celery.__main__ import main; import sys; sys.argv[1:] = ['-A', 'chiron.celery_app', 'worker']; main()"
    )
    told = start("production", {**PRODUCTION, **OWNER}, what=worker)
    assert told.startswith("chiron: DATABASE_ADMIN_URL is set. Give it to")


def test_the_web_starts_without_the_owners_address_alone() -> None:
    told = start("production", {**PRODUCTION, **OWNER}, what="import chiron.wsgi")
    assert "SettingError: DATABASE_ADMIN_URL is set. Give it to" in told
    asked = "env.refuse_owner(settings.ENVIRONMENT, settings.DATABASE_ADMIN_URL)"
    at_a_desk = f"from django.conf import settings; from chiron.settings import env; {asked}"
    assert start("development", OWNER, what=at_a_desk) == ""
