"""Whoever signs up is written to once: that they have, what happens next and by when."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from programs.enrollment.models import Enrollment
from programs.enrollment.services import sign_up, withdraw
from programs.policy.models import Cycle
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tests.design import words
from tests.enrollment.making import capped
from tests.factories.programs import make_cycle, make_person
from tests.programs.answering import sign_up_by_pages, ticked
from tests.programs.test_member_pages import open_session, signed_in

OPEN, LATE = datetime(2026, 12, 28, 12, tzinfo=UTC), datetime(2027, 2, 14, 12, tzinfo=UTC)


def confirmed() -> list[OutboxMail]:
    return list(OutboxMail.objects.filter(template="signed_up").order_by("id"))


def signed(cycle: Cycle, name: str = "Ada", stage: str = "resident", at: datetime = OPEN) -> str:
    person = make_person(name)
    with clock.moved_to(at):
        sign_up(cycle=cycle, person=person, role="mentee", answers={"stage": stage}, by=person, confirms=True)
    found = [mail.text for mail in confirmed() if mail.recipient == person.email]
    return found[0] if found else ""


def test_one_mail_says_what_comes_and_a_change_of_answers_brings_no_other(sierra: Society) -> None:
    cycle = open_session(sierra)
    client = signed_in(Client(headers={"host": sierra.host}), "bo.reed@example.org")
    first = f"/sessions/{cycle.pk}/sign-up/mentee/"
    sign_up_by_pages(client, first)
    [mail] = confirmed()
    assert (mail.recipient, mail.reply_to) == ("bo.reed@example.org", cycle.program.contact)
    assert mail.subject.endswith("you have signed up")
    assert sierra.url(reverse("enrollment:signed_up", args=[cycle.pk, "mentee"])) in mail.text
    assert words.found(mail.text) == []
    shown = client.get(f"{first}check/").content.decode()
    for _press in range(2):
        client.post(f"{first}check/", ticked(shown))
    assert len(confirmed()) == 1
    withdraw(enrollment=Enrollment.objects.get(), by=Enrollment.objects.get().person)
    client.post(f"{first}check/", ticked(shown))
    assert len(confirmed()) == 2, "to sign up again is to sign up"


def test_it_says_the_days_that_are_still_to_come(sierra: Society) -> None:
    cycle = make_cycle()
    text = signed(cycle)
    closes, publishes = (f"{day:%B} {day.day}" for day in (cycle.sign_up_closes_on, cycle.publish_on))
    assert "You can take part." in text
    assert f"Until the end of {closes}" in text
    assert f"Around {publishes}" in text
    later = signed(cycle, "Bo", at=LATE)
    assert "Until the end of" not in later
    assert "Around" not in later
    assert "We suggest who suits whom, and write to you." in re.sub(r"\s+", " ", later)


@pytest.mark.parametrize(
    ("case", "said"),
    [("waits", "you are on the waiting list"), ("check", "One thing we cannot tell from here"), ("refused", "")],
)
def test_it_says_how_the_sign_up_stands(sierra: Society, case: str, said: str) -> None:
    """Who cannot take part read why on the page, and nothing comes next."""
    cycle = capped(1) if case == "waits" else make_cycle()
    if case == "waits":
        signed(cycle, "First")
    stage = {"check": "", "refused": "retired"}.get(case, "resident")
    text = re.sub(r"\s+", " ", signed(cycle, stage=stage))
    assert said in text
    assert bool(text) == bool(said)


def test_who_is_signed_up_by_others_is_written_to_by_them(sierra: Society) -> None:
    person = make_person("Ada")
    sign_up(cycle=make_cycle(), person=person, role="mentee", answers={"stage": "resident"}, by=None)
    assert not OutboxMail.objects.exists()
