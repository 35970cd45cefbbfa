"""A program's settings in words, for staff: what takes part in it, what matters in a match, what is asked when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.policy.describing import Line, what_it_takes, who_may
from programs.policy.document import Mentors, Part, Policy

MATTERS: Final[Mapping[str, object]] = {
    "lived_my_challenge": gettext_lazy("The mentor has lived the mentee’s challenge"),
    "aspects_covered": gettext_lazy("Help wanted and offered"),
    "near_each_other": gettext_lazy("Close to each other"),
    "specialty": gettext_lazy("Specialty"),
    "shared_interests": gettext_lazy("Shared interests"),
    "my_own_preference": gettext_lazy("The mentee’s own preference"),
    "free_at_the_same_time": gettext_lazy("Free at the same time"),
    "wished_for": gettext_lazy("Whom they would like"),
}
NEVER: Final[Mapping[str, object]] = {
    "mentor_not_further_along": gettext_lazy("A mentor who is not further along"),
    "same_employer": gettext_lazy("Two of the same employer"),
    "reporting_line": gettext_lazy("Somebody and their boss"),
    "no_common_language": gettext_lazy("Two without a common language"),
    "meeting_modes_clash": gettext_lazy("One who only meets in person and one who only meets online"),
    "blocked_by_either": gettext_lazy("Two of whom one does not want the other"),
    "ended_early_before": gettext_lazy("Two whose earlier mentorship ended early"),
}
BY: Final[Mapping[str, object]] = {
    "hand": gettext_lazy("Staff put pairs together"),
    "solver": gettext_lazy("Chiron suggests, staff confirm"),
    "wishes": gettext_lazy("Participants rank whom they would like"),
    "directory": gettext_lazy("Participants find each other"),
}
ASKED_FIRST: Final[Mapping[str, object]] = {
    "mentor": gettext_lazy("the mentor"),
    "mentee": gettext_lazy("the mentee"),
    "both": gettext_lazy("both at once"),
    "nobody": gettext_lazy("nobody; they are introduced at once"),
}
RANKED_BY: Final[Mapping[str, object]] = {
    "mentee": gettext_lazy("mentees rank mentors"),
    "both": gettext_lazy("both sides rank each other"),
}
PAIRS_BY: Final[Mapping[str, object]] = {
    "points": gettext_lazy("in points, as one of the things that matter"),
    "lists": gettext_lazy("pairs follow both lists"),
}
AFTER_A_NO: Final[Mapping[str, object]] = {
    "staff": gettext_lazy("staff, by one button"),
    "itself": gettext_lazy("the platform, by itself"),
}
STEPS: Final[Mapping[str, object]] = {
    "question to both": gettext_lazy("one question to both"),
    "words for the mentee": gettext_lazy("words for the mentee to begin with"),
    "goals again": gettext_lazy("a look at the goals again"),
    "coordinator": gettext_lazy("a call from the coordinator"),
    "change of mentor": gettext_lazy("a change of mentor"),
}


@dataclass(frozen=True)
class PartInWords:
    """A part of a program as staff read it."""

    name: str
    about: str
    lines: list[Line]
    matters: list[tuple[object, int]] = field(default_factory=list)
    never: list[object] = field(default_factory=list)


def in_full(policy: Policy) -> list[PartInWords]:
    """Every part of a program."""
    return [_part(policy, part) for part in policy.parts]


def _part(policy: Policy, part: Part) -> PartInWords:
    matching = part.matching
    weights = sorted(matching.weights.items(), key=lambda item: -item[1].points) if matching.weights else []
    return PartInWords(
        name=part.name,
        about=part.about or "",
        lines=[*what_it_takes(policy, part), *who_may(part), *_places(part), *_matching(part)],
        matters=[(MATTERS[name], weight.points) for name, weight in weights if weight.points],
        never=[NEVER[name] for name in matching.never],
    )


def _places(part: Part) -> list[Line]:
    lines = []
    if (mentor := part.roles.get("mentor")) and part.format == "one_to_one":
        places = (
            _("%(usual)d mentee, at most %(most)d") if mentor.places.default == 1 else _("%(usual)d, at most %(most)d")
        )
        lines.append(Line(_("A mentor takes"), places % {"usual": mentor.places.default, "most": mentor.places.most}))
    if part.mentors.most > 1:
        lines.append(Line(_("A mentee has"), _mentors(part.mentors)))
    if part.cap.pairs:
        lines.append(Line(_("Pairs at most"), str(part.cap.pairs)))
    return lines


def _mentors(mentors: Mentors) -> str:
    said = _("%(usual)d mentor, at most %(most)d") if mentors.default == 1 else _("%(usual)d, at most %(most)d")
    words = [said % {"usual": mentors.default, "most": mentors.most}]
    if mentors.by_aspect:
        words.append(_("each for one thing they would like help with"))
    if mentors.first_before_second:
        words.append(_("everybody a first one before anybody a second"))
    return "; ".join(words)


def _matching(part: Part) -> list[Line]:
    matching = part.matching
    lines = [Line(_("How pairs come about"), "; ".join(str(BY[each]) for each in matching.by))]
    if wishes := matching.wishes:
        said = _("%(who)s, at most %(count)d each; %(how)s")
        who, how = RANKED_BY[wishes.ranked_by], PAIRS_BY[wishes.pairs_by]
        lines.append(Line(_("Wishes"), said % {"who": who, "count": wishes.at_most, "how": how}))
        wished = matching.weights.get("wished_for")
        if not matching.by_lists and not (wished and wished.points):
            said = _("Wishes count for nothing yet: under what matters, give “Whom they would like” some points.")
            lines.append(Line(_("Please look"), said))
    if matching.aim == "worst_off_first" and not matching.by_lists:
        lines.append(Line(_("Of as many pairs"), _("the one worst off comes first, then the points of all")))
    if part.format == "one_to_one":
        lines.append(Line(_("Asked first"), str(ASKED_FIRST[matching.asked_first])))
        lines.append(Line(_("An offer waits"), str(matching.offer_waits)))
        lines.append(Line(_("After a no"), str(AFTER_A_NO[matching.after_a_no])))
    return lines
