"""A page of a mentorship has two ways in: signed in, and by the link of a mail. Both lead to the same view."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chiron.kernel.signing import Expired
from programs.enrollment.agreeing import owed_for
from programs.mentorships.access import participation_for
from programs.mentorships.links import participation_by
from programs.mentorships.models import Participation
from programs.mentorships.showing import Shown
from tenants.people.access import SocietyRequest, signed_in

TokenView = Callable[[HttpRequest, str], HttpResponse]
Page = Callable[[HttpRequest, "Here"], HttpResponse]
View = Callable[..., HttpResponseBase]


class Here:
    """A mentorship that goes on, through the eyes of whoever opened the page, and the addresses around it."""

    def __init__(self, shown: Shown, address: str, *, by_link: bool) -> None:
        self.shown, self.address, self.by_link = shown, address, by_link
        self.suffix = "_by_link" if by_link else ""

    @property
    def mine(self) -> Participation:
        return self.shown.mine

    @property
    def back(self) -> str:
        """The mentorship's own page."""
        return reverse("mentorships:by_link" if self.suffix else "mentorships:detail", args=[self.address])

    def url(self, name: str) -> str:
        """Another page of this mentorship, by the same way."""
        return reverse(f"mentorships:{name}{self.suffix}", args=[self.address])


def expires(view: TokenView) -> TokenView:
    """A link whose time is over says so, and how to go on."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        try:
            return view(request, token)
        except Expired:
            return render(request, "mentorships/expired.html", status=410)

    return wrapped


def both_ways(
    page: Page, methods: Sequence[str] = ("GET", "HEAD", "POST"), *, on: Collection[str] = ("active",)
) -> tuple[View, View]:
    """The view for who is signed in, and the one for who comes by a link; for mentorships that go on unless said."""

    @require_http_methods(methods)
    @never_cache
    @signed_in
    def known(request: SocietyRequest, pk: UUID) -> HttpResponse:
        return _open(request, page, on, Here(Shown.of(participation_for(request.person, pk)), str(pk), by_link=False))

    @require_http_methods(methods)
    @never_cache
    @expires
    def by_link(request: HttpRequest, token: str) -> HttpResponse:
        return _open(request, page, on, Here(Shown.of(participation_by(token)), token, by_link=True))

    return known, by_link


def _open(request: HttpRequest, page: Page, on: Collection[str], here: Here) -> HttpResponse:
    if owed_for(here.mine.enrollment):
        return redirect(here.url("agree"))
    return page(request, here) if here.shown.page in on else redirect(here.back)
