"""The demonstration is made by the services of the pages, once."""

from __future__ import annotations

from collections import Counter

import pytest
from pytest_django import Settings

from chiron.demo import building
from chiron.demo.societies import EXAMPLES
from chiron.kernel import clock
from matching.models import MatchRun
from programs.enrollment.biosketch import MOST_WORDS, biosketch_of
from programs.enrollment.models import Enrollment, Lot
from programs.mentorships.models import Listing, Mentorship, Participation
from programs.policy.offered import takes_sign_ups
from programs.renewing.models import GoingOn, Renewal
from tenants.accounts import demonstration
from tenants.models import Society
from tenants.people.models import Person, StaffRole

BY_SLUG = {example.slug: example for example in EXAMPLES}


def contradicted() -> list[tuple[str, str]]:
    """Sign-ups of which others would read in the biosketch something else than in the reasons for a pair."""
    found = []
    for each in Enrollment.objects.select_related("person"):
        read = biosketch_of(each.person, each.answers, each.role).text
        said = [*each.answers.get("interests", [])[:MOST_WORDS], *each.answers.get("aspects", [])[:MOST_WORDS]]
        field = each.answers.get("specialty", "").lower()
        if read.startswith("I am ") and not all(word in read for word in [*said, field]):
            found.append((read, ", ".join([*said, field])))
    return found


def test_a_society_has_a_published_match_with_something_left_to_answer(
    commonwealth: Society, settings: Settings
) -> None:
    """The others are walked through by the browser journeys, which make all three."""
    example = BY_SLUG["commonwealth"]
    said = list(building.fill(example, commonwealth))
    assert "have voted in the council: 5" in said
    assert set(MatchRun.objects.values_list("state", flat=True)) == {MatchRun.State.PUBLISHED}
    assert Listing.objects.count() == 11
    assert Mentorship.objects.filter(talk_first=True, state="proposed").exists()
    assert Mentorship.objects.filter(cycle__part="Peer circle", state="active").count() == 2
    states = Counter(Mentorship.objects.values_list("state", flat=True))
    assert states["active"] > states["proposed"] > 0
    waiting = Participation.objects.filter(answer="waiting", mentorship__state="proposed")
    assert {place.role for place in waiting} == {"mentor", "mentee"}
    assert set(StaffRole.objects.values_list("kind", flat=True)) == set(StaffRole.Kind)
    assert Enrollment.objects.filter(state="matched").exists()
    settings.DEMO = True
    assert {offer.part.key for offer in demonstration.offers()} == {*StaffRole.Kind, "mentor", "mentee", "introduced"}
    assert contradicted() == []
    people = Person.objects.count()
    assert list(building.fill(example, commonwealth)) == []
    assert Person.objects.count() == people


def test_northstar_has_a_waiting_list_by_lot_besides(northstar: Society, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "MENTOR_WAITS", 1)  # nobody says yes: in the test above they do, and it takes long
    said = list(building.fill(BY_SLUG["northstar"], northstar))
    assert said[-2:] == ["asked whether they come again: 10, answered: 7", "on a waiting list by lot: 6"]
    renewal = Renewal.objects.get()
    assert set(renewal.asked.values_list("answer", flat=True)) == {"", "again", "change", "not_now", "later"}
    gone_on = GoingOn.objects.get()
    assert (gone_on.old.cycle_id, gone_on.new.cycle_id) == (renewal.last_id, renewal.coming_id)
    assert takes_sign_ups(renewal.coming, clock.today(northstar.zone))
    run = MatchRun.objects.get()
    assert run.state == MatchRun.State.PUBLISHED
    assert takes_sign_ups(run.cycle, clock.today(northstar.zone)), "its program is open all year"
    waiting = Participation.objects.filter(answer="waiting", mentorship__state="proposed")
    assert "mentor" in {place.role for place in waiting}
    assert set(StaffRole.objects.values_list("kind", flat=True)) == set(StaffRole.Kind)
    assert Enrollment.objects.filter(state="matched").exists()
    assert Enrollment.objects.filter(state="waitlisted", role="mentee").count() == 6
    assert Lot.objects.exists()
