"""Ending a mentorship: once, without blame, and with its places free again."""

from __future__ import annotations

import pytest

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.models import Enrollment
from programs.enrollment.pausing import pause
from programs.mentorships.ending import end_mentorship
from programs.mentorships.models import Mentorship
from programs.mentorships.room import places_left
from programs.policy.models import Cycle
from tenants import context
from tenants.audit.models import Entry
from tenants.models import Due, Society
from tenants.outbox.models import OutboxMail
from tests.mentorships.making import proposed


def states() -> set[str]:
    return set(Enrollment.objects.values_list("state", flat=True))


def test_both_wait_again_and_nobody_is_written_to(sierra: Society) -> None:
    mentor, mentee = proposed("nobody")
    before = OutboxMail.objects.count()
    ended = end_mentorship(mentorship=mentor.mentorship, by=mentee.person, reason="She moved to Oregon.")
    assert (ended.state, ended.ended_on) == (Mentorship.State.ENDED, clock.today(sierra.zone))
    assert states() == {Enrollment.State.ELIGIBLE}
    assert places_left(ended.cycle, [mentor.enrollment]) == {mentor.enrollment_id: 1}
    assert OutboxMail.objects.count() == before
    with context.platform():
        assert Due.objects.filter(kind="mentorship.next_in_line", ref=str(ended.pk)).exists()


def test_the_reason_is_kept_beside_it_and_not_in_the_trail(sierra: Society) -> None:
    mentor, mentee = proposed("nobody")
    end_mentorship(mentorship=mentor.mentorship, by=mentee.person, reason="She moved to Oregon.")
    assert Mentorship.objects.get().ended_because == "She moved to Oregon."
    entry = Entry.objects.get(verb="mentorship.ended")
    assert (entry.actor_id, entry.facts) == (mentee.person_id, {})


def test_ending_twice_is_ending_once(sierra: Society) -> None:
    mentor, _mentee = proposed("nobody")
    for reason in ("First", "Second"):
        end_mentorship(mentorship=mentor.mentorship, by=None, reason=reason)
    assert Mentorship.objects.get().ended_because == "First"
    assert Entry.objects.filter(verb="mentorship.ended").count() == 1


def test_what_never_began_cannot_end(sierra: Society) -> None:
    mentor, _mentee = proposed("mentor")
    with pytest.raises(DomainError, match="has begun"):
        end_mentorship(mentorship=mentor.mentorship, by=None)
    assert Mentorship.objects.get().state == Mentorship.State.PROPOSED


def test_who_pauses_goes_on_pausing_and_stands_free_afterwards(sierra: Society) -> None:
    mentor, mentee = proposed("nobody")
    pause(person=mentee.person, enrollments=[Enrollment.objects.get(pk=mentee.enrollment_id)], until=None)
    end_mentorship(mentorship=mentor.mentorship, by=None)
    mine = Enrollment.objects.get(pk=mentee.enrollment_id)
    assert (mine.state, mine.before_pause) == (Enrollment.State.PAUSED, Enrollment.State.ELIGIBLE)


def test_nobody_waits_for_another_in_a_session_that_is_over(sierra: Society) -> None:
    mentor, _mentee = proposed("nobody")
    Cycle.objects.update(state=Cycle.State.CLOSING)
    end_mentorship(mentorship=mentor.mentorship, by=None)
    assert states() == {Enrollment.State.MATCHED}
    with context.platform():
        assert not Due.objects.filter(kind="mentorship.next_in_line").exists()
