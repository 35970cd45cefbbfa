"""Labels say whose work it is, and an error keeps those it was raised under."""

from __future__ import annotations

import pytest

from chiron.observability import labels


def test_labels_nest_and_end_with_their_block() -> None:
    with labels.labelled(request_id="r1", society="sierra"):
        with labels.labelled(society="northstar"):
            assert labels.current() == {"request_id": "r1", "society": "northstar"}
        assert labels.current() == {"request_id": "r1", "society": "sierra"}
    assert labels.current() == {}


def test_an_error_that_left_its_door_still_says_where_it_was_raised() -> None:
    with (
        pytest.raises(ValueError, match="lost") as caught,
        labels.labelled(request_id="r1"),
        labels.labelled(society="sierra"),
    ):
        raise ValueError("lost")
    with labels.labelled(request_id="r2", task="later"):
        assert labels.of(caught.value) == {"request_id": "r1", "society": "sierra", "task": "later"}


def test_without_an_error_the_present_labels_count() -> None:
    with labels.labelled(society="sierra"):
        assert labels.of(None) == {"society": "sierra"}


def test_an_empty_label_takes_one_away() -> None:
    with labels.labelled(society="sierra", request_id="r1"), labels.labelled(society=""):
        assert labels.current() == {"request_id": "r1"}
