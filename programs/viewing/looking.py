"""A page of the portal as somebody invented sees it, drawn by the page's own view.

The request is copied and given to the view with the invented person as its sender, and with nothing of the viewer's:
no session, no messages. Whatever the view and the invention write is undone before the reply leaves, mails with it.
Addresses made meanwhile begin with the address of the look (Django's script prefix), so links stay in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from typing import Final, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.session import SessionStorage
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import Resolver404, ResolverMatch, get_script_prefix, resolve, reverse, set_script_prefix
from django.utils.translation import gettext as _

from chiron.design.frame import Brand, Link, brand_of
from chiron.kernel import clock
from programs.enrollment.drafts import agreements_of
from programs.policy.models import Program
from programs.viewing.inventing import VISITOR, Cast, Scene
from tenants.accounts.models import Account
from tenants.people.models import Person

Stage = Callable[[Cast], object]


def _nothing(_cast: Cast) -> None:
    """The person is there, and that is all: a program's own page shows the sessions that it has."""


# The pages that can be looked at. What leads elsewhere, by a mail's link or into the staff area, is none of them.
PAGES: Final[Mapping[str, Stage]] = {
    "home": Cast.come_home,
    "enrollment:programs": _nothing,
    "enrollment:program": _nothing,
    "enrollment:fits": _nothing,
    "enrollment:who": Cast.open,
    "enrollment:paper": Cast.open,
    "enrollment:not_this": Cast.begin_sign_up,
    "enrollment:questions": Cast.begin_sign_up,
    "enrollment:question": Cast.begin_sign_up,
    "enrollment:check": Cast.begin_sign_up,
    "enrollment:agree": Cast.come_first,
    "enrollment:signed_up": Cast.sign_up,
    "enrollment:me": Cast.sign_up,
    "enrollment:availability": Cast.sign_up,
    "enrollment:other_address": Cast.sign_up,
    "interest:say": _nothing,
    "interest:logo": _nothing,
    "invitations:nominate": _nothing,
    "mentorships:detail": Cast.introduce,
    "mentorships:goals": Cast.introduce,
    "mentorships:new_note": Cast.introduce,
    "mentorships:met": Cast.introduce,
    "mentorships:pause": Cast.introduce,
    "mentorships:not_working": Cast.introduce,
    "mentorships:concern": Cast.introduce,
    "mentorships:no": Cast.ask,
    "surveys:answer": Cast.be_surveyed,
    "own_copy:copy": Cast.take_part,
    "own_copy:file": Cast.take_part,
    "own_copy:certificate": Cast.take_part,
    "directory_of_people:people": Cast.meet,
    "directory_of_people:person": Cast.meet,
    "wishing:wishes": Cast.meet,
    "wishing:person": Cast.meet,
}


@dataclass(frozen=True)
class Look:
    """What stands over a page that is looked at: a sentence, the pages beside it, and the way back."""

    notice: str
    ways: Sequence[Link]


class LeadsOut(Exception):
    """The page sends its reader where no look goes, such as to the sign-in."""


def look(request: HttpRequest, *, scene: Scene, prefix: str, page: str, back: str, today: date) -> HttpResponseBase:
    """The reply of one page, with everything undone; Http404 for what cannot be looked at, LeadsOut for a way out."""
    match = _match(prefix + page, prefix)
    if match is None:
        raise Http404
    with transaction.atomic(), _addresses_below(prefix):
        # As if its first session had opened: what is looked at may not be public yet.
        Program.objects.filter(pk=scene.program.pk, shown_at=None).update(shown_at=clock.now())
        sender = _sender(request, scene, match, today)
        sender.path, sender.path_info, sender.resolver_match = prefix + page, f"/{page}", match
        sender.brand = replace(brand_of(request), home=prefix)
        sender.look = Look(_notice(scene), _ways(scene, sender.path, back))
        response: HttpResponseBase = match.func(sender, *match.args, **match.kwargs)
        transaction.set_rollback(True)
    if (to := response.headers.get("Location")) and _match(to, prefix) is None:
        raise LeadsOut
    return response


