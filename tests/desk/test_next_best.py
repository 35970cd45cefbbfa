"""After a no: the place is free again, the next best is proposed, and nobody else's pair changes."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel.errors import DomainError
from matching.publishing import nexts
from matching.publishing.models import Change, NextBest
from matching.publishing.services import publish
from matching.services import suggest_pairs
from programs.enrollment.models import Enrollment, Role
from programs.mentorships.ending import end_mentorship
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.selectors import STANDING
from programs.mentorships.services import answer_no, answer_yes, mentor_and_mentee
from programs.policy.document import store_policy
from programs.policy.models import Cycle, PolicyVersion
from tenants import context
from tenants.audit.models import Entry
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tests.design import words
from tests.desk.making import small_cycle, take_part
from tests.desk.test_leaving import when_due
from tests.desk.test_publishing import together
from tests.factories.staff import browser_of, make_staff

State = Enrollment.State


def published(cycle: Cycle, *, waits: int = 1) -> list[Mentorship]:
    """The session's pairs, published; then one more mentee for each who waits."""
    publish(run=suggest_pairs(cycle=cycle, by=None), by=None)
    for number in range(waits):
        take_part(cycle, Role.MENTEE, f"Waiting{number}")
    return list(Mentorship.objects.order_by("pk"))


def by_itself(cycle: Cycle) -> None:
    document = store_policy(cycle.version.policy)
    for part in document["parts"]:
        part["matching"]["after_a_no"] = "itself"
    PolicyVersion.objects.filter(pk=cycle.version_id).update(document=document)


def names(found: NextBest) -> tuple[str, str]:
    return found.mentee.person.given_name, found.mentor.person.given_name


def test_the_next_best_is_found_for_the_free_places_and_no_other_pair_is_touched(sierra: Society) -> None:
    first, second = published(small_cycle())
    mentor, mentee = mentor_and_mentee(first)
    answer_no(participation=mentor, reason="We know each other")
    when_due()
    found = NextBest.objects.get()
    assert names(found) == ("Waiting0", mentor.person.given_name), "the two who came to nothing are not asked again"
    assert found.after == first
    second.refresh_from_db()
    assert second.state == Mentorship.State.PROPOSED
    mentee.enrollment.refresh_from_db()
    assert mentee.enrollment.state == State.ELIGIBLE
    assert Mentorship.objects.count() == 2, "staff send it"


def test_one_press_sends_it_once_and_writes_it_down_beside_what_was_published(sierra: Society) -> None:
    first, _second = published(small_cycle())
    run = first.suggested_pair.run
    before = (run.result, run.pairs.count())
    mentor, _mentee = mentor_and_mentee(first)
    answer_no(participation=mentor)
    when_due()
    found, staff = NextBest.objects.get(), make_staff()
    change = nexts.send_next(next_best=found, by=staff)
    assert (change.kind, change.run, change.before, change.by) == (Change.Kind.NEXT, run, first, staff)
    assert change.mentorship is not None
    assert {each.enrollment_id for each in change.mentorship.participations.all()} == {found.mentee_id, found.mentor_id}
    assert OutboxMail.objects.filter(template="mentorship_asked", recipient=mentor.person.email).count() == 2
    run.refresh_from_db()
    assert (run.result, run.pairs.count()) == before
    with pytest.raises(DomainError, match="sent already"):
        nexts.send_next(next_best=found, by=staff)
    assert Entry.objects.filter(verb="pair.next_sent").count() == 1


def test_where_the_program_says_so_it_goes_by_itself_from_one_to_the_next(sierra: Society) -> None:
    cycle = small_cycle(mentors=1, mentees=1)
    by_itself(cycle)
    (mentorship,) = published(cycle, waits=2)
    for _no in range(2):
        answer_no(participation=mentor_and_mentee(mentorship)[0])
        when_due()
        mentorship = Mentorship.objects.get(state=Mentorship.State.PROPOSED)
    answer_yes(participation=mentor_and_mentee(mentorship)[0])
    assert Mentorship.objects.count() == 3
    assert Change.objects.filter(by=None, kind=Change.Kind.NEXT).count() == 2
    assert not NextBest.objects.exists()


