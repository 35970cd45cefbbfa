"""Surveys from their sending to their end, and that nobody can tie an answer without a name to a person."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.known import sources_of
from programs.enrollment.signing_up import start_sign_up
from programs.surveys import waves
from programs.surveys.models import Asked, Box, Comment, Draft, Response, Wave
from programs.surveys.privacy import Outcome, Told
from programs.surveys.waves import begun, close_survey, keep_draft, remind, send_answers, send_survey
from tenants import context, due
from tenants.audit.models import Entry
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tests.factories.programs import make_cycle
from tests.surveys.asking_many import answer_all, asked, people, sent, sheet, with_surveys

SECRET = "I nearly gave up medicine in March."


def test_everybody_is_asked_once_each_by_their_own_link(sierra: Society) -> None:
    wave = sent(2, 1)
    mails = OutboxMail.objects.filter(template="survey_asked")
    links = {line for mail in mails for line in mail.text.split() if "/surveys/by-mail/" in line}
    assert (len(mails), len(links)) == (3, 3)
    again = send_survey(cycle=wave.cycle, position=0, people=people(0, 0), by=None)
    assert (again.pk, OutboxMail.objects.count()) == (wave.pk, 3)


def test_who_is_both_is_asked_once(sierra: Society) -> None:
    [(ada, _role)] = people(1, 0)
    cycle = with_surveys(make_cycle(), {})
    wave = send_survey(cycle=cycle, position=0, people=[(ada, "mentor"), (ada, "mentee")], by=None)
    assert [each.role for each in asked(wave)] == ["mentor"]


def test_there_must_be_somebody_to_ask(sierra: Society) -> None:
    with pytest.raises(DomainError, match="Nobody has been introduced"):
        send_survey(cycle=with_surveys(make_cycle(), {}), position=0, people=[], by=None)


def test_reminders_and_the_end_are_planned_within_its_length(sierra: Society) -> None:
    with clock.moved_to(datetime(2027, 7, 1, 16, tzinfo=ZoneInfo("UTC"))):
        wave = sent(closes_after="3 weeks", reminders=2)
    with context.platform():
        rows = list(Due.objects.filter(ref__startswith=str(wave.pk)).order_by("due_at"))
    assert wave.closes_on == date(2027, 7, 22)
    assert [(row.kind, f"{row.due_at.astimezone(sierra.zone):%b %d, %H:%M}") for row in rows] == [
        (waves.REMINDS, "Jul 08, 09:00"),
        (waves.REMINDS, "Jul 15, 09:00"),
        (waves.CLOSES, "Jul 23, 00:00"),
    ]


def test_only_who_has_not_answered_is_asked_once_more(sierra: Society) -> None:
    wave = sent(2, 2)
    answer_all(asked(wave, "mentor"), ["yes"])
    remind(wave=wave)
    reminded = OutboxMail.objects.filter(template="survey_reminder").values_list("recipient_name", flat=True)
    assert sorted(reminded) == ["Mentee0 Vega", "Mentee1 Vega", "Mentor1 Vega"]
    close_survey(wave=wave)
    remind(wave=Wave.objects.get())
    assert OutboxMail.objects.filter(template="survey_reminder").count() == 3


def test_a_second_sending_counts_for_nothing_without_names(sierra: Society) -> None:
    wave = sent(1, 0)
    [ada] = asked(wave)
    send_answers(asked=ada, answers=sheet("yes"))
    send_answers(asked=ada, answers=sheet("no"))
    assert [box.sheets for box in Box.objects.all()] == [[{"role": "mentor", "answers": sheet("yes")}]]
    with pytest.raises(DomainError, match="sent already"):
        keep_draft(asked=ada, answers=sheet("no"), draft=None)


def test_nothing_answered_is_no_answer(sierra: Society) -> None:
    [ada] = asked(sent(1, 0))
    with pytest.raises(DomainError, match="Nothing is answered yet"):
        send_answers(asked=ada, answers={})
    assert not Asked.objects.get().answered


def test_after_the_last_day_nothing_is_taken(sierra: Society) -> None:
    [ada] = asked(sent(1, 0, closes_after="1 week"))
    with clock.moved_by(timedelta(days=8)), pytest.raises(DomainError, match="closed at the end of"):
        send_answers(asked=ada, answers=sheet())


def test_a_draft_without_a_name_is_found_only_by_its_id_and_goes_with_the_sending(sierra: Society) -> None:
    wave = sent(2, 0)
    ada, bo = asked(wave)
    draft = keep_draft(asked=ada, answers=sheet("perhaps"), draft=None)
    assert keep_draft(asked=ada, answers=sheet("no"), draft=draft) == draft
    assert (begun(ada, draft), begun(ada, None), begun(bo, None)) == (sheet("no"), {}, {})
    send_answers(asked=ada, answers=sheet("yes"), draft=draft)
    assert not Draft.objects.exists()


def test_with_names_answers_can_be_changed_until_the_end_and_are_told_like_all_others(sierra: Society) -> None:
    wave = sent(5, 1, anonymous=False)
    *mentors, mentee = asked(wave, "mentor") + asked(wave, "mentee")
    keep_draft(asked=mentee, answers=sheet("no"), draft=None)
    assert begun(mentee, None) == sheet("no")
    answer_all(mentors, ["no"] * 5, ["Fine."])
    answer_all(mentors, ["yes"] * 4, ["Good."])
    close_survey(wave=wave)
    wave.refresh_from_db()
    assert Outcome.stored(wave.outcome).whole["again"] == Told(5, {"yes": 4, "perhaps": 0, "no": 1})
    assert (wave.asked, wave.answered) == ({"mentor": 5, "mentee": 1}, {"mentor": 5})
    comment = Comment.objects.get()
    assert (comment.text, comment.role, str(comment.person)) == ("Good.", "mentor", "Mentor0 Vega")
    assert Response.objects.filter(occasion=wave.pk).count() == 5, "what was never sent goes with the end"


def test_closing_tells_what_may_be_told_and_keeps_nothing_else(sierra: Society) -> None:
    wave = sent(6, 7)
    answer_all(asked(wave, "mentor"), ["yes", "yes", "no", "yes", "perhaps"], ["One.", "Two."])
    answer_all(asked(wave, "mentee"), ["yes", "yes", "no", "yes", "yes"], ["Three."])
    closed = close_survey(wave=wave)
    assert (closed.asked, closed.answered) == ({"mentor": 6, "mentee": 7}, {"mentor": 5, "mentee": 5})
    found = Outcome.stored(closed.outcome)
    assert found.whole["again"] == Told(10, {"yes": 7, "perhaps": 1, "no": 2})
    assert found.parts["again"]["mentee"] == Told(5, {"yes": 4, "perhaps": 0, "no": 1})
    assert {(each.text, each.role) for each in Comment.objects.all()} == {
        ("One.", "mentor"), ("Two.", "mentor"), ("Three.", "mentee"),
    }  # fmt: skip
    assert [model.objects.count() for model in (Box, Draft, Asked, Response)] == [0, 0, 0, 0]
    assert close_survey(wave=wave).closed_at == closed.closed_at


def test_comments_carry_no_role_where_one_is_small(sierra: Society) -> None:
    wave = sent(6, 6)
    answer_all(asked(wave, "mentor"), ["yes"] * 5, ["One."])
    answer_all(asked(wave, "mentee"), ["no"] * 4, ["Two."])
    close_survey(wave=wave)
    assert {each.role for each in Comment.objects.all()} == {""}
    assert Outcome.stored(Wave.objects.get().outcome).parts["again"] == {}


def test_of_fewer_than_five_nothing_at_all_is_kept(sierra: Society) -> None:
    wave = sent(4, 0)
    answer_all(asked(wave), ["yes"] * 4, [SECRET])
    close_survey(wave=wave)
    assert (Comment.objects.count(), rows_with(SECRET)) == (0, [])
    assert not any(told.is_told for told in Outcome.stored(Wave.objects.get().outcome).whole.values())


def test_who_leaves_the_society_takes_no_answer_out_of_the_whole(sierra: Society) -> None:
    wave = sent(6, 0)
    ada, *others = asked(wave)
    answer_all([ada, *others], ["no", "yes", "yes", "yes", "yes"])
    ada.person.delete()
    closed = close_survey(wave=wave)
    assert Outcome.stored(closed.outcome).whole["again"].answered == 5
    assert closed.asked == {"mentor": 5}


def rows_with(words: str) -> list[tuple[str, dict[str, Any]]]:
    """Every row of the society in which words stand, in whatever table and column."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'SELECT to_jsonb(r) FROM "{table}" r WHERE r::text LIKE %s', [f"%{words}%"])
            found += [(table, json.loads(row) if isinstance(row, str) else row) for (row,) in cursor]
        return found


