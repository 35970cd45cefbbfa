"""Requests that no page is asked are refused with our page, before anything reads them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tenants.models import Society

Visitor = Callable[[str], Client]


@pytest.mark.parametrize("path", ["/programs/?q=%00", "/staff/people/?q=a%00b", "/staff/mail/?page=%00", "/%00/"])
def test_a_nul_in_an_address_is_a_garbled_request(sierra: Society, visitor: Visitor, path: str) -> None:
    response = visitor(sierra.host).get(path)
    assert response.status_code == 400
    assert "We could not read that" in response.content.decode()


@pytest.mark.parametrize("body", [b"login=a%00b%40example.org", b"login=a\0b%40example.org"])
def test_a_nul_in_a_form_is_a_garbled_request(sierra: Society, visitor: Visitor, body: bytes) -> None:
    response = visitor(sierra.host).post("/sign-in/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400
    assert sierra.name in response.content.decode()


def test_a_percent_sign_and_two_zeros_are_text(sierra: Society, visitor: Visitor) -> None:
    assert visitor(sierra.host).get("/programs/?q=%2500").status_code == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_a_method_that_no_page_has_is_told_as_that(sierra: Society, method: str) -> None:
    client = Client(enforce_csrf_checks=True, headers={"host": sierra.host})
    response = client.generic(method, "/sign-in/", headers={"accept": "text/html"})
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, POST, OPTIONS"
    assert sierra.name in response.content.decode()


def test_asking_for_the_methods_changes_nothing(sierra: Society, visitor: Visitor) -> None:
    response = visitor(sierra.host).options("/sign-out/")
    assert (response.status_code, response.content) == (204, b"")


def test_what_is_larger_than_anything_we_take_is_not_taken_down(sierra: Society, visitor: Visitor) -> None:
    response = visitor(sierra.host).post("/sign-in/", {"login": "a@example.org"}, CONTENT_LENGTH=str(50 * 1024 * 1024))
    assert response.status_code == 413
    assert "A sheet may have 40 MB" in response.content.decode()
    assert sierra.name in response.content.decode()