def test_an_end_opens_the_place_as_well(sierra: Society) -> None:
    first, _second = published(small_cycle())
    for place in mentor_and_mentee(first):
        answer_yes(participation=place)
    end_mentorship(mentorship=first, by=None)
    when_due()
    assert NextBest.objects.get().after == first


def test_who_wants_nobody_this_session_is_not_proposed_again(sierra: Society) -> None:
    first, _second = published(small_cycle())
    mentor, mentee = mentor_and_mentee(first)
    answer_no(participation=mentor, none_this_session=True)
    answer_no(participation=mentor, none_this_session=True)
    when_due()
    mentor.enrollment.refresh_from_db()
    assert mentor.enrollment.state == State.WITHDRAWN
    assert not NextBest.objects.exists(), "no mentor is free"
    mentee.enrollment.refresh_from_db()
    assert mentee.enrollment.state == State.ELIGIBLE


def test_a_mentor_with_a_pair_who_wants_no_other_keeps_the_one(sierra: Society) -> None:
    first, second = published(small_cycle(mentors=1, mentees=2, places=2))
    kept, mine = mentor_and_mentee(first)[0], mentor_and_mentee(second)[0]
    answer_yes(participation=kept)
    answer_no(participation=mine, none_this_session=True)
    when_due()
    mine.enrollment.refresh_from_db()
    assert (mine.enrollment.state, mine.enrollment.answers["places"]) == (State.MATCHED, 1)
    first.refresh_from_db()
    assert first.state in STANDING
    assert not NextBest.objects.exists()


def test_who_is_no_longer_free_is_not_sent(sierra: Society) -> None:
    first, _second = published(small_cycle())
    answer_no(participation=mentor_and_mentee(first)[0])
    when_due()
    found = NextBest.objects.get()
    Enrollment.objects.filter(pk=found.mentee_id).update(state=State.WITHDRAWN)
    with pytest.raises(DomainError, match="has no place left"):
        nexts.send_next(next_best=found, by=None)
    assert not Change.objects.exists()


def test_the_pages_of_a_no(sierra: Society) -> None:
    first, _second = published(small_cycle())
    mentor, _mentee = mentor_and_mentee(first)
    him = browser_of(mentor.person, sierra)
    address = reverse("mentorships:no", args=[first.pk])
    assert "Nobody this session" in him.get(address).content.decode()
    said = him.post(address, {"why": "I have no time just now", "more": "", "then": "none"}, follow=True)
    assert "Noted: nobody this session" in said.content.decode()
    assert Participation.objects.get(pk=mentor.pk).decline_reason == "I have no time just now"


def test_staff_look_at_the_next_best_and_send_it(sierra: Society) -> None:
    first, _second = published(small_cycle())
    mentor, _mentee = mentor_and_mentee(first)
    answer_no(participation=mentor)
    when_due()
    manager, found = browser_of(make_staff(), sierra), NextBest.objects.get()

    def text(client: Client, where: str) -> str:
        page = client.get(where).content.decode()
        assert words.found(re.sub(r"<[^>]+>", " ", page)) == []
        return page

    desk = reverse("desk:pairs", args=[first.cycle_id])
    assert "One pair could come next" in text(manager, desk)
    page = text(manager, reverse("desk:next_best", args=[first.cycle_id, found.pk]))
    assert "mail-screen" in page
    assert "Waiting0 Vega" in page
    assert Mentorship.objects.count() == 2, "looking changes nothing"
    send = reverse("desk:send_next", args=[first.cycle_id, found.pk])
    assert f"A mail is on its way to {mentor.person.address_name}." in manager.post(send, follow=True).content.decode()
    assert "sent already" in manager.post(send, follow=True).content.decode()
    assert "One pair could come next" not in text(manager, desk)
    assert manager.get(reverse("desk:next_best", args=[first.cycle_id, found.pk])).status_code == 302
    assert Mentorship.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_send_it_once(societies: dict[str, Society]) -> None:
    with context.society(societies["sierra"]):
        first, _second = published(small_cycle())
        answer_no(participation=mentor_and_mentee(first)[0])
        nexts.find_next(cycle=first.cycle)
        found = NextBest.objects.get()
    refused = together(2, lambda number: nexts.send_next(next_best=found, by=None), societies["sierra"])
    assert sorted(each is None for each in refused) == [False, True]
    with context.society(societies["sierra"]):
        assert (Mentorship.objects.count(), Change.objects.count()) == (3, 1)
