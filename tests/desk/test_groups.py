"""Circles, threes and groups at the desk: suggested, looked at, published, and read by everybody in them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching import selectors
from matching.groups import suggest_groups
from matching.models import MatchRun
from matching.publishing.models import Publication
from matching.publishing.services import publish
from programs.enrollment.agreeing import agree, owed_for
from programs.enrollment.models import Enrollment, Role
from programs.enrollment.services import sign_up
from programs.mentorships.models import Mentorship, Participation
from programs.policy import templates
from programs.policy.document import Policy, store_policy
from programs.policy.models import Cycle
from programs.policy.services import change_state, create_program, open_cycle
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tests.design import words
from tests.factories.programs import make_person
from tests.factories.staff import browser_of, make_staff

State = Cycle.State
THREE: dict[str, Any] = {
    "name": "Three of us",
    "about": "One early, one in the middle, one late.",
    "format": "triad",
    "matching": {"by": "solver", "weights": {"shared_interests": 1000}},
    "mentorship": {"introduction": {"shares": ["biosketch"]}},
}
SAID = {"languages": ["English"], "interests": ["teaching"], "meeting_mode": "either", "availability": ["Wed noon"]}
STAGES = {"mentor": "late career", "senior": "retired", "middle": "mid career"}


def cycle_of(part: str, *, agrees: bool = True, **counts: int) -> Cycle:
    """A session of a part of the primary-care program, or of a three, with so many in each role."""
    document = store_policy(templates.load("primary-care"))
    document["parts"].append(THREE)
    program = create_program(policy=Policy.model_validate(document), by=None)
    today = clock.today()
    cycle = open_cycle(program=program, part=part, starts_on=today + timedelta(days=365), today=today, by=None)
    cycle = change_state(cycle=cycle, to=State.RECRUITING, by=None)
    for role, count in counts.items():
        for number in range(count):
            join(cycle, Role(role), f"{role.capitalize()}{number}", agrees=agrees)
    return change_state(cycle=cycle, to=State.MATCHING, by=None)


def join(cycle: Cycle, role: Role, given: str, *, agrees: bool = True) -> Enrollment:
    stage = STAGES.get(role, "resident")
    person = make_person(given, "Vega", stage=stage, biosketch=f"I am {given}, and {'x' * 3}.")
    enrollment = sign_up(cycle=cycle, person=person, role=role, answers=SAID | {"stage": stage}, by=None)
    Enrollment.objects.filter(pk=enrollment.pk).update(state=Enrollment.State.ELIGIBLE)
    enrollment.refresh_from_db()
    if agrees:
        agree(enrollment=enrollment, agreed=owed_for(enrollment).agreements)
    return enrollment


def text_of(client: Client, where: str) -> str:
    reply = client.get(where)
    assert reply.status_code == 200, where
    text = " ".join(re.sub(r"<[^>]+>", " ", reply.content.decode()).split())
    assert words.found(text) == []
    return text


@pytest.fixture
def manager(sierra: Society) -> Client:
    return browser_of(make_staff(), sierra)


def test_a_circle_from_the_first_look_to_the_page_of_everybody_in_it(sierra: Society, manager: Client) -> None:
    cycle = cycle_of("Peer circle", peer=9)
    desk = reverse("desk:pairs", args=[cycle.pk])
    assert "Suggest groups" in text_of(manager, desk)
    said = manager.post(reverse("desk:suggest", args=[cycle.pk]), follow=True).content.decode()
    assert "2 groups suggested" in said
    run = MatchRun.objects.get()
    text = text_of(manager, desk)
    assert "Group 1" in text
    assert "Peer8 Vega" in text
    assert re.search("checked: no better groups exist|at most .* away from the best possible", text)
    assert "Everybody who waited is in a group." in text
    assert "Suggested pairs" not in text

    preview = text_of(manager, reverse("desk:publish", args=[cycle.pk]))
    assert "Publish and write to 9 people" in preview
    assert "your group in Peer circle" in preview
    assert not Mentorship.objects.exists()
    assert not OutboxMail.objects.exists()

    for _twice in range(2):
        manager.post(reverse("desk:publish", args=[cycle.pk]), {"run": str(run.pk)})
    assert not Mentorship.objects.exists()
    assert "9 people are written to." in text_of(manager, desk)
    manager.post(reverse("desk:now", args=[cycle.pk, Publication.objects.get().pk]))
    assert sorted(each.participations.count() for each in Mentorship.objects.all()) == [4, 5]
    assert OutboxMail.objects.filter(template="mentorship_group").count() == 9
    assert set(cycle.enrollments.values_list("state", flat=True)) == {"matched"}
    assert Cycle.objects.get(pk=cycle.pk).state == State.RUNNING
    assert "Published groups" in text_of(manager, desk)

    mine = Participation.objects.select_related("person", "mentorship").first()
    assert mine is not None
    me = browser_of(mine.person, sierra)
    own = text_of(me, reverse("mentorships:detail", args=[mine.mentorship_id]))
    for other in Participation.objects.exclude(pk=mine.pk).select_related("person"):
        there = other.mentorship_id == mine.mentorship_id
        assert (f"I am {other.person.given_name}," in own, other.person.email in own) == (there, there)
    assert "You are not the only one here who is interested in teaching." in own
    assert "Peer circle" in text_of(me, "/")
    link = re.search(
        r"/mentorships/by-link/[^\s\"<]+|https?://\S+/mentorships/\S+",
        OutboxMail.objects.get(template="mentorship_group", recipient=mine.person.email).text,
    )
    assert link
    assert Client(headers={"host": sierra.host}).get(link.group(0)).status_code == 200


@pytest.mark.parametrize(
    ("part", "counts", "roles"),
    [
        ("Three of us", {"early": 2, "middle": 2, "senior": 2}, ["early", "middle", "senior"]),
        ("Mentoring group", {"mentor": 1, "mentee": 4}, ["mentee"] * 4 + ["mentor"]),
    ],
)
def test_threes_and_groups_that_a_mentor_leads(
    sierra: Society, manager: Client, part: str, counts: dict[str, int], roles: list[str]
) -> None:
    cycle = cycle_of(part, agrees=True, **counts)
    manager.post(reverse("desk:suggest", args=[cycle.pk]))
    text_of(manager, reverse("desk:pairs", args=[cycle.pk]))
    text_of(manager, reverse("desk:publish", args=[cycle.pk]))
    publish(run=MatchRun.objects.get(), by=None)
    for mentorship in Mentorship.objects.all():
        assert sorted(mentorship.participations.values_list("role", flat=True)) == roles
    for mine in Participation.objects.select_related("person"):
        shown = text_of(browser_of(mine.person, sierra), reverse("mentorships:detail", args=[mine.mentorship_id]))
        assert (".vega@example.org" in shown) == (part == "Mentoring group"), "a program that shares no addresses"
    assert Mentorship.objects.count() == max(1, counts.get("early", 1))


def test_a_draft_that_is_no_longer_true_is_not_published(sierra: Society) -> None:
    cycle = cycle_of("Peer circle", peer=5)
    old = suggest_groups(cycle=cycle, by=None)
    run = suggest_groups(cycle=cycle, by=None)
    with pytest.raises(DomainError, match="newer draft"):
        publish(run=old, by=None)
    MatchRun.objects.filter(pk=run.pk).update(result=run.result | {"total": run.result["total"] + 1})
    with pytest.raises(DomainError, match="no longer passes its check"):
        publish(run=MatchRun.objects.get(pk=run.pk), by=None)
    MatchRun.objects.filter(pk=run.pk).update(result=run.result)
    cycle.enrollments.filter(pk=cycle.enrollments.all()[0].pk).update(changed_at=clock.now())
    with pytest.raises(DomainError, match="1 person of this draft has changed"):
        publish(run=run, by=None)
    assert not Mentorship.objects.exists()


def test_who_comes_later_is_suggested_a_group_beside_those_that_go_on(sierra: Society, manager: Client) -> None:
    cycle = cycle_of("Peer circle", peer=9)
    later = cycle.enrollments.filter(person__given_name__in=[f"Peer{number}" for number in range(5, 9)])
    later.update(state=Enrollment.State.TO_CHECK)
    publish(run=suggest_groups(cycle=cycle, by=None), by=None)
    later.update(state=Enrollment.State.ELIGIBLE)
    run = suggest_groups(cycle=cycle, by=None)
    names = {place.enrollment.person.given_name for group in run.groups.all() for place in group.places.all()}
    assert names == {f"Peer{number}" for number in range(5, 9)}
    publish(run=run, by=None)
    assert Mentorship.objects.count() == 2
    text = text_of(manager, reverse("desk:pairs", args=[cycle.pk]))
    assert all(f"Peer{number} Vega" in text for number in range(9)), "what was published before stays on the page"


def test_too_few_is_said_in_a_sentence_and_pages_of_pairs_are_not_there(sierra: Society, manager: Client) -> None:
    cycle = cycle_of("Peer circle", peer=3)
    said = manager.post(reverse("desk:suggest", args=[cycle.pk]), follow=True).content.decode()
    assert "A group takes 4 people who may be together" in said
    for name in ("desk:left", "desk:why_not"):
        assert manager.get(reverse(name, args=[cycle.pk])).status_code == 404
    assert manager.get(reverse("desk:publish", args=[cycle.pk])).status_code == 302


def test_whom_staff_brought_agrees_before_the_group_is_shown(sierra: Society) -> None:
    cycle = cycle_of("Peer circle", agrees=False, peer=4)
    publish(run=suggest_groups(cycle=cycle, by=None), by=None)
    mine = Participation.objects.select_related("person").first()
    assert mine is not None
    reply = browser_of(mine.person, sierra).get(reverse("mentorships:detail", args=[mine.mentorship_id]), follow=True)
    assert "How we treat each other" in reply.content.decode()
    assert "I am Peer" not in reply.content.decode()


def test_many_are_grouped_by_a_worker(sierra: Society, manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    cycle = cycle_of("Peer circle", peer=4)
    monkeypatch.setattr(selectors, "GROUPED_AT_ONCE", 3)
    manager.post(reverse("desk:suggest", args=[cycle.pk]))
    assert "Looking for groups" in manager.get(reverse("desk:pairs", args=[cycle.pk])).content.decode()
