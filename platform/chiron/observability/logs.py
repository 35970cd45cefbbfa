"""Log lines as JSON, one object a line, with the society and the request they belong to."""

from __future__ import annotations

import logging
from typing import Any

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
            "message": scrub.without_addresses(message),
        }
        log_data |= {name: vars(record)[name] for name in FIELDS if name in vars(record)}


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
        # Django would mail errors to administrators and print lines of its own; ours go one way only.
        "loggers": {name: {"handlers": [], "propagate": True} for name in ("django", "django.server")},
    }
