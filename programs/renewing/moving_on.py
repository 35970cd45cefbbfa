"""Mentees who have moved on in their career are asked to mentor whoever is where they were.

They are asked where the rules do not refuse them as mentors of the next session. Whoever has not moved on is asked
whether they would like to be a mentor one day, where the program wants that; a yes keeps them on its standing list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from programs.enrollment.answers import participant_of
from programs.enrollment.models import Enrollment, Role
from programs.policy.models import Cycle
from programs.policy.rules import Answer, decide
from programs.policy.words import STAGES


def is_asked_to_mentor(sign_ups: Sequence[Enrollment], coming: Cycle) -> bool:
    """Whether somebody was a mentee only, is further on now than they were then, and may be a mentor by the rules."""
    roles = {each.role for each in sign_ups}
    if roles != {Role.MENTEE} or Role.MENTOR not in coming.settings.roles:
        return False
    (before,) = sign_ups
    if not has_moved_on(before):
        return False
    somebody = replace(participant_of(before), role="mentor", stage=before.person.stage)
    rule = coming.settings.eligible.get(Role.MENTOR)
    return decide(rule, somebody, coming.starts_on).answer is not Answer.NO


def has_moved_on(before: Enrollment) -> bool:
    """Whether somebody's stage is a later one than that with which they signed up."""
    then, now = before.answers.get("stage", ""), before.person.stage
    return then in STAGES and now in STAGES and STAGES.index(now) > STAGES.index(then)


def is_asked_for_one_day(sign_ups: Sequence[Enrollment], coming: Cycle) -> bool:
    """Whether a mentee is asked if they would like to mentor one day, because the program wishes that."""
    roles, part = {each.role for each in sign_ups}, coming.settings
    wished = part.mentorship.ends.pay_it_forward and Role.MENTOR in part.roles
    return wished and roles == {Role.MENTEE} and not is_asked_to_mentor(sign_ups, coming)


def how_many(everybody: Iterable[Sequence[Enrollment]], coming: Cycle) -> int:
    """How many of these are asked to mentor."""
    return sum(is_asked_to_mentor(sign_ups, coming) for sign_ups in everybody)
