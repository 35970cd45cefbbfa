"""After publishing: a pair is added, ended or changed, the mails shown first, and the run stays as it was published."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.models import MatchRun
from matching.publishing import changing
from matching.publishing.models import Change
from matching.publishing.services import publish
from matching.services import suggest_pairs
from programs.enrollment.models import Enrollment, Role
from programs.mentorships.models import Mentorship
from programs.mentorships.services import answer_yes, mentor_and_mentee
from programs.policy.models import Cycle
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tests.design import words
from tests.desk.making import small_cycle, take_part
from tests.factories.programs import make_person
from tests.factories.staff import browser_of, make_staff

State = Mentorship.State


def running(*, introduced: bool = True) -> tuple[Cycle, Mentorship, Enrollment, Enrollment]:
    """A session that runs: a pair, and a mentor and a mentee who came later."""
    cycle = small_cycle(mentors=1, mentees=1)
    publish(run=suggest_pairs(cycle=cycle, by=None), by=None)
    mentorship = Mentorship.objects.get()
    if introduced:
        for place in mentor_and_mentee(mentorship):
            answer_yes(participation=place)
    mentor, mentee = take_part(cycle, Role.MENTOR, "Later"), take_part(cycle, Role.MENTEE, "Late")
    OutboxMail.objects.all().delete()
    return cycle, mentorship, mentor, mentee


def written() -> list[tuple[str, str]]:
    return sorted(OutboxMail.objects.values_list("template", "recipient"))


def test_a_pair_is_added_beside_the_run(sierra: Society) -> None:
    cycle, _mentorship, mentor, mentee = running()
    run = MatchRun.objects.get()
    change = changing.add_pair(cycle=cycle, mentee=mentee, mentor=mentor, reason="They met at the fair", by=None)
    assert (change.kind, change.run, change.reason) == (Change.Kind.ADDED, run, "They met at the fair")
    assert change.score
    assert change.facts["points"]
    assert written() == [("mentorship_asked", mentor.person.email)]
    assert (run.pairs.count(), MatchRun.objects.get().result) == (1, run.result)
    with pytest.raises(DomainError, match="has no place left"):
        changing.add_pair(cycle=cycle, mentee=mentee, mentor=mentor, reason="Twice", by=None)
    assert Change.objects.count() == 1


def test_an_end_tells_both_and_never_why(sierra: Society) -> None:
    cycle, mentorship, _mentor, _mentee = running()
    with clock.moved_to(datetime.combine(cycle.starts_on, time(18), tzinfo=UTC)):
        staff = make_person("Dana", "W")
        changing.end_pair(mentorship=mentorship, reason="No show, twice", by=staff, words="Thank you both.")
    mentor, mentee = mentor_and_mentee(mentorship)
    assert written() == sorted(("pair_ended", place.person.email) for place in (mentor, mentee))
    for mail in OutboxMail.objects.all():
        assert "No show" not in mail.text
        assert "Thank you both." in mail.text
        assert "Thank you for the time that you gave each other." in mail.text
        assert words.found(mail.text) == []
    mentorship.refresh_from_db()
    assert (mentorship.state, mentorship.ended_because) == (State.ENDED, "No show, twice")
    with pytest.raises(DomainError, match="has ended already"):
        changing.end_pair(mentorship=mentorship, reason="Again", by=staff)
    assert Change.objects.get().before == mentorship


def test_before_the_start_nobody_is_thanked_for_time_given(sierra: Society) -> None:
    _cycle, mentorship, _mentor, _mentee = running()
    changing.end_pair(mentorship=mentorship, reason="Moved away", by=None)
    assert "ends today" in OutboxMail.objects.all()[0].text
    assert not [each for each in OutboxMail.objects.all() if "gave each other" in each.text]


def test_an_open_question_is_taken_back_and_only_who_was_asked_hears(sierra: Society) -> None:
    _cycle, mentorship, _mentor, _mentee = running(introduced=False)
    changing.end_pair(mentorship=mentorship, reason="A mistake", by=None)
    mentor, _mentee = mentor_and_mentee(mentorship)
    assert written() == [("mentorship_not_this_one", mentor.person.email)]
    mentorship.refresh_from_db()
    assert mentorship.state == State.DECLINED
    assert set(Enrollment.objects.values_list("state", flat=True)) == {Enrollment.State.ELIGIBLE}


def test_another_mentor_is_all_or_nothing(sierra: Society) -> None:
    _cycle, mentorship, later, _mentee = running()
    Enrollment.objects.filter(pk=later.pk).update(state=Enrollment.State.WITHDRAWN)
    with pytest.raises(DomainError, match="has no place left"):
        changing.change_pair(mentorship=mentorship, mentor=later, reason="Moved away", by=None)
    mentorship.refresh_from_db()
    assert (mentorship.state, written()) == (State.ACTIVE, [])
    Enrollment.objects.filter(pk=later.pk).update(state=Enrollment.State.ELIGIBLE)
    change = changing.change_pair(mentorship=mentorship, mentor=later, reason="Moved away", by=None)
    mentor, mentee = mentor_and_mentee(mentorship)
    asked = ("mentorship_asked", later.person.email)
    assert written() == sorted([asked, ("pair_ended", mentor.person.email), ("pair_ended", mentee.person.email)])
    assert (change.kind, change.before) == (Change.Kind.CHANGED, mentorship)
    assert change.mentorship is not None
    assert mentor_and_mentee(change.mentorship)[1].enrollment_id == mentee.enrollment_id


def test_nothing_is_changed_without_a_reason_or_before_anything_is_published(sierra: Society) -> None:
    cycle, mentorship, mentor, mentee = running()
    with pytest.raises(DomainError, match="Write down why"):
        changing.end_pair(mentorship=mentorship, reason=" ", by=None)
    Cycle.objects.filter(pk=cycle.pk).update(state=Cycle.State.MATCHING)
    with pytest.raises(DomainError, match="once they are published"):
        changing.add_pair(cycle=cycle, mentee=mentee, mentor=mentor, reason="Early", by=None)


def test_the_pages_show_the_mails_first(sierra: Society) -> None:
    cycle, mentorship, later, _mentee = running()
    manager = browser_of(make_staff(), sierra)
    desk = reverse("desk:pairs", args=[cycle.pk])
    change = reverse("desk:change", args=[cycle.pk, mentorship.pk])

    def sent(client: Client, where: str, status: int = 200, **form: str) -> str:
        reply = client.post(where, form, follow=True)
        page = reply.content.decode()
        assert (reply.status_code, words.found(re.sub(r"<[^>]+>", " ", page))) == (status, [])
        return page

    assert "Add a pair…" in manager.get(desk).content.decode()
    assert "Later Vega" in manager.get(change).content.decode()
    pair_page = manager.get(reverse("desk:pair", args=[cycle.pk, mentorship.suggested_pair.pk])).content.decode()
    assert change in pair_page
    assert "Choose a mentor." in sent(manager, change, 422, what="another", reason="Moved")
    form = {"what": "another", "mentor": str(later.pk), "reason": "Moved away", "words": ""}
    looked = sent(manager, change, **form)
    assert looked.count("mail-screen") == 3
    assert "of 1,000 points" in looked
    assert (Mentorship.objects.count(), written()) == (1, []), "looking changes nothing"
    assert 'value="Moved away"' in sent(manager, change, **form, again="yes")
    assert "Done. The mails are on their way." in sent(manager, change, **form, do="yes")
    assert "has ended already" in sent(manager, change, **form, do="yes"), "a second press"
    published = manager.get(desk).content.decode()
    assert "Changed since" in published
    assert "Moved away" in published
    assert Mentorship.objects.count() == 2


def test_a_pair_is_added_by_its_page(sierra: Society) -> None:
    cycle, _mentorship, mentor, mentee = running()
    manager = browser_of(make_staff(), sierra)
    form = {"mentee": str(mentee.pk), "mentor": str(mentor.pk), "reason": "They know each other"}
    address = reverse("desk:add", args=[cycle.pk])
    assert "A mentee for you" in manager.post(address, form).content.decode()
    assert Mentorship.objects.count() == 1
    manager.post(address, form | {"do": "yes"})
    assert Change.objects.get().kind == Change.Kind.ADDED
