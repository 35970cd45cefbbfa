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
from matching.pool.of_groups import GroupSupply
from matching.publishing import group_changing
from matching.publishing.models import Change, Publication
from matching.publishing.services import publish
from programs.enrollment.agreeing import agree, owed_for
from programs.enrollment.models import Enrollment, Role
from programs.enrollment.services import sign_up
from programs.mentorships.links import link_for
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
    assert re.search("no better groups exist|at most .* away from the best possible", text)
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


def two_circles() -> tuple[Cycle, Mentorship, Mentorship, Enrollment]:
    """Four and five people in circles that run, the larger one first, and somebody who came later."""
    cycle = cycle_of("Peer circle", peer=9)
    publish(run=suggest_groups(cycle=cycle, by=None), by=None)
    later = join(change_back(cycle), Role.PEER, "Later")
    OutboxMail.objects.all().delete()
    four, five = sorted(Mentorship.objects.all(), key=lambda each: each.participations.count())
    return Cycle.objects.get(pk=cycle.pk), five, four, later


def change_back(cycle: Cycle) -> Cycle:
    """The session as sign-ups see it, while sign-up was open."""
    cycle.state = State.RECRUITING
    return cycle


def people_of(group: Mentorship) -> set[str]:
    return set(group.participations.filter(answer="yes").values_list("person__given_name", flat=True))


def written() -> list[tuple[str, str]]:
    mails = OutboxMail.objects.values_list("template", "recipient_name")
    return sorted((template, name.partition(" ")[0]) for template, name in mails)


def change_by_page(manager: Client, group: Mentorship, **said: str) -> str:
    """The form, the mails, and the second press twice; what the mails say."""
    where = reverse("desk:change", args=[group.cycle_id, group.pk])
    data = {"reason": "They asked for it", **said}
    before = list(OutboxMail.objects.values_list("pk", flat=True))
    shown = manager.post(where, data)
    assert shown.status_code == 200, shown.context["form"].errors
    assert list(OutboxMail.objects.values_list("pk", flat=True)) == before, "looking writes nothing"
    assert Change.objects.count() == 0
    for _twice in range(2):
        manager.post(where, {**data, "do": "yes"})
    assert Change.objects.count() == 1
    return shown.content.decode()


def test_somebody_who_waits_joins_a_group_and_everybody_reads_of_it(sierra: Society, manager: Client) -> None:
    cycle, _five, four, later = two_circles()
    shown = change_by_page(manager, four, what="add", joins=str(later.pk))
    assert "Dr. Later Vega joins your group" in shown
    first = people_of(four) - {"Later"}
    assert len(first) == 4
    assert written() == sorted([("mentorship_group", "Later"), *(("group_joined", name) for name in first)])
    later.refresh_from_db()
    assert later.state == "matched"
    mail = OutboxMail.objects.get(template="mentorship_group")
    assert all(name in mail.text for name in first)
    desk = text_of(manager, reverse("desk:pairs", args=[cycle.pk]))
    assert "Later Vega joined a group." in desk
    assert "They asked for it" in desk


def test_somebody_moves_to_another_group_and_leaves_the_first(sierra: Society, manager: Client) -> None:
    cycle, five, four, _later = two_circles()
    who = five.participations.select_related("person").order_by("person__given_name")[0]
    name, rest, there = who.person.given_name, people_of(five) - {who.person.given_name}, people_of(four)
    old = link_for(who)
    said = {"leaves": str(who.enrollment_id), "to": str(four.pk), "words": "Thursdays suit you better there."}
    assert "Thursdays suit you better there." in change_by_page(manager, five, what="move", **said)
    assert (people_of(five), people_of(four)) == (rest, there | {name})
    assert written() == sorted(
        [
            ("mentorship_group", name),
            *(("group_joined", each) for each in there),
            *(("mentorship_ended", each) for each in rest),
        ]
    )
    mail = OutboxMail.objects.get(template="mentorship_group").text
    assert "Thursdays suit you better there." in mail
    assert "you are in another group" in mail
    assert "first meeting" not in mail
    told = OutboxMail.objects.filter(template="mentorship_ended")[0].text
    assert "is in another group from now on." in told
    assert "Your group goes on as it is." in told
    assert not [words for words in ("does not go on", "Thank you for the time") if words in told]
    assert "You are in another group now." in text_of(manager, old)
    desk = text_of(manager, reverse("desk:pairs", args=[cycle.pk]))
    assert f"{name} Vega moved to another group." in desk
    assert f"Not in it any more: {name} Vega." in desk
    assert MatchRun.objects.get().groups.count() == 2, "the run stays as it was published"


