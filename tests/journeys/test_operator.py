"""The operator: signs in on the public site and sees how the societies are, never who is in them."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Come

pytestmark = pytest.mark.browser


def test_an_operator_sees_each_society_in_numbers_and_nobody_in_it(come: Come) -> None:
    with come() as operator:
        operator.goto("/")
        operator.look()
        operator.sign_in_as("operator")
        operator.goto("/console/")
        operator.heading("Societies")
        operator.look()
