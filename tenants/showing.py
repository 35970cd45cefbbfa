"""An example of invented people that anybody may look over: its staff area is open, and nothing in it can be changed.

Whoever comes is a visitor on the portal and the program manager in the staff area, without signing in. Every request
but reading is refused before anything runs; what reading writes is undone with the request (`SocietyMiddleware`),
session and mails with it; nothing that is due happens (`context.is_open`); and its clock stands (`Society.ahead`), so
that it looks every day as on the first.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from allauth.core.internal import ratelimit
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.html import format_html
from django.utils.translation import gettext as _

from chiron.design import errors
from tenants.accounts.models import Account
from tenants.models import Society
from tenants.people.models import StaffRole

READS = ("GET", "HEAD", "OPTIONS")
# Pages that one visitor gets: far more than anybody reads, and too few to keep the platform busy.
MOST = {"look": "90/m/ip"}
STAFF_AREA = "/staff/"


def is_on_show(society: Society | None) -> bool:
    """Whether this is a society to look over."""
    return society is not None and society.on_show_at is not None


class Showing:
    """Middleware: who comes to an example is whom the page is for, and only reads. Stands below the sign-in's own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_on_show(getattr(request, "society", None)):
            return self.get_response(request)
        if request.method not in READS:
            return _only_looking(request)
        if not ratelimit.consume(request, app="tenants", action="look", config=MOST, limit_get=True):
            return errors.too_many(request)
        _introduce(request)
        return self.get_response(request)


def leave_no_trace(response: HttpResponseBase) -> None:
    """At the end of a request, behind the society's door: undo what was written, and know nobody the next time."""
    response.cookies.clear()
    transaction.set_rollback(True)


def _introduce(request: Any) -> None:
    """Say who is looking."""
    manager = StaffRole.objects.filter(kind=StaffRole.Kind.MANAGER, program_id=None).select_related("person").first()
    if manager is not None and request.path_info.startswith(STAFF_AREA):
        request._person, request.user = manager.person, Account(email=manager.person.email)
    else:
        request._person, request.user = None, AnonymousUser()


def _only_looking(request: HttpRequest) -> HttpResponseBase:
    words = _("This society is an example: you can look at everything, and nothing is changed or sent.")
    if request.headers.get("HX-Request"):  # a part of a page, which shows nothing of what is refused
        return HttpResponse(
            format_html('<p class="muted" role="status">{}</p>', words), headers={"HX-Reswap": "innerHTML"}
        )
    return errors.page(request, HTTPStatus.UNPROCESSABLE_ENTITY, _("You are only looking"), words)
