"""The server itself: whom it answers, and that it forgets nothing when it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import stripe
from werkzeug.test import Client

from chiron.supervisor.children import serves
from chiron.supervisor.services import free_port
from stripe_emulator import API_VERSION
from stripe_emulator.running import Emulator
from tests.stripe_emulator.desk import KEY, StripeDesk, client_for
from tests.supervisor.watching import eventually


@pytest.mark.parametrize("key", ["sk_live_1234567890", "rk_live_1234567890", "pk_live_1234567890"])
def test_a_live_key_is_refused_with_a_word_of_what_to_do(stripe_desk: StripeDesk, key: str) -> None:
    with pytest.raises(stripe.AuthenticationError, match="never takes a live key"):
        client_for(stripe_desk.base, key).v1.customers.list()


@pytest.mark.parametrize("key", ["sk_live_1234567890", "pk_test_1234567890", ""])
def test_it_does_not_start_with_a_key_that_is_no_secret_test_key(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="only a test key"):
        Emulator(tmp_path / "stripe.sqlite", port=0, key=key)


def test_another_version_than_the_pinned_one_is_refused(stripe_desk: StripeDesk) -> None:
    addresses: Any = {"api": stripe_desk.base}
    other = stripe.StripeClient(KEY, stripe_version="2020-08-27", base_addresses=addresses)
    with pytest.raises(stripe.InvalidRequestError, match=API_VERSION):
        other.v1.customers.list()


def test_what_it_has_not_got_is_said(stripe_desk: StripeDesk) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="has no such endpoint") as refused:
        stripe_desk.client.v1.payouts.list()
    assert refused.value.http_status == 404


def test_it_listens_on_this_machine_alone(stripe_desk: StripeDesk) -> None:
    assert stripe_desk.base.startswith("http://127.0.0.1:")


def test_the_house_clock_of_a_desk_goes_on_from_where_it_was_moved_to(stripe_desk: StripeDesk) -> None:
    before = stripe_desk.client.v1.customers.create({"name": "Sierra"}).created
    stripe_desk.tell("clock", to=before + 1_000, frozen=False)
    after = stripe_desk.client.v1.customers.create({"name": "Lakes"}).created
    assert before + 1_000 <= after < before + 1_100


def test_a_key_is_forgotten_after_a_day_as_stripe_forgets_it(stripe_desk: StripeDesk) -> None:
    key: Any = {"idempotency_key": "once"}
    first = stripe_desk.client.v1.customers.create({"name": "Sierra"}, key)
    stripe_desk.move_to(first.created + 23 * 3_600)
    assert stripe_desk.client.v1.customers.create({"name": "Sierra"}, key).id == first.id
    stripe_desk.move_to(first.created + 25 * 3_600)
    assert stripe_desk.client.v1.customers.create({"name": "Sierra"}, key).id != first.id


def test_pages_are_safe_to_be_asked_for_anything(stripe_desk: StripeDesk) -> None:
    browser = Client(stripe_desk.emulator.application)
    assert [browser.get(path).status_code for path in ("/", "/style.css", "/c/x", "/p/x", "/i/x/pdf", "/nowhere")] == [
        200,
        200,
        404,
        404,
        404,
        404,
    ]


def test_killed_in_the_middle_of_work_it_has_lost_nothing_that_it_said_yes_to(tmp_path: Path) -> None:
    port, file = free_port(), tmp_path / "stripe.sqlite"
    base = f"http://127.0.0.1:{port}"
    kept: dict[str, str] = {}
    first = _start(port, file)
    writer = threading.Thread(target=_write_until_it_ends, args=(base, kept))
    writer.start()
    eventually(lambda: len(kept) > 20, "a few are written")
    first.send_signal(signal.SIGKILL)
    first.wait()
    writer.join()
    second = _start(port, file)
    try:
        client = client_for(base, KEY)
        there = {customer.id for customer in client.v1.customers.list({"limit": 100}).auto_paging_iter()}
        assert set(kept.values()) <= there
        events: Any = {"type": "customer.created", "limit": 100}
        told = {event.data.object["id"] for event in client.v1.events.list(events).auto_paging_iter()}
        assert told == there
        name, identity = next(iter(kept.items()))
        again: Any = {"idempotency_key": name}
        assert client.v1.customers.create({"name": name}, again).id == identity
    finally:
        second.terminate()
        assert second.wait() == 0


def _start(port: int, file: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "stripe_emulator", f"--port={port}", f"--file={file}"]
    process = subprocess.Popen(command, env={**os.environ, "STRIPE_SECRET_KEY": KEY})
    eventually(lambda: serves(port, "/style.css"), "it answers")
    return process


def _write_until_it_ends(base: str, kept: dict[str, str]) -> None:
    client = client_for(base, KEY)
    for number in range(10_000):
        name = f"Society {number}"
        wish: Any = {"idempotency_key": name}
        try:
            kept[name] = client.v1.customers.create({"name": name}, wish).id
        except stripe.StripeError:
            return
