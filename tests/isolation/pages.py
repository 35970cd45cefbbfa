"""A site that does what the tests of requests need: writes a row and then goes wrong, in each of the ways there are."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import NoReturn

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.template import engines
from django.urls import path
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chiron.kernel import signing
from chiron.urls_society import handler400, handler403, handler404, handler500  # noqa: F401
from tenants import context
from tenants.accounts.models import Account
from tests.isolation.looking import mails, sql, where


def write(request: HttpRequest) -> None:
    """A row, a word in the session and a message."""
    Account.objects.create_user("written@by.view")
    request.session["seen"] = "yes"
    messages.info(request, "written")


def fine(request: HttpRequest) -> HttpResponse:
    write(request)
    return HttpResponse("fine")


def raises(request: HttpRequest) -> NoReturn:
    write(request)
    raise RuntimeError


def raises_404(request: HttpRequest) -> NoReturn:
    write(request)
    raise Http404


def breaks_a_constraint(request: HttpRequest) -> NoReturn:
    write(request)
    Account.objects.create(email="NOT@small.letters")
    raise AssertionError  # pragma: no cover


def breaks_a_constraint_at_the_commit(request: HttpRequest) -> HttpResponse:
    write(request)
    EmailAddress.objects.create(user_id=uuid.uuid4(), email="of@nobody.example")
    return HttpResponse("promised too much")


def replies(request: HttpRequest, status: int) -> HttpResponse:
    write(request)
    return HttpResponse("a form with its faults", status=status)


class Api(APIView):
    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request) -> Response:
        Account.objects.create_user("written@by.view")
        raise ValidationError("no")


def who(request: HttpRequest) -> JsonResponse:
    """Everything that could give another society away."""
    society = context.current()
    return JsonResponse(
        {
            "society": society and society.slug,
            "where": where(),
            "mails": mails(),
            "signed_in": str(request.user),
            "session": dict(request.session),
            "messages": [str(message) for message in messages.get_messages(request)],
            "greeting": cache.get_or_set("greeting", request.get_host(), 60),
            "fragment": engines["django"]
            .from_string("{% load cache %}{% cache 60 fragment %}{{ request.get_host }}{% endcache %}")
            .render({}, request)
            .strip(),
        }
    )


def link(request: HttpRequest, token: str) -> HttpResponse:
    society = context.current()
    return HttpResponse(signing.unseal(token, purpose="test", society=society and society.pk))


def too_slow(request: HttpRequest) -> NoReturn:
    write(request)
    sql("SET LOCAL statement_timeout = '10ms'")
    sql("SELECT pg_sleep(10)")
    raise AssertionError  # pragma: no cover


def loses_its_connection(request: HttpRequest) -> NoReturn:
    write(request)
    connection.connection.pgconn.finish()
    Account.objects.count()
    raise AssertionError  # pragma: no cover


def stream_without_door(request: HttpRequest) -> HttpResponseBase:
    return StreamingHttpResponse(mail for mail in Account.objects.values_list("email", flat=True).iterator())


def stream_with_door(request: HttpRequest) -> HttpResponseBase:
    society = context.current()
    assert society is not None

    def rows() -> Iterator[str]:
        with context.society(society):
            yield from Account.objects.values_list("email", flat=True).iterator()

    return StreamingHttpResponse(rows())


urlpatterns = [
    path("fine/", fine),
    path("raises/", raises),
    path("raises-404/", raises_404),
    path("integrity/", breaks_a_constraint),
    path("deferred/", breaks_a_constraint_at_the_commit),
    path("replies/<int:status>/", replies),
    path("api/", Api.as_view()),
    path("who/", who),
    path("link/<str:token>/", link),
    path("too-slow/", too_slow),
    path("connection-lost/", loses_its_connection),
    path("stream-without-door/", stream_without_door),
    path("stream-with-door/", stream_with_door),
]
