"""The emulator at work: a server for this machine alone, and a thread that lets time pass and sends web hooks."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import urllib3
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from stripe_emulator.billing.advancing import advance
from stripe_emulator.control import ensure_endpoint
from stripe_emulator.deliveries import send_what_is_due
from stripe_emulator.server import Application
from stripe_emulator.store import Store
from stripe_emulator.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HOST = "127.0.0.1"
TEST_KEYS = ("sk_test_", "rk_test_")
LOOK_EVERY, TICK_EVERY = 0.1, 2.0


class Handler(WSGIRequestHandler):
    """Keeps connections open as Stripe does, and answers without waiting for more to send."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: what happened stands in the events."""


class Emulator:
    """A running emulator; a context that starts and stops it."""

    def __init__(self, file: Path | str, *, port: int, key: str, ticking: bool = True) -> None:
        if not key.startswith(TEST_KEYS):
            raise ValueError("The emulator takes only a test key: sk_test_… or rk_test_….")
        self.store = Store(file)
        self._server: BaseWSGIServer = make_server(HOST, port, _nothing, threaded=True, request_handler=Handler)
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self.base = f"http://{HOST}:{self._server.server_port}"
        self.world = World(self.store, self.base, key)
        self.application = Application(self.world)
        self._ticking = ticking
        self._told = threading.Event()
        self._threads = [threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)]
        self._threads.append(threading.Thread(target=self._beside, daemon=True))

    @property
    def application(self) -> WSGIApplication:
        """What answers requests."""
        return self._server.app

    @application.setter
    def application(self, application: WSGIApplication) -> None:
        self._server.app = application

    def listen(self, url: str, secrets: Sequence[str]) -> None:
        """Send every event to an address, signed with these secrets."""
        with self.store.transaction():
            ensure_endpoint(self.world, url, list(secrets))

    def __enter__(self) -> Emulator:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._told.set()
        self._server.shutdown()
        for thread in self._threads:
            thread.join()
        self._server.server_close()
        self.store.close()

    def _beside(self) -> None:
        pool = urllib3.PoolManager()
        ticked = 0.0
        while not self._told.wait(LOOK_EVERY):
            try:
                if self._ticking and time.monotonic() - ticked > TICK_EVERY:
                    ticked = time.monotonic()
                    with self.store.transaction():
                        advance(self.world, None, self.world.now())
                send_what_is_due(self.world, pool)
            except Exception:
                # Whatever is wrong with one thing, all others go on; the log says what it was.
                traceback.print_exc()
        pool.clear()


def _nothing(environ: object, start_response: object) -> list[bytes]:
    raise AssertionError("never asked: the application takes its place before the server starts")
