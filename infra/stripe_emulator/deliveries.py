"""Web hooks: signed as Stripe signs them, sent, and sent again later when nobody took them."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import time
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlsplit

import urllib3

from stripe_emulator.kinds import Body
from stripe_emulator.showing import show
from stripe_emulator.world import World

TIMEOUT = urllib3.Timeout(total=10)
# Later and later, for three days as Stripe does; often at first, for at a desk whoever listens has just been started.
PAUSES = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 1_800, 7_200, 18_000, *(36_000 for _ in range(6)))


@dataclass(frozen=True)
class Message:
    """One event on its way to one address."""

    seq: int
    event: str
    url: str
    body: bytes
    secrets: list[str]
    attempts: int


def signature(body: bytes, secrets: list[str], at: int) -> str:
    """The header `Stripe-Signature`: one signature for each secret that counts."""
    signed = f"{at}.".encode() + body
    parts = [f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}" for secret in secrets]
    return ",".join([f"t={at}", *parts])


def due(world: World, at: float) -> Message | None:
    """The next message that should be sent by now."""
    with world.store.transaction():
        rows = world.store.run(
            "SELECT seq, event, endpoint, attempts FROM deliveries WHERE due <= ? ORDER BY due, seq LIMIT 1", at
        )
        return _message(world, rows[0]) if rows else None


def _message(world: World, row: tuple[object, ...]) -> Message | None:
    seq, event, endpoint, attempts = row
    body, address = world.look(str(event)), world.look(str(endpoint))
    if body is None or address is None or address["status"] != "enabled":
        world.store.run("UPDATE deliveries SET due = NULL, error = 'nobody listens' WHERE seq = ?", seq)
        return None
    return Message(
        int(str(seq)),
        str(event),
        address["url"],
        json.dumps(show(world, body)).encode(),
        address["_secrets"],
        int(str(attempts)),
    )


def send(pool: urllib3.PoolManager, message: Message) -> tuple[int | None, str | None]:
    """Post a message; the status that came back, or what went wrong."""
    now = int(time.time())
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (emulator)",
        "Stripe-Signature": signature(message.body, message.secrets, now),
    }
    address = urlsplit(message.url)
    # Whatever the host is called, it is looked for on this machine: nothing ever leaves it.
    url = address._replace(scheme="http", netloc=f"127.0.0.1:{address.port or 80}").geturl()
    headers["Host"] = address.netloc
    try:
        reply = pool.request(
            "POST", url, body=message.body, headers=headers, timeout=TIMEOUT, retries=False, redirect=False
        )
    except urllib3.exceptions.HTTPError as error:
        return None, type(error).__name__
    return reply.status, None


def note(world: World, message: Message, status: int | None, error: str | None) -> None:
    """Write down what came of a message, and when it is tried again."""
    taken = status is not None and 200 <= status < 300
    pause = PAUSES[message.attempts] if message.attempts < len(PAUSES) else None
    again = None if taken or pause is None else time.time() + pause
    with world.store.transaction():
        _took(world, message, status, error, again)
        if taken:
            _count_down(world, message.event, 1)


def _took(world: World, message: Message, status: int | None, error: str | None, again: float | None = None) -> None:
    world.store.run(
        "UPDATE deliveries SET attempts = attempts + 1, due = ?, status = ?, error = ? WHERE seq = ?",
        again, status, error, message.seq,
    )  # fmt: skip


def _count_down(world: World, event: str, count: int) -> None:
    """An event says how many web hooks have not brought it yet."""
    body = world.look(event)
    if body is not None:
        body["pending_webhooks"] = max(0, body["pending_webhooks"] - count)
        world.store.put(body, clock=None, due=None)


def send_what_is_due(world: World, pool: urllib3.PoolManager) -> int:
    """Send everything that is due by now, one after the other; how many were sent."""
    count, until = 0, time.time()
    while (message := due(world, until)) is not None:
        note(world, message, *send(pool, message))
        count += 1
    return count


def take(world: World, *, seed: int | None) -> list[Body]:
    """Hand out what is held, signed at this moment."""
    rows = _held(world, seed)
    found = [message for row in rows if (message := _message(world, row))]
    for message in found:
        _took(world, message, 200, None)
    for identity, count in Counter(message.event for message in found).items():
        _count_down(world, identity, count)
    now = int(time.time())
    return [
        {"event": one.event, "body": one.body.decode(), "signature": signature(one.body, one.secrets, now)}
        for one in found
    ]


def release(world: World, *, seed: int | None) -> int:
    """Plan what is held for now, in this order."""
    rows = _held(world, seed)
    now = time.time()
    for place, row in enumerate(rows):
        world.store.run("UPDATE deliveries SET due = ? WHERE seq = ?", now + place / 1_000_000, row[0])
    return len(rows)


def _held(world: World, seed: int | None) -> list[tuple[object, ...]]:
    rows = world.store.run(
        "SELECT seq, event, endpoint, attempts FROM deliveries WHERE due IS NULL AND attempts = 0 AND error IS NULL "
        "ORDER BY seq"
    )
    if seed is not None:
        random.Random(seed).shuffle(rows)  # noqa: S311 - repeatable on purpose
    return rows


def again(world: World, event: str) -> int:
    """Plan an event once more for everybody who listens."""
    world.get("event", event)
    rows = world.store.run("SELECT DISTINCT endpoint FROM deliveries WHERE event = ?", event)
    for (endpoint,) in rows:
        world.store.run("INSERT INTO deliveries (event, endpoint, due) VALUES (?, ?, ?)", event, endpoint, time.time())
    return len(rows)


def counts(world: World) -> Body:
    """How web hooks stand."""
    rows = world.store.run(
        "SELECT SUM(status BETWEEN 200 AND 299), SUM(due IS NOT NULL), "
        "SUM(due IS NULL AND attempts = 0 AND error IS NULL), "
        "SUM(due IS NULL AND NOT (status BETWEEN 200 AND 299)) FROM deliveries"
    )
    return {
        name: int(str(value or 0))
        for name, value in zip(("delivered", "planned", "held", "given_up"), rows[0], strict=True)
    }
