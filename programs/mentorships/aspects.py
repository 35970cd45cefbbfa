"""What a mentor is for, where a program has one for each thing that a mentee would like help with."""

from __future__ import annotations

from collections.abc import Iterable

from programs.enrollment.models import Enrollment, Role
from programs.mentorships.models import Mentorship, Participation
from programs.mentorships.selectors import STANDING


def what_for(one: Enrollment, other: Enrollment) -> list[str] | None:
    """What two people could be a pair for, in the mentee's order and words; nothing where the mentee has a mentor, or
    is asking one, for all of it. None where it is not asked: the program is no such one, or one of them says nothing.
    """
    mentor, mentee = (one, other) if one.role == Role.MENTOR else (other, one)
    wanted, offered = (each.answers.get("aspects") or [] for each in (mentee, mentor))
    if not (one.cycle.settings.mentors.by_aspect and wanted and offered):
        return None
    mine = Participation.objects.filter(enrollment=mentee).exclude(answer=Participation.Answer.NO)
    standing = Mentorship.objects.filter(participations__in=mine, state__in=STANDING)
    has = _alike(aspect for aspects in standing.values_list("aspects", flat=True) for aspect in aspects)
    return [each for each in wanted if _alike([each]) <= _alike(offered) - has]


def _alike(words: Iterable[str]) -> set[str]:
    return {" ".join(word.split()).casefold() for word in words}
