"""“Next session”: days proposed, newest settings, the mail shown; one click, two and two tabs make one session."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.canceling import cancel_session
from programs.enrollment.models import Enrollment
from programs.invitations.services import want_no_more
from programs.policy.models import Cycle
from programs.policy.services import move_dates, open_cycle
from programs.renewing import audience, services
from programs.renewing.models import Asked, Renewal
from programs.renewing.services import plan_asking, prepare_next, stop_asking
from tenants.audit.models import Entry
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person, StaffRole
from tests.design import words
from tests.enrollment.test_waiting_pages import read
from tests.factories.staff import browser_of, make_staff
from tests.renewing.making import IN_AUGUST, IN_JUNE, days, fresh, mails, newer, next_of, place, running, when, work

State = Cycle.State


def page(cycle: Cycle, name: str = "prepare") -> str:
    return reverse(f"next_session:{name}", args=[cycle.pk])


def form_of(client: Client, address: str) -> dict[str, object]:
    """The form of the page as it is filled in."""
    form = client.get(address).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def test_before_the_last_session_begins_the_page_warns_of_its_thanks(sierra: Society) -> None:
    with running(at=datetime(2027, 2, 1, 18, tzinfo=UTC)) as last:
        manager = browser_of(make_staff(), sierra)
        assert "the mail thanks people for having been part of it" in read(manager, page(last))
        with clock.moved_to(IN_JUNE):
            assert "has not begun" not in read(manager, page(last))


def test_one_click_prepares_the_next_session_and_plans_the_mail(sierra: Society) -> None:
    with running() as last:
        manager = browser_of(make_staff(), sierra)
        text = read(manager, page(last))
        assert "2 people are asked" in text
        assert "Dear Dr. Mentee0 Vega" in text
        assert "As in this session. Nothing has changed since." in text
        assert not Renewal.objects.exists(), "looking makes nothing"
        sent = form_of(manager, page(last)) | {"write": "yes"}
        for _twice in range(2):
            assert manager.post(page(last), sent).headers["Location"] == page(last, "answers")
        coming = fresh(last.program.cycles.exclude(pk=last.pk).get())
        assert (coming.name, coming.state, coming.part) == ("September 2027", State.RECRUITING, last.part)
        assert days(coming) == (
            date(2027, 7, 21), date(2027, 9, 1), date(2027, 9, 8), date(2027, 9, 15), date(2028, 2, 15),
        )  # fmt: skip
        local = (when(services.ASK) or clock.now()).astimezone(sierra.zone)
        assert (local.date(), local.hour) == (date(2027, 7, 21), 9), "not before people can sign up"
        assert "To 2 people, on July 21, 2027, 9:00 AM PDT." in read(manager, page(last, "answers"))
        assert manager.get(page(last)).headers["Location"] == page(last, "answers")
        assert not OutboxMail.objects.exists()
        verbs = set(Entry.objects.values_list("verb", flat=True))
        assert {"next_session.prepared", "next_session.asking", "cycle.opened"} <= verbs
        assert "Next: September 2027" in read(manager, reverse("sessions:board", args=[last.pk]))
        assert "After February 2027" in read(manager, reverse("sessions:board", args=[coming.pk]))


def test_every_day_and_the_name_can_be_moved_before(sierra: Society) -> None:
    with running() as last:
        manager = browser_of(make_staff(), sierra)
        moved = {"starts_on": "2027-10-01", "ends_on": "2028-03-01", "name": "Fall", "words": "It was good."}
        sent = form_of(manager, page(last)) | moved | {"only": "yes"}
        wrong = manager.post(page(last), sent | {"ends_on": "2027-09-30"})
        assert (wrong.status_code, "the wrong way round" in wrong.content.decode()) == (422, True)
        assert not Renewal.objects.exists(), "nothing is left of what was refused"
        manager.post(page(last), sent)
        coming = last.program.cycles.exclude(pk=last.pk).get()
        assert (coming.name, coming.state) == ("Fall", State.DRAFT)
        assert (coming.starts_on, coming.sign_up_closes_on) == (date(2027, 10, 1), date(2027, 9, 1))
        renewal = Renewal.objects.get()
        assert (renewal.words, renewal.asks_at) == ("It was good.", None)
        assert "Nobody is written to yet" in read(manager, page(last, "answers"))


def test_the_newest_settings_are_taken_and_what_differs_is_said(sierra: Society) -> None:
    with running() as last:
        newer(last, lambda document, _part: document["calendar"].update(runs_for="6 months"))
        text = read(browser_of(make_staff(), sierra), page(last))
        assert "They differ from this session’s:" in text
        assert "6 months" in text
        coming = next_of(last, write=False).coming
        assert (coming.version.number, coming.ends_on) == (2, date(2028, 3, 15))


def test_a_start_whose_sign_up_is_nearly_over_is_no_proposal(sierra: Society) -> None:
    with running(at=IN_AUGUST + timedelta(days=22)) as last:
        assert next_of(last, write=False).coming.starts_on == date(2028, 2, 15)


def test_open_already_it_is_written_in_ten_minutes_and_can_be_stopped(sierra: Society) -> None:
    with running(at=IN_AUGUST) as last:
        dana = make_staff()
        manager = browser_of(dana, sierra)
        renewal = next_of(last, by=dana)
        assert renewal.coming.sign_up_opens_on == date(2027, 8, 2)
        work(renewal)
        assert not Asked.objects.exists(), "not before its time"
        for _twice in range(2):
            manager.post(page(last, "write"), {"stop": "yes"})
        with clock.moved_by(timedelta(hours=1)):
            work(renewal)
            assert not Asked.objects.exists()
        assert when(services.ASK) is None
        for _twice in range(2):
            manager.post(page(last, "write"), {"write": "yes", "words": "Do come."})
        with clock.moved_by(timedelta(minutes=11)):
            work(renewal)
            assert mails("next_session") == ["mentee0", "mentor0"]
            assert "Do come." in OutboxMail.objects.filter(template="next_session")[0].text
            with pytest.raises(DomainError, match="on their way"):
                stop_asking(renewal=renewal, by=dana)
            assert plan_asking(renewal=renewal, words="", by=dana).asked_at is not None


def test_a_session_that_was_prepared_already_is_the_next_one(sierra: Society) -> None:
    with running() as last:
        there = open_cycle(
            program=last.program, part=last.part, starts_on=date(2027, 9, 15), today=clock.today(), by=None
        )
        manager = browser_of(make_staff(), sierra)
        assert "September 2027 is prepared already" in read(manager, page(last))
        manager.post(page(last), {"words": "", "write": "yes"})
        assert Renewal.objects.get().coming == there
        assert last.program.cycles.count() == 2
        move_dates(cycle=there, by=None, sign_up_opens_on=date(2027, 7, 25))
        with clock.moved_by((when(services.ASK) or clock.now()) - clock.now()):
            work(Renewal.objects.get())
        assert not OutboxMail.objects.exists(), "sign-up opens later now, and so do the mails leave"
        assert (when(services.ASK) or clock.now()).astimezone(sierra.zone).date() == date(2027, 7, 25)


def test_one_can_be_sent_to_oneself_alone(sierra: Society) -> None:
    with running() as last:
        manager = browser_of(make_staff(), sierra)
        sent = form_of(manager, page(last)) | {"me": "yes", "words": "See you."}
        assert "One is on its way to you alone." in manager.post(page(last), sent).content.decode()
        [mail] = OutboxMail.objects.all()
        assert (mail.recipient, "See you." in mail.text) == ("dana.whitfield@example.org", True)
        assert "/again/" not in mail.text, "its links answer nothing"
        assert words.found(mail.text) == []
        assert not Renewal.objects.exists()


def test_who_left_could_not_take_part_or_wants_no_mails_is_left_out(sierra: Society) -> None:
    with running(mentors=2, mentees=4) as last:
        place(last, "Mentee0")
        Enrollment.objects.filter(person__given_name="Mentee0").update(state="withdrawn")
        Enrollment.objects.filter(person__given_name="Mentee1").update(state="not_eligible")
        Person.objects.filter(given_name="Mentee2").update(email="")
        want_no_more(email=place(last, "Mentor0").person.email)
        chosen = audience.whom(last, last.settings, None)
        assert [person.given_name for person in chosen.people] == ["Mentee3", "Mentor1"]
        assert chosen.left_out == {"left": 1, "refused": 1, "no address": 1, "no more": 1}


def test_only_a_session_that_has_begun_has_a_next_one(sierra: Society) -> None:
    with running() as last:
        Cycle.objects.filter(pk=last.pk).update(state=State.MATCHING)
        assert browser_of(make_staff(), sierra).get(page(last)).status_code == 404
        with pytest.raises(DomainError, match="once this one runs"):
            prepare_next(last=last, by=make_staff(given="Noor"))


def test_a_next_session_that_was_a_mistake_is_canceled_and_prepared_anew(sierra: Society) -> None:
    with running() as last:
        cancel_session(cycle=next_of(last).coming, by=None)
        assert not Renewal.objects.exists()
        assert next_of(last, by=make_staff(given="Ola")).coming.name == "September 2027"


def test_support_reads_the_answers_and_the_committee_does_not(sierra: Society) -> None:
    with running() as last:
        next_of(last)
        support = browser_of(make_staff(StaffRole.Kind.SUPPORT, "Sam"), sierra)
        assert "Stop" not in read(support, page(last, "answers"))
        committee = browser_of(make_staff(StaffRole.Kind.COMMITTEE, "Cleo"), sierra)
        assert committee.get(page(last, "answers")).status_code == 404
