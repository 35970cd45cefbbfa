"""Staff pages of surveys and the report: who sees what, what stands there before and after, and nothing more."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from programs.outcomes.quoting import release
from programs.policy.models import Cycle
from programs.surveys.models import Asked, Comment, Wave
from programs.surveys.waves import close_survey
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tenants.people.models import Person, StaffRole
from tests.design.words import found
from tests.factories.staff import browser_of, make_staff
from tests.outcomes.making import closed, introduce, running
from tests.surveys.asking_many import answer_all, asked

Kind = StaffRole.Kind


@pytest.fixture
def cycle(sierra: Society) -> Cycle:
    return running({}, pairs=6)


@pytest.fixture
def manager(sierra: Society) -> Client:
    return browser_of(make_staff(), sierra)


def read(browser: Client, cycle: Cycle, page: str = "surveys/") -> str:
    reply = browser.get(f"/staff/sessions/{cycle.pk}/{page}")
    assert reply.status_code == 200
    return reply.content.decode()


def test_a_planned_survey_is_seen_as_people_will_see_it_and_sent_by_one_button(manager: Client, cycle: Cycle) -> None:
    page = read(manager, cycle)
    assert "12 people as of today" in page
    one = read(manager, cycle, "surveys/0/")
    assert "We respected each other." in one
    assert "Send it to 12 people now" in one
    for _twice in range(2):
        manager.post(f"/staff/sessions/{cycle.pk}/surveys/0/send/")
    assert Wave.objects.get().people.count() == 12
    assert "0 of 12" in read(manager, cycle)


def test_staff_send_themselves_one_of_each_mail_and_nobody_else_gets_any(
    manager: Client, cycle: Cycle, sierra: Society
) -> None:
    where = f"/staff/sessions/{cycle.pk}/surveys/0/"
    assert "Send me one of each" in read(manager, cycle, "surveys/0/")
    for wave in (0, 1):
        manager.post(f"{where}send-me/")
        assert (Wave.objects.count(), Asked.objects.count()) == (wave, 12 * wave), "nothing is sent by it"
        mails = OutboxMail.objects.exclude(recipient__contains="vega")
        assert [mail.template for mail in mails.order_by("pk")] == ["survey_asked", "survey_reminder"]
        assert {mail.recipient for mail in mails} == {Person.objects.get(given_name="Dana").email}
        assert all(sierra.url(where) in mail.text and "by-mail" not in mail.text for mail in mails)
        mails.delete()
        manager.post(f"{where}send/")
    close_survey(wave=Wave.objects.get())
    assert "is closed" in manager.post(f"{where}send-me/", follow=True).content.decode()
    assert not OutboxMail.objects.exclude(recipient__contains="vega").exists()


def test_while_it_is_open_there_are_counts_of_who_answered_and_no_answer(manager: Client, cycle: Cycle) -> None:
    manager.post(f"/staff/sessions/{cycle.pk}/surveys/0/send/")
    answer_all(asked(Wave.objects.get()), ["yes"] * 7, ["A secret so far."] * 7)
    one = read(manager, cycle, "surveys/0/")
    assert "Nobody reads an answer before" in one
    for untold in ("A secret so far.", "chart-mark", "By role"):
        assert untold not in one
    assert "7 of 12" in read(manager, cycle)


def test_once_closed_figures_are_for_all_staff_and_words_for_who_runs_the_program(
    sierra: Society, manager: Client, cycle: Cycle
) -> None:
    closed(cycle, "yyynp", "yyynnn", ("It was worth every hour.",))
    mine = read(manager, cycle, "surveys/0/")
    for told in ("It was worth every hour.", "By role", "Would you take part again?", "5 people answered"):
        assert told in mine
    for kind in (Kind.COMMITTEE, Kind.SUPPORT):
        theirs = read(browser_of(make_staff(kind, given=kind.value.title()), sierra), cycle, "surveys/0/")
        assert "Would you take part again?" in theirs
        assert "It was worth every hour." not in theirs


def test_what_is_not_told_says_so(manager: Client, cycle: Cycle) -> None:
    closed(cycle, "yyyy", "yyy", ())
    page = read(manager, cycle, "surveys/0/")
    assert "Most of those who answered said: yes." in page
    assert "Fewer than five people answered this, so it is not told." in page
    assert "Not told by role" in page
    assert "By role</summary>" not in page
    report = read(manager, cycle, "report/")
    assert "<strong>Most.</strong>" in report
    assert "7 of 12" in report


def test_quotes_are_chosen_on_the_page_and_stand_in_the_report_and_its_file(manager: Client, cycle: Cycle) -> None:
    closed(cycle, "yyynp", "yyynnn", ("It was worth every hour. And more.",))
    comment = Comment.objects.get()
    wrong = manager.post(f"/staff/comments/{comment.pk}/quote/", {"part": "Best hours ever."}, follow=True)
    assert "word for word" in wrong.content.decode()
    assert "No quotes yet" in read(manager, cycle, "report/")
    manager.post(f"/staff/comments/{comment.pk}/quote/", {"part": "It was worth every hour."})
    report = read(manager, cycle, "report/")
    assert "It was worth every hour." in report
    assert "And more." not in report
    manager.post(f"/staff/comments/{comment.pk}/quote/", {"withhold": "yes"})
    assert "It was worth every hour." not in read(manager, cycle, "report/")


def test_the_file_is_a_pdf_under_the_sessions_name(manager: Client, cycle: Cycle) -> None:
    reply = manager.get(f"/staff/sessions/{cycle.pk}/report.pdf")
    assert (reply["Content-Type"], reply.content[:5]) == ("application/pdf", b"%PDF-")
    assert reply["Content-Disposition"] == 'attachment; filename="mentorship-in-medicine-february-2027.pdf"'


def test_who_runs_another_program_cannot_choose_its_quotes(sierra: Society, cycle: Cycle) -> None:
    closed(cycle, "yyynp", "yyynnn", ("Mine.",))
    comment = Comment.objects.get()
    other = browser_of(make_staff(Kind.SUPPORT, given="Bo"), sierra)
    assert other.post(f"/staff/comments/{comment.pk}/quote/", {"part": "Mine."}).status_code == 404
    assert not Comment.objects.filter(released=True).exists()


def test_pages_ask_as_much_for_many_as_for_few_and_say_no_word_of_the_code(manager: Client, cycle: Cycle) -> None:
    wave = closed(cycle, "yyynp", "yyynnn", ("One.", "Two."))
    release(comment=wave.comments.all()[0], part=wave.comments.all()[0].text, by=make_staff(given="Bo"))

    def asked_for(page: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert found(read(manager, cycle, page).partition("<main")[2]) == []
        return len(queries)

    pages = ("surveys/", "surveys/0/", "report/")
    read(manager, cycle)
    few = [asked_for(page) for page in pages]
    for number in (7, 8, 9):
        introduce(cycle, number)
        Comment.objects.create(wave=wave, ask="comment", text="More.", may_quote=True)
    assert [asked_for(page) for page in pages] == few


def test_the_board_leads_there_once_pairs_are_published(manager: Client, cycle: Cycle) -> None:
    def board() -> str:
        return manager.get(f"/staff/sessions/{cycle.pk}/").content.decode()

    assert f"/staff/sessions/{cycle.pk}/surveys/" in board()
    Cycle.objects.update(state=Cycle.State.MATCHING)
    assert f"/staff/sessions/{cycle.pk}/surveys/" not in board()
