"""What the desk shows of groups: who is in which, how well they fit, how far from the best they may be, who is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from matching.engine import Groups
from matching.explaining import words
from matching.groups import groups_of
from matching.models import MatchRun, SuggestedGroup
from matching.publishing.models import Change
from matching.showing.apart import apart
from matching.showing.rows import Left, about
from matching.solving.problems import SCORE_PER_POINT
from programs.enrollment.models import Enrollment
from programs.mentorships.models import Mentorship, Participation
from programs.policy.models import Cycle

LEFT: Final = {
    "beyond_cap": gettext_lazy("the session has all the groups it may have"),
    "forbidden": gettext_lazy("a rule keeps them apart from too many of the others"),
    "too_few": gettext_lazy("signed up last, and the others do not need one more"),
    "not_needed": gettext_lazy("has a place that nobody needed"),
}


@dataclass(frozen=True)
class Member:
    """Somebody of a group."""

    enrollment: Enrollment
    called: str

    @property
    def is_(self) -> str:
        return about(self.enrollment)


@dataclass(frozen=True)
class Row:
    """A group on the page; group: as it was suggested, None where it goes on from the last session."""

    number: int
    group: SuggestedGroup | None
    mentorship: Mentorship | None
    members: Sequence[Member]
    # Who was in it when it was published and is not now.
    gone: Sequence[Enrollment] = ()

    @property
    def ended(self) -> bool:
        return self.mentorship is not None and self.mentorship.state == Mentorship.State.ENDED

    @property
    def fits(self) -> str:
        return "" if self.group is None else words.points(self.group.score)


def rows_of(run: MatchRun) -> list[Row]:
    """The groups of a draft; once published, all that there are in the session."""
    if run.state == MatchRun.State.PUBLISHED:
        return rows_in(run.cycle)
    roles = run.cycle.settings.roles
    return [
        Row(number, group, group.mentorship, _members([each.enrollment for each in group.places.all()], roles))
        for number, group in enumerate(groups_of(run), start=1)
    ]


def rows_in(cycle: Cycle) -> list[Row]:
    """The groups of every time that staff published in a session, and those that go on from the last one."""
    roles, rows = cycle.settings.roles, list[Row]()
    runs = cycle.match_runs.filter(state=MatchRun.State.PUBLISHED).order_by("published_at", "pk")
    for group in (group for run in runs for group in groups_of(run)):
        first = [each.enrollment for each in group.places.all()]
        over = group.mentorship is None or group.mentorship.state == Mentorship.State.ENDED
        now = first if group.mentorship is None or over else _now(group.mentorship, first)
        there = {each.pk for each in now}
        gone = [each for each in first if each.pk not in there]
        rows.append(Row(len(rows) + 1, group, group.mentorship, _members(now, roles), gone))
    for mentorship in apart(cycle):
        rows.append(Row(len(rows) + 1, None, mentorship, _members(_now(mentorship, ()), roles)))
    return rows


def _members(people: Sequence[Enrollment], roles: Mapping[str, Any]) -> list[Member]:
    return [Member(each, roles[each.role].called) for each in people]


def _now(mentorship: Mentorship, first: Sequence[Enrollment]) -> list[Enrollment]:
    """Who is in a group that runs: those who were from the beginning first."""
    order = {each.pk: number for number, each in enumerate(first)}
    there = [each for each in mentorship.participations.all() if each.answer == Participation.Answer.YES]
    there.sort(key=lambda each: (order.get(each.enrollment_id, len(order)), str(each.pk)))
    return [each.enrollment for each in there]


@dataclass(frozen=True)
class Changed:
    """What changed since groups were published, and whom it is about; of a whole group it is nobody in particular."""

    change: Change
    who: Enrollment | None


def changed_in(cycle: Cycle) -> list[Changed]:
    """The changes of a session's groups, the latest first."""
    changes = list(cycle.pair_changes.select_related("by"))
    about = Enrollment.objects.select_related("person").in_bulk([each.facts["who"] for each in changes if each.facts])
    people = {str(pk): each for pk, each in about.items()}
    return [Changed(each, people.get(each.facts.get("who", ""))) for each in changes]


def how_sure(run: MatchRun) -> tuple[bool, str]:
    """Whether no better groups exist, and the sentence that says it, or how far away the best could be."""
    result = Groups.from_dict(run.result)
    if result.optimal and result.proof == "prices":
        return True, _("checked: no better groups exist")
    if result.optimal:  # by a search, which is no proof that could be checked without one
        return True, _("searched to the end: no better groups exist")
    short = -(-(result.bound - result.total) // SCORE_PER_POINT)
    whole = words.points(result.bound)
    return False, ngettext(
        "at most %(count)d point away from the best possible, of %(whole)s",
        "at most %(count)d points away from the best possible, of %(whole)s",
        short,
    ) % {"count": short, "whole": whole}


def left_of(run: MatchRun) -> list[Left]:
    """Who is in no group, and why, as it was when the draft was made."""
    names = {each["enrollment"]: f"{each['given_name']} {each['family_name']}" for each in run.snapshot["people"]}
    return [
        Left(each["enrollment"], names[each["enrollment"]].strip(), str(LEFT[each["why"]]))
        for each in run.snapshot["left"]
    ]
