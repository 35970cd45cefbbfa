"""Django's own `flush` empties tables; there is no database of ours for which that would be right."""

from __future__ import annotations

from typing import Any, NoReturn

from django.core.management.base import CommandError
from django.core.management.commands import flush


class Command(flush.Command):
    help = "Refused: nothing here is emptied as a whole."

    def handle(self, *args: Any, **options: Any) -> NoReturn:
        raise CommandError("Nothing here is emptied as a whole. A demonstration is forgotten by `make clean-demo`.")
