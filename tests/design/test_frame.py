"""What stands around a page, and the policy that every reply carries."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from chiron.design import csp
from chiron.design.frame import CHIRON, Brand, Frame, Link, context, here

NAV = (Link("Today", "/staff/"), Link("People", "/staff/people/"), Link("Home", "/"))
asked: list[str] = []


def frame(request: HttpRequest) -> Frame:
    asked.append(request.path)
    return Frame(nav=NAV, person="Dana Whitfield")


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/staff/", "Today"),
        ("/staff/people/", "People"),
        ("/staff/people/import/", "People"),
        ("/staff/mail/", "Today"),
        ("/", "Home"),
        ("/programs/", None),
    ],
)
def test_the_nearest_entry_is_the_current_one(path: str, current: str | None) -> None:
    assert [link.label for link in here(NAV, path) if link.current] == ([current] if current else [])


def test_pages_elsewhere_belong_to_the_entry_that_says_so() -> None:
    nav = (Link("Today", "/staff/"), Link("Programs", "/staff/programs/", also=("/staff/sessions/",)))
    assert [link.label for link in here(nav, "/staff/sessions/7/") if link.current] == ["Programs"]
    assert [link.label for link in here(nav, "/staff/sheets/") if link.current] == ["Today"]


def test_the_frame_is_made_when_it_is_asked_for(rf: RequestFactory, settings: Settings) -> None:
    settings.DESIGN_FRAME = f"{__name__}.frame"
    asked.clear()
    request = rf.get("/staff/people/")
    made = context(request)
    assert asked == []
    assert made["frame"].person == "Dana Whitfield"
    assert [link.current for link in made["frame"].nav] == [False, True, False]
    assert asked == ["/staff/people/"]


def test_without_a_society_a_page_is_chirons(rf: RequestFactory, settings: Settings) -> None:
    settings.DESIGN_FRAME = ""
    request = rf.get("/")
    assert context(request)["brand"] is CHIRON
    assert context(request)["frame"].nav == ()
    request.brand = sierra = Brand(name="Sierra Valley Medical Society")  # type: ignore[attr-defined]
    assert context(request)["brand"] is sierra


def test_nothing_runs_or_loads_from_elsewhere() -> None:
    directives = dict(part.split(" ", 1) for part in csp.policy().split("; "))
    assert directives == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }


def test_one_page_may_do_more_and_none_less(rf: RequestFactory) -> None:
    assert "form-action 'self' https://pay.example;" in csp.policy(form_action="https://pay.example")
    with pytest.raises(ValueError, match="default-src"):
        csp.policy(default_src="https://elsewhere.example")
    with pytest.raises(ValueError, match="sandbox"):
        csp.policy(sandbox="allow-scripts")


def test_a_reply_carries_the_policy_unless_its_view_has_set_one(rf: RequestFactory) -> None:
    wider = csp.policy(form_action="https://pay.example")
    for given, expected in ((None, csp.policy()), (wider, wider)):

        def view(request: HttpRequest, given: str | None = given) -> HttpResponse:
            return HttpResponse(headers={csp.HEADER: given} if given else None)

        assert csp.ContentSecurityPolicy(view)(rf.get("/")).headers[csp.HEADER] == expected
