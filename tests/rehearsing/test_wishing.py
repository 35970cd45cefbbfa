"""Invented people say whom they would like, where the program asks, by the services of people's own pages."""

from __future__ import annotations

import pytest

from programs.mentorships.models import Listing
from programs.rehearsing.acting import live_a_day
from programs.wishing.models import Named
from programs.wishing.selectors import wishes_in
from tenants.models import Society
from tests.desk.making import small_cycle
from tests.wishing.making import wishing_cycle


@pytest.mark.parametrize("both", [False, True])
def test_invented_people_are_read_about_and_name_some(sierra: Society, both: bool) -> None:
    cycle = wishing_cycle(mentors=5, mentees=5, shown=False, ranked_by="both" if both else "mentee")
    live_a_day()
    live_a_day()
    named = wishes_in(cycle)
    assert Listing.objects.count() > 2
    assert len(named) > 2
    assert {len(others) for others in named.values()} <= {1, 2}
    assert set(Named.objects.values_list("mine__role", flat=True)) == ({"mentee", "mentor"} if both else {"mentee"})
    before = dict(named)
    live_a_day()
    assert wishes_in(cycle).items() >= before.items(), "who named somebody leaves it at that"


def test_where_nobody_is_asked_they_say_nothing(sierra: Society) -> None:
    small_cycle()
    live_a_day()
    assert not Listing.objects.exists()
