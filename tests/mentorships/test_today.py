"""What Today tells of proposals that were declined and of mail that does not leave."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from programs.mentorships.portal.today import coming_days, names_of
from programs.mentorships.services import answer_no
from programs.policy.models import Cycle, Program
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import StaffRole
from tests.factories.staff import browser_of, make_staff
from tests.mentorships.making import proposed

Kind = StaffRole.Kind
DAYS = ("sign_up_opens_on", "sign_up_closes_on", "publish_on", "starts_on", "ends_on")
WAIT_AGAIN = "2 people are free again after a no or an end: see who could come next"


def today(client: Client) -> str:
    return client.get(reverse("today")).content.decode()


def test_who_waits_again_after_a_no_is_told_to_whoever_can_suggest_pairs(sierra: Society) -> None:
    mentor, _mentee = proposed()
    manager, committee = browser_of(make_staff(), sierra), browser_of(make_staff(Kind.COMMITTEE, given="C"), sierra)
    assert "free again" not in today(manager).split('class="help"')[0]
    answer_no(participation=mentor)
    page = today(manager)
    assert WAIT_AGAIN in page
    assert "Nothing waits for you" not in page
    assert f"{reverse('desk:pairs', args=[mentor.mentorship.cycle_id])}?which=published&amp;show=declined" in page
    assert WAIT_AGAIN not in today(committee)
    assert WAIT_AGAIN not in today(browser_of(make_staff(given="Olga", program_id=uuid4()), sierra))


@pytest.mark.parametrize("state", [OutboxMail.State.WAITING, OutboxMail.State.FAILED])
def test_mail_that_does_not_leave_is_told_to_whoever_sees_mail(sierra: Society, state: OutboxMail.State) -> None:
    proposed()
    manager, support = (browser_of(make_staff(kind, given=kind), sierra) for kind in (Kind.MANAGER, Kind.SUPPORT))
    others = [make_staff(Kind.COMMITTEE, given="C"), make_staff(given="Olga", program_id=uuid4())]
    assert "Mail that does not leave" not in today(manager)
    OutboxMail.objects.update(state=state, trouble="The mail server refused it: no such mailbox")
    for client in (manager, support):
        assert "no such mailbox" in today(client)
    for person in others:
        assert "no such mailbox" not in today(browser_of(person, sierra))


def test_two_sessions_of_one_name_say_which_part_they_run(sierra: Society) -> None:
    now = clock.today(sierra.zone)
    days = dict(zip(DAYS, (now + timedelta(days=count) for count in (-30, 5, 8, 10, 200)), strict=True))
    Cycle.objects.filter(pk=proposed()[0].mentorship.cycle_id).update(**days)
    cycle = Cycle.objects.get()
    client = browser_of(make_staff(), sierra)
    page = today(client)
    assert f"{cycle.program.name}, {cycle.name}</a>" in page
    Cycle.objects.create(
        program=cycle.program,
        version=cycle.version,
        part="Peer circle",
        name=cycle.name,
        created_at=cycle.created_at,
        **days,
    )
    page = today(client)
    assert f"{cycle.program.name}, {cycle.name}</a>" not in page
    for part in (cycle.part, "Peer circle"):
        assert f"{cycle.program.name}, {cycle.name} ({part})</a>" in page


def test_programs_of_one_name_say_when_each_session_starts() -> None:
    program = Program(name="Mentors")
    both = [Cycle(program=program, part="Pairs", name="Fall", starts_on=date(2027, month, 1)) for month in (9, 10)]
    assert list(names_of(both).values()) == [
        "Mentors, Fall (Pairs) (September 1, 2027)",
        "Mentors, Fall (Pairs) (October 1, 2027)",
    ]


@pytest.mark.parametrize(("state", "told"), [("recruiting", True), ("running", False)])
def test_the_last_day_to_sign_up_is_told_as_long_as_people_can(sierra: Society, state: str, told: bool) -> None:
    cycle = proposed()[0].mentorship.cycle
    cycle.state = state
    labels = [label for _day, label, _cycle in coming_days([cycle], cycle.sign_up_closes_on)]
    assert ("Last day to sign up" in labels) is told
    assert "The session starts" in labels
