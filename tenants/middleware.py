"""From a host to a society: liveness first, then one transaction behind the society's door for the whole request."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import split_domain_port
from django.utils import timezone
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from chiron.design import errors
from tenants import brands, context, hosts, showing
from tenants.models import Society

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]
# The database is away, or so busy that it gave up.
DatabaseAway = (OperationalError, InterfaceError)
SAFE = ("GET", "HEAD", "OPTIONS")


class HealthMiddleware:
    """`/healthz`: this process answers. `/readyz`: what it needs to answer well is there. On every host."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path == "/healthz":
            return _plain("ok\n")
        if request.path == "/readyz":
            missing = [
                name for name, is_there in (("database", _has_database), ("cache", _has_cache)) if not is_there()
            ]
            if missing:
                return _plain(f"waiting for: {', '.join(missing)}\n", HTTPStatus.SERVICE_UNAVAILABLE)
            return _plain("ready\n")
        return self.get_response(request)


class SocietyMiddleware:
    """Finds whose host this is, and runs the request in one transaction behind that door.

    `ATOMIC_REQUESTS` makes the view a savepoint in it: an error undoes the view and keeps the session. A reply that
    says we failed undoes everything.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            society = hosts.society_of(split_domain_port(request.get_host())[0])
        except (hosts.UnknownHost, DisallowedHost):
            return _plain(_("There is no portal at this address.") + "\n", HTTPStatus.NOT_FOUND)
        except DatabaseAway:
            return _away(request)
        _prepare(request, society)
        if society is not None and society.state in Society.CLOSED:
            return _closed(request, society)
        try:
            # Days and hours on a society's pages are those of its own zone.
            with _door(society), timezone.override(society and society.zone):
                response = self.get_response(request)
                if showing.is_on_show(society):
                    showing.leave_no_trace(response)
                if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    transaction.set_rollback(True)
        except DatabaseAway:
            return _away(request)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: object, kwargs: object
    ) -> HttpResponse | None:
        """A society that is leaving can be read, and nothing in it changes but what `stays_open` is put on."""
        society: Society | None = getattr(request, "society", None)
        if society is None or society.state != Society.State.LEAVING or request.method in SAFE:
            return None
        return None if getattr(view, "stays_open", False) else _read_only(request, society)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say that the database is away, where Django would speak of an error of ours."""
        return _away(request) if isinstance(exception, DatabaseAway) else None


def _prepare(request: HttpRequest, society: Society | None) -> None:
    """Tell views, templates and error pages whose host this is, in values that cost no query."""
    request.society = society  # type: ignore[attr-defined]
    request.brand = brands.brand_of(society)  # type: ignore[attr-defined]
    request.urlconf = settings.PUBLIC_SCHEMA_URLCONF if society is None else settings.ROOT_URLCONF


def _door(society: Society | None) -> AbstractContextManager[Any]:
    return context.platform() if society is None else context.society(society)


def _away(request: HttpRequest) -> HttpResponse:
    logger.exception("the database is away")
    return errors.unavailable(request)


def _closed(request: HttpRequest, society: Society) -> HttpResponse:
    words = _(
        "Nothing is lost. If you need something, write to %(theirs)s. If you run this portal: our last mail to you has "
        "the link by which it opens again; or write to %(ours)s."
    ) % {"theirs": society.contact_mail, "ours": settings.CHIRON_CONTACT}
    return errors.page(request, HTTPStatus.SERVICE_UNAVAILABLE, _("This portal is closed for the moment"), words)


def _read_only(request: HttpRequest, society: Society) -> HttpResponse:
    words = _("%(name)s is leaving. Everything can be read and taken along, and nothing can be changed.")
    return errors.page(request, HTTPStatus.CONFLICT, _("This portal is closing"), words % {"name": society.name})


def _plain(text: str, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    return HttpResponse(
        text, status=status, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"}
    )


def _has_database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseAway:
        return False
    return True


def _has_cache() -> bool:
    try:
        caches["platform"].get(hosts.VERSION)
    except RedisError:
        return False
    return True
