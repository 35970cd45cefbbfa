"""What people are written when their society leaves. Whoever takes part reads no word about money."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.urls import reverse

from billing.leaving.models import Departure
from billing.leaving.selectors import to_tell
from billing.readers import Reader
from tenants import context, outbox
from tenants.models import Society

AT_ONCE = 1_000


def tell_owners(departure: Departure, readers: Iterable[Reader]) -> None:
    """That it begins: what happens on which day, and how to stop it."""
    with context.platform():
        outbox.mail("leaving_begun", to=readers, context=_said(departure))


def tell_everybody(departure: Departure) -> None:
    """To whoever takes part: until when they can read and take along what is theirs; or that nothing comes of it."""
    society = _society(departure)
    template = "leaving_stopped" if departure.stopped_at else "leaving"
    said = {"last_day": _last_day(departure), "link": society.url(reverse("own_copy:copy"))}
    people = to_tell().iterator(AT_ONCE)
    while some := list(islice(people, AT_ONCE)):
        outbox.mail(template, to=some, context=said)


def prove(departure: Departure) -> None:
    """That the data is gone, what it was, and until when backups still hold it."""
    readers = [Reader(name, mail) for name, mail in departure.readers]
    outbox.mail("leaving_deleted", to=readers, context=_said(departure) | {"deleted": departure.deleted.items()})


def _said(departure: Departure) -> dict[str, Any]:
    society = _society(departure)
    gone = departure.deleted_at or departure.ends_at
    return {
        "society": society,
        "departure": departure,
        "last_day": _last_day(departure),
        "deleted_on": gone.astimezone(society.zone).date(),
        "backups_gone": (gone + timedelta(days=settings.BACKUPS_KEPT_DAYS)).astimezone(society.zone).date(),
        "link": society.url(reverse("leaving:leaving", urlconf=settings.ROOT_URLCONF)),
    }


def _last_day(departure: Departure) -> Any:
    """The last whole day on which everything can be read."""
    return (departure.ends_at.astimezone(_society(departure).zone) - timedelta(days=1)).date()


def _society(departure: Departure) -> Society:
    here = context.current()
    return here if here is not None else departure.society
