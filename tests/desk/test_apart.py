"""Pairs that came from no suggestion are shown, and a session that has all of its pairs begins with them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from chiron.kernel.errors import DomainError
from matching.publishing.beginning import begin
from matching.publishing.services import publish
from matching.services import suggest_pairs
from programs.enrollment.models import Role
from programs.mentorships.models import Mentorship
from programs.mentorships.services import Proposal, propose
from programs.policy.models import Cycle
from programs.policy.services import change_state
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tests.design import words
from tests.desk.making import small_cycle, take_part
from tests.factories.staff import browser_of, make_staff


@pytest.fixture
def manager(sierra: Society) -> Client:
    return browser_of(make_staff(), sierra)


def together(cycle: Cycle, number: int = 0, first: str = "nobody") -> Mentorship:
    """A pair of no suggestion."""
    mentor, mentee = (
        cycle.enrollments.select_related("person", "cycle__version").get(person__given_name=f"{role}{number}")
        for role in ("Mentor", "Mentee")
    )
    for each in (mentor, mentee):
        each.cycle = cycle
    proposal = Proposal(mentor=mentor, mentee=mentee, aspects=[], why_for_mentor=[], why_for_mentee=[])
    return propose(cycle=cycle, proposal=proposal, by=None, first=first)


def page(client: Client, cycle: Cycle, query: str = "") -> str:
    text = client.get(reverse("desk:pairs", args=[cycle.pk]) + query).content.decode()
    assert words.found(strip_tags(text)) == []
    return text


def at(cycle: Cycle, state: str) -> Cycle:
    Cycle.objects.filter(pk=cycle.pk).update(state=state)
    cycle.refresh_from_db()
    return cycle


def test_a_finished_session_shows_the_pairs_that_nobody_suggested(sierra: Society, manager: Client) -> None:
    cycle = at(small_cycle(), "running")
    pair = together(cycle)
    asked = together(cycle, 1, first="mentor")
    text = page(manager, at(cycle, "closed"))
    assert "No pairs here" not in text
    assert "Mentor0 Vega – Mentee0 Vega" in text
    for leads in (reverse("keeping:one", args=[cycle.pk, pair.pk]), reverse("keeping:keeping", args=[cycle.pk])):
        assert leads in text
        assert manager.get(leads).status_code == 200
    assert reverse("keeping:one", args=[cycle.pk, asked.pk]) not in text
    Mentorship.objects.filter(pk=asked.pk).update(requested_by="mentee")
    assert "Mentor1" not in page(manager, cycle), "whom somebody asks themselves is theirs until the yes"
    assert "Change or end…" in page(manager, at(cycle, "running"))


def test_beside_what_was_published_they_are_counted_and_open(sierra: Society, manager: Client) -> None:
    cycle = small_cycle(mentors=3, mentees=3)
    pair = together(cycle, 2)
    publish(run=suggest_pairs(cycle=cycle, by=None), by=None)
    text = page(manager, cycle)
    assert "Without a suggestion" in text
    assert "Mentor2" not in text
    others = page(manager, cycle, "?which=others")
    assert "Mentor2 Vega – Mentee2 Vega" in others
    assert "Mentor0" not in others
    assert reverse("desk:change", args=[cycle.pk, pair.pk]) in others


def test_a_session_that_has_all_of_its_pairs_begins_without_a_suggestion(sierra: Society, manager: Client) -> None:
    cycle = small_cycle(mentors=1, mentees=1)
    together(cycle)
    take_part(cycle, Role.MENTOR, "Waits")  # for nobody: there is no mentee
    OutboxMail.objects.all().delete()
    with pytest.raises(DomainError, match="There is nobody to match"):
        suggest_pairs(cycle=cycle, by=None)
    assert "Begin the session" in page(manager, cycle)
    for _twice in range(2):
        manager.post(reverse("desk:begin", args=[cycle.pk]))
    cycle.refresh_from_db()
    assert cycle.state == Cycle.State.RUNNING
    assert not OutboxMail.objects.exists()
    assert "Mentor0 Vega – Mentee0 Vega" in page(manager, cycle)


def test_it_does_not_begin_as_long_as_somebody_can_be_suggested(sierra: Society, manager: Client) -> None:
    cycle = small_cycle()
    with pytest.raises(DomainError, match="Pairs can be suggested"):
        begin(cycle=cycle, by=None)
    together(cycle)
    assert "Begin the session" not in page(manager, cycle)
    manager.post(reverse("desk:begin", args=[cycle.pk]))
    cycle.refresh_from_db()
    assert cycle.state == Cycle.State.MATCHING
    cycle = change_state(cycle=cycle, to=Cycle.State.RECRUITING, by=None)
    with pytest.raises(DomainError, match="Pairs can be suggested"):
        begin(cycle=cycle, by=None)
