"""What the membership list says of somebody, on their own page."""

from __future__ import annotations

from programs.enrollment.portal.me import known_of
from tenants.people.models import Person


def test_a_day_of_the_membership_list_is_told_as_a_day() -> None:
    person = Person(roster={"training_completed_on": "1985-07-01", "training_state": "MA", "npi": "1234567893"})
    assert [value for _label, value in known_of(person)] == ["July 1, 1985", "Massachusetts", "1234567893"]
