"""The society that anybody may look over: Sierra's program and people, under a name of its own."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any, Final

from chiron.demo.building import fill
from chiron.demo.societies import EXAMPLES
from chiron.kernel import clock
from tenants import context
from tenants.archive.leaving import leave
from tenants.models import Society
from tenants.provisioning.services import NoSpareSchema, provision_society
from tenants.provisioning.spares import make_spare
from tenants.services import change_society

SLUG: Final = "example"
NAME: Final = "Example County Medical Society"


def put_on_show() -> Iterator[str]:
    """Make it, then show it in the place of the one before; until then that one stays. Says what it did."""
    like = EXAMPLES[0]
    made = _provisioned(
        name=NAME,
        slug=_free_slug(),
        time_zone=like.time_zone,
        contact_mail="mentorship@example.org",
        state=Society.State.ACTIVE,
        brand_color="#1f5f6b",
        accent_color=like.accent_color,
    )
    with context.society(made):
        change_society(society=made, by=None, logo=like.logo())
    yield from fill(like, made)
    with context.platform():
        before = list(Society.objects.filter(slug=SLUG).defer("logo"))
        for old in before:
            old.slug, old.on_show_at = _free_slug(), None
            old.save(update_fields=["slug", "on_show_at"])
        made.due.all().delete()
        made.slug, made.on_show_at = SLUG, clock.now()
        made.save(update_fields=["slug", "on_show_at"])
    for old in before:
        leave(old)
    yield f"anybody may look at {made.url()}"


def _free_slug() -> str:
    return f"{SLUG}-{secrets.token_hex(5)}"


def _provisioned(**facts: Any) -> Society:
    try:
        return provision_society(**facts)
    except NoSpareSchema:
        make_spare()
        return provision_society(**facts)
