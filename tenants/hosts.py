"""Which society a host name belongs to. Remembered by each process for half a minute, or until it hears of a change."""

from __future__ import annotations

import copy
import logging
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from django.conf import settings
from django.core.cache import caches
from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from redis.exceptions import RedisError

from chiron.kernel import clock
from tenants import context
from tenants.models import Domain, Society

logger = logging.getLogger(__name__)

REMEMBERED = timedelta(seconds=30)
# How soon a process hears that a society was changed by another one.
HEARD_EVERY = timedelta(seconds=1)
VERSION = "hosts.version"


class UnknownHost(LookupError):
    """No society answers to this name, and neither do we."""


class _Memory(NamedTuple):
    """A society as it was, when that was, and when the version was last found to be the same."""

    society: Society
    version: str
    found_at: datetime
    heard_at: datetime


_memory: dict[str, _Memory] = {}


def society_of(host: str) -> Society | None:
    """The society with this host name, without its port, or None for the public site; UnknownHost otherwise."""
    host = host.lower().removesuffix(".")
    if host in (settings.BASE_HOST, f"www.{settings.BASE_HOST}"):
        return None
    now = clock.now()
    society = _recall(host, now)
    if society is None:
        version = _version()
        society = _look_up(host)
        if not society.is_rehearsal:  # whose clock must be right to the second
            _memory[host] = _Memory(society, version, found_at=now, heard_at=now)
    # A copy, for requests may change what they are given, and threads share the memory.
    return copy.copy(society)


def _recall(host: str, now: datetime) -> Society | None:
    """What is remembered of a host, as long as that may be relied on."""
    known = _memory.get(host)
    if known is None or not known.found_at <= now < known.found_at + REMEMBERED:
        return None
    if not known.heard_at <= now < known.heard_at + HEARD_EVERY:
        if known.version != _version():
            return None
        _memory[host] = known._replace(heard_at=now)
    return known.society


def public_url(path: str = "/") -> str:
    """A path of the public site as a whole address."""
    port = f":{settings.SITE_PORT}" if settings.SITE_PORT else ""
    return f"{settings.SITE_SCHEME}://{settings.BASE_HOST}{port}{path}"


def forget() -> None:
    """Have every process look again."""
    _memory.clear()
    try:
        # Memories are gone after half a minute, so the mark of their version may go after a whole one.
        caches["platform"].set(VERSION, uuid4().hex, timeout=2 * REMEMBERED.total_seconds())
    except RedisError:
        logger.warning("the cache is away; what changed is seen everywhere after %s", REMEMBERED)


def forget_when_societies_change() -> None:
    """From now on saving or deleting a society or a domain makes every process look again, once it is committed."""

    def changed(**_: Any) -> None:
        context.after_commit(forget, once=True)

    for model in (Society, Domain):
        for signal in (post_save, post_delete):
            signal.connect(changed, sender=model, weak=False, dispatch_uid=f"hosts.{model.__name__}")


def _version() -> str:
    try:
        return str(caches["platform"].get(VERSION, ""))
    except RedisError:
        return ""


def _look_up(host: str) -> Society:
    slug, _, rest = host.partition(".")
    named = Q(domains__domain=host)
    if rest == settings.BASE_HOST:
        named |= Q(slug=slug)
    with context.platform():
        found = Society.objects.defer("logo").filter(named).exclude(state=Society.State.LEFT).distinct().first()
    if found is None:
        raise UnknownHost(host)
    return found
