"""What every command that works with the database begins with, and how it says what went wrong."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import click
import django
from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError

from chiron.kernel.errors import DomainError

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for programs.")

P = ParamSpec("P")
R = TypeVar("R")


def with_database(command: Callable[P, R]) -> Callable[P, R]:
    """Make Django ready before a command; a database that is unknown or away becomes a sentence."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        os.environ["DJANGO_SETTINGS_MODULE"] = os.environ.get("DJANGO_SETTINGS_MODULE") or "chiron.settings.development"
        django.setup()
        try:
            return command(*args, **kwargs)
        except OperationalError as error:
            reason = str(error).strip().splitlines()[0]
            raise DomainError(
                reason if error.__cause__ is None else f"The database cannot be reached: {reason}"
            ) from error

    return run


def say_json(value: Any) -> None:
    """A value for a program to read, on standard output."""
    click.echo(json.dumps(value, cls=DjangoJSONEncoder, indent=2))


def count(number: int, what: str) -> str:
    """A number of things, in words for people."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
