"""Sentry's server, as far as error reports go."""

from __future__ import annotations

import gzip
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import sentry_sdk


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
