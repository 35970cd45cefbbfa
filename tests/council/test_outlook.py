"""What a result would change: people without names, and nothing of pairs in which the reader takes part."""

from __future__ import annotations

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from matching.council import ballots, due, outlook, showing
from matching.council.models import Ballot, Voter
from matching.council.outlook import Line, Telling
from matching.council.voting import vote_of
from programs.enrollment.models import Enrollment, Role
from programs.policy.models import Cycle
from tenants.models import Society
from tenants.people.models import Person
from tests.council.making import CHALLENGE, FIELD, HELP, manager, opened, two_and_two, vote
from tests.desk.making import take_part
from tests.factories.staff import browser_of

HIDDEN = "somebody of whom no more can be told"
AIMS_AT_FIELD = (FIELD, FIELD, CHALLENGE)


def counted(*names: str) -> tuple[Ballot, list[Voter], list[Enrollment]]:
    """A closed ballot over two mentors and two mentees; the program's own settings go by the challenge."""
    ballot, voters = opened(len(names))
    people = two_and_two(ballot.cycle)
    vote(voters, *names)
    ballot = ballots.close_ballot(ballot=ballot)
    ballot.refresh_from_db()
    return ballot, voters, people


def changed(ballot: Ballot, reader: Person) -> list[Line]:
    return Telling.of(ballot.cycle, reader).lines(ballot.outlook["changes"])


def test_the_pairs_of_the_session_are_solved_under_the_result_and_under_each_vote(commonwealth: Society) -> None:
    ballot, voters, people = counted(*AIMS_AT_FIELD)
    pks = [str(each.pk) for each in people]
    tutors, learners = pks[:2], pks[2:]
    assert ballot.outlook["pairs"] == 2
    assert sorted(ballot.outlook["changes"], key=lambda each: learners.index(each["mentee"])) == [
        {"mentee": learners[0], "now": [tutors[1]], "then": [tutors[0]]},
        {"mentee": learners[1], "now": [tutors[0]], "then": [tutors[1]]},
    ]
    own = [vote_of(voter) for voter in voters]
    assert [len(each.changes) for each in own if each] == [2, 2, 0]


def test_of_few_people_nothing_is_told_but_that_they_are_there(commonwealth: Society) -> None:
    ballot, _voters, _people = counted(*AIMS_AT_FIELD)
    assert changed(ballot, manager()) == [Line("", HIDDEN, HIDDEN)] * 2


def test_where_three_fit_stage_field_and_town_are_told(commonwealth: Society) -> None:
    ballot, voters = opened(3)
    two_and_two(ballot.cycle)
    for number in range(3):
        for field in ("Pediatrics", "General Surgery"):
            take_part(ballot.cycle, Role.MENTEE, f"{field[:3]}{number}", specialty=field, challenges=[], aspects=[])
    take_part(ballot.cycle, Role.MENTEE, "Elsewhere", specialty="Pediatrics", zip="95661", challenges=[], aspects=[])
    vote(voters, *AIMS_AT_FIELD)
    ballots.close_ballot(ballot=ballot)
    ballot.refresh_from_db()
    told = {line.mentee for line in changed(ballot, manager())}
    # One pediatrician is from Roseville, so no pediatrician's town is told.
    assert told <= {"resident, pediatrics", "resident, general surgery, Sacramento"}
    assert told
    assert {line.now for line in changed(ballot, manager())} <= {HIDDEN, ""}


def test_a_reader_hears_nothing_of_pairs_in_which_they_take_part(commonwealth: Society) -> None:
    """Neither the line of their own mentee before nor of the one after, and no number that counts them."""
    ballot, voters, people = counted(*AIMS_AT_FIELD)
    tutor = people[0].person
    assert changed(ballot, tutor) == []
    learner = people[2].person
    assert len(changed(ballot, learner)) == 1
    assert len(changed(ballot, voters[0].person)) == 2
    shown = showing.shown_to(tutor, ballot, None)
    assert shown.changes is not None
    assert (shown.changes.count, shown.between) == (0, None)


def test_what_single_votes_would_change_is_told_from_five_votes_on(commonwealth: Society) -> None:
    ballot, _voters, _people = counted(FIELD, FIELD, FIELD, CHALLENGE, HELP)
    assert showing.shown_to(manager(), ballot, None).between == (0, 2)
    for vote_of_one in ballot.votes.all()[:1]:
        vote_of_one.delete()
    assert showing.shown_to(manager(), ballot, None).between is None


def test_no_name_and_no_word_of_anybody_stands_on_the_page(
    commonwealth: Society, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ballot, voters, people = counted(*AIMS_AT_FIELD)
    page = reverse("council:council", args=[ballot.cycle_id])
    for reader in (manager(), voters[0].person):
        told = browser_of(reader, commonwealth).get(page).content.decode()
        assert "2 mentees would have somebody else" in told
        for enrollment in people:
            for hidden in (enrollment.person.given_name, enrollment.person.email, "I am ", "burnout", "board exams"):
                assert hidden not in told


def test_who_left_since_is_left_out(commonwealth: Society) -> None:
    ballot, _voters, people = counted(*AIMS_AT_FIELD)
    Enrollment.objects.filter(pk=people[2].pk).update(state=Enrollment.State.WITHDRAWN)
    assert len(changed(ballot, manager())) == 1


def test_without_anybody_to_match_it_says_so_and_can_be_looked_at_again(commonwealth: Society) -> None:
    ballot, voters = opened(3)
    vote(voters, *AIMS_AT_FIELD)
    ballot = ballots.close_ballot(ballot=ballot)
    browser, page = browser_of(manager(), commonwealth), reverse("council:council", args=[ballot.cycle_id])
    assert "Nobody can be matched yet" in browser.get(page).content.decode()
    two_and_two(ballot.cycle)
    told = browser.post(reverse("council:look_again", args=[ballot.cycle_id]), follow=True).content.decode()
    assert "2 mentees would have somebody else" in told


def test_a_large_session_is_a_worker_s_work(commonwealth: Society, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlook, "AT_ONCE", 1)
    ballot, _voters, _people = counted(*AIMS_AT_FIELD)
    assert ballot.outlook == {}
    page = reverse("council:council", args=[ballot.cycle_id])
    assert "being worked out" in browser_of(manager(), commonwealth).get(page).content.decode()
    due.look(str(ballot.pk))
    ballot.refresh_from_db()
    assert len(ballot.outlook["changes"]) == 2


def test_published_pairs_do_not_change(commonwealth: Society) -> None:
    ballot, voters = opened(3)
    vote(voters, *AIMS_AT_FIELD)
    Cycle.objects.filter(pk=ballot.cycle_id).update(state=Cycle.State.RUNNING)
    ballot = ballots.close_ballot(ballot=ballot)
    assert "are published" in showing.shown_to(manager(), ballot, None).why_not
