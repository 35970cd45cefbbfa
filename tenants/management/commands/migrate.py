"""Django's own `migrate` knows one schema; ours brings all of them forward."""

from __future__ import annotations

from typing import Any, NoReturn

from django.core.management.base import CommandError
from django.core.management.commands import migrate


class Command(migrate.Command):
    help = "Refused: use `chiron migrate`."

    def handle(self, *args: Any, **options: Any) -> NoReturn:
        raise CommandError(
            "Every society has a schema of its own. Use `chiron migrate`, which brings all of them forward."
        )
