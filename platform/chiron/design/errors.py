"""Pages for when something cannot be done. Each says what happened, what became of what was entered, and where to go.

They are drawn from `request.brand` alone, without context processors, so that they run no query: the database may be
what has failed. The functions fit Django's `handler400` … `handler500`, allauth's `handler429` and `CSRF_FAILURE_VIEW`;
`refused` is for a view that met a rule, `BareReplies` dresses replies that Django sends without a page.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from chiron.design.frame import brand_of
from chiron.kernel.errors import DomainError


def page(request: HttpRequest, status: int, title: str, words: str, *, again: bool = False) -> HttpResponse:
    """A page with one heading, one sentence and a way on: home, back where one came from, or the same page again."""
    context = {
        "brand": brand_of(request),
        "status": int(status),
        "heading": title,
        "words": words,
        "back": _came_from(request),
        # Relative to this very page: a path may begin with two slashes and lead to another host.
        "again": f"?{request.META.get('QUERY_STRING', '')}" if again and request.method == "GET" else "",
    }
    return HttpResponse(
        render_to_string("design/error.html", context), status=status, headers={"Cache-Control": "no-store"}
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(
        request,
        HTTPStatus.BAD_REQUEST,
        _("We could not read that"),
        _(
            "Something in the address or the form was garbled on its way. Nothing was changed. "
            "Please go back and try again."
        ),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(
        request,
        HTTPStatus.FORBIDDEN,
        _("This page is not open to you"),
        _(
            "You may be signed in with another address than the one you were invited with. "
            "If you think you should see it, write to us."
        ),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(
        request,
        HTTPStatus.FORBIDDEN,
        _("This form has waited too long"),
        _(
            "To protect you, a form stops working after a while, after signing out, and where cookies are off. "
            "Nothing was changed. Please go back, load the page again and send it once more."
        ),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(
        request,
        HTTPStatus.NOT_FOUND,
        _("There is nothing at this address"),
        _("The link may be old or incomplete, or it leads to something that is for somebody else."),
    )


def not_allowed(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        HTTPStatus.METHOD_NOT_ALLOWED,
        _("This address works by a button only"),
        _("You opened an address that belongs to a button on another page. Nothing was changed."),
    )


def too_large(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        _("That file is too large"),
        _("Nothing was kept. A sheet may have 40 MB, a picture far less. Please go back and choose another."),
    )


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A rule was not met, and there is no form to say so in."""
    return page(request, HTTPStatus.UNPROCESSABLE_ENTITY, _("That cannot be done"), error.message)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(
        request,
        HTTPStatus.TOO_MANY_REQUESTS,
        _("That was a little too often"),
        _("To keep accounts safe we slow down many tries in a row. Please wait a few minutes, then try again."),
        again=True,
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("Something went wrong on our side"),
        _(
            "We have been told, and nothing is half saved. Please try again in a minute; "
            "if it stays like this, write to us."
        ),
        again=True,
    )


def unavailable(request: HttpRequest) -> HttpResponse:
    response = page(
        request,
        HTTPStatus.SERVICE_UNAVAILABLE,
        _("We will be right back"),
        _("We cannot reach our database for the moment. Nothing is lost. Please try again in a minute."),
        again=True,
    )
    response["Retry-After"] = "30"
    return response


class BareReplies:
    """Middleware: a refusal that came without a page of its own gets ours."""

    PAGES: dict[int, Callable[[HttpRequest], HttpResponse]] = {
        HTTPStatus.BAD_REQUEST: bad_request,
        HTTPStatus.FORBIDDEN: forbidden,
        HTTPStatus.NOT_FOUND: not_found,
        HTTPStatus.METHOD_NOT_ALLOWED: not_allowed,
        HTTPStatus.TOO_MANY_REQUESTS: too_many,
    }

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        make = self.PAGES.get(response.status_code)
        bare = isinstance(response, HttpResponse) and not response.content
        if make is None or not bare or not request.accepts("text/html"):
            return response
        dressed = make(request)
        for name, value in response.items():
            dressed.headers.setdefault(name, value)
        dressed.cookies.update(response.cookies)
        return dressed


def _came_from(request: HttpRequest) -> str:
    """The page of ours that led here, if there is one and it is another."""
    referer: str = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(referer, {request.META.get("HTTP_HOST", "")}, request.is_secure()):
        return ""
    parts = urlsplit(referer)
    if parts.path.startswith("//") or (parts.path == request.path and request.method == "GET"):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
