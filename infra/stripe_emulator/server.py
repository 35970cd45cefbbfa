"""Requests in, replies out: keys, versions, idempotency, and the one transaction that each request is."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import traceback
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

import stripe_emulator.api  # noqa: F401 - registers what answers
from stripe_emulator import API_VERSION, control, routing
from stripe_emulator.dates import DAY
from stripe_emulator.errors import StripeError
from stripe_emulator.kinds import Body, Document, new_id
from stripe_emulator.pages import checkout, invoices, portal, portal_changes
from stripe_emulator.pages import serving as pages
from stripe_emulator.params import Params, nested
from stripe_emulator.showing import expand, show
from stripe_emulator.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

REGISTERED = (checkout, invoices, portal, portal_changes)  # each registers its pages when it is imported
LIVE = re.compile(r"[srp]k_live_")
JSON = "application/json"


class Application:
    """The whole emulator as a WSGI application."""

    def __init__(self, world: World) -> None:
        self.world = world

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        if request.path.startswith("/v1/"):
            response = self._api(request, self._answer)
        elif request.path.startswith("/_emulator/"):
            response = self._api(request, self._control)
        else:
            response = pages.answer(self.world, request)
        return response(environ, start_response)

    def _api(self, request: Request, answer: Callable[[Request, str], Response]) -> Response:
        identity = new_id("request")
        try:
            _authenticate(request, self.world.key)
            response = answer(request, identity)
        except StripeError as error:
            response = _refused(error, identity)
        except Exception:
            traceback.print_exc()
            broken = StripeError("The emulator is at fault; its log says why.", status=500, kind="api_error")
            response = _refused(broken, identity)
        response.headers["Request-Id"] = identity
        response.headers["Stripe-Version"] = API_VERSION
        return response

    def _control(self, request: Request, identity: str) -> Response:
        pairs = request.form.items(multi=True) if request.method == "POST" else request.args.items(multi=True)
        params = Params(nested(pairs))
        result = control.answer(self.world, f"{request.method} {request.path}", params)
        _require_known(params)
        return Response(json.dumps(result), content_type=JSON)

    def _answer(self, request: Request, identity: str) -> Response:
        version = request.headers.get("Stripe-Version", API_VERSION)
        if version != API_VERSION:
            raise StripeError(f"Only the API version {API_VERSION} is spoken here; the request asks for {version}.")
        found = routing.find(request.method, request.path)
        if found is None:
            raise StripeError(
                f"Unrecognized request URL ({request.method}: {request.path}). The emulator has no such endpoint.",
                status=HTTPStatus.NOT_FOUND,
            )
        pairs = [*request.args.items(multi=True), *request.form.items(multi=True)]
        key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
        with self.world.store.transaction():
            if key and (kept := self._kept(key, _fingerprint(request, pairs))):
                return kept
            with self.world.asked(identity, key):
                response = self._run(found, pairs, identity)
            if key and response.status_code in (HTTPStatus.OK, HTTPStatus.PAYMENT_REQUIRED):
                self._keep(key, _fingerprint(request, pairs), response)
        return response

    def _run(self, found: tuple[routing.Route, list[str]], pairs: list[tuple[str, str]], identity: str) -> Response:
        route, identities = found
        params = Params(nested(pairs))
        wishes = params.texts("expand")
        try:
            result = routing.answer(route, self.world, params, identities)
        except StripeError as error:
            if not error.keep:
                raise
            # A refused card is no mistake: the attempt has happened, and so have its events.
            return _refused(error, identity)
        _require_known(params)
        if isinstance(result, Document):
            return Response(result.content, content_type=result.content_type)
        shown = result if result["object"] == "list" else show(self.world, result)
        return Response(json.dumps(expand(self.world, shown, wishes)), content_type=JSON)

    def _kept(self, key: str, asked: str) -> Response | None:
        # Stripe forgets a key after a day: who repeats a request later, repeats what it does.
        self.world.store.run("DELETE FROM replies WHERE at < ?", self.world.now() - DAY)
        rows = self.world.store.run("SELECT asked, status, body FROM replies WHERE key = ?", key)
        if not rows:
            return None
        before, status, body = rows[0]
        if before != asked:
            raise StripeError(
                "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                f"Try using a key other than '{key}' if you meant to execute a different request.",
                kind="idempotency_error",
            )
        response = Response(str(body), status=int(str(status)), content_type=JSON)
        response.headers["Idempotent-Replayed"] = "true"
        return response

    def _keep(self, key: str, asked: str, response: Response) -> None:
        self.world.store.run(
            "INSERT INTO replies (key, asked, status, body, at) VALUES (?, ?, ?, ?, ?)",
            key, asked, response.status_code, response.get_data(as_text=True), self.world.now(),
        )  # fmt: skip


def _authenticate(request: Request, key: str) -> None:
    """Take the one test key; a live key is refused with a word of what to do about it."""
    given = _key_of(request)
    if not given:
        raise StripeError(
            "You did not provide an API key. Provide it in the Authorization header, as `Authorization: Bearer KEY`.",
            status=HTTPStatus.UNAUTHORIZED,
        )
    if LIVE.match(given):
        raise StripeError(
            "This is the emulator, which never takes a live key. The key has reached the wrong server: "
            "replace it in Stripe's dashboard, and use a test key here.",
            status=HTTPStatus.UNAUTHORIZED,
        )
    if given != key:
        raise StripeError(
            f"Invalid API Key provided: {given[:8]}{'*' * 12}{given[-4:] if len(given) > 20 else ''}",
            status=HTTPStatus.UNAUTHORIZED,
        )


def _key_of(request: Request) -> str:
    scheme, _space, rest = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            rest = base64.b64decode(rest).decode().partition(":")[0]
        except ValueError:
            return ""
    return rest.strip()


def _require_known(params: Params) -> None:
    if unknown := sorted(params.unread()):
        raise StripeError(
            f"Received unknown parameter{'s' if len(unknown) > 1 else ''}: {', '.join(unknown)}",
            code="parameter_unknown",
            param=unknown[0],
        )


def _refused(error: StripeError, identity: str) -> Response:
    body: Body = {"error": error.error | {"request_log_url": f"https://dashboard.stripe.com/test/logs/{identity}"}}
    return Response(json.dumps(body), status=error.status, content_type=JSON)


def _fingerprint(request: Request, pairs: list[tuple[str, str]]) -> str:
    return hashlib.sha256(json.dumps([request.method, request.path, sorted(pairs)]).encode()).hexdigest()
