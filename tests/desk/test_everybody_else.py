"""Whoever has nobody when pairs are published is written to the same day, in words for their case, and once."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from matching.models import MatchRun
from matching.publishing import leaving
from matching.publishing.models import Publication, Told
from matching.publishing.others import cases_of, link_for
from matching.publishing.selectors import plan_of
from matching.services import suggest_pairs
from programs.enrollment.models import Enrollment, Role
from programs.mentorships.services import deadline
from programs.policy.models import Cycle, Interest
from programs.policy.services import publish_version
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tests.design import words
from tests.desk.making import small_cycle, take_part
from tests.factories.staff import browser_of, make_staff

WAITS, NOT_NEEDED, NOT_ELIGIBLE = "publication_waits", "publication_not_needed", "publication_not_eligible"


def with_others(*, mentors: int = 1, mentees: int = 2) -> MatchRun:
    """A draft beside which somebody waits or is not needed, somebody cannot take part, and somebody is undecided."""
    cycle = small_cycle(mentors=mentors, mentees=mentees)
    refused, undecided = take_part(cycle, Role.MENTEE, "Refused"), take_part(cycle, Role.MENTEE, "Undecided")
    Enrollment.objects.filter(pk=refused.pk).update(state=Enrollment.State.NOT_ELIGIBLE)
    Enrollment.objects.filter(pk=undecided.pk).update(state=Enrollment.State.TO_CHECK)
    return suggest_pairs(cycle=Cycle.objects.get(pk=cycle.pk), by=None)


def leave(run: MatchRun) -> Publication:
    return leaving.leave_now(publication=leaving.publish_later(run=run, by=None), by=None)


def written(template: str) -> list[OutboxMail]:
    return list(OutboxMail.objects.filter(template=template).order_by("recipient"))


@pytest.fixture
def manager(sierra: Society) -> Client:
    return browser_of(make_staff(), sierra)


def test_each_hears_the_words_of_their_case_and_whoever_is_undecided_hears_nothing(sierra: Society) -> None:
    run = with_others()
    leave(run)
    (waits,), (refused,) = written(WAITS), written(NOT_ELIGIBLE)
    assert written(NOT_NEEDED) == []
    assert waits.recipient.startswith("mentee")
    assert refused.recipient == "refused.vega@example.org"
    day = deadline(run.cycle)
    assert f"Until {day:%A}, {day:%B} {day.day} the people whom we asked can answer." in waits.text
    assert "whenever a place comes free" in waits.text
    assert "Your own page says which one it was." in refused.text
    assert not OutboxMail.objects.filter(recipient="undecided.vega@example.org").exists()
    for mail in OutboxMail.objects.all():
        assert not re.search(r"\bpoints?\b|\bscore|\brank", mail.text), mail.template
        assert words.found(mail.text) == []


@pytest.mark.parametrize("somebody_waits", [False, True])
def test_a_mentor_who_is_not_needed_reads_only_what_is_true(sierra: Society, somebody_waits: bool) -> None:
    run = with_others(mentors=2, mentees=1)
    if somebody_waits:
        take_part(run.cycle, Role.MENTEE, "Late")
    leave(run)
    (mail,) = written(NOT_NEEDED)
    assert ("every mentee has found a mentor" in mail.text) is not somebody_waits
    assert "Thank you for offering your time" in mail.text
    assert "/keep-me/" in mail.text


def test_nobody_is_told_twice_in_a_session(sierra: Society) -> None:
    run = with_others(mentors=1, mentees=2)
    leave(run)
    take_part(run.cycle, Role.MENTOR, "Second")
    take_part(run.cycle, Role.MENTEE, "Third")
    again = suggest_pairs(cycle=run.cycle, by=None)
    told = {each.enrollment_id for each in Told.objects.all()}
    assert not told & {each.pk for case in cases_of(again) for each in case.people}
    leave(again)
    assert len(written(NOT_ELIGIBLE)) == 1
    assert len({mail.recipient for mail in written(WAITS)}) == len(written(WAITS))


def test_staff_edit_the_words_and_leave_some_out(sierra: Society, manager: Client) -> None:
    run = with_others()
    address = reverse("desk:publish", args=[run.cycle_id])
    page = manager.get(address).content.decode()
    assert "Write to 1 mentee who waits" in page
    assert "1 sign-up waits for your word" in page
    assert "Not yet, and how it goes on" in page
    form = {"run": run.pk, "asked_first": "mentor", "day": "", "hour": ""}
    form |= {"tell_waits": "on", "words_waits": "Coffee is on us.", "words_not_eligible": ""}
    shown = manager.post(address, form, follow=True).content.decode()
    assert "Look at the mails, then publish." in shown
    assert shown.count("Coffee is on us.") == 2, "in the field and on the phone"
    plan = plan_of(run)
    assert (plan.left_out, plan.words["waits"]) == (["not_eligible"], "Coffee is on us.")
    manager.post(address, form)
    assert Publication.objects.get().state == Publication.State.WAITING
    leaving.leave_now(publication=Publication.objects.get(), by=None)
    assert "Coffee is on us." in written(WAITS)[0].text
    assert written(NOT_ELIGIBLE) == []
    assert Told.objects.count() == 1


def test_a_program_has_a_paragraph_of_its_own_in_each(sierra: Society) -> None:
    run = with_others()
    newest = run.cycle.program.versions.first()
    assert newest is not None
    mails = newest.policy.mails.model_copy(update={"waits": "Come to the breakfast of {title}."})
    publish_version(program=run.cycle.program, policy=newest.policy.model_copy(update={"mails": mails}), by=None)
    leave(run)
    assert f"Come to the breakfast of {newest.policy.title}." in written(WAITS)[0].text


def test_a_stop_leaves_everybody_else_in_peace(sierra: Society) -> None:
    run = with_others()
    leaving.stop(publication=leaving.publish_later(run=run, by=None), by=None)
    assert not OutboxMail.objects.exists()
    assert not Told.objects.exists()


def test_one_press_in_the_mail_s_page_keeps_a_mentor_for_next_and_another_undoes_it(
    sierra: Society, client: Client
) -> None:
    run = with_others(mentors=2, mentees=1)
    (case,) = (case for case in cases_of(run) if case.kind == Told.Kind.NOT_NEEDED)
    mentor = case.people[0]
    link = link_for(mentor)
    here = {"headers": {"host": sierra.host}}
    assert "It commits you to nothing." in client.get(link, **here).content.decode()
    assert not Interest.objects.exists(), "opening it changes nothing"
    for _twice in range(2):
        assert "Noted: we keep you" in client.post(link, {"answer": "keep"}, **here).content.decode()
    kept = Interest.objects.get()
    assert (kept.email, kept.role, kept.program) == (mentor.person.email, Role.MENTOR, run.cycle.program)
    assert not OutboxMail.objects.exists(), "the page said it"
    client.post(link, {"answer": "undo"}, **here)
    assert not Interest.objects.exists()


def test_the_words_of_a_second_look_follow_who_is_asked(sierra: Society) -> None:
    run = with_others()
    leaving.plan(run=run, asked_first="nobody", wanted_at=None, by=None)
    leave(run)
    (waits,) = written(WAITS)
    assert "can answer" not in waits.text
    assert f"{clock.today():%Y}" not in waits.subject
