"""What handlers work with: objects, the time that counts for them, and the events that tell of every change."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

from stripe_emulator import API_VERSION, showing
from stripe_emulator.due import due_of
from stripe_emulator.errors import missing
from stripe_emulator.kinds import Body, new_id
from stripe_emulator.store import Store

ANY_EVENT = "*"
# Few kinds do not say when they were made, or that no money is in it.
WITHOUT = {"discount": ("created", "livemode"), "invoiceitem": ("created",), "refund": ("livemode",)}


class World:
    """One emulator's objects. All that changes them runs inside of `store.transaction()`."""

    def __init__(self, store: Store, base: str, key: str) -> None:
        self.store = store
        self.base = base
        self.key = key
        self._asked: Body | None = None
        self._moments: dict[str, int] = {}
        self._still: int | None = None

    # --- Time

    def now(self, clock: str | None = None) -> int:
        """The time of a test clock, or the house's own for what is on none."""
        if (clock or "") in self._moments:
            return self._moments[clock or ""]
        if clock:
            return int(self.get("test_helpers.test_clock", clock)["frozen_time"])
        frozen = self.store.setting("frozen_at")
        if isinstance(frozen, int):
            return frozen
        ahead = self.store.setting("ahead", 0)
        assert isinstance(ahead, int)
        return (int(time.time()) if self._still is None else self._still) + ahead

    @contextmanager
    def still(self) -> Iterator[None]:
        """Let the time stand still: all that happens in one request happens in one second."""
        self._still = int(time.time())
        try:
            yield
        finally:
            self._still = None

    def set_house_clock(self, moment: int, *, frozen: bool) -> None:
        """Set the time of all that is on no test clock."""
        self.store.set("frozen_at", moment if frozen else None)
        self.store.set("ahead", moment - int(time.time()))

    def now_of(self, body: Body) -> int:
        """The time that counts for an object."""
        return self.now(clock_of(body))

    @contextmanager
    def at(self, clock: str | None, moment: int) -> Iterator[None]:
        """Let something happen at a moment of a clock that is being moved."""
        self._moments[clock or ""] = moment
        try:
            yield
        finally:
            del self._moments[clock or ""]

    # --- Objects

    def look(self, identity: str) -> Body | None:
        """An object of any kind, be it deleted; None if there is none."""
        return self.store.get(identity)

    def get(self, kind: str, identity: str | None, param: str = "id", *, status: int = 404) -> Body:
        """An object that has to be there and of this kind."""
        body = self.store.get(identity or "")
        if body is None or body["object"] != kind or body.get("_deleted"):
            raise missing(kind, identity or "", param, status)
        return body

    def named(self, kind: str, identity: str | None, param: str) -> Body:
        """An object that a parameter names: a wrong one is the request's fault."""
        return self.get(kind, identity, param, status=400)

    def find(self, kind: str, **fields: object) -> list[Body]:
        return self.store.find(kind, **fields)

    def add(self, kind: str, fields: Body, *, event: str | None = None, identity: str | None = None) -> Body:
        """Keep a new object. It lives in the time of its customer, or of the test clock that it names."""
        clock = fields.get("test_clock") or self._clock_of_customer(fields.get("customer"))
        base: Body = {
            "id": identity or new_id(kind),
            "object": kind,
            "created": self.now(clock),
            "livemode": False,
            "_clock": clock,
        }
        body = {name: value for name, value in base.items() if name not in WITHOUT.get(kind, ())} | fields
        self.store.put(body, clock=clock, due=due_of(body))
        if event:
            self.emit(event, body)
        return body

    def save(self, body: Body, *, event: str | None = None) -> Body:
        """Keep a changed object; the event tells what was different before, and there is none if nothing was."""
        before = self.store.get(body["id"])
        self.store.put(body, clock=clock_of(body), due=due_of(body))
        if event and before is not None:
            self.changed(event, before, body)
        return body

    def changed(self, event: str, before: Body, body: Body) -> None:
        """Tell of a change, if it is one."""
        previous = showing.difference(showing.show(self, before), showing.show(self, body))
        if previous:
            self.emit(event, body, previous)

    def _clock_of_customer(self, customer: str | None) -> str | None:
        found = self.store.get(customer) if customer else None
        return clock_of(found) if found else None

    # --- Events

    @contextmanager
    def asked(self, request: str, idempotency_key: str | None) -> Iterator[None]:
        """Say in the events meanwhile which request they come of."""
        self._asked = {"id": request, "idempotency_key": idempotency_key}
        try:
            with self.still():
                yield
        finally:
            self._asked = None

    def emit(self, kind: str, body: Body, previous: Body | None = None) -> None:
        """Tell that something happened: an event, and a delivery for each web hook that listens to it."""
        endpoints = [
            endpoint
            for endpoint in self.store.find("webhook_endpoint", status="enabled")
            if ANY_EVENT in endpoint["enabled_events"] or kind in endpoint["enabled_events"]
        ]
        data: Body = {"object": showing.show(self, body)}
        if previous is not None:
            data["previous_attributes"] = previous
        event: Body = {
            "id": new_id("event"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.now_of(body),
            "data": data,
            "livemode": False,
            "pending_webhooks": len(endpoints),
            "request": self._asked or {"id": None, "idempotency_key": None},
            "type": kind,
            "_clock": clock_of(body),
        }
        self.store.put(event, clock=clock_of(body), due=None)
        for endpoint in endpoints:
            self._deliver(event["id"], endpoint["id"])

    def _deliver(self, event: str, endpoint: str) -> None:
        """Plan a delivery; `mischief` delays and doubles, by a seed, as a bad network does."""
        mischief = self.store.setting("mischief", {})
        assert isinstance(mischief, dict)
        if not mischief:
            self.store.run(
                "INSERT INTO deliveries (event, endpoint, due) VALUES (?, ?, ?)", event, endpoint, time.time()
            )
            return
        ((count,),) = self.store.run("SELECT COUNT(*) FROM deliveries")
        chance = random.Random(f"{mischief['seed']}:{count}")  # noqa: S311 - repeatable on purpose
        for _copy in range(2 if chance.random() < mischief["duplicates"] else 1):
            due = None if mischief["held"] else time.time() + chance.uniform(0, mischief["longest_delay"])
            self.store.run("INSERT INTO deliveries (event, endpoint, due) VALUES (?, ?, ?)", event, endpoint, due)


def clock_of(body: Body) -> str | None:
    """The test clock that an object lives by."""
    clock = body.get("_clock")
    return str(clock) if clock else None
