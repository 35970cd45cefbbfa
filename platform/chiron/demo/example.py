"""The society that anybody may look over: Sierra's program and people, under a name of its own."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings

from chiron.demo.building import fill
from chiron.demo.societies import EXAMPLES, Example
from chiron.kernel import clock
from tenants import context
from tenants.archive.leaving import leave
from tenants.models import Society
from tenants.provisioning.owner import connect
from tenants.provisioning.services import NoSpareSchema, provision_society
from tenants.provisioning.spares import make_spare
from tenants.services import change_society

logger = logging.getLogger(__name__)

SLUG: Final = "example"
NAME: Final = "Example County Medical Society"


def put_on_show() -> Iterator[str]:
    """Make it, then show it in the place of the one before; until then that one stays. Says what it did."""
    with connect() as owner:
        # Two at once would each drop what the other makes. The lock goes with the connection.
        owner.execute("SELECT pg_advisory_lock(hashtext('chiron example'))")
        _drop_half_made()
        yield from _put_on_show(EXAMPLES[0])


def show_in_demonstration() -> None:
    """Make it once for a demonstration, in the background: people look at the three societies meanwhile."""
    if not settings.DEMO or is_shown():
        return
    for said in put_on_show():
        logger.info("example: %s", said)


def is_shown() -> bool:
    """Whether there is one to look over."""
    with context.platform():
        return Society.objects.exclude(on_show_at=None).exclude(state__in=Society.CLOSED).exists()


def _put_on_show(like: Example) -> Iterator[str]:
    # Closed until it is whole: nobody comes in, and nothing that is due happens.
    made = _provisioned(
        name=NAME,
        slug=_free_slug(),
        time_zone=like.time_zone,
        contact_mail="mentorship@example.org",
        state=Society.State.SUSPENDED,
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
        made.slug, made.state, made.on_show_at = SLUG, Society.State.ACTIVE, clock.now()
        made.save(update_fields=["slug", "state", "on_show_at"])
    for old in before:
        leave(old)
    yield f"anybody may look at {made.url()}"


def _drop_half_made() -> None:
    """What a process left that was killed."""
    with context.platform():
        unfinished = Society.objects.filter(name=NAME, slug__startswith=f"{SLUG}-", on_show_at=None)
        left = list(unfinished.filter(state=Society.State.SUSPENDED).defer("logo"))
    for each in left:
        leave(each)


def _free_slug() -> str:
    return f"{SLUG}-{secrets.token_hex(5)}"


def _provisioned(**facts: Any) -> Society:
    try:
        return provision_society(**facts)
    except NoSpareSchema:
        make_spare()
        return provision_society(**facts)
