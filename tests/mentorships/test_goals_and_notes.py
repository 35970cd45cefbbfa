"""Goals and notes belong to the people of a mentorship: what they write, read, change and take along."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.mentorships.content.forgetting import KIND, look
from programs.mentorships.content.reading import content_of, kept_until
from programs.mentorships.content.writing import (
    MOST_OPEN,
    ChangedMeanwhile,
    add_goal,
    change_goal,
    mark_goal,
    take_out,
    write_note,
)
from programs.mentorships.ending import end_mentorship
from programs.mentorships.leaving import Case, end
from programs.mentorships.links import link_for
from programs.mentorships.models import Goal, Mentorship, Note, Participation
from programs.policy.document import store_policy
from programs.policy.models import PolicyVersion
from programs.policy.services import move_dates
from tenants import context
from tenants.audit.models import Entry
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tests.design.words import found
from tests.factories.programs import make_person
from tests.factories.staff import browser_of
from tests.mentorships.making import Both, proposed
from tests.mentorships.test_concerns import everywhere

GOAL, NOTE, SHARED = "Give one talk at the spring meeting", "Ask her how she began", "We meet at the café"


@pytest.fixture
def both(sierra: Society) -> Both:
    return proposed("nobody")


def again(place: Participation) -> Participation:
    """As the next request has it."""
    there = Participation.objects.select_related("person", "enrollment", "mentorship__cycle__version")
    return there.get(pk=place.pk)


def read(place: Participation) -> list[list[str]]:
    content = content_of(again(place))
    return [[line.text for line in lines] for lines in (content.goals, content.past, content.notes)]


def at(place: Participation, name: str = "goals", *more: object) -> str:
    return reverse(f"mentorships:{name}", args=[place.mentorship_id, *more])


def text(reply: object) -> str:
    return " ".join(unescape(reply.content.decode()).split())  # type: ignore[attr-defined]


def written(both: Both) -> tuple[Goal, Note, Note]:
    """The mentee's goal, and two notes, of which the mentor may read one."""
    _mentor, mentee = both
    goal = add_goal(participation=mentee, text=GOAL)
    return (
        goal,
        write_note(participation=mentee, text=NOTE),
        write_note(participation=mentee, text=SHARED, shared=True),
    )


# --- Who reads what


def test_goals_are_for_both_and_a_note_is_for_its_writer_unless_they_share_it(both: Both) -> None:
    mentor, mentee = both
    written(both)
    assert read(mentee) == [[GOAL], [], [NOTE, SHARED]]
    assert read(mentor) == [[GOAL], [], [SHARED]]
    stranger, _other = proposed_elsewhere()
    assert read(stranger) == [[], [], []]


def proposed_elsewhere() -> Both:
    """Another pair of the same society, with nothing written."""
    first = Mentorship.objects.get()
    other = Mentorship.objects.create(
        cycle=first.cycle, state="active", proposed_at=clock.now(), introduced_at=clock.now(), answer_by=clock.today()
    )
    places = []
    for place in first.participations.order_by("-role"):
        place.pk, place.mentorship = uuid4(), other
        place.save(force_insert=True)
        places.append(place)
    return places[1], places[0]


def test_no_table_holds_a_word_in_the_clear_and_the_trail_not_even_who_wrote(both: Both) -> None:
    written(both)
    said = everywhere()
    assert [words for words in (GOAL, NOTE, SHARED) if words in said] == []
    entries = Entry.objects.filter(verb__startswith="mentorship.goal")
    assert [(entry.actor_id, entry.facts) for entry in entries] == [(None, {})]


def test_a_mails_link_opens_no_words(both: Both, client: Client, sierra: Society) -> None:
    mentor, _mentee = both
    written(both)
    page = text(client.get("/" + link_for(mentor).split("/", 3)[3], headers={"host": sierra.host}))
    assert "opens once you have signed in" in page
    assert GOAL not in page
    inside = text(browser_of(mentor.person, sierra).get(at(mentor, "detail")))
    assert GOAL in inside
    assert SHARED not in inside


def test_whoever_has_left_a_group_reads_what_they_wrote_for_themselves_and_no_goals(
    both: Both, sierra: Society
) -> None:
    mentor, mentee = both
    written(both)
    write_note(participation=mentor, text="For those in it", shared=True)
    Participation.objects.filter(pk=mentee.pk).update(answer=Participation.Answer.NO)
    assert read(mentee) == [[], [], [NOTE, SHARED]]
    assert read(mentor) == [[GOAL], [], [SHARED, "For those in it"]]
    page = text(browser_of(mentee.person, sierra).get(at(mentee)))
    assert NOTE in page
    assert GOAL not in page


# --- Writing


