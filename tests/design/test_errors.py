"""Error pages: their status, their way on, and that they need nothing but the brand."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.test import RequestFactory

from chiron.design import csp, errors
from chiron.design.frame import Brand
from chiron.kernel.errors import DomainError
from tests.design import words

BRAND = Brand(name="Sierra Valley Medical Society", stylesheet="/brand/abc.css", contact="mentorship@sierra.example")

PAGES: dict[int, Callable[[HttpRequest], HttpResponse]] = {
    400: lambda request: errors.bad_request(request, ValueError()),
    403: lambda request: errors.forbidden(request, PermissionDenied()),
    404: lambda request: errors.not_found(request, Http404()),
    405: errors.not_allowed,
    422: lambda request: errors.refused(request, DomainError("Sign-up closed on March 3.")),
    429: errors.too_many,
    500: errors.server_error,
    503: errors.unavailable,
}


def asked(rf: RequestFactory, path: str = "/somewhere/", **headers: str) -> HttpRequest:
    request = rf.get(path, headers=headers)
    request.brand = BRAND  # type: ignore[attr-defined]
    return request


@pytest.mark.parametrize(("status", "make"), PAGES.items())
def test_each_has_its_status_the_society_and_a_way_home(
    rf: RequestFactory, status: int, make: Callable[[HttpRequest], HttpResponse]
) -> None:
    response = make(asked(rf))
    page = response.content.decode()
    assert response.status_code == status
    assert "Sierra Valley Medical Society" in page
    assert '<link rel="stylesheet" href="/brand/abc.css">' in page
    assert '<a class="btn' in page
    assert 'href="/"' in page
    assert "mailto:mentorship@sierra.example" in page
    assert words.found(page) == []
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("status", PAGES)
def test_each_is_drawn_without_a_database(site: str, status: int) -> None:
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"{site}/errors/{status}/?brand=northstar")
    assert error.value.code == status
    page = error.value.read().decode()
    assert "Northstar Academy of Family Physicians" in page
    assert error.value.headers[csp.HEADER] == csp.policy()
    error.value.close()


def test_only_a_society_runs_on_chiron(rf: RequestFactory) -> None:
    ours = errors.not_found(rf.get("/")).content.decode()
    assert "Runs on Chiron" not in ours
    assert "/static/design/chiron.png" in ours
    assert "Runs on Chiron" in errors.not_found(asked(rf)).content.decode()


def test_a_refusal_says_the_rule(rf: RequestFactory) -> None:
    page = errors.refused(asked(rf), DomainError("Use <b> sparingly.")).content.decode()
    assert "Use &lt;b&gt; sparingly." in page


@pytest.mark.parametrize(
    ("referer", "way"),
    [
        ("http://testserver/programs/?page=2", "/programs/?page=2"),
        ("http://testserver/somewhere/", None),  # the page itself
        ("https://elsewhere.example/programs/", None),
        ("http://testserver//elsewhere.example/", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_the_way_back_stays_on_this_host(rf: RequestFactory, referer: str, way: str | None) -> None:
    page = errors.forbidden(asked(rf, host="testserver", referer=referer)).content.decode()
    assert ("Go back" in page) is (way is not None)
    assert "elsewhere" not in page
    assert "javascript:" not in page
    if way:
        assert f'href="{way}"' in page


def test_trying_again_means_this_page_and_nothing_is_sent_twice(rf: RequestFactory) -> None:
    assert 'href="?page=2"' in errors.server_error(asked(rf, "//elsewhere.example/?page=2")).content.decode()
    post = rf.post("/somewhere/")
    post.brand = BRAND  # type: ignore[attr-defined]
    assert "Try again" not in errors.server_error(post).content.decode()


def test_being_away_says_when_to_come_back(rf: RequestFactory) -> None:
    assert errors.unavailable(asked(rf))["Retry-After"] == "30"


def bare(response: HttpResponseBase) -> Callable[[HttpRequest], HttpResponseBase]:
    return errors.BareReplies(lambda request: response)


def test_a_bare_refusal_gets_our_page_and_keeps_its_headers(rf: RequestFactory) -> None:
    refusal = HttpResponseNotAllowed(["POST"])
    refusal.set_cookie("session", "kept")
    response = bare(refusal)(asked(rf, accept="text/html"))
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert response.cookies["session"].value == "kept"
    assert isinstance(response, HttpResponse)
    assert "works by a button only" in response.content.decode()


@pytest.mark.parametrize(
    ("response", "accept"),
    [
        (HttpResponseNotAllowed(["POST"]), "application/json"),
        (HttpResponse("its own words", status=404), "text/html"),
        (HttpResponse(status=204), "text/html"),
    ],
    ids=["a program asked", "a page of its own", "no refusal"],
)
def test_other_replies_are_left_alone(rf: RequestFactory, response: HttpResponse, accept: str) -> None:
    assert bare(response)(asked(rf, accept=accept)) is response
