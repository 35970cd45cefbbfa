"""Who may say whom they would like, who may be named, and until when. Off unless the program says so."""

from __future__ import annotations

from datetime import date
from typing import Final

from programs.enrollment.models import Enrollment, Role
from programs.mentorships.days import this_day
from programs.mentorships.requests import CAN_ASK
from programs.policy.models import Cycle

# Before pairs come; in a program without a first day, as long as sign-up is open.
BEFORE_PAIRS: Final = (Cycle.State.RECRUITING, Cycle.State.MATCHING)


def has_wishes(cycle: Cycle) -> bool:
    """Whether people of a session say whom they would like."""
    return cycle.settings.matching.wishes is not None


def ranks(enrollment: Enrollment) -> bool:
    """Whether somebody says whom they would like, as things are in their session."""
    wishes = enrollment.cycle.settings.matching.wishes
    return wishes is not None and (enrollment.role == Role.MENTEE or wishes.ranked_by == "both")


def may_be_named(enrollment: Enrollment) -> bool:
    """Whether others say of somebody that they would like them, once that person lets them read about them."""
    wishes = enrollment.cycle.settings.matching.wishes
    return wishes is not None and (enrollment.role == Role.MENTOR or wishes.ranked_by == "both")


def last_day(cycle: Cycle) -> date:
    """The day at whose end wishes close. The session must have them."""
    wishes = cycle.settings.matching.wishes
    assert wishes is not None
    return wishes.open_for.after(cycle.sign_up_closes_on)


def is_open(cycle: Cycle) -> bool:
    """Whether wishes can be said now."""
    if not has_wishes(cycle):
        return False
    states = (*BEFORE_PAIRS, Cycle.State.RUNNING) if cycle.version.policy.calendar.rolling else BEFORE_PAIRS
    return cycle.state in states and this_day() <= last_day(cycle)


def takes_part(enrollment: Enrollment) -> bool:
    """Whether somebody's sign-up is in order, so that they name others and can be named."""
    return enrollment.state in CAN_ASK
