"""States by letters and by name, and places by ZIP code, without a network."""

from __future__ import annotations

import pytest

from programs.policy.places import codes_in, county_of, middle_of, state_of, town_of
from programs.policy.states import STATES, state_code


@pytest.mark.parametrize(
    ("zip_code", "state"),
    [("01970", "MA"), (" 95666 ", "CA"), ("55001", "MN"), ("55001-0001", "MN"), ("550010001", "MN"), ("00901", "PR")],
)
def test_a_zip_lies_in_a_state(zip_code: str, state: str) -> None:
    assert state_of(zip_code) == state


@pytest.mark.parametrize("zip_code", ["", "1970", "00000", "0197O", "٠١٩٧٠", "01970-", "Salem, MA", "019701"])
def test_what_is_no_zip_lies_nowhere(zip_code: str) -> None:
    assert state_of(zip_code) is None


def test_a_zip_tells_its_county_its_town_and_its_middle() -> None:
    assert (county_of("95666"), town_of("95666-0001")) == ("Amador County", "Pioneer")
    assert middle_of("95666") == (38.4319, -120.5719)
    assert (county_of("00000"), town_of("00000"), middle_of("00000")) == ("", "", None)
    assert {state_of(code) for code in codes_in("MA")} == {"MA"}
    assert codes_in("Bavaria") == ()


def test_states_go_by_letters_and_by_name() -> None:
    assert [state_code(text) for text in ("MA", " ma ", "Massachusetts", "MASSACHUSETTS")] == ["MA"] * 4
    assert [state_code(text) for text in ("", "  ", None)] == [None] * 3
    assert state_code("Bavaria") == "BAVARIA"
    assert len(STATES) == 62
