"""What the owner of a sign-up knows of pairs, and the open questions that go with a sign-up that is taken back.

Who is asked about whom is known above; that room registers here.
"""

from __future__ import annotations

from typing import Protocol

from programs.enrollment.models import Enrollment
from tenants.people.models import Person

State = Enrollment.State
# Decided by the rules or by staff, and nobody is found yet: it can be taken back at any time.
BEFORE = (State.APPLIED, State.ELIGIBLE, State.TO_CHECK, State.WAITLISTED)


class KnowsPairs(Protocol):
    """What the room above offers."""

    def is_untold(self, enrollment: Enrollment) -> bool:
        """Whether somebody is asked about this sign-up, and its owner knows of nothing yet."""

    def is_in_question(self, enrollment: Enrollment) -> bool:
        """Whether its pairs are all still waiting for an answer, and there is one."""

    def hold(self, enrollment: Enrollment) -> None:
        """Keep others from answering what is asked about this sign-up; always before any sign-up's row."""

    def take_back(self, enrollment: Enrollment, by: Person) -> None:
        """End what is asked about this sign-up; whoever was asked hears that it will be somebody else."""


_known: list[KnowsPairs] = []


def offer(known: KnowsPairs) -> None:
    """Registered by the room that knows who is asked about whom, when it is ready."""
    _known[:] = [known]


def is_found(enrollment: Enrollment) -> bool:
    """Whether somebody was found for this sign-up, also while it pauses."""
    return State.MATCHED in (enrollment.state, enrollment.before_pause)


def state_told(enrollment: Enrollment) -> str:
    """How a sign-up stands, as far as its owner may know."""
    untold = enrollment.state == State.MATCHED and _known[0].is_untold(enrollment)
    return State.ELIGIBLE if untold else enrollment.state


def may_leave(enrollment: Enrollment) -> bool:
    """Whether a sign-up can be taken back: not once its owner was introduced to somebody."""
    if is_found(enrollment):
        return _known[0].is_in_question(enrollment)
    return enrollment.state in BEFORE or enrollment.before_pause in BEFORE


def hold(enrollment: Enrollment) -> None:
    """Keep others from answering what is asked about this sign-up."""
    _known[0].hold(enrollment)


def take_back(enrollment: Enrollment, *, by: Person) -> None:
    """End what is asked about this sign-up."""
    _known[0].take_back(enrollment, by)
