"""Signing in without a code, as one of a demonstration's invented people. Production refuses to start with it.

Rooms above say whom a visitor may become: each calls `offer` when its app is ready.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, NamedTuple, ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.functional import Promise

from tenants import context, hosts

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class Somebody(NamedTuple):
    """An invented person: their name, and the address that signs in."""

    name: str
    email: str


@dataclass(frozen=True)
class Part:
    """What a visitor may try to be, who that is here, and the page where it gets interesting."""

    key: str
    label: str | Promise
    find: Callable[[], Somebody | None]
    opens: str
    on_platform: bool


@dataclass(frozen=True)
class Offer:
    """A part with the person who plays it in this society."""

    part: Part
    somebody: Somebody


_parts: dict[str, Part] = {}


def offer(
    key: str, label: str | Promise, find: Callable[[], Somebody | None], *, opens: str = "/", on_platform: bool = False
) -> None:
    """Let visitors sign in as somebody that `find` finds, on every society's host or on the public site."""
    _parts[key] = Part(key, label, find, opens, on_platform)


def offers() -> list[Offer]:
    """Who can be tried here, in the order of the rooms; nobody outside of a demonstration."""
    on_platform = context.current() is None
    parts = [part for part in _parts.values() if settings.DEMO and part.on_platform == on_platform]
    found = [(part, part.find()) for part in parts]
    return [Offer(part, somebody) for part, somebody in found if somebody is not None]


def offered(key: str) -> Offer:
    """One of the offers; Http404 if there is none of that name here."""
    for each in offers():
        if each.part.key == key:
            return each
    raise Http404


def caught_mail() -> str:
    """Where a demonstration's mail is read, on the public site; nothing elsewhere, for there mail arrives."""
    return hosts.public_url("/mail/") if settings.DEMO else ""


def only_in_demonstration(view: View[P]) -> View[P]:
    """Outside of a demonstration there is no such page, whatever the method."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped
