"""Reminding those who have still to agree: by staff, and once by itself; whom nobody has written to is left alone."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chiron.kernel import clock
from programs.enrollment.agreeing import agree, owed_for
from programs.enrollment.models import Enrollment, Role, SheetImport
from programs.invitations import due, reminding
from programs.invitations.models import OptOut, Reminder
from programs.invitations.services import want_no_more
from programs.policy.document import restore_policy, store_policy
from programs.policy.models import Cycle, PolicyVersion
from tenants import context
from tenants.audit.models import Entry
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person
from tests.desk.making import small_cycle, take_part
from tests.factories.staff import browser_of, make_staff


@pytest.fixture
def cycle(sierra: Society) -> Cycle:
    """Two who have agreed and two who have not; its pairs are published in a month."""
    cycle = small_cycle(mentors=1, mentees=1)
    for given in ("Ann", "Bo"):
        take_part(cycle, Role.MENTEE, given, agrees=False)
    day = clock.today(sierra.zone) + timedelta(days=30)
    later = {"starts_on": day + timedelta(days=7), "ends_on": day + timedelta(days=200)}
    Cycle.objects.filter(pk=cycle.pk).update(publish_on=day, **later)
    return Cycle.objects.select_related("program", "version").get(pk=cycle.pk)


def brought(cycle: Cycle, given: str) -> Enrollment:
    """Somebody whom a sheet brought, and who never came."""
    sheet = SheetImport.objects.create(kind="signups", file_name="a.csv", created_at=clock.now())
    enrollment = take_part(cycle, Role.MENTEE, given, agrees=False)
    Enrollment.objects.filter(pk=enrollment.pk).update(source=sheet)
    Person.objects.filter(pk=enrollment.person_id).update(account=None)
    return enrollment


def work(cycle: Cycle) -> None:
    """What a worker does once the reminders are left to it; a second one finds nothing."""
    for _twice in range(2):
        due.go_on_reminding(str(cycle.program_id))


def written() -> list[str]:
    mails = OutboxMail.objects.filter(template="agree_reminder").order_by("recipient")
    return [mail.recipient.partition(".")[0] for mail in mails]


def when_due(cycle: Cycle) -> datetime:
    with context.platform():
        return Due.objects.get(kind=reminding.IN_TIME, ref=str(cycle.pk)).due_at


def test_staff_count_look_send_themselves_one_and_write(cycle: Cycle, sierra: Society) -> None:
    staff = browser_of(make_staff(), sierra)
    address = reverse("reminding:remind", args=[cycle.program.slug])
    listing = staff.get(reverse("agreements:list", args=[cycle.program.slug])).content.decode()
    assert address in listing
    page = staff.get(address).content.decode()
    assert "Write to 2 people" in page
    assert "Dear Dr. Ann Vega" in page
    staff.post(address, {"me": "yes"})
    [sample] = OutboxMail.objects.all()
    assert sample.recipient == "dana.whitfield@example.org"
    assert "/agree/" not in sample.text
    sample.delete()
    told = [staff.post(address, {"write": "yes"}, follow=True).content.decode() for _twice in range(2)]
    assert "2 people are being written to" in told[0]
    assert "nobody to remind now" in told[1]
    assert written() == []
    work(cycle)
    assert written() == ["ann", "bo"]
    mail = OutboxMail.objects.get(recipient__startswith="ann")
    enrollment = Enrollment.objects.get(person__given_name="Ann")
    assert f"/sessions/{cycle.pk}/sign-up/{enrollment.role}/agree/" in mail.text
    titles = [each.title for each in owed_for(enrollment).agreements]
    assert [title for title in titles if title and f"- {title}" in mail.text] == titles, "as the page calls them"
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.leaves_at > mail.written_at + timedelta(minutes=9)
    assert Entry.objects.filter(verb="agreement.reminders").count() == 1
    assert "2 reminded in the last three days" in staff.get(address).content.decode()


def test_who_agrees_or_wants_no_mail_before_the_worker_comes_gets_none(cycle: Cycle) -> None:
    ann, bo = (Enrollment.objects.get(person__given_name=given) for given in ("Ann", "Bo"))
    assert reminding.remind_all(program=cycle.program, by=make_staff()) == 2
    agree(enrollment=ann, agreed=owed_for(ann).agreements)
    want_no_more(email=bo.person.email)
    work(cycle)
    assert written() == []
    assert not Reminder.objects.exists()


def test_opt_outs_pauses_and_missing_addresses_are_left_out_and_counted(cycle: Cycle, sierra: Society) -> None:
    ann, bo = (Enrollment.objects.get(person__given_name=given) for given in ("Ann", "Bo"))
    cy = take_part(cycle, Role.MENTEE, "Cy", agrees=False)
    OptOut.objects.create(email=ann.person.email.upper(), at=clock.now())
    Enrollment.objects.filter(pk=bo.pk).update(state="paused", before_pause="eligible")
    Person.objects.filter(pk=cy.person_id).update(email="")
    chosen = reminding.whom(cycle.program)
    assert chosen.people == {}
    assert chosen.left_out == {"no more": 1, "pauses": 1, "no address": 1}
    staff = browser_of(make_staff(), sierra)
    page = staff.get(reverse("reminding:remind", args=[cycle.program.slug])).content.decode()
    assert "Nobody to remind now" in page
    assert "asked to get no invitations" in page


def test_a_week_before_the_pairs_it_reminds_once_and_nobody_whom_only_a_sheet_brought(
    cycle: Cycle, sierra: Society
) -> None:
    brought(cycle, "Cy")
    reminding.plan(cycle)
    at = datetime.combine(cycle.publish_on - timedelta(days=7), time(9), tzinfo=sierra.zone)
    assert when_due(cycle) == at
    due.remind_in_time(str(cycle.pk))
    work(cycle)
    assert written() == [], "too early"
    with clock.moved_to(at):
        for _twice in range(2):
            due.remind_in_time(str(cycle.pk))
            work(cycle)
    assert written() == ["ann", "bo"]
    with clock.moved_to(at + timedelta(days=5)):
        due.remind_in_time(str(cycle.pk))
        work(cycle)
        assert written() == ["ann", "bo"]
        reminding.remind_all(program=cycle.program, by=make_staff())
        work(cycle)
        assert written() == ["ann", "ann", "bo", "bo", "cy"], "a button is somebody's word, and reaches everybody"


def test_whom_staff_wrote_to_once_the_session_reminds_too(cycle: Cycle, sierra: Society) -> None:
    brought(cycle, "Cy")
    reminding.remind_all(program=cycle.program, by=make_staff())
    work(cycle)
    with clock.moved_by(timedelta(days=29)):
        due.remind_in_time(str(cycle.pk))
        work(cycle)
    assert written() == ["ann", "ann", "bo", "bo", "cy", "cy"]


@pytest.mark.parametrize("why", ["published", "no reminders"])
def test_it_does_not_remind_by_itself(cycle: Cycle, why: str) -> None:
    if why == "published":
        Cycle.objects.update(state="running")
    else:
        document = store_policy(cycle.version.policy)
        for part in document["parts"]:
            part.setdefault("matching", {})["reminders"] = 0
        assert restore_policy(document)
        PolicyVersion.objects.filter(pk=cycle.version_id).update(document=document)
    with clock.moved_by(timedelta(days=29)):
        due.remind_in_time(str(cycle.pk))
        work(cycle)
    assert written() == []


def test_it_follows_the_days_of_the_session(cycle: Cycle, sierra: Society) -> None:
    Cycle.objects.update(state="draft")
    staff = browser_of(make_staff(), sierra)
    staff.post(reverse("sessions:move", args=[cycle.pk]), {"to": "recruiting"})
    assert when_due(cycle).astimezone(sierra.zone).date() == cycle.publish_on - timedelta(days=7)
    today = clock.today(sierra.zone)
    Cycle.objects.update(publish_on=today + timedelta(days=2))
    reminding.plan(Cycle.objects.get())
    assert when_due(cycle).astimezone(sierra.zone).date() == today + timedelta(days=1)


def test_the_page_costs_the_same_however_many_there_are(cycle: Cycle, sierra: Society) -> None:
    staff, address = browser_of(make_staff(), sierra), reverse("reminding:remind", args=[cycle.program.slug])
    staff.get(address)
    with CaptureQueriesContext(connection) as few:
        staff.get(address)
    for number in range(8):
        take_part(cycle, Role.MENTEE, f"M{number}", agrees=False)
    with CaptureQueriesContext(connection) as many:
        assert "Write to 10 people" in staff.get(address).content.decode()
    assert len(few) == len(many)