def test_both_write_and_change_goals_on_the_page_and_a_form_that_is_sent_twice_writes_one(
    both: Both, sierra: Society
) -> None:
    mentor, mentee = both
    hers, his = browser_of(mentee.person, sierra), browser_of(mentor.person, sierra)
    assert "None yet. One sentence is enough" in text(hers.get(at(mentee)))
    sent = {"text": GOAL, "key": str(uuid4())}
    for _twice in range(2):
        assert hers.post(at(mentee), sent).status_code == 302
    goal = Goal.objects.get()
    assert his.post(at(mentor), sent | {"text": "With the same key"}).status_code == 302
    take_out(participation=mentor, row=Goal.objects.exclude(pk=goal.pk).get(), revision=1)
    page = text(his.get(at(mentor)))
    assert GOAL in page
    assert mentee.person.address_name in page
    assert found(page) == []
    changed = {"text": "Give two talks", "revision": goal.revision}
    for _twice in range(2):
        assert his.post(at(mentor, "goal", goal.pk), changed).status_code == 302
    his.post(at(mentor, "mark_goal", goal.pk), {"to": "reached"})
    assert read(mentee) == [[], ["Give two talks"], []]
    assert "Reached on" in text(hers.get(at(mentee)))
    hers.post(at(mentee, "mark_goal", goal.pk), {"to": "open"})
    assert read(mentor)[0] == ["Give two talks"]
    assert his.post(at(mentor, "mark_goal", goal.pk), {"to": "won"}).status_code == 404


def test_a_stale_change_is_refused_with_both_texts_and_goes_through_when_it_is_sent_again(
    both: Both, sierra: Society
) -> None:
    mentor, mentee = both
    goal, *_notes = written(both)
    change_goal(participation=mentor, goal=goal, text="His words", revision=1)
    browser, where = browser_of(mentee.person, sierra), at(mentee, "goal", goal.pk)
    refused = browser.post(where, {"text": "Her words", "revision": 1})
    assert refused.status_code == 422
    assert "His words" in text(refused)
    assert "Her words" in text(refused)
    assert 'name="revision" value="2"' in text(refused)
    assert read(mentee)[0] == ["His words"]
    with pytest.raises(ChangedMeanwhile):
        take_out(participation=mentee, row=goal, revision=1)
    assert browser.post(where, {"text": "Her words", "revision": 2}).status_code == 302
    assert read(mentor)[0] == ["Her words"]


def test_what_was_typed_over_a_goal_that_is_gone_stands_in_a_new_form(both: Both, sierra: Society) -> None:
    mentor, mentee = both
    goal, note, _shared = written(both)
    take_out(participation=mentor, row=goal, revision=1)
    take_out(participation=mentee, row=note, revision=1)
    browser = browser_of(mentee.person, sierra)
    for name, row, anew in (("goal", goal, at(mentee)), ("note", note, at(mentee, "new_note"))):
        assert browser.get(at(mentee, name, row.pk))["Location"] == at(mentee)
        refused = browser.post(at(mentee, name, row.pk), {"text": "Typed", "revision": 1, "key": str(uuid4())})
        assert refused.status_code == 422
        assert "Typed" in text(refused)
        assert f'action="{anew}"' in text(refused)


def test_ten_goals_are_open_at_most_and_the_eleventh_keeps_its_words(both: Both, sierra: Society) -> None:
    mentor, mentee = both
    goals = [add_goal(participation=mentee, text=f"Goal {number}") for number in range(MOST_OPEN)]
    refused = browser_of(mentor.person, sierra).post(at(mentor), {"text": "One more", "key": str(uuid4())})
    assert refused.status_code == 422
    assert "10 goals are open" in text(refused)
    assert "One more</textarea>" in text(refused)
    mark_goal(participation=mentor, goal=goals[0], state=Goal.State.LET_GO)
    add_goal(participation=mentor, text="One more")
    with pytest.raises(DomainError, match="10 goals are open"):
        mark_goal(participation=mentor, goal=goals[0], state=Goal.State.OPEN)


def test_only_its_writer_opens_changes_or_takes_out_a_note(both: Both, sierra: Society) -> None:
    mentor, mentee = both
    _goal, note, shared = written(both)
    his, hers = browser_of(mentor.person, sierra), browser_of(mentee.person, sierra)
    for row in (note, shared):
        assert his.get(at(mentor, "note", row.pk))["Location"] == at(mentor)
        his.post(at(mentor, "note", row.pk), {"text": "Mine", "revision": 1})
        his.post(at(mentor, "take_out_note", row.pk), {"revision": 1})
    assert read(mentee)[2] == [NOTE, SHARED]
    hers.post(at(mentee, "note", shared.pk), {"text": SHARED, "revision": 1})
    assert read(mentor)[2] == []
    hers.post(at(mentee, "take_out_note", note.pk), {"revision": 1})
    assert read(mentee)[2] == [SHARED]
    sent = {"text": "Once", "shared": "on", "key": str(uuid4())}
    for _twice in range(2):
        assert hers.post(at(mentee, "new_note"), sent).status_code == 302
    assert read(mentor)[2] == ["Once"]


