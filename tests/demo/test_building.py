"""The demonstration is made by the services of the pages, once."""

from __future__ import annotations

from collections import Counter

import pytest
from pytest_django import Settings

from chiron.demo.building import fill
from chiron.demo.societies import EXAMPLES, Example
from matching.models import MatchRun
from programs.enrollment.models import Enrollment, Lot
from programs.mentorships.models import Listing, Mentorship, Participation
from tenants.accounts import demonstration
from tenants.people.models import Person, StaffRole

# The largest is walked through by the browser journeys, which make all three.
SMALLER = [example for example in EXAMPLES if example.slug != "sierra"]


@pytest.mark.parametrize("example", SMALLER, ids=lambda example: example.slug)
def test_each_society_has_a_published_match_with_something_left_to_answer(
    example: Example, request: pytest.FixtureRequest, settings: Settings
) -> None:
    society = request.getfixturevalue(example.slug)
    said = list(fill(example, society))
    assert said
    assert set(MatchRun.objects.values_list("state", flat=True)) == {MatchRun.State.PUBLISHED}
    if example.slug == "commonwealth":
        assert Listing.objects.count() == 11
        assert Mentorship.objects.filter(talk_first=True, state="proposed").exists()
        assert Mentorship.objects.filter(cycle__part="Peer circle", state="active").count() == 2
    else:
        assert Enrollment.objects.filter(state="waitlisted", role="mentee").count() == 6
        assert Lot.objects.exists()
    states = Counter(Mentorship.objects.values_list("state", flat=True))
    assert states["active"] > states["proposed"] > 0
    waiting = Participation.objects.filter(answer="waiting", mentorship__state="proposed")
    assert {place.role for place in waiting} == {"mentor", "mentee"}
    assert set(StaffRole.objects.values_list("kind", flat=True)) == set(StaffRole.Kind)
    assert Enrollment.objects.filter(state="matched").exists()
    settings.DEMO = True
    assert {offer.part.key for offer in demonstration.offers()} == {*StaffRole.Kind, "mentor", "mentee", "introduced"}
    people = Person.objects.count()
    assert list(fill(example, society)) == []
    assert Person.objects.count() == people