def test_an_answer_stands_in_no_row_with_anything_of_its_writer_or_of_its_time(sierra: Society) -> None:
    wave = sent(6, 6)
    everybody = asked(wave)
    draft = keep_draft(asked=everybody[3], answers=sheet("no", SECRET), draft=None)
    before = Entry.objects.count()
    for row in [row for _table, row in rows_with(SECRET)]:
        assert set(row) == {"id", "wave_id", "answers"}, "a draft knows its survey, and nothing else"
        assert UUID(row["id"]).version == 4
    answer_all([*everybody[:3], *everybody[4:]], ["yes", "no"] * 6)
    send_answers(asked=everybody[3], answers=sheet("no", SECRET), draft=draft)
    assert Entry.objects.count() == before, "the trail does not tell that somebody answered"
    [(table, row)] = rows_with(SECRET)
    assert (table, set(row)) == ("surveys_box", {"id", "wave_id", "sheets"})
    assert {frozenset(each) for each in row["sheets"]} == {frozenset({"role", "answers"})}
    assert len(row["sheets"]) == 12
    whom = {str(key) for each in everybody for key in (each.pk, each.person_id, each.person.email)}
    assert not any(key in str(row) for key in whom)
    columns = {field.name for field in Asked._meta.get_fields()}
    assert columns == {"id", "wave", "person", "role", "answered"}, "that somebody answered has no time"
    close_survey(wave=wave)
    [(table, row)] = rows_with(SECRET)
    assert (table, UUID(row["id"]).version) == ("surveys_comment", 4)
    assert row["person_id"] is None
    assert not any(key in str(row) for key in whom)
    assert rows_with(str(everybody[3].pk)) == [], "that this one was asked stands nowhere"


