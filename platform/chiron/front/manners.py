"""What no page is asked: middleware that answers such requests before a form, a view or the database meets them."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.http.request import UnreadablePostError

from chiron.design import errors

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
FORM = "application/x-www-form-urlencoded"
# The largest sheet, and what a form puts around it. What is larger is not even taken down.
MOST_BYTES = 41 * 1024 * 1024


class Manners:
    """Methods that no page has are refused as such; so is what is larger than anything we take, and so are NUL
    characters, which PostgreSQL keeps in no text.

    Stands below `BareReplies`, which gives a refusal its page, and above what reads forms.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if request.method == "OPTIONS":
            return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"Allow": ", ".join(METHODS)})
        length = request.META.get("CONTENT_LENGTH", "")
        if length.isdecimal() and int(length) > MOST_BYTES:
            return errors.too_large(request)
        if has_nul(request):
            return errors.bad_request(request)
        return self.get_response(request)


def has_nul(request: HttpRequest) -> bool:
    """Whether the address or a plain form holds one. Sheets and pictures are looked at by whoever reads them."""
    if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
        return True
    if request.method != "POST" or request.content_type != FORM:
        return False
    try:
        return b"%00" in request.body or b"\0" in request.body
    except UnreadablePostError:  # whoever sent it has gone
        return True
