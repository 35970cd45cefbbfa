"""Whoever would like to take part some time says so, is invited when sign-up opens, and is forgotten after silence."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment import interests
from programs.enrollment.due import ask_or_forget, tell_that_it_opened
from programs.enrollment.services import sign_up, withdraw
from programs.invitations.services import want_no_more
from programs.policy.models import Cycle, Interest, Program
from programs.policy.services import publish_version, show_program
from tenants import context
from tenants.audit.models import Entry
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tests.factories.programs import make_cycle, make_person
from tests.factories.staff import browser_of, make_staff

SAID = {
    "given_name": "Ida",
    "family_name": "Nilsen",
    "email": "ida@example.org",
    "role": "mentor",
    "stage": "retired",
    "text": "Forty years of family medicine.",
}


@pytest.fixture
def cycle(sierra: Society) -> Cycle:
    return make_cycle(state=Cycle.State.DRAFT)


@pytest.fixture
def program(cycle: Cycle) -> Program:
    """Shown before its first session."""
    return show_program(program=cycle.program, by=None)


def is_open(cycle: Cycle) -> Cycle:
    today = clock.today()
    days = {"sign_up_opens_on": today - timedelta(days=5), "sign_up_closes_on": today + timedelta(days=5)}
    Cycle.objects.filter(pk=cycle.pk).update(state=Cycle.State.RECRUITING, **days)
    cycle.refresh_from_db()
    return cycle


def say(program: Program, **changes: str) -> Interest:
    return interests.say_interest(program=program, **SAID | changes)


def asked_next() -> list[datetime]:
    """When somebody on a list is asked, or forgotten."""
    with context.platform():
        return list(Due.objects.filter(kind="interest").values_list("due_at", flat=True))


def mails() -> list[str]:
    return [mail.template for mail in OutboxMail.objects.order_by("pk")]


def test_a_visitor_says_so_and_reads_when_sign_up_opens(program: Program, cycle: Cycle, sierra: Society) -> None:
    visitor = Client(headers={"host": sierra.host})
    shown = visitor.get(reverse("enrollment:program", args=[program.slug])).content.decode()
    where = reverse("interest:say", args=[program.slug])
    assert f'href="{where}"' in shown
    opens = date_format(cycle.sign_up_opens_on, "l, F j, Y")
    assert f"Sign-up opens on {opens}" in shown
    assert program.contact in visitor.get(where).content.decode()
    thanks = visitor.post(where, SAID).content.decode()
    assert f"Sign-up opens on {opens}" in thanks
    interest = Interest.objects.get()
    assert (interest.name, interest.role, interest.stage) == ("Ida Nilsen", "mentor", "retired")
    assert mails() == ["interest_noted"]


def test_while_sign_up_is_open_nobody_is_told_to_wait_for_it(program: Program, cycle: Cycle, sierra: Society) -> None:
    is_open(cycle)
    visitor, where = Client(headers={"host": sierra.host}), reverse("interest:say", args=[program.slug])
    for page in (visitor.get(where), visitor.post(where, SAID)):
        text = page.content.decode()
        assert "Sign-up is open now" in text
        assert f'href="{reverse("enrollment:program", args=[program.slug])}"' in text
        assert "as soon as sign-up opens" not in text


@pytest.mark.parametrize("state", [Cycle.State.DRAFT, Cycle.State.RECRUITING])
def test_a_day_that_is_over_is_not_when_sign_up_opens(
    program: Program, cycle: Cycle, sierra: Society, state: str
) -> None:
    today = clock.today(sierra.zone)
    days = {"sign_up_opens_on": today - timedelta(days=9), "sign_up_closes_on": today - timedelta(days=1)}
    Cycle.objects.filter(pk=cycle.pk).update(state=state, **days)
    visitor, where = Client(headers={"host": sierra.host}), reverse("interest:say", args=[program.slug])
    for page in (visitor.get(where), visitor.post(where, SAID)):
        assert "Sign-up opens on" not in page.content.decode()
        assert "as soon as sign-up opens" in page.content.decode()


def test_who_says_it_again_learns_nothing_and_gets_no_second_mail(program: Program, sierra: Society) -> None:
    visitor, where = Client(headers={"host": sierra.host}), reverse("interest:say", args=[program.slug])
    first = visitor.post(where, SAID).content
    again = visitor.post(where, SAID | {"email": "IDA@example.org", "text": "Still here."}).content
    assert strip(first) == strip(again)
    assert (Interest.objects.get().text, mails()) == ("Still here.", ["interest_noted"])
    visitor.post(where, SAID | {"role": "mentee"})
    assert Interest.objects.count() == 2


def strip(page: bytes) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.decode())


def test_one_visitor_fills_no_list(program: Program, sierra: Society) -> None:
    visitor, where = Client(headers={"host": sierra.host}), reverse("interest:say", args=[program.slug])
    statuses = [visitor.post(where, SAID | {"email": f"i{number}@example.org"}).status_code for number in range(21)]
    assert statuses == [200] * 20 + [429]


def test_after_twelve_silent_months_it_asks_once_and_then_forgets(program: Program) -> None:
    with clock.moved_to(datetime(2027, 1, 15, 9, tzinfo=UTC)):
        interest = say(program)
    asked = datetime(2028, 1, 15, 9, 1, tzinfo=UTC)
    [first] = asked_next()
    assert asked - timedelta(minutes=1) <= first <= asked
    with clock.moved_to(asked - timedelta(days=1)):
        ask_or_forget(str(interest.pk))
    assert mails() == ["interest_noted"], "a day too early"
    assert asked_next() == [first]
    with clock.moved_to(asked):
        ask_or_forget(str(interest.pk))
    assert mails() == ["interest_noted", "interest_still"]
    [last] = asked_next()
    assert timedelta(days=30) <= last - asked <= timedelta(days=30, minutes=1)
    with clock.moved_to(asked + timedelta(days=30)):
        ask_or_forget(str(interest.pk))
        ask_or_forget(str(interest.pk))
    assert Interest.objects.count() == 0
    assert asked_next() == []
    assert mails() == ["interest_noted", "interest_still"]


def test_a_link_changes_nothing_by_being_opened(program: Program, sierra: Society) -> None:
    interest = say(program)
    visitor = Client(headers={"host": sierra.host})
    path = interests.link_for(interest).partition(sierra.host)[2].partition("/")[2]
    for _twice in range(2):
        assert "keep me on the list" in visitor.get(f"/{path}").content.decode()
    assert Interest.objects.get().heard_at == interest.heard_at
    assert "You stay on the list" in visitor.post(f"/{path}", {"answer": "stay"}).content.decode()
    assert Interest.objects.get().heard_at > interest.heard_at
    assert "You are off the list" in visitor.post(f"/{path}", {"answer": "leave"}).content.decode()
    assert Interest.objects.count() == 0
    for again in (visitor.get(f"/{path}"), *(visitor.post(f"/{path}", {"answer": said}) for said in ("leave", "stay"))):
        assert "You are not on the list" in again.content.decode(), "not a page that is not there"
    assert visitor.get(f"/{path[:-2]}x/").status_code == 404
    assert Entry.objects.filter(verb="interest.forgotten").count() == 1


def test_a_stranger_keeps_nobody_on_the_list_unknown_to_them(program: Program) -> None:
    say(program)
    with clock.moved_by(timedelta(days=200)):
        say(program, given_name="Mallory", text="In words of somebody else.")
        say(program)
        assert mails() == ["interest_noted"] * 2, "the owner of the address hears of it, with the way off the list"


def test_an_answer_is_waited_for_as_long_as_was_said(program: Program) -> None:
    interest = say(program)
    with clock.moved_by(timedelta(days=367)):
        ask_or_forget(str(interest.pk))
        ask_or_forget(str(interest.pk))
        assert Interest.objects.count() == 1, "done twice by a worker that came back"
    with clock.moved_by(timedelta(days=399)):
        interests.stay_interested(interest=interest)
        ask_or_forget(str(interest.pk))
        assert Interest.objects.get().asked_at is None
    interests.forget_interest(interest=interest)
    interests.stay_interested(interest=interest)
    assert asked_next() == []


@pytest.mark.parametrize("name", ["See https://evil.example", "www.evil.example", "Win evil.com now", "a@evil.example"])
def test_a_name_at_the_head_of_our_mails_is_no_link(program: Program, sierra: Society, name: str) -> None:
    visitor, where = Client(headers={"host": sierra.host}), reverse("interest:say", args=[program.slug])
    assert visitor.post(where, SAID | {"given_name": name}).status_code == 422
    assert mails() == []
    assert visitor.post(where, SAID | {"given_name": "St.John J.R.", "family_name": "O’Neil Jr."}).status_code == 200


def test_staff_invite_from_the_list(program: Program, cycle: Cycle, sierra: Society) -> None:
    manager = browser_of(make_staff(), sierra)
    mentor, other = say(program), say(program, email="other@example.org", given_name="Odd")
    where = reverse("interested:list", args=[program.slug])
    assert "Nothing is open now" in manager.get(where).content.decode()
    with pytest.raises(DomainError, match="is not open"):
        interests.invite_interested(interests=[mentor], cycle=cycle, by=make_staff(given="Kim"))
    is_open(cycle)
    assert "Ida Nilsen" in manager.get(where, {"role": "mentor"}).content.decode()
    assert "Ida Nilsen" not in manager.get(where, {"role": "mentee"}).content.decode()
    chosen = {"cycle": cycle.pk, "who": [mentor.pk]}
    looked = manager.post(where, chosen | {"look": "yes"}).content.decode()
    assert "Write to 1 person" in looked
    assert OutboxMail.objects.filter(template="interest_invited").count() == 0
    manager.post(where, chosen | {"me": "yes"})
    assert [mail.recipient for mail in OutboxMail.objects.filter(template="interest_invited")] == [
        "dana.whitfield@example.org"
    ]
    manager.post(where, chosen | {"write": "yes"})
    written = OutboxMail.objects.filter(template="interest_invited").order_by("pk").last()
    assert written is not None
    assert written.recipient == "ida@example.org"
    assert "/invitations/" in written.text, "a link that proves the address"
    mentor.refresh_from_db()
    other.refresh_from_db()
    assert (mentor.invited_to, other.invited_to) == (cycle, None)


def test_the_programs_own_words_stand_in_its_mails_at_once(program: Program, cycle: Cycle) -> None:
    newest = program.versions.first()
    assert newest is not None
    mails = newest.policy.mails.model_copy(update={"invited": "Bring your stories to {title}."})
    publish_version(program=program, policy=newest.policy.model_copy(update={"mails": mails}), by=None)
    interest = say(program)
    interests.invite_interested(interests=[interest], cycle=is_open(cycle), by=make_staff())
    written = OutboxMail.objects.filter(template="interest_invited").get()
    assert "Bring your stories to Mentorship in Medicine." in written.text


def test_the_list_costs_the_same_however_long_it_is(program: Program, sierra: Society) -> None:
    manager, where = browser_of(make_staff(), sierra), reverse("interested:list", args=[program.slug])
    say(program)
    manager.get(where)
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            manager.get(where)
        counts.append([query["sql"][:110] for query in queries])
        for more in range(3):
            say(program, email=f"m{number}{more}@example.org")
    assert len(counts[0]) == len(counts[1]), counts


def test_a_session_made_by_mistake_is_canceled_while_nobody_has_signed_up(cycle: Cycle, sierra: Society) -> None:
    manager = browser_of(make_staff(), sierra)
    board, cancel = reverse("sessions:board", args=[cycle.pk]), reverse("sessions:cancel", args=[cycle.pk])
    assert "Cancel this session" in manager.get(board).content.decode()
    told = manager.post(cancel, follow=True).content.decode()
    assert "is canceled, as if it had never been there" in told
    assert Cycle.objects.count() == 0


def test_a_session_that_somebody_signed_up_to_is_not_canceled(cycle: Cycle, sierra: Society) -> None:
    manager, somebody = browser_of(make_staff(), sierra), make_staff(given="Sam")
    is_open(cycle)
    signed_up = sign_up(cycle=cycle, person=somebody, role="mentee", answers={"stage": "resident"}, by=somebody)
    withdraw(enrollment=signed_up, by=somebody)
    board, cancel = reverse("sessions:board", args=[cycle.pk]), reverse("sessions:cancel", args=[cycle.pk])
    assert "Cancel this session" not in manager.get(board).content.decode()
    assert "People have signed up" in manager.post(cancel, follow=True).content.decode()
    assert Cycle.objects.count() == 1


def open_on_the_board(cycle: Cycle, sierra: Society) -> None:
    """As staff open it; its days are these."""
    today = clock.today()
    days = {"sign_up_opens_on": today - timedelta(days=5), "sign_up_closes_on": today + timedelta(days=5)}
    Cycle.objects.filter(pk=cycle.pk).update(**days)
    manager = browser_of(make_staff(), sierra)
    assert manager.post(reverse("sessions:move", args=[cycle.pk]), {"to": "recruiting"}).status_code == 302
    cycle.refresh_from_db()


def test_everybody_on_the_list_is_told_when_sign_up_opens(program: Program, cycle: Cycle, sierra: Society) -> None:
    told, invited, here = say(program), say(program, email="by@example.org"), say(program, email="in@example.org")
    open_on_the_board(cycle, sierra)
    with context.platform():
        (planned,) = Due.objects.filter(kind="interest.opened").values_list("due_at", flat=True)
    assert timedelta(0) < planned - clock.now() <= timedelta(hours=1), "staff come first"
    interests.invite_interested(interests=[invited], cycle=cycle, by=make_staff(given="Cora"))
    member = make_person(email=here.email)
    sign_up(cycle=cycle, person=member, role="mentor", answers={"stage": "retired"}, by=None)
    before = OutboxMail.objects.filter(template="interest_invited").count()
    for _twice in range(2):
        tell_that_it_opened(str(cycle.pk))
    written = OutboxMail.objects.filter(template="interest_invited").order_by("pk")[before:]
    assert [mail.recipient for mail in written] == [told.email]
    assert f"/sessions/{cycle.pk}/sign-up/mentor/" in written[0].text


def test_nobody_is_told_where_one_comes_by_invitation_alone(commonwealth: Society) -> None:
    cycle = is_open(make_cycle("commonwealth"))
    say(cycle.program)
    tell_that_it_opened(str(cycle.pk))
    assert "interest_invited" not in mails()


def test_nobody_is_told_of_a_session_that_does_not_open_yet(program: Program, cycle: Cycle, sierra: Society) -> None:
    say(program)
    tell_that_it_opened(str(cycle.pk))
    open_on_the_board(cycle, sierra)
    Cycle.objects.filter(pk=cycle.pk).update(sign_up_opens_on=clock.today() + timedelta(days=2))
    tell_that_it_opened(str(cycle.pk))
    assert "interest_invited" not in mails()


def test_a_list_longer_than_the_society_may_write_to_waits_for_a_day_and_then_is_told(
    program: Program, cycle: Cycle, sierra: Society
) -> None:
    for number in range(26):
        say(program, email=f"ida{number}@example.org")
    is_open(cycle)
    invited = OutboxMail.objects.filter(template="interest_invited")
    tell_that_it_opened(str(cycle.pk))
    assert not invited.exists(), "there is no postal address"
    with context.platform():
        again = Due.objects.get(kind=interests.OPENED)
    assert timedelta(hours=23) < again.due_at - clock.now() <= timedelta(days=1)
    sierra.postal_address = "1201 Orchard Street, Sierra Valley, CA 95900"
    tell_that_it_opened(str(cycle.pk))
    assert {mail.mailing.people for mail in invited if mail.mailing} == {26}
    assert "1201 Orchard Street" in invited[0].text
    tell_that_it_opened(str(cycle.pk))
    assert invited.count() == 26


def test_a_mail_program_takes_its_reader_off_the_list_by_one_press(
    program: Program, cycle: Cycle, sierra: Society
) -> None:
    say(program)
    is_open(cycle)
    tell_that_it_opened(str(cycle.pk))
    (mail,) = OutboxMail.objects.filter(template="interest_invited")
    where = "/interest/" + mail.headers["List-Unsubscribe"].partition("/interest/")[2].strip(">")
    reader = Client(enforce_csrf_checks=True, headers={"host": sierra.host})
    assert (reader.get(where).status_code, Interest.objects.count()) == (200, 1)
    assert (reader.post(where, {"List-Unsubscribe": "One-Click"}).status_code, Interest.objects.count()) == (200, 0)


def test_whoever_wants_no_invitations_is_not_told_that_sign_up_opened(program: Program, cycle: Cycle) -> None:
    say(program)
    want_no_more(email="IDA@example.org")
    is_open(cycle)
    tell_that_it_opened(str(cycle.pk))
    assert not OutboxMail.objects.filter(template="interest_invited").exists()
