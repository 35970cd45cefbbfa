"""What the desk shows of groups: who is in which, how well they fit, how far from the best they may be, who is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from matching import words
from matching.engine import Groups
from matching.groups import groups_of
from matching.models import MatchRun, SuggestedGroup
from matching.problems import SCORE_PER_POINT
from matching.publishing.models import Change
from matching.showing import Left, about
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
    """A group on the page."""

    number: int
    group: SuggestedGroup
    members: Sequence[Member]
    # Who was in it when it was published and is not now.
    gone: Sequence[Enrollment] = ()

    @property
    def ended(self) -> bool:
        return self.group.mentorship is not None and self.group.mentorship.state == Mentorship.State.ENDED

    @property
    def fits(self) -> str:
        return words.points(self.group.score)


def rows_of(run: MatchRun) -> list[Row]:
    """The groups of a draft; of what was published, those of every time that staff published in the session."""
    roles, runs = run.cycle.settings.roles, [run]
    if run.state == MatchRun.State.PUBLISHED:
        runs = list(run.cycle.match_runs.filter(state=MatchRun.State.PUBLISHED).order_by("published_at", "pk"))
    found = [group for each in runs for group in groups_of(each)]
    rows = []
    for number, group in enumerate(found, start=1):
        first = [each.enrollment for each in group.places.all()]
        now = first if group.mentorship is None or group.mentorship.state == Mentorship.State.ENDED else _now(group)
        members = [Member(each, roles[each.role].called) for each in now]
        there = {each.pk for each in now}
        rows.append(Row(number, group, members, [each for each in first if each.pk not in there]))
    return rows


def _now(group: SuggestedGroup) -> list[Enrollment]:
    """Who is in a group that runs: those who were from the beginning first."""
    assert group.mentorship is not None
    order = {each.enrollment_id: each.number for each in group.places.all()}
    there = [each for each in group.mentorship.participations.all() if each.answer == Participation.Answer.YES]
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
    if result.optimal:
        return True, _("checked: no better groups exist")
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
