"""What Today tells of proposals that were declined and of mail that does not leave."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from programs.mentorships.services import answer_no
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import StaffRole
from tests.factories.staff import browser_of, make_staff
from tests.mentorships.making import proposed

Kind = StaffRole.Kind
WAIT_AGAIN = "2 people wait again after a no: suggest pairs for those who wait"


def today(client: Client) -> str:
    return client.get(reverse("today")).content.decode()


def test_who_waits_again_after_a_no_is_told_to_whoever_can_suggest_pairs(sierra: Society) -> None:
    mentor, _mentee = proposed()
    manager, committee = browser_of(make_staff(), sierra), browser_of(make_staff(Kind.COMMITTEE, given="C"), sierra)
    assert "wait again" not in today(manager).split('class="help"')[0]
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
