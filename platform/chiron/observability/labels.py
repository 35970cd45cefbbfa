"""Whose work this is. Log lines, error reports, queued tasks and the audit trail all carry these labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

NOTHING: Mapping[str, str] = MappingProxyType({})

_labels: ContextVar[Mapping[str, str]] = ContextVar("labels", default=NOTHING)


def current() -> Mapping[str, str]:
    """The labels of the work in hand, such as `society` and `request_id`."""
    return _labels.get()


def of(error: BaseException | None) -> Mapping[str, str]:
    """The labels an error was raised under: it is reported after the door has closed behind it."""
    raised_under: Mapping[str, str] = getattr(error, "_chiron_labels", NOTHING)
    return {**current(), **raised_under}


@contextmanager
def labelled(**labels: str) -> Iterator[None]:
    """Label the work of a block; labels nest, and an error that leaves takes the innermost ones along.

    An empty label takes away the one that was there.
    """
    token = _labels.set({name: label for name, label in {**_labels.get(), **labels}.items() if label})
    try:
        yield
    except BaseException as error:
        if not hasattr(error, "_chiron_labels"):
            error._chiron_labels = _labels.get()  # type: ignore[attr-defined]
        raise
    finally:
        _labels.reset(token)
