"""Log lines as JSON, one object a line, with the society and the request they belong to."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest
from pythonjsonlogger.json import JsonFormatter

from chiron.observability import labels, scrub

# A line has these fields and no others: what a library attaches to a record may be a request, or a task's arguments.
FIELDS = ("society", "door", "request_id", "task", "task_id", "method", "route", "status", "milliseconds", "facts")


class LabelFilter(logging.Filter):
    """Puts the labels of the work in hand on each record, in the thread that wrote it."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        for name, value in labels.of(error).items():
            if not hasattr(record, name):
                setattr(record, name, value)
        return True


class LineFormatter(JsonFormatter):
    """One JSON object: when, how bad, who says what, whose work it was, and for errors their type and place."""

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        message = record.message
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            message = scrub.without_words_of(error, message)
            log_data["error"] = scrub.told(error)
        log_data |= {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": scrub.without_addresses(_without_path(message, record)),
        }
        log_data |= {name: vars(record)[name] for name in FIELDS if name in vars(record)}


def _without_path(message: str, record: logging.LogRecord) -> str:
    """What Django says of a request, with the route instead of the path: a path can hold a signed link."""
    request = vars(record).get("request")
    if not isinstance(request, HttpRequest):
        return message
    escaped = request.path.encode("unicode_escape").decode("ascii")  # as Django writes it
    return message.replace(escaped, route_of(request) or "[path]").replace(request.path, route_of(request) or "[path]")


def route_of(request: HttpRequest) -> str:
    """The pattern of a request's address, such as `mentorships/<uuid:pk>/`; nothing if there was none."""
    return request.resolver_match.route if request.resolver_match else ""


def configuration(*, level: str = "INFO", lines: bool = True) -> dict[str, Any]:
    """Django's LOGGING: JSON lines on standard error, or words for a person at a desk, labelled alike."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"labels": {"()": f"{__name__}.LabelFilter"}},
        "formatters": {
            "lines": {"()": f"{__name__}.LineFormatter"},
            "words": {"format": "%(levelname).1s %(name)s: %(message)s"},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "filters": ["labels"],
                "formatter": "lines" if lines else "words",
            }
        },
        "root": {"level": level, "handlers": ["stderr"]},
        "loggers": {
            # Django would mail errors to administrators and print lines of its own; ours go one way only.
            **{name: {"handlers": [], "propagate": True} for name in ("django", "django.server")},
            # Every tick of the clock, and all that is asked of Stripe, would be two more lines.
            **{name: {"level": "WARNING"} for name in ("celery.beat", "celery.worker.strategy", "stripe")},
        },
    }
