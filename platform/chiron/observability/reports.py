"""Error reports to Sentry. What leaves is chosen field by field, so a new field of the library stays here."""

from __future__ import annotations

from typing import Any, cast

import sentry_sdk
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.transport import Transport
from sentry_sdk.types import Event, Hint

from chiron.observability import labels, scrub

EVENT_FIELDS = (
    "event_id", "timestamp", "platform", "level", "logger", "release", "environment", "server_name", "sdk",
    "transaction", "transaction_info",
)  # fmt: skip
FRAME_FIELDS = ("filename", "module", "function", "lineno", "context_line", "in_app")
CONTEXTS = ("trace", "runtime")


def start(dsn: str, *, environment: str, release: str, transport: type[Transport] | None = None) -> None:
    """Report errors from now on; without an address nothing starts and nothing is collected."""
    if not dsn:
        return
    sentry_sdk.init(
        dsn,
        environment=environment,
        release=release,
        transport=transport,
        before_send=only_what_may_leave,
        integrations=[DjangoIntegration(transaction_style="url"), CeleryIntegration(propagate_traces=False)],
        auto_enabling_integrations=False,
        max_breadcrumbs=0,
        include_local_variables=False,
        max_request_body_size="never",
        auto_session_tracking=False,
        propagate_traces=False,
    )


def only_what_may_leave(event: Event, hint: Hint) -> Event | None:
    """A report with types, places and labels: no words of the error, no request, no person."""
    error = hint["exc_info"][1] if hint.get("exc_info") else None
    full = cast(dict[str, Any], event)
    kept = {name: full[name] for name in EVENT_FIELDS if name in full}
    kept["tags"] = dict(labels.of(error))
    kept["contexts"] = {name: full["contexts"][name] for name in CONTEXTS if name in full.get("contexts", {})}
    if "request" in full:
        kept["request"] = {"method": full["request"].get("method")}
    if "logentry" in full:
        kept["logentry"] = {"message": _template_of(full["logentry"], error)}
    if "exception" in full:
        kept["exception"] = {"values": [_told(value) for value in full["exception"]["values"]]}
    return cast(Event, kept)


def _told(value: dict[str, Any]) -> dict[str, Any]:
    """One error of a chain by its type and frames."""
    frames = (value.get("stacktrace") or {}).get("frames", [])
    return {
        "type": value.get("type"),
        "module": value.get("module"),
        "mechanism": {"type": "generic", "handled": (value.get("mechanism") or {}).get("handled", True)},
        "stacktrace": {"frames": [{name: frame[name] for name in FRAME_FIELDS if name in frame} for frame in frames]},
    }


def _template_of(entry: dict[str, Any], error: BaseException | None) -> str:
    """What a line of code logs, before names and numbers are put in."""
    text = str(entry.get("message") or "")
    return scrub.without_addresses(scrub.without_words_of(error, text) if error else text)
