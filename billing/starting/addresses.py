"""The address of a new society: proposed from its name, short where that is free."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.text import slugify
from django.utils.translation import gettext as _

from billing.starting.models import Start
from chiron.kernel.errors import DomainError
from tenants.models import RESERVED_SLUGS, Society
from tenants.trust import domain_of

# Shorter ones tell nothing, and look like a slip.
SHORTEST, LONGEST = 3, 40
MOST_NUMBERED = 60
# What many societies are called alike, so that it tells none from another.
_COMMON = "a academy an and association at college for in medical medicine of physicians society the"
COMMON = frozenset(_COMMON.split())
# How browsers write letters of other scripts: an address that looks like somebody else's.
DISGUISED = "xn--"
# Signs that are read for each other, so that s1erra is nobody but sierra.
ALIKE = (("rn", "m"), ("vv", "w"), ("-", ""), ("1", "l"), ("i", "l"), ("0", "o"))


def propose(start: Start) -> str:
    """A free address for a society, the shortest that still says its name."""
    wanted = list(dict.fromkeys(_wanted(start)))
    taken = _taken(wanted)
    return next(slug for slug in wanted if slug not in taken)


def check(slug: str, start: Start) -> None:
    """DomainError with one sentence if this address cannot be given to whoever starts."""
    try:
        Society._meta.get_field("slug").clean(slug, None)
    except ValidationError as error:
        raise DomainError(error.messages[0], field="slug") from error
    if len(slug) < SHORTEST:
        raise DomainError(_("An address has at least three letters. Choose a longer one."), field="slug")
    if slug.startswith(DISGUISED):
        raise DomainError(_("An address cannot begin with “xn--”. Choose another."), field="slug")
    if slug in _taken([slug], but=start):
        free = {"slug": slug, "other": propose(start)}
        message = _("The address “%(slug)s” is taken, or looks like one that is. “%(other)s” is free.")
        raise DomainError(message % free, field="slug")


def _wanted(start: Start) -> Iterator[str]:
    """Addresses in the order in which they please; the last ones are never all taken."""
    words = slugify(strip_tags(start.name)).strip("-").removeprefix("the-").split("-")
    telling = [word for word in words if word not in COMMON]
    short, whole = (_fitting(each) for each in (telling, words))
    site = domain_of(start.website).partition(".")[0]
    bases = [each for each in (short, whole, _fitting([slugify(site)])) if len(each) >= SHORTEST]
    yield from bases
    base = (bases or ["society"])[0][: LONGEST - 3].strip("-")
    yield from (f"{base}-{number}" for number in range(2, MOST_NUMBERED))
    yield f"{base[: LONGEST - 13].strip('-')}-{start.pk.hex[-12:]}"


def _fitting(words: list[str]) -> str:
    """As many of the words as an address has room for."""
    slug = "-".join(words)
    if len(slug) > LONGEST:
        slug = slug[: LONGEST + 1].rpartition("-")[0] or slug[:LONGEST]
    return slug.strip("-")


def _taken(slugs: list[str], but: Start | None = None) -> set[str]:
    """Which of these look like one that is kept for Chiron itself, belongs to a society, or is waited for."""
    waiting = Start.objects.filter(agreed_at__isnull=False, society=None).exclude(slug="")
    if but is not None:
        waiting = waiting.exclude(pk=but.pk)
    there = [*Society.objects.values_list("slug", flat=True), *waiting.values_list("slug", flat=True), *RESERVED_SLUGS]
    seen = {_as_read(slug) for slug in there}
    return {slug for slug in slugs if _as_read(slug) in seen}


def _as_read(slug: str) -> str:
    """What an eye that passes over an address takes it for."""
    for sign, other in ALIKE:
        slug = slug.replace(sign, other)
    return slug