def test_somebody_is_taken_out_and_a_group_ends(sierra: Society, manager: Client) -> None:
    cycle, five, four, _later = two_circles()
    who = five.participations.select_related("person").order_by("person__given_name")[0]
    change_by_page(manager, five, what="out", leaves=str(who.enrollment_id), words="We look for another.")
    assert ("group_left", who.person.given_name) in written()
    assert "We look for another." in OutboxMail.objects.get(template="group_left").text
    who.enrollment.refresh_from_db()
    assert who.enrollment.state == "eligible"
    Change.objects.all().delete()
    OutboxMail.objects.all().delete()
    everybody = people_of(four)
    change_by_page(manager, four, what="end")
    assert written() == sorted(("group_left", each) for each in everybody)
    assert set(four.participations.values_list("enrollment__state", flat=True)) == {"eligible"}
    reply = manager.get(reverse("desk:change", args=[cycle.pk, four.pk]), follow=True)
    assert "This group has ended already." in reply.content.decode()


def test_a_change_that_cannot_be_is_refused_with_its_reason_and_leaves_all_as_it_was(sierra: Society) -> None:
    cycle, five, four, later = two_circles()
    one = five.participations.select_related("enrollment__person").order_by("pk")[0].enrollment
    gone = five.participations.order_by("pk")[1]
    with pytest.raises(DomainError, match="Write down why"):
        group_changing.add(group=four, enrollment=later, reason=" ", by=None)
    with pytest.raises(DomainError, match="does not wait for a group"):
        group_changing.add(group=four, enrollment=one, reason="Twice", by=None)
    group_changing.add(group=five, enrollment=later, reason="Room", by=None)
    another = join(change_back(Cycle.objects.get(pk=cycle.pk)), Role.PEER, "Another")
    with pytest.raises(DomainError, match="This group is full: the program takes 6 people"):
        group_changing.add(group=five, enrollment=another, reason="Room", by=None)
    Participation.objects.filter(mentorship=four).exclude(
        pk__in=four.participations.order_by("pk").values("pk")[:2]
    ).update(answer="no")
    with pytest.raises(DomainError, match="Too few would be left"):
        left = four.participations.filter(answer="yes").select_related("enrollment__person")[0].enrollment
        group_changing.take_out(group=four, enrollment=left, reason="Time", by=None)
    assert gone.mentorship_id == five.pk
    Cycle.objects.filter(pk=cycle.pk).update(state=State.CLOSED)
    with pytest.raises(DomainError, match="as long as the session runs"):
        group_changing.end(group=four, reason="Late", by=None)


def test_a_led_group_keeps_its_mentor_and_a_rule_keeps_people_apart(sierra: Society) -> None:
    cycle = cycle_of("Mentoring group", mentor=1, mentee=4)
    publish(run=suggest_groups(cycle=cycle, by=None), by=None)
    group = Mentorship.objects.get()
    leader = group.participations.select_related("enrollment__person").get(role="mentor").enrollment
    with pytest.raises(DomainError, match="nothing without its mentor"):
        group_changing.take_out(group=group, enrollment=leader, reason="Time", by=None)
    other = join(change_back(Cycle.objects.get(pk=cycle.pk)), Role.MENTEE, "Apart")
    Enrollment.objects.filter(pk=other.pk).update(answers=other.answers | {"languages": ["Navajo"]})
    with pytest.raises(DomainError, match="Apart Vega and Mentor0 Vega cannot be in one group"):
        group_changing.add(group=group, enrollment=other, reason="Room", by=None)


def test_who_waits_for_a_group_is_seen_at_a_glance_and_every_number_opens(sierra: Society, manager: Client) -> None:
    cycle = cycle_of("Peer circle", peer=9)
    apart = cycle.enrollments.get(person__given_name="Peer3")
    Enrollment.objects.filter(pk=apart.pk).update(answers=apart.answers | {"languages": ["Navajo"]})
    assert "People at a glance" in text_of(manager, reverse("desk:pairs", args=[cycle.pk]))
    page = manager.get(reverse("desk:glance", args=[cycle.pk])).content.decode()
    opens = re.findall(r'<a href="([^"]+)"[^>]*>(\d+)</a>', page.split("<main", 1)[1])
    assert [count for _where, count in opens] == ["9", "1", "9"]
    for where, count in opens:
        people = "1 person" if count == "1" else f"{count} people"
        assert people in text_of(manager, where.replace("&amp;", "&"))
    assert "Groups, at most 2 of 4 to 6 people" in " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "Peer3 Vega" in text_of(manager, opens[1][0].replace("&amp;", "&"))
    assert manager.get(reverse("desk:glance_people", args=[cycle.pk]), {"role": "mentor"}).status_code == 404


def test_a_glance_at_threes_and_led_groups_counts_what_they_are_enough_for(sierra: Society, manager: Client) -> None:
    three = cycle_of("Three of us", early=3, middle=2, senior=4)
    assert GroupSupply.of(three).most_groups == 2