def test_a_program_without_notes_takes_no_new_one_and_what_is_there_can_be_taken_out(
    both: Both, sierra: Society
) -> None:
    _mentor, mentee = both
    _goal, note, _shared = written(both)
    document = store_policy(mentee.mentorship.cycle.version.policy)
    for part in document["parts"]:
        part.setdefault("mentorship", {})["notes"] = False
    PolicyVersion.objects.update(document=document)
    browser = browser_of(mentee.person, sierra)
    assert "Write a note" not in text(browser.get(at(mentee)))
    refused = browser.post(at(mentee, "new_note"), {"text": "Typed", "key": str(uuid4())})
    assert refused.status_code == 422
    assert "keeps no notes" in text(refused)
    assert "Typed" in text(refused)
    browser.post(at(mentee, "take_out_note", note.pk), {"revision": 1})
    assert read(mentee)[2] == [SHARED]


# --- When it is over


def test_when_it_is_over_it_is_read_only_and_the_mail_and_page_say_until_when(both: Both, sierra: Society) -> None:
    mentor, mentee = both
    goal, note, _shared = written(both)
    end(participation=mentor, case=Case.DONE)
    mail = OutboxMail.objects.get(template="mentorship_ended")
    day = f"{kept_until(Mentorship.objects.get()):%B %-d, %Y}"
    assert f"kept until {day}" in " ".join(mail.text.split())
    assert reverse("own_copy:copy") in mail.html
    browser = browser_of(mentee.person, sierra)
    assert day in text(browser.get(at(mentee, "detail")))
    assert GOAL in text(browser.get(at(mentee)))
    assert browser.get(at(mentee, "goal", goal.pk)).status_code == 302
    for name in ("new_note", "goals"):
        refused = browser.post(at(mentee, name), {"text": "Typed", "key": str(uuid4())})
        assert refused.status_code == 422
        assert "Typed" in text(refused)
    browser_of(mentor.person, sierra).post(at(mentor, "take_out_goal", goal.pk), {"revision": 1})
    browser.post(at(mentee, "take_out_note", note.pk), {"revision": 1})
    assert read(mentee) == [[GOAL], [], [SHARED]], "the other's goal stays; one's own note can go"


def test_who_never_wrote_anything_reads_nothing_of_it_at_the_end(both: Both) -> None:
    mentor, _mentee = both
    end(participation=mentor, case=Case.DONE)
    assert "kept until" not in OutboxMail.objects.get(template="mentorship_ended").text
    assert planned() == []


def planned() -> list[Due]:
    society = context.current()
    with context.platform():
        return list(Due.objects.filter(society=society, kind=KIND))


def test_a_month_before_its_time_is_over_they_are_told_once_and_then_it_is_deleted(both: Both) -> None:
    mentor, mentee = both
    written(both)
    mentorship = end_mentorship(mentorship=mentee.mentorship, by=None)
    last = kept_until(mentorship)
    assert (last - clock.today()).days >= 89
    (due,) = planned()
    with clock.moved_to(due.due_at):
        for _twice in range(2):
            look(mentorship=mentorship)
        mails = OutboxMail.objects.filter(template="mentorship_content")
        assert {mail.recipient for mail in mails} == {mentor.person.email, mentee.person.email}
        assert mails.count() == 2
        assert not [mail for mail in mails if GOAL in mail.text + mail.html]
        (due,) = planned()
    with clock.moved_to(due.due_at - timedelta(days=1)):
        look(mentorship=mentorship)
        assert read(mentee)[0] == [GOAL]
    with clock.moved_to(due.due_at):
        assert read(mentee) == [[], [], []], "also when nobody has come to delete it yet"
        look(mentorship=mentorship)
    assert (Goal.objects.count(), Note.objects.count()) == (0, 0)
    assert Entry.objects.filter(verb="mentorship.content_deleted").count() == 1


def test_without_an_end_it_is_the_last_day_of_the_session_that_counts_also_when_it_moves(both: Both) -> None:
    _mentor, mentee = both
    written(both)
    (before,) = planned()
    cycle = mentee.mentorship.cycle
    move_dates(cycle=cycle, by=None, ends_on=cycle.ends_on + timedelta(days=20))
    (after,) = planned()
    assert (after.due_at - before.due_at).days in (19, 20, 21)
    assert kept_until(again(mentee).mentorship) == cycle.ends_on + timedelta(days=110)


def test_whoever_is_deleted_loses_what_they_wrote_and_nothing_of_the_others(both: Both) -> None:
    mentor, _mentee = both
    written(both)
    gone = make_person("Gone", "Away")
    for model in (Goal, Note):
        model.objects.update(person=gone)
    add_goal(participation=mentor, text="His own")
    gone.delete()
    assert [goal.person_id for goal in Goal.objects.all()] == [mentor.person_id]
    assert not Note.objects.exists()


# --- Their own copy


@pytest.mark.parametrize("name", ["own_copy:copy", "own_copy:file"])
def test_goals_and_notes_are_in_ones_own_copy(both: Both, sierra: Society, name: str) -> None:
    mentor, mentee = both
    written(both)
    hers, his = (text(browser_of(each.person, sierra).get(reverse(name))) for each in (mentee, mentor))
    assert [words in hers for words in (f"{GOAL} (Open)", NOTE, SHARED)] == [True, True, True]
    assert [words in his for words in (f"{GOAL} (Open)", NOTE, SHARED)] == [True, False, True]
