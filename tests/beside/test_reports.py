"""An error report has types, places and labels, and nothing that a person wrote. Read as Sentry's server gets it."""

from __future__ import annotations

import logging

import pytest
import sentry_sdk

from chiron.observability import labels, reports
from tests.beside.planted import ADDRESS, LETTER, NAME, raise_planted
from tests.beside.sentry import Sentry


def test_a_report_names_the_society_the_request_and_the_place(sentry: Sentry) -> None:
    try:
        with labels.labelled(request_id="r-12345678", society="sierra"):
            raise_planted()
    except LookupError:
        logging.getLogger("tests.beside").exception("it failed")
    (event,) = sentry.events()
    assert event["tags"] == {"request_id": "r-12345678", "society": "sierra"}
    cause, error = event["exception"]["values"]
    assert (cause["type"], error["type"]) == ("ValueError", "LookupError")
    assert error["stacktrace"]["frames"][-1]["function"] == "raise_planted"


@pytest.mark.parametrize("planted", [NAME, ADDRESS, LETTER])
def test_no_report_holds_a_name_an_address_or_a_letter(sentry: Sentry, planted: str) -> None:
    with sentry_sdk.isolation_scope() as scope:
        scope.set_user({"email": ADDRESS, "username": NAME})
        scope.set_extra("letter", LETTER)
        scope.set_tag("person", NAME)
        scope.add_breadcrumb(message=f"{NAME} {ADDRESS} {LETTER}")
        with pytest.raises(LookupError, match=planted) as caught:
            raise_planted()
        logging.getLogger("tests.beside").error("failed: %s, %s", NAME, caught.value, exc_info=caught.value)
        logging.getLogger("tests.beside").error("refused %s, %s, %s", NAME, ADDRESS, LETTER)
    assert len(sentry.events()) == 2
    assert planted not in "".join(sentry.bodies)


def test_without_an_address_nothing_starts() -> None:
    reports.start("", environment="test", release="1")
    assert not sentry_sdk.get_client().is_active()
