"""Taking a sign-up back while somebody is asked: the question goes with it, and who was not asked learns nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from chiron.kernel.errors import DomainError
from matching.publishing.due import find_next
from matching.publishing.models import NextBest
from matching.publishing.services import publish
from matching.services import suggest_pairs
from programs.enrollment.models import Enrollment, Role
from programs.enrollment.room import given_of, room_of
from programs.enrollment.services import withdraw
from programs.mentorships import requests
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.room import places_left
from programs.mentorships.services import answer_no, answer_yes, mentor_and_mentee
from tenants import context
from tenants.models import Society
from tenants.outbox.models import OutboxMail
from tests.desk.making import small_cycle
from tests.desk.test_publishing import together
from tests.factories.staff import browser_of, make_staff
from tests.mentorships.making import asked_first, proposed

State = Enrollment.State
WITHDRAWN, ELIGIBLE = State.WITHDRAWN, State.ELIGIBLE


def page_of(place: Participation) -> str:
    return reverse("enrollment:signed_up", args=[place.enrollment.cycle_id, place.role])


def leaves(place: Participation) -> Enrollment:
    return withdraw(enrollment=place.enrollment, by=place.person)


def mails() -> list[tuple[str, str]]:
    return list(OutboxMail.objects.order_by("id").values_list("template", "recipient"))


def states() -> tuple[str, str, str]:
    """Of the question, of the mentor's sign-up, of the mentee's."""
    mentorship = Mentorship.objects.get()
    mentor, mentee = mentor_and_mentee(mentorship)
    return mentorship.state, mentor.enrollment.state, mentee.enrollment.state


def words(client: Client, address: str) -> str:
    """A page without what differs from one person and one visit to the next."""
    text = client.get(address).content.decode()
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|csrfmiddlewaretoken\" value=\"\w+|nonce-\S+|[Mm]entee\d", "*", text)
    return re.sub(r"\s+", " ", re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL))


def test_a_mentee_who_was_not_asked_leaves_and_the_mentor_hears_one_kind_line(sierra: Society) -> None:
    mentor, mentee = proposed()
    for _twice in range(2):
        leaves(mentee)
    assert states() == (Mentorship.State.DECLINED, ELIGIBLE, WITHDRAWN)
    assert mails()[1:] == [("mentorship_not_this_one", mentor.person.email)]
    mentor.enrollment.refresh_from_db()
    assert places_left(mentor.mentorship.cycle, [mentor.enrollment]) == {mentor.enrollment_id: 1}
    with pytest.raises(DomainError, match="no longer open"):
        answer_yes(participation=mentor)
    assert states()[2] == WITHDRAWN


@pytest.mark.parametrize("shown", ["home", "sign-up", "my page", "availability"])
def test_nothing_shows_a_mentee_that_somebody_is_being_asked(sierra: Society, shown: str) -> None:
    cycle = asked_first(small_cycle(mentors=1, mentees=2), "mentor")
    publish(run=suggest_pairs(cycle=cycle, by=None), by=None)
    found = mentor_and_mentee(Mentorship.objects.get())[1].enrollment
    other = cycle.enrollments.filter(role=Role.MENTEE).exclude(pk=found.pk).get()
    assert (found.state, other.state) == (State.MATCHED, ELIGIBLE)
    address = {
        "home": "/",
        "sign-up": reverse("enrollment:signed_up", args=[cycle.pk, Role.MENTEE]),
        "my page": reverse("enrollment:me"),
        "availability": reverse("enrollment:availability"),
    }[shown]
    mine, theirs = browser_of(found.person, sierra), browser_of(other.person, sierra)
    assert words(mine, address) == words(theirs, address)
    if shown == "sign-up":
        assert "Take my sign-up back" in words(mine, address)
        for client in (mine, theirs):
            client.post(reverse("enrollment:leave", args=[cycle.pk, Role.MENTEE]))
        assert words(mine, address) == words(theirs, address)
        assert {to for _template, to in mails()}.isdisjoint({found.person.email, other.person.email})


def test_a_mentor_who_leaves_instead_of_answering_has_answered(sierra: Society) -> None:
    mentor, _mentee = proposed()
    client = browser_of(mentor.person, sierra)
    page = client.get(page_of(mentor)).content.decode()
    assert "an open question between you and somebody else is closed too" in page
    client.post(reverse("enrollment:leave", args=[mentor.mentorship.cycle_id, Role.MENTOR]))
    assert states() == (Mentorship.State.DECLINED, WITHDRAWN, ELIGIBLE)
    assert mails() == [("mentorship_asked", mentor.person.email)], "the mentee never hears of it"
    mentor.refresh_from_db()
    assert mentor.answer == Participation.Answer.NO
    assert answer_no(participation=mentor).state == Mentorship.State.DECLINED, (
        "the mail's no comes too late for nothing"
    )


def test_who_was_asked_after_a_yes_leaves_and_the_other_hears_so(sierra: Society) -> None:
    mentor, mentee = proposed()
    answer_yes(participation=mentor)
    leaves(mentee)
    assert states() == (Mentorship.State.DECLINED, ELIGIBLE, WITHDRAWN)
    assert mails()[-1] == ("mentorship_not_this_one", mentor.person.email)


def test_who_was_introduced_says_so_on_the_page_of_the_mentorship(sierra: Society) -> None:
    mentor, mentee = proposed("nobody")
    for place in (mentor, mentee):
        assert "Take my sign-up back" not in browser_of(place.person, sierra).get(page_of(place)).content.decode()
        with pytest.raises(DomainError, match="If it isn’t working"):
            leaves(place)
    assert states() == (Mentorship.State.ACTIVE, State.MATCHED, State.MATCHED)


def test_whoever_pauses_while_somebody_is_asked_can_leave_too(sierra: Society) -> None:
    _mentor, mentee = proposed()
    Enrollment.objects.filter(pk=mentee.enrollment_id).update(state=State.PAUSED, before_pause=State.MATCHED)
    assert "Take my sign-up back" in browser_of(mentee.person, sierra).get(page_of(mentee)).content.decode()
    left = leaves(mentee)
    assert (left.state, left.before_pause) == (WITHDRAWN, "")
    assert states() == (Mentorship.State.DECLINED, ELIGIBLE, WITHDRAWN)


def test_staff_read_that_a_place_is_free_why_and_who_comes_next(sierra: Society) -> None:
    cycle = asked_first(small_cycle(mentors=1, mentees=2), "mentor")
    publish(run=suggest_pairs(cycle=cycle, by=None), by=None)
    mentor, mentee = mentor_and_mentee(Mentorship.objects.get())
    next_one = cycle.enrollments.get(role=Role.MENTEE, state=ELIGIBLE)
    leaves(mentee)
    find_next(str(cycle.pk))
    assert [(each.mentor_id, each.mentee_id) for each in NextBest.objects.all()] == [
        (mentor.enrollment_id, next_one.pk)
    ]
    manager = browser_of(make_staff(), sierra)
    assert "1 person is free again after a no or an end" in manager.get(reverse("today")).content.decode()
    pairs = reverse("desk:pairs", args=[cycle.pk])
    assert "One pair could come next" in manager.get(pairs, {"which": "published"}).content.decode()
    pair = cycle.match_runs.get().pairs.get()
    assert "Took the sign-up back" in manager.get(reverse("desk:pair", args=[cycle.pk, pair.pk])).content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("works", ["two tabs", "a yes", "the last yes", "both leave"])
def test_in_the_same_moment_there_is_exactly_one_outcome(societies: dict[str, Society], works: str) -> None:
    sierra = societies["sierra"]
    with context.society(sierra):
        mentor, mentee = proposed("both" if works == "the last yes" else "mentor")
        if works == "the last yes":
            answer_yes(participation=mentor)
    do: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "two tabs": (lambda: leaves(mentee), lambda: leaves(mentee)),
        "a yes": (lambda: answer_yes(participation=mentor), lambda: leaves(mentee)),
        "the last yes": (lambda: answer_yes(participation=mentee), lambda: leaves(mentor)),
        "both leave": (lambda: leaves(mentor), lambda: leaves(mentee)),
    }
    refused = together(2, lambda number: do[works][number](), sierra)
    with context.society(sierra):
        state, his, hers = states()
        told = [template for template, _to in mails()].count("mentorship_not_this_one")
    if works == "the last yes":
        assert [each is None for each in refused].count(False) == 1
        assert (state, his) in [(Mentorship.State.ACTIVE, State.MATCHED), (Mentorship.State.DECLINED, WITHDRAWN)]
        assert told == (state == Mentorship.State.DECLINED)
        return
    assert (state, hers) == (Mentorship.State.DECLINED, WITHDRAWN)
    assert refused[1] is None
    assert (his, told) == ((WITHDRAWN, told) if works == "both leave" else (ELIGIBLE, 1))
    assert told <= 1


def test_a_place_held_by_a_question_that_one_does_not_know_of_looks_free_to_its_owner(sierra: Society) -> None:
    mentor, mentee = proposed()
    mine = [mentee.enrollment]
    mine[0].refresh_from_db()
    assert (room_of(mine), room_of(mine, told=True)) == ({mine[0].pk: 0}, {mine[0].pk: 1})
    assert (given_of(mine)[mine[0].pk], requests.left(mine[0])) == (0, 1)
    answer_yes(participation=mentor)
    assert room_of(mine, told=True) == {mine[0].pk: 0}
