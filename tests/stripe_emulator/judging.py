"""Holds everything that passes between a test and the emulator against Stripe's description."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest
from werkzeug.wrappers import Response

from stripe_emulator.routing import find
from stripe_emulator.running import Emulator
from tests.stripe_emulator import description
from tests.stripe_emulator.desk import KEY, StripeDesk

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@contextmanager
def judged_desk(folder: Path) -> Iterator[StripeDesk]:
    """A Stripe for tests; whatever is asked of it and answered is what Stripe describes, or the test fails."""
    with Emulator(folder / "stripe.sqlite", port=0, key=KEY, ticking=False) as emulator:
        judge = Judge(emulator.application)
        emulator.application = judge
        yield StripeDesk(emulator)
        judge.judge_events(emulator.store.find("event"))
    if judge.faults:
        pytest.fail("\n".join(sorted(set(judge.faults))))


class Judge:
    """The emulator's application, with somebody beside it who reads along."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application
        self.faults: list[str] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        form = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(form)
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        query = environ.get("QUERY_STRING", "")
        response = Response.from_app(self._application, environ, buffered=True)
        found = find(method, path)
        if found is not None and response.content_type == "application/json":
            self._judge(method, found[0].path, query, form, response)
        return response(environ, start_response)

    def _judge(self, method: str, path: str, query: str, form: bytes, response: Response) -> None:
        reply = json.loads(response.get_data())
        if response.status_code >= 400:
            self.faults += description.faults(f"error {method} {path}", reply)
            return
        pairs = parse_qsl(query, keep_blank_values=True) + parse_qsl(form.decode(), keep_blank_values=True)
        self.faults += description.request_faults(method, path, pairs)
        self.faults += description.faults(f"reply {method} {path}", reply)

    def judge_events(self, events: list[dict[str, Any]]) -> None:
        """What events tell of has to be as it would be retrieved."""
        for event in events:
            body = event["data"]["object"]
            deleted = "deleted_" if body.get("deleted") else ""
            found = description.faults(f"object {deleted}{body['object']}", body)
            self.faults += [f"{event['type']}: {fault}" for fault in found]
