"""A ballot from its opening to what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.council import ballots, deciding, due, seats
from matching.council.counting import Result, of_levels
from matching.council.models import Ballot, Seat, Vote, Voter
from matching.council.selectors import chairs, seated
from matching.council.voting import cast, take_vote_back, vote_in_words, vote_of
from programs.policy.models import Cycle, PolicyVersion
from programs.policy.services import change_state, publish_version
from tenants import context
from tenants.audit.models import Entry
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tenants.people.access import may
from tenants.people.models import Person, StaffRole
from tests.council.making import (
    ALL,
    CHALLENGE,
    FIELD,
    HELP,
    NEAR,
    all_for,
    council_of,
    in_days,
    manager,
    opened,
    vote,
)

State = Ballot.State


def written(template: str) -> list[str]:
    """To whom a mail was written, in order of the addresses."""
    mails = OutboxMail.objects.filter(template=template).exclude(state=OutboxMail.State.CANCELED)
    return sorted(mails.values_list("recipient", flat=True))


def closed(*names: str) -> Ballot:
    """A ballot in which each voted for one thing alone."""
    ballot, voters = opened(len(names))
    vote(voters, *names)
    return ballots.close_ballot(ballot=ballot)


def planned(kind: str) -> int:
    with context.platform():
        return Due.objects.filter(kind=kind).count()


# --- Seats


def test_whoever_is_appointed_becomes_a_committee_member_until_a_day_and_is_not_written_to(
    commonwealth: Society,
) -> None:
    cycle, [person] = council_of(1)
    [role] = person.staff_roles.all()
    assert (role.kind, role.program_id) == (StaffRole.Kind.COMMITTEE, cycle.program_id)
    assert may(person, StaffRole.Kind.COMMITTEE, program_id=cycle.program_id)
    assert OutboxMail.objects.count() == 0
    assert Entry.objects.filter(verb="council.seat_taken").count() == 1
    with pytest.raises(DomainError, match="another seat"):
        seats.appoint(cycle=cycle, seat="students", email=person.email, by=manager())
    with pytest.raises(DomainError, match="no such seat"):
        seats.appoint(cycle=cycle, seat="surgeons", email=person.email, by=manager())


def test_leaving_a_seat_ends_the_role_that_came_with_it_and_no_other(commonwealth: Society) -> None:
    cycle, [person] = council_of(1)
    by = manager()
    seats.appoint(cycle=cycle, seat="students", email=by.email, by=by)
    for seat in seated(cycle):
        seats.leave(seat=seat, by=by)
    assert not person.staff_roles.exists()
    assert by.staff_roles.count() == 1
    assert list(seated(cycle)) == []
    assert [chair.seat for chair in chairs(cycle, None)] == [None] * 9


def test_a_seat_ends_with_its_role_and_can_be_given_anew(commonwealth: Society) -> None:
    cycle, _people = council_of(0)
    ida: dict[str, Any] = {"email": "ida@example.org", "given_name": "Ida"}
    seats.appoint(cycle=cycle, seat="students", **ida, ends_on=in_days(3), by=manager())
    with clock.moved_by(timedelta(days=5)):
        assert list(seated(cycle)) == []
        seats.appoint(cycle=cycle, seat="diversity", **ida, ends_on=in_days(30), by=manager())
        assert [seat.name for seat in seated(cycle)] == ["diversity"]


# --- Opening


def test_each_filled_seat_gets_one_mail_that_leaves_after_ten_minutes(commonwealth: Society) -> None:
    ballot, voters = opened(4)
    mails = OutboxMail.objects.filter(template="council_asked")
    assert sorted(mail.recipient for mail in mails) == [voter.person.email for voter in voters]
    assert all(mail.leaves_at - mail.written_at >= timedelta(minutes=9) for mail in mails)
    assert all(mail.secret for mail in mails)
    assert (planned(ballots.CLOSES), planned(ballots.REMINDS)) == (1, 2)
    assert ballot.closes_at.astimezone(commonwealth.zone).hour == 0
    assert ballot.last_day == in_days(10)


def test_a_ballot_that_comes_too_late_for_the_session_is_refused_and_says_why(commonwealth: Society) -> None:
    cycle, _people = council_of(3)
    with pytest.raises(DomainError, match="comes too late"):
        ballots.open_ballot(cycle=cycle, closes_on=cycle.publish_on, by=manager())
    assert "suggest pairs after" in ballots.timing_of(cycle, cycle.sign_up_closes_on + timedelta(days=1)).mind
    assert ballots.timing_of(cycle, cycle.sign_up_closes_on) == ballots.Timing()
    with pytest.raises(DomainError, match="This day is over"):
        ballots.open_ballot(cycle=cycle, closes_on=in_days(-2), by=manager())
    assert not Ballot.objects.exists()


def test_with_fewer_than_three_seats_there_is_no_ballot(commonwealth: Society) -> None:
    cycle, _people = council_of(2)
    with pytest.raises(DomainError, match="at least 3 seats"):
        ballots.open_ballot(cycle=cycle, closes_on=in_days(5), by=manager())


def test_two_managers_at_once_open_one_ballot(commonwealth: Society) -> None:
    ballot, _voters = opened(3)
    with pytest.raises(DomainError, match="There is a ballot already"):
        ballots.open_ballot(cycle=ballot.cycle, closes_on=in_days(5), by=manager())
    assert len(written("council_asked")) == 3


def test_a_session_whose_pairs_are_published_takes_none(commonwealth: Society) -> None:
    cycle, _people = council_of(3)
    Cycle.objects.filter(pk=cycle.pk).update(state=Cycle.State.RUNNING)
    with pytest.raises(DomainError, match="are published"):
        ballots.open_ballot(cycle=cycle, closes_on=in_days(5), by=manager())


# --- Voting


def test_a_vote_can_be_changed_and_taken_back_until_the_close(commonwealth: Society) -> None:
    _ballot, [voter, *_others] = opened(3)
    vote_in_words(voter=voter, levels=dict.fromkeys(ALL, "none") | {FIELD: "most", NEAR: "most"})
    cast(voter=voter, percents=all_for(HELP))
    mine = vote_of(voter)
    assert mine is not None
    assert (mine.percents[HELP], mine.levels, Vote.objects.count()) == (100, {}, 1)
    take_vote_back(voter=voter)
    assert (vote_of(voter), Vote.objects.count()) == (None, 0)
    verbs = Entry.objects.filter(verb__startswith="council.vot").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["council.voted", "council.voted", "council.vote_taken_back"]


def test_a_vote_that_does_not_add_up_is_refused(commonwealth: Society) -> None:
    _ballot, [voter, *_others] = opened(3)
    for percents, says in (
        ({HELP: 100}, "Say of each"),
        (all_for(HELP) | {HELP: 90}, "There are 10 more to give"),
        (all_for(HELP) | {FIELD: 5}, "Take 5 away"),
        (all_for(HELP) | {HELP: 110, FIELD: -10}, "Say of each"),
    ):
        with pytest.raises(DomainError, match=says):
            cast(voter=voter, percents=percents)
    assert not Vote.objects.exists()


def test_something_has_to_matter(commonwealth: Society) -> None:
    _ballot, [voter, *_others] = opened(3)
    with pytest.raises(DomainError, match="Something has to matter"):
        vote_in_words(voter=voter, levels=dict.fromkeys(ALL, "none"))


def test_no_vote_is_taken_after_the_last_day_even_before_the_worker_comes(commonwealth: Society) -> None:
    ballot, [voter, *_others] = opened(3, days=2)
    with clock.moved_to(ballot.closes_at + timedelta(seconds=1)), pytest.raises(DomainError, match="has closed"):
        cast(voter=voter, percents=all_for(HELP))


def test_whoever_comes_into_a_seat_votes_anew_and_the_vote_before_does_not_count(commonwealth: Society) -> None:
    ballot, voters = opened(4)
    vote(voters, HELP, HELP, HELP, FIELD)
    gone = voters[3]
    ida: dict[str, Any] = {"email": "ida@example.org", "given_name": "Ida"}
    seats.appoint(cycle=ballot.cycle, seat=gone.seat.name, **ida, by=manager())
    assert "ida@example.org" in written("council_asked")
    assert ballot.votes.count() == 3
    with pytest.raises(DomainError, match="no longer yours"):
        cast(voter=gone, percents=all_for(FIELD))
    cast(voter=Voter.objects.get(person__email="ida@example.org"), percents=all_for(NEAR))
    result = Result.restored(ballots.close_ballot(ballot=ballot).result)
    assert (result.votes, result.seats) == (4, 4)


# --- Reminding, closing, calling off


def test_only_those_are_reminded_who_have_not_voted(commonwealth: Society) -> None:
    ballot, voters = opened(3)
    vote(voters[:1], HELP)
    due.remind(f"{ballot.pk}:3")
    assert written("council_reminder") == [voter.person.email for voter in voters[1:]]
    with pytest.raises(DomainError, match="within a day"):
        ballots.remind_now(ballot=ballot, by=manager())
    with clock.moved_by(timedelta(days=2)):
        assert ballots.remind_now(ballot=ballot, by=manager()) == 2


def test_a_ballot_closes_by_itself_once_and_whoever_opened_it_is_told(commonwealth: Society) -> None:
    ballot, voters = opened(4)
    vote(voters[:3], HELP, HELP, FIELD)
    for _time in range(2):
        due.close(str(ballot.pk))
    ballot.refresh_from_db()
    assert (ballot.state, ballot.result["votes"], ballot.result["seats"]) == (State.CLOSED, 3, 4)
    assert ballot.result["percents"] == all_for(HELP)
    assert written("council_closed") == [manager().email]
    assert (planned(ballots.CLOSES), planned(ballots.REMINDS), planned(ballots.EMPTIES)) == (0, 0, 1)
    with pytest.raises(DomainError, match="has closed"):
        take_vote_back(voter=voters[0])
    due.empty(str(ballot.pk))
    assert not ballot.votes.exists()


def test_two_votes_give_no_result_and_nothing_to_adopt(commonwealth: Society) -> None:
    ballot, voters = opened(3)
    vote(voters[:2], HELP, FIELD)
    ballot = ballots.close_ballot(ballot=ballot)
    assert ballot.result["percents"] == {}
    with pytest.raises(DomainError, match="Too few voted"):
        deciding.adopt(ballot=ballot, by=manager())
    assert deciding.leave_as_it_is(ballot=ballot, by=manager()).state == State.LEFT


def test_called_off_in_time_nobody_is_written_to_and_votes_go_unread(commonwealth: Society) -> None:
    ballot, voters = opened(3)
    vote(voters[:1], HELP)
    assert ballots.call_off(ballot=ballot, by=manager()) == 0
    assert (written("council_asked"), Vote.objects.count(), planned(ballots.CLOSES)) == ([], 0, 0)
    due.close(str(ballot.pk))
    ballot.refresh_from_db()
    assert ballot.state == State.CALLED_OFF
    assert ballots.open_ballot(cycle=ballot.cycle, closes_on=in_days(5), by=manager()).state == State.OPEN


def test_nobody_is_asked_any_more_once_the_ballot_is_closed_or_the_seat_another_s(commonwealth: Society) -> None:
    ballot, voters = opened(4)
    seats.leave(seat=voters[3].seat, by=manager())
    assert voters[3].person.email not in written("council_asked")
    assert len(written("council_asked")) == 3
    ballots.close_ballot(ballot=ballot, by=manager())
    assert written("council_asked") == []


def test_the_last_day_can_be_moved_while_the_ballot_is_open(commonwealth: Society) -> None:
    ballot, _voters = opened(3)
    moved = ballots.move_close(ballot=ballot, closes_on=in_days(0), by=manager())
    assert moved.last_day == in_days(0)
    assert (planned(ballots.CLOSES), planned(ballots.REMINDS)) == (1, 0)
    with pytest.raises(DomainError, match="comes too late"):
        ballots.move_close(ballot=ballot, closes_on=ballot.cycle.publish_on, by=manager())


# --- What becomes of it


def weights_of(cycle: Cycle) -> dict[str, int]:
    matching = Cycle.objects.select_related("version").get(pk=cycle.pk).settings.matching
    return {name: weight.points for name, weight in matching.weights.items()}


def test_adopting_makes_new_settings_and_moves_the_session_to_them(commonwealth: Society) -> None:
    ballot = closed(HELP, HELP, FIELD)
    for _time in range(2):
        ballot = deciding.adopt(ballot=ballot, by=manager())
    cycle = Cycle.objects.get(pk=ballot.cycle_id)
    assert weights_of(cycle) == {name: 1000 if name == HELP else 0 for name in ALL}
    near = cycle.settings.matching.weights[NEAR]
    assert (str(near.half_at), near.counts_when) == ("12 mi", "in person is possible")
    assert (cycle.version.number, cycle.version, PolicyVersion.objects.count()) == (2, ballot.adopted, 2)
    assert cycle.version.note == "What the council decided"
    assert ballot.version.policy.is_ours("One-to-one", "matching", "weights")
    assert not cycle.version.policy.is_ours("One-to-one", "matching", "weights")
    assert len(written("council_decided")) == 3
    [entry] = Entry.objects.filter(verb="council.adopted")
    assert entry.facts == {"changed": False, "version": 2}


def test_a_change_needs_a_reason_which_the_council_reads(commonwealth: Society) -> None:
    ballot = closed(HELP, HELP, FIELD)
    half = of_levels(dict.fromkeys(ALL, "none") | {HELP: "most", NEAR: "most"})
    with pytest.raises(DomainError, match="Say why"):
        deciding.adopt(ballot=ballot, percents=half, reason=" ", by=manager())
    with pytest.raises(DomainError, match="add up"):
        deciding.adopt(ballot=ballot, percents=half | {HELP: 90}, reason="So.", by=manager())
    ballot = deciding.adopt(ballot=ballot, percents=half, reason="We have few mentors in the city.", by=manager())
    assert (weights_of(ballot.cycle)[HELP], weights_of(ballot.cycle)[NEAR]) == (500, 500)
    assert "few mentors in the city" in OutboxMail.objects.filter(template="council_decided")[0].text


def test_left_as_it_is_nothing_changes_and_the_council_hears_of_it(commonwealth: Society) -> None:
    ballot = closed(HELP, HELP, FIELD)
    before = weights_of(ballot.cycle)
    for _time in range(2):
        deciding.leave_as_it_is(ballot=ballot, reason="Too close to the start.", by=manager())
    assert weights_of(ballot.cycle) == before
    assert (len(written("council_decided")), PolicyVersion.objects.count()) == (3, 1)
    with pytest.raises(DomainError, match="nothing to decide"):
        deciding.adopt(ballot=ballot, by=manager())


def test_settings_that_others_kept_meanwhile_are_not_lost(commonwealth: Society) -> None:
    ballot = closed(CHALLENGE, CHALLENGE, CHALLENGE)
    policy = ballot.version.policy.model_copy(update={"purpose": "Something else."})
    publish_version(program=ballot.cycle.program, policy=policy, by=None)
    with pytest.raises(DomainError, match="Somebody else changed"):
        deciding.adopt(ballot=ballot, after=1, by=manager())
    ballot = deciding.adopt(ballot=ballot, after=2, by=manager())
    assert ballot.adopted is not None
    assert (ballot.adopted.number, ballot.adopted.policy.purpose) == (3, "Something else.")


def test_adopted_after_pairs_are_published_the_session_keeps_its_own(commonwealth: Society) -> None:
    ballot = closed(HELP, HELP, FIELD)
    before = weights_of(ballot.cycle)
    change_state(cycle=ballot.cycle, to=Cycle.State.MATCHING, by=None)
    change_state(cycle=ballot.cycle, to=Cycle.State.RUNNING, by=None)
    ballot = deciding.adopt(ballot=ballot, by=manager())
    assert weights_of(ballot.cycle) == before
    assert ballot.adopted is not None
    assert ballot.adopted.policy.parts[0].matching.weights[HELP].points == 1000


def test_whoever_leaves_the_society_leaves_the_council(commonwealth: Society) -> None:
    ballot, voters = opened(3)
    Person.objects.get(pk=voters[0].person_id).delete()
    assert (Seat.objects.count(), ballot.voters.count()) == (2, 2)
