"""States by letters, by name and by ZIP code, without a network."""

from __future__ import annotations

import pytest

from programs.policy.states import STATES, state_code, state_of_zip


@pytest.mark.parametrize(
    ("zip_code", "state"),
    [("01970", "MA"), (" 95666 ", "CA"), ("55001", "MN"), ("55001-0001", "MN"), ("550010001", "MN"), ("00901", "PR")],
)
def test_a_zip_lies_in_a_state(zip_code: str, state: str) -> None:
    assert state_of_zip(zip_code) == state


@pytest.mark.parametrize("zip_code", ["", "1970", "00000", "0197O", "٠١٩٧٠", "01970-", "Salem, MA", "019701"])
def test_what_is_no_zip_lies_nowhere(zip_code: str) -> None:
    assert state_of_zip(zip_code) is None


def test_states_go_by_letters_and_by_name() -> None:
    assert [state_code(text) for text in ("MA", " ma ", "Massachusetts", "MASSACHUSETTS")] == ["MA"] * 4
    assert [state_code(text) for text in ("", "  ", None)] == [None] * 3
    assert state_code("Bavaria") == "BAVARIA"
    assert len(STATES) == 62
