"""What becomes due about wishes."""

from __future__ import annotations

from programs.policy.models import Cycle
from programs.wishing import asking
from tenants import due


@due.handler(asking.SHOW)
def ask_to_be_read_about(ref: str) -> None:
    """Some days before wishes close: whoever may be named and is not shown yet."""
    _ask(asking.SHOW, ref)


@due.handler(asking.SAY)
def ask_whom_they_would_like(ref: str) -> None:
    """A few days before wishes close: whoever has named nobody yet."""
    _ask(asking.SAY, ref)


def _ask(kind: str, ref: str) -> None:
    pk, _colon, after = ref.partition(":")
    if cycle := Cycle.objects.select_related("program", "version").filter(pk=pk).first():
        asking.ask(cycle=cycle, kind=kind, after=after)