def first_page(program: Program) -> str:
    """Where a look begins: the program's own page."""
    return f"programs/{program.slug}/"


def _match(address: str, prefix: str) -> ResolverMatch | None:
    """The view of an address; None if it cannot be looked at."""
    path = urlsplit(address).path
    if not path.startswith(prefix):
        return None
    try:
        match = resolve(f"/{path.removeprefix(prefix)}", settings.ROOT_URLCONF)
    except Resolver404:
        return None
    return match if match.view_name in PAGES else None


class Sender(HttpRequest):
    """The request as the invented person sends it. Never made: `_sender` says that its copy is one."""

    brand: Brand
    look: Look
    _messages: SessionStorage
    _person: Person | None


def _sender(request: HttpRequest, scene: Scene, match: ResolverMatch, today: date) -> Sender:
    """A copy of the request with somebody else behind it; a visitor is nobody."""
    sender = cast(Sender, copy(request))
    sender.session = import_module(settings.SESSION_ENGINE).SessionStore()
    sender._messages = SessionStorage(sender)
    sender.user, sender._person = AnonymousUser(), None
    if scene.who != VISITOR:
        invented = Cast(scene, today)
        offered = match.kwargs.get("pk") == scene.offer_id
        (Cast.ask if offered else PAGES[match.view_name])(invented)
        sender.user, sender._person = Account(email=invented.me.email), invented.me
    return sender


def _notice(scene: Scene) -> str:
    if scene.who == VISITOR:
        return _("This is what a visitor sees. Nothing that you do here is kept.")
    called = scene.part.roles[scene.who].called
    return _("You see what somebody sees as: %(role)s. The people are invented, and nothing is kept.") % {
        "role": called
    }


def _ways(scene: Scene, here: str, back: str) -> list[Link]:
    """The pages that one looks at, and the way back."""
    pages = [(_("The program"), reverse("enrollment:program", args=[scene.program.slug]))]
    if scene.who == VISITOR:
        pages += [
            (_("What fits"), reverse("enrollment:fits")),
            (_("Interested"), reverse("interest:say", args=[scene.program.slug])),
        ]
    else:
        place = [scene.cycle_id, scene.who]
        if scene.part.way_in(scene.who) != "invitation":
            pages += [
                (_("Sign-up"), reverse("enrollment:who", args=place)),
                (_("Questions"), reverse("enrollment:questions", args=place)),
            ]
        if agreements_of(scene.part, scene.who):
            pages.append((_("Agreements"), reverse("enrollment:agree", args=place)))
        pages += [(_("Signed up"), reverse("enrollment:signed_up", args=place))]
        pages += [(_("Home"), reverse("home")), (_("Me"), reverse("enrollment:me"))]
    if scene.has_directory:
        pages.append((_("Directory"), reverse("directory_of_people:people")))
    if scene.has_wishes:
        pages.append((_("Wishes"), reverse("wishing:wishes", args=[scene.sign_up_id])))
    if scene.pairs and scene.part.matching.asked_first != "nobody":
        pages.append((_("Question"), reverse("mentorships:detail", args=[scene.offer_id])))
    if scene.pairs:
        pages.append((_("Mentorship"), reverse("mentorships:detail", args=[scene.pair_id])))
    if scene.survey:
        pages.append((_("Survey"), reverse("surveys:answer", args=[scene.survey_id])))
    links = [Link(label, url, current=url == here) for label, url in pages]
    return [Link(_("Back to the staff area"), back), *links]


@contextmanager
def _addresses_below(prefix: str) -> Iterator[None]:
    """Have every address that is made begin here."""
    before = get_script_prefix()
    set_script_prefix(prefix)
    try:
        yield
    finally:
        set_script_prefix(before)
