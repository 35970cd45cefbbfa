"""An error report has types, places and labels, and nothing that a person wrote. Read as Sentry's server gets it."""

from __future__ import annotations

import gzip
import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import sentry_sdk

from chiron.observability import labels, reports
from tests.beside.planted import ADDRESS, LETTER, NAME, raise_planted


class Sentry(ThreadingHTTPServer):
    """A server that keeps what is reported to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Keep)
        self.bodies: list[str] = []

    @property
    def dsn(self) -> str:
        return f"http://key@127.0.0.1:{self.server_port}/1"

    def events(self) -> list[dict[str, Any]]:
        """The error events, once the client has sent all it has."""
        sentry_sdk.flush(timeout=10)
        envelopes = [body.splitlines() for body in self.bodies]
        return [json.loads(lines[2]) for lines in envelopes if json.loads(lines[1])["type"] == "event"]


class _Keep(BaseHTTPRequestHandler):
    server: Sentry

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(
            (gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body).decode()
        )
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def sentry() -> Iterator[Sentry]:
    before = sentry_sdk.get_client()
    with Sentry() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            reports.start(server.dsn, environment="test", release="1")
            yield server
            sentry_sdk.get_client().close()
        finally:
            sentry_sdk.get_global_scope().set_client(before)
            server.shutdown()


def test_a_report_names_the_society_the_request_and_the_place(sentry: Sentry) -> None:
    try:
        with labels.labelled(request_id="r-12345678", society="sierra"):
            raise_planted()
    except LookupError:
        logging.getLogger("tests.beside").exception("it failed")
    (event,) = sentry.events()
    assert event["tags"] == {"request_id": "r-12345678", "society": "sierra"}
    cause, error = event["exception"]["values"]
    assert (cause["type"], error["type"]) == ("ValueError", "LookupError")
    assert error["stacktrace"]["frames"][-1]["function"] == "raise_planted"


@pytest.mark.parametrize("planted", [NAME, ADDRESS, LETTER])
def test_no_report_holds_a_name_an_address_or_a_letter(sentry: Sentry, planted: str) -> None:
    with sentry_sdk.isolation_scope() as scope:
        scope.set_user({"email": ADDRESS, "username": NAME})
        scope.set_extra("letter", LETTER)
        scope.set_tag("person", NAME)
        scope.add_breadcrumb(message=f"{NAME} {ADDRESS} {LETTER}")
        with pytest.raises(LookupError, match=planted) as caught:
            raise_planted()
        logging.getLogger("tests.beside").error("failed: %s, %s", NAME, caught.value, exc_info=caught.value)
        logging.getLogger("tests.beside").error("refused %s, %s, %s", NAME, ADDRESS, LETTER)
    assert len(sentry.events()) == 2
    assert planted not in "".join(sentry.bodies)


def test_without_an_address_nothing_starts() -> None:
    reports.start("", environment="test", release="1")
    assert not sentry_sdk.get_client().is_active()
