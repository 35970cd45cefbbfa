"""Whatever happened to a file, its reader says what is wrong; it never falls over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programs.enrollment.importing.sheets import Sheet, read_existing_pairs, read_form_export, read_roster, read_signups
from tests.programs.sheets.test_exports import FORM, MESSY
from tests.programs.sheets.writing import mentors

PAIRS = b"Mentor,Mentor email,Mentee,Since\r\nAda Stone,ada@example.org,Bo Reed,9/14/2026\r\n"
READERS: dict[str, tuple[Callable[[bytes], Sheet[Any]], bytes]] = {
    "mentors": (lambda data: read_signups(data, "m.csv", role="mentor"), mentors({}, {"member_id": "M2"})),
    "roster": (lambda data: read_roster(data, "r.csv", forgiving=True), MESSY),
    "form": (lambda data: read_form_export(data, "f.csv"), FORM.encode()),
    "pairs": (lambda data: read_existing_pairs(data, "p.csv"), PAIRS),
}
TROUBLE = [b'"', b",", b";", b"\n", b"\r", b"\0", b"\xe9", b"\xef\xbb\xbf", b"9" * 30, "\uff11".encode(), b" "]


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_corruption_is_a_crash(name: str, data: st.DataObject) -> None:
    read, good = READERS[name]
    broken = bytearray(good)
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(broken)))
        gone = data.draw(st.sampled_from([0, 0, 1, 20]))
        broken[place : place + gone] = data.draw(st.sampled_from(TROUBLE) | st.binary(max_size=3))
    sheet = read(bytes(broken))
    lines = len(broken.splitlines()) + 1
    assert all(1 <= fault.line <= lines for fault in sheet.faults)
    assert all(fault.message.endswith((".", "?")) for fault in sheet.faults)
    assert all(1 <= line <= lines for line, _ in sheet.rows)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(max_size=200))
def test_no_nonsense_is_a_crash(name: str, data: bytes) -> None:
    assert READERS[name][0](data).faults or not data.strip() or not READERS[name][0](data).rows
