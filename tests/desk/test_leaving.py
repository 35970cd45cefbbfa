"""Between the button and the mails: half an hour or a chosen day, one way back, and everything once or not at all."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from threading import Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.models import MatchRun
from matching.publishing import leaving
from matching.publishing.models import Publication
from matching.publishing.selectors import plan_of
from matching.services import decide_pair, suggest_pairs
from programs.enrollment.models import Enrollment
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.services import mentor_and_mentee
from programs.policy.models import Cycle
from tenants import context, due
from tenants.audit.models import Entry
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tests.design import words
from tests.desk.making import KEEP, small_cycle
from tests.desk.test_publishing import together
from tests.factories.programs import make_person
from tests.factories.staff import browser_of, make_staff

State = Publication.State
A_SECOND = timedelta(seconds=1)


@pytest.fixture
def run(sierra: Society) -> MatchRun:
    return suggest_pairs(cycle=small_cycle(), by=None)


@pytest.fixture
def manager(sierra: Society) -> Client:
    return browser_of(make_staff(), sierra)


def when_due() -> None:
    """Do what is due, as a worker would."""
    while job := due.claim():
        due.run(job)


def nothing_began() -> bool:
    there = (Mentorship.objects.count(), OutboxMail.objects.exclude(template="publication_refused").count())
    return there == (0, 0) and Cycle.objects.get().state == Cycle.State.MATCHING


def test_half_an_hour_passes_before_anything_begins(run: MatchRun) -> None:
    publication = leaving.publish_later(run=run, by=make_staff())
    assert publication.leaves_at is not None
    with clock.moved_to(publication.leaves_at - 2 * A_SECOND):
        when_due()
        assert nothing_began()
    with clock.moved_to(publication.leaves_at + A_SECOND):
        when_due()
        leaving.leave(publication=publication)
    publication.refresh_from_db()
    assert publication.state == State.DONE
    assert Mentorship.objects.count() == OutboxMail.objects.count() == 2
    assert set(OutboxMail.objects.values_list("template", flat=True)) == {"mentorship_asked"}
    assert Entry.objects.filter(verb="match.published").count() == 1


def test_stop_takes_everything_back(run: MatchRun) -> None:
    staff = make_staff()
    publication = leaving.publish_later(run=run, by=staff)
    for _twice in range(2):
        assert leaving.stop(publication=publication, by=staff).state == State.STOPPED
    with clock.moved_by(timedelta(hours=1)):
        when_due()
        leaving.leave(publication=publication)
    assert nothing_began()
    assert set(Enrollment.objects.values_list("state", flat=True)) == {Enrollment.State.ELIGIBLE}
    assert Entry.objects.filter(verb="match.stopped").count() == 1
    again = leaving.publish_later(run=run, by=staff)
    assert again.pk != publication.pk
    leaving.leave_now(publication=again, by=staff)
    assert Mentorship.objects.count() == 2
    with pytest.raises(DomainError, match="Too late: the mails have left"):
        leaving.stop(publication=again, by=staff)


def test_pressing_twice_starts_the_half_hour_once(run: MatchRun) -> None:
    first = leaving.publish_later(run=run, by=None)
    with clock.moved_by(timedelta(minutes=10)):
        again = leaving.publish_later(run=run, by=None)
    assert (again.pk, again.leaves_at) == (first.pk, first.leaves_at)
    with context.platform():
        assert Due.objects.filter(kind=leaving.KIND).count() == 1


def test_what_changes_meanwhile_keeps_everything_back_and_tells_who_pressed(run: MatchRun, sierra: Society) -> None:
    staff = make_staff()
    publication = leaving.publish_later(run=run, by=staff)
    mentor = run.pairs.all()[0].mentor
    Enrollment.objects.filter(pk=mentor.pk).update(state=Enrollment.State.WITHDRAWN)
    with clock.moved_by(timedelta(minutes=31)):
        when_due()
    publication.refresh_from_db()
    assert publication.state == State.REFUSED
    assert nothing_began()
    told = OutboxMail.objects.get()
    assert (told.template, told.recipient) == ("publication_refused", staff.email)
    assert "1 person of this draft has changed something" in told.text
    draft = browser_of(staff, sierra).get(reverse("desk:pairs", args=[run.cycle_id])).content.decode()
    assert "Nothing was published on" in draft
    assert publication.trouble in html.unescape(draft)


def test_the_draft_does_not_change_under_what_is_about_to_leave(run: MatchRun) -> None:
    leaving.publish_later(run=run, by=None)
    pair = run.pairs.all()[0]
    with pytest.raises(DomainError, match="Press Stop first"):
        suggest_pairs(cycle=run.cycle, by=None)
    with pytest.raises(DomainError, match="Press Stop first"):
        decide_pair(
            cycle=run.cycle, mentee=pair.mentee, mentor=pair.mentor, kind=KEEP, reason="", by=make_person("Dana", "W")
        )
    with pytest.raises(DomainError, match="Press Stop first"):
        leaving.plan(run=run, asked_first="both", wanted_at=None, by=None)


def test_who_is_asked_can_be_said_for_this_time(run: MatchRun) -> None:
    leaving.plan(run=run, asked_first="nobody", wanted_at=None, by=None)
    leaving.leave_now(publication=leaving.publish_later(run=run, by=None), by=None)
    assert set(Mentorship.objects.values_list("state", flat=True)) == {Mentorship.State.ACTIVE}
    mails = OutboxMail.objects.all()
    assert {mail.template for mail in mails} == {"mentorship_introduced"}
    assert all("both said yes" not in mail.text for mail in mails), "nobody was asked"


def test_where_the_mentee_is_asked_first_the_mentor_hears_after_the_yes(run: MatchRun) -> None:
    leaving.plan(run=run, asked_first="mentee", wanted_at=None, by=None)
    leaving.leave_now(publication=leaving.publish_later(run=run, by=None), by=None)
    mentor, mentee = mentor_and_mentee(Mentorship.objects.all()[0])
    assert (mentor.answer, mentee.answer) == (Participation.Answer.NOT_ASKED, Participation.Answer.WAITING)


def test_a_chosen_day_is_in_the_society_s_zone_and_not_too_soon(
    sierra: Society, run: MatchRun, manager: Client
) -> None:
    address = reverse("desk:publish", args=[run.cycle_id])
    day = clock.today(sierra.zone) + timedelta(days=2)
    form = {"run": run.pk, "asked_first": "mentor", "day": day.isoformat(), "hour": "16:30"}
    said = manager.post(address, form, follow=True).content.decode()
    assert "Look at the mails, then publish." in said, "what the button does is what the page showed"
    assert plan_of(run).wanted_at == datetime.combine(day, time(16, 30), tzinfo=sierra.zone)
    assert f'value="{day.isoformat()}"' in said
    assert "4:30 PM" in manager.post(address, form, follow=True).content.decode()
    waiting = Publication.objects.get()
    assert (waiting.state, waiting.leaves_at) == (State.WAITING, waiting.wanted_at)
    with clock.moved_to(datetime.combine(day, time(16, 31), tzinfo=sierra.zone)):
        when_due()
    assert Mentorship.objects.count() == 2


def test_a_time_that_is_over_is_said_at_the_field(run: MatchRun, manager: Client) -> None:
    form = {"run": run.pk, "asked_first": "mentor", "day": "2020-01-05"}
    reply = manager.post(reverse("desk:publish", args=[run.cycle_id]), form)
    assert (reply.status_code, "at least half an hour away" in reply.content.decode()) == (422, True)
    form = {"run": run.pk, "asked_first": "mentor", "hour": "10:00"}
    reply = manager.post(reverse("desk:publish", args=[run.cycle_id]), form)
    assert (reply.status_code, "Choose the day as well." in reply.content.decode()) == (422, True)
    assert nothing_began()


def test_the_pages_from_the_preview_to_stop(run: MatchRun, manager: Client) -> None:
    def page(name: str, *more: object, **query: str) -> str:
        reply = manager.get(reverse(f"desk:{name}", args=[run.cycle_id, *more]), query)
        assert reply.status_code == 200
        text = reply.content.decode()
        assert words.found(re.sub(r"<[^>]+>", " ", text)) == []
        return text

    assert "Mentors are asked first." in page("publish")
    form = {"run": run.pk, "asked_first": "both"}
    manager.post(reverse("desk:publish", args=[run.cycle_id]), form)
    preview = page("publish")
    assert "Both are asked at the same time." in preview
    assert "Publish and write to 4 people" in preview
    manager.post(reverse("desk:publish", args=[run.cycle_id]), form)
    desk = page("pairs")
    assert "Stop: take everything back" in desk
    assert "30 minutes are left." in desk
    assert "Suggested pairs" in page("pairs", which="draft")
    assert manager.get(reverse("desk:publish", args=[run.cycle_id])).status_code == 302
    waiting = Publication.objects.get()
    said = manager.post(reverse("desk:stop", args=[run.cycle_id, waiting.pk]), follow=True).content.decode()
    assert "Nobody was written to" in said
    assert "Both are asked at the same time." in page("publish"), "what was chosen is still chosen"
    assert nothing_began()


def test_one_of_each_is_sent_to_whoever_looks(run: MatchRun, manager: Client) -> None:
    said = manager.post(reverse("desk:send_me", args=[run.cycle_id]), follow=True).content.decode()
    assert "5 mails are on their way to you." in said
    mails = OutboxMail.objects.all()
    assert {mail.recipient for mail in mails} == {"dana.whitfield@example.org"}
    assert all(mail.subject.startswith("Preview: ") for mail in mails)
    assert not Mentorship.objects.exists()


def test_a_preview_holds_nothing_that_could_act(run: MatchRun, manager: Client) -> None:
    text = manager.get(reverse("desk:publish", args=[run.cycle_id])).content.decode()
    assert "by-mail" not in text
    assert 'class="mail-button"' in text


def _two_managers(run: MatchRun) -> list[Callable[[], object]]:
    return [lambda: leaving.publish_later(run=run, by=None)] * 2


def _two_workers(run: MatchRun) -> list[Callable[[], object]]:
    publication = leaving.publish_later(run=run, by=None)
    Publication.objects.update(leaves_at=clock.now())
    return [lambda: leaving.leave(publication=publication)] * 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("works", "mentorships"), [(_two_managers, 0), (_two_workers, 4)])
def test_at_the_same_moment_everything_happens_once(
    societies: dict[str, Society], works: Callable[[MatchRun], list[Callable[[], object]]], mentorships: int
) -> None:
    with context.society(societies["sierra"]):
        run = suggest_pairs(cycle=small_cycle(mentors=4, mentees=4), by=None)
        each = works(run)
    assert together(len(each), lambda number: each[number](), societies["sierra"]) == [None] * len(each)
    with context.society(societies["sierra"]):
        assert (Publication.objects.count(), Mentorship.objects.count()) == (1, mentorships)
        assert OutboxMail.objects.count() == mentorships


@pytest.mark.django_db(transaction=True)
def test_stop_and_the_worker_at_the_same_moment_leave_all_or_nothing(societies: dict[str, Society]) -> None:
    with context.society(societies["sierra"]):
        publication = leaving.publish_later(run=suggest_pairs(cycle=small_cycle(), by=None), by=None)
        Publication.objects.update(leaves_at=clock.now())
    works = [lambda: leaving.leave(publication=publication), lambda: leaving.stop(publication=publication, by=None)]
    refused = together(2, lambda number: works[number](), societies["sierra"])
    with context.society(societies["sierra"]):
        if refused[1]:
            assert (Publication.objects.get().state, Mentorship.objects.count()) == (State.DONE, 2)
        else:
            assert Publication.objects.get().state == State.STOPPED
            assert nothing_began()


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_on_its_way_publishes_nothing_and_the_next_one_everything(
    societies: dict[str, Society],
) -> None:
    sierra = societies["sierra"]
    with context.society(sierra):
        run = suggest_pairs(cycle=small_cycle(), by=None)
        leaving.publish_later(run=run, by=None)
    with clock.moved_by(timedelta(minutes=31)):
        job = due.claim()
    assert job is not None
    workers: list[int] = []

    def work() -> None:
        try:
            with clock.moved_by(timedelta(minutes=31)), context.society(sierra), connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                workers.append(cursor.fetchone()[0])
                due.run(job)
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        except Exception:
            pass
        finally:
            connection.close()

    killed = Thread(target=work)
    killed.start()
    killed.join()
    assert workers
    with context.society(sierra):
        assert nothing_began()
        assert Publication.objects.get().state == State.WAITING
    with clock.moved_by(timedelta(minutes=31) + due.LEASE + A_SECOND):
        when_due()
    with context.society(sierra):
        assert (Publication.objects.get().state, Mentorship.objects.count()) == (State.DONE, 2)
        assert OutboxMail.objects.count() == 2
