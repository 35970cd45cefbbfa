"""The Stripe of the desk is started when nobody names another one, and stays what it was over a restart."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from pathlib import Path

import pytest

from chiron.supervisor.children import stripe
from chiron.supervisor.plan import Plan, Wishes
from chiron.supervisor.services import HOST, free_port, kept_port
from chiron.supervisor.supervisor import Preparation
from tests.supervisor.watching import bare_environment

pytestmark = pytest.mark.supervisor

KEY = {"STRIPE_SECRET_KEY": "sk_test_of_this_test", "STRIPE_WEBHOOK_SECRETS": "whsec_of_this_test"}
ELSEWHERE = {"DATABASE_URL": "postgresql://a@x/a", "DATABASE_ADMIN_URL": "postgresql://b@x/a", "EMAIL_URL": "smtp://x"}


def plan(home: Path, **variables: str) -> Plan:
    return Plan(Wishes.read({"CHIRON_HOME": str(home), **variables}, demo=False), [])


def preparations(home: Path, **variables: str) -> list[str]:
    planned = Plan(Wishes.read({"CHIRON_HOME": str(home), **variables}, demo=False), ["migrate", "billing"])
    return [stage.name for stage in planned.stages if isinstance(stage, Preparation)]


def parts(planned: Plan) -> list[str]:
    stages = (stage for stage in planned.stages if not isinstance(stage, Preparation))
    return [service.name for stage in stages for service in stage]


def test_it_is_started_first_and_everybody_is_told(home: Path) -> None:
    planned = plan(home, **ELSEWHERE)
    assert parts(planned)[0] == "stripe"
    assert planned.working["STRIPE_SECRET_KEY"].startswith("sk_test_")
    assert planned.for_commands["STRIPE_API_BASE"] == planned.working["STRIPE_API_BASE"]
    again = plan(home, **ELSEWHERE)
    assert {name: again.working[name] for name in again.working if "STRIPE" in name} == {
        name: planned.working[name] for name in planned.working if "STRIPE" in name
    }


def test_the_price_list_is_brought_to_it_and_to_no_other(home: Path) -> None:
    assert "price list" in preparations(home, **ELSEWHERE)
    assert "price list" not in preparations(home, **ELSEWHERE, STRIPE_SECRET_KEY="sk_test_of_ones_own")


@pytest.mark.parametrize(
    "named",
    [
        {"STRIPE_SECRET_KEY": "sk_test_of_ones_own"},
        {"STRIPE_API_BASE": "http://127.0.0.1:12111"},
        {"DJANGO_SETTINGS_MODULE": "chiron.settings.production"},
    ],
)
def test_it_is_not_started_beside_another_nor_in_production(home: Path, named: Mapping[str, str]) -> None:
    planned = plan(home, **ELSEWHERE, **named)
    assert "stripe" not in parts(planned)
    assert {name for name in planned.working if "STRIPE" in name} == {name for name in named if "STRIPE" in name}


def test_it_answers_whoever_has_its_key_and_ends_well(home: Path) -> None:
    home.mkdir(exist_ok=True)
    port = kept_port(home / "port")
    service = stripe(home, port, {**bare_environment(), **KEY}, f"http://localhost:{free_port()}/stripe/webhook/")
    with service:
        statuses = [_status(port, key) for key in (KEY["STRIPE_SECRET_KEY"], "sk_test_other", "sk_live_1")]
        process = service.process
    assert statuses == [200, 401, 401]
    assert process is not None
    assert process.returncode == 0
    assert kept_port(home / "port") == port


def _status(port: int, key: str) -> int:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/v1/events", headers={"Authorization": f"Bearer {key}"})
        return connection.getresponse().status
    finally:
        connection.close()
