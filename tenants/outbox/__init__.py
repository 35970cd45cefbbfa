"""What leaves the house, and only after the transaction that decided it: `outbox.mail(…)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenants.outbox.services import mail as mail
    from tenants.outbox.services import send_now as send_now
    from tenants.outbox.services import take_back as take_back


def __getattr__(name: str) -> Any:
    # Services need models, and models can be imported only after the app they belong to.
    if name in ("mail", "send_now", "take_back"):
        from tenants.outbox import services

        return getattr(services, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
