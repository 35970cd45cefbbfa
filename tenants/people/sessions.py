"""How long one stays signed in: participants a month after their last visit, staff and operators half a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.http import HttpRequest, HttpResponseBase

from chiron.kernel import clock
from tenants import context
from tenants.people.access import person_of, roles_of

PARTICIPANTS = timedelta(days=30)
STAFF = timedelta(hours=12)
# A visit is written down once in a while, not with every page.
NOTED_EVERY = timedelta(minutes=15)
SEEN = "seen"


class SlidingSessions:
    """Middleware: each visit moves the end of a session on. Who became staff since is held to staff's shorter time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # A reply that asked nothing of the session, such as a stylesheet, stays the same for everybody.
        if request.session.accessed and request.user.is_authenticated:
            _note_visit(request)
        return response


def length_for(request: HttpRequest) -> timedelta:
    """How long whoever is signed in may be away."""
    if context.current() is None:
        return STAFF
    person = person_of(request)
    return STAFF if person is not None and roles_of(person) else PARTICIPANTS


def _note_visit(request: HttpRequest) -> None:
    now = clock.now().timestamp()
    if now - request.session.get(SEEN, 0) >= NOTED_EVERY.total_seconds():
        request.session[SEEN] = int(now)
        request.session.set_expiry(int(length_for(request).total_seconds()))