def test_sheets_stand_in_no_order(sierra: Society) -> None:
    wave = sent(12, 0)
    answer_all(asked(wave), ["yes"] * 12, [f"{number:02}" for number in range(12)])
    [box] = Box.objects.all()
    written = [each["answers"]["comment"]["comment"] for each in box.sheets]
    assert (sorted(written), written == sorted(written)) == ([f"{number:02}" for number in range(12)], False)


def test_a_full_box_is_dealt_anew(sierra: Society, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waves, "MOST_IN_A_BOX", 3)
    wave = sent(8, 0)
    answer_all(asked(wave), ["yes"] * 8)
    held = [len(box.sheets) for box in Box.objects.all()]
    assert (len(held), sum(held), min(held) >= 2) == (3, 8, True)
    assert close_survey(wave=wave).answered == {"mentor": 8}


def test_the_day_of_the_end_closes_it(sierra: Society) -> None:
    wave = sent(1, 0, closes_after="1 week")
    with clock.moved_by(timedelta(days=9)):
        while job := due.claim():
            due.run(job)
    wave.refresh_from_db()
    assert wave.closed_at is not None


def test_what_a_survey_was_told_under_a_name_never_fills_in_a_sign_up(sierra: Society) -> None:
    wave = sent(1, 0, anonymous=False)
    [ada] = asked(wave)
    send_answers(asked=ada, answers=sheet("no", SECRET))
    draft = start_sign_up(person=ada.person, cycle=wave.cycle, role="mentee", facts={"stage": "resident"})
    assert [each for each in sources_of(ada.person, draft.response) if SECRET in str(each)] == []
