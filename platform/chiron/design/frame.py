"""Whose page it is, and what stands around it.

Two small values carry everything that the layouts need from above, so that this room knows nothing of societies:

- `request.brand`, a `Brand`, set by the middleware that finds the society. Plain values that cost no query: error pages
  use them too.
- the `Frame`, made by the function that `settings.DESIGN_FRAME` names, `(HttpRequest) -> Frame`. It is called when a
  layout first asks for it, so that a page without navigation never pays for it.

`context` is the context processor that hands both to templates, as `brand` and `frame`, and the waiting messages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from chiron.design.brand import PRIMARY


@dataclass(frozen=True, slots=True)
class Brand:
    """Whose page it is. Every address is a path on this host."""

    name: str
    home: str = "/"
    stylesheet: str = ""  # "/brand/<hash>.css"; without one the page wears Chiron's own colors
    logo: str = ""  # a square picture; without one the layout draws the name's initials
    contact: str = ""  # a mail address
    postal_address: str = ""  # stands in every mail that invites
    privacy: str = "/privacy/"
    primary: str = PRIMARY  # mails have no stylesheet, so they are colored from here
    origin: str = ""  # "https://society.example", for what is read elsewhere: mails

    @property
    def is_chiron(self) -> bool:
        """No society has been here: the page is ours."""
        return self == CHIRON


CHIRON = Brand(name="Chiron")


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the navigation."""

    label: str
    url: str
    current: bool = False
    also: Sequence[str] = ()  # other addresses whose pages belong to it


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a page: where one can go from here, and who is signed in."""

    nav: Sequence[Link] = ()
    person: str = ""  # the signed-in person's name; empty offers to sign in
    account: str = "/me/"
    sign_in: str = "/sign-in/"  # empty: this host has no sign-in
    sign_out: str = "/sign-out/"
    elsewhere: Link | None = None  # the way between the portal and the staff area
    ask: str = ""  # where staff ask a person for help
    notice: str = ""  # one sentence over every page: a rehearsal, a look through somebody else's eyes
    notice_ways: Sequence[Link] = ()  # where one can go from there


def here(nav: Sequence[Link], path: str) -> tuple[Link, ...]:
    """Mark the entry that the path lies under: the one with the longest address, if any."""
    above = {at: link for link in nav for at in (link.url, *link.also)}
    under = [at for at in above if path == at or (at != "/" and path.startswith(at))]
    best = above[max(under, key=len)] if under else None
    return tuple(replace(link, current=link is best) for link in nav)


def frame_of(request: HttpRequest) -> Frame:
    """The frame that the project makes for this request, with the current entry marked.

    A view may set `belongs_to` on its request, where the page belongs elsewhere than its address says.
    """
    dotted: str = getattr(settings, "DESIGN_FRAME", "")
    if not dotted:
        return Frame()
    make: Callable[[HttpRequest], Frame] = import_string(dotted)
    frame = make(request)
    return replace(frame, nav=here(frame.nav, getattr(request, "belongs_to", request.path)))


def brand_of(request: HttpRequest) -> Brand:
    """Whose page this is; Chiron's own where no middleware said otherwise."""
    brand: Brand = getattr(request, "brand", CHIRON)
    return brand


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `brand` and, when asked for, `frame` and `messages`."""
    return {
        "brand": brand_of(request),
        "frame": SimpleLazyObject(lambda: frame_of(request)),
        "messages": get_messages(request),
    }
