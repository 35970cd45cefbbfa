"""A log line says what happened, where and for whom it was done; it never repeats what a person wrote."""

from __future__ import annotations

import logging

import pytest

from chiron.observability import labels
from tests.beside.lines import Lines
from tests.beside.planted import ADDRESS, LETTER, NAME, raise_planted

LOGGER = "tests.beside"


def test_a_line_carries_the_society_and_the_request(lines: Lines) -> None:
    with labels.labelled(request_id="r-12345678", society="sierra"):
        logging.getLogger(LOGGER).info("sent %s mails", 3, extra={"milliseconds": 12})
    (line,) = lines.read()
    assert line.pop("at")
    assert line == {
        "level": "info",
        "logger": LOGGER,
        "message": "sent 3 mails",
        "society": "sierra",
        "request_id": "r-12345678",
        "milliseconds": 12,
    }


def test_an_error_is_told_by_type_and_place_under_the_labels_it_was_raised_with(lines: Lines) -> None:
    try:
        with labels.labelled(request_id="r-12345678", society="sierra"):
            raise_planted()
    except LookupError as error:
        logging.getLogger(LOGGER).exception("could not do it: %s (%r)", error, error)
    (line,) = lines.read()
    assert (line["society"], line["request_id"]) == ("sierra", "r-12345678")
    assert line["message"] == "could not do it: LookupError (LookupError)"
    assert "raise_planted" in line["error"]
    assert line["error"].endswith("builtins.LookupError")
    assert "builtins.ValueError" in line["error"]


@pytest.mark.parametrize("planted", [NAME, ADDRESS, LETTER])
def test_no_line_holds_a_name_an_address_or_a_letter(lines: Lines, planted: str) -> None:
    with labels.labelled(society="sierra"):
        with pytest.raises(LookupError, match=planted) as caught:
            raise_planted()
        error = caught.value
        logging.getLogger(LOGGER).error("failed: %s, because %s", error, error.__cause__, exc_info=error)
        logging.getLogger(LOGGER).info("received", extra={"data": {"args": [NAME, ADDRESS, LETTER]}})
        logging.getLogger(LOGGER).info("refused <%s>", ADDRESS)
    assert len(lines.read()) == 3
    assert planted not in lines.stream.getvalue()
