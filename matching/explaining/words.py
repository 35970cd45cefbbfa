"""What staff read about drafts: how sure a pair is, why somebody waits, why not that one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from matching.criteria.sentences import CALLED, RULES
from matching.models import SuggestedPair
from matching.solving.problems import SCORE_PER_POINT

# A pair under WEAK should be looked at; one that the whole would lose less than CLEAR without is a close call.
WEAK, CLEAR = 400 * SCORE_PER_POINT, 20 * SCORE_PER_POINT


@dataclass(frozen=True)
class Verdict:
    """A word on a pair, and the tone of its badge."""

    word: Any
    tone: str
    means: Any = ""


CLEARLY = Verdict(
    gettext_lazy("clear"),
    "success",
    format_lazy(gettext_lazy("Without this pair all pairs together would lose {points} points or more."), points=20),
)
CLOSE = Verdict(
    gettext_lazy("close call"),
    "warning",
    format_lazy(
        gettext_lazy("Another pair would be nearly as good: fewer than {points} points lie between."), points=20
    ),
)
WEAKLY = Verdict(
    gettext_lazy("weak"),
    "danger",
    format_lazy(
        gettext_lazy("Under {points} of 1,000 points: the best there is for these two, so look before you publish."),
        points=400,
    ),
)
LEGEND: Final = (CLEARLY, CLOSE, WEAKLY)
LISTED = Verdict(
    gettext_lazy("by the lists"),
    "success",
    gettext_lazy("No two people would both rather have each other, by what they said and then by points."),
)
LISTED_WEAKLY = Verdict(
    WEAKLY.word,
    WEAKLY.tone,
    format_lazy(gettext_lazy("Under {points} of 1,000 points: look before you publish."), points=400),
)
LEGEND_OF_LISTS: Final = (LISTED, LISTED_WEAKLY)


def verdict_on(pair: SuggestedPair) -> Verdict:
    """How sure a pair is."""
    if pair.facts.get("by_lists"):
        return LISTED_WEAKLY if pair.score < WEAK else LISTED
    if pair.score < WEAK:
        return WEAKLY
    return CLOSE if pair.margin is not None and pair.margin < CLEAR else CLEARLY


def points(score: float) -> str:
    """A score as staff read it: points of 1,000."""
    return f"{round(score / SCORE_PER_POINT):,}"


def called(criterion: str) -> str:
    """What matters, by name: “Shared interests”."""
    name = _(CALLED[criterion])  # type: ignore[index]
    return name[:1].upper() + name[1:]


def because(facts: Mapping[str, Any]) -> str:
    """The facts behind one criterion's points, short."""
    if "by_mentee" in facts or "by_mentor" in facts:
        return wish(facts)
    if "under_miles" in facts:
        return _("under %(miles)s miles") % {"miles": facts["under_miles"]} if facts["under_miles"] else _("far apart")
    if "relation" in facts:
        return " · ".join(dict.fromkeys(str(facts[side]) for side in ("mentee", "mentor") if facts.get(side)))
    return ", ".join(map(str, facts.get("common", ())))


NUMBERED: Final = (
    gettext_lazy("first"),
    gettext_lazy("second"),
    gettext_lazy("third"),
    gettext_lazy("fourth"),
    gettext_lazy("fifth"),
    gettext_lazy("sixth"),
    gettext_lazy("seventh"),
    gettext_lazy("eighth"),
    gettext_lazy("ninth"),
    gettext_lazy("tenth"),
)


def wish(named: Mapping[str, int]) -> str:
    """Who of a pair named the other, for staff: “first wish of the mentee”; empty if neither did."""
    mentee, mentor = (NUMBERED[named[side] - 1] if side in named else None for side in ("by_mentee", "by_mentor"))
    if mentee and mentor:
        return _("wished by both: the mentee’s %(mentee)s, the mentor’s %(mentor)s") % {
            "mentee": mentee,
            "mentor": mentor,
        }
    if mentee:
        return _("%(number)s wish of the mentee") % {"number": mentee}
    return _("%(number)s wish of the mentor") % {"number": mentor} if mentor else ""


WAITS: Final = {
    "asks_for_none": gettext_lazy("asks for no mentor"),
    "no_mentors": gettext_lazy("there is no mentor yet"),
    "forbidden": gettext_lazy("no mentor may be theirs"),
    "below_floor": gettext_lazy("no mentor would suit well enough"),
    "beyond_cap": gettext_lazy("the session has all the pairs it may have"),
    "all_full": gettext_lazy("every mentor who would suit has somebody else"),
}
IDLE: Final = {
    "offers_no_place": gettext_lazy("has no place"),
    "forbidden": gettext_lazy("no mentee may be theirs"),
    "not_needed": gettext_lazy("has a place that nobody needed"),
}


def waits_because(why: str, forbidden: Mapping[str, int]) -> str:
    """Why a mentee has no mentor, with the rules that stood in the way and how often."""
    counts = [
        ngettext("%(count)d mentor, for %(rule)s", "%(count)d mentors, for %(rule)s", count)
        % {"count": count, "rule": _(RULES[rule])}
        for rule, count in sorted(forbidden.items(), key=lambda each: -each[1])
    ]
    tells = why in ("forbidden", "below_floor", "all_full") and counts
    return f"{WAITS[why]}{_('; ruled out: ') + '; '.join(counts) if tells else ''}"


NO_ROOM: Final = gettext_lazy("was in a pair that was taken out, because there was room for fewer")


def taken_out(stayed: int) -> str:
    """Why a pair that was suggested is none any more, where only some had room."""
    return ngettext(
        "They were suggested as a pair. Only %(count)d pair stayed in this draft, because your society has room for no "
        "more mentorships at a time, and another came first. The next suggestion may bring them again.",
        "They were suggested as a pair. Only %(count)d pairs stayed in this draft, because your society has room for "
        "no more mentorships at a time, and others came first. The next suggestion may bring them again.",
        stayed,
    ) % {"count": stayed}


def others_taken_out(stayed: int) -> str:
    """That an answer is about all pairs as they were suggested, of which only some had room."""
    return ngettext(
        "That is so among all pairs as they were suggested; only %(count)d of them stayed, because your society has "
        "room for no more mentorships at a time.",
        "That is so among all pairs as they were suggested; only %(count)d of them stayed, because your society has "
        "room for no more mentorships at a time.",
        stayed,
    ) % {"count": stayed}


WHY_NOT: Final = {
    "paired": gettext_lazy("They are a pair in this draft."),
    "forbidden": gettext_lazy("This pair may never be: {rules}."),
    "below_floor": gettext_lazy(
        "This pair would be worth {points} points, which is less than the program settles for."
    ),
    "no_place": gettext_lazy("There is no place left beside the pairs that you keep."),
    "taken": gettext_lazy("First mentors have taken what places there are beside the pairs that you keep."),
    "minimum": gettext_lazy("Another place that has to be filled would stay empty."),
    "tie": gettext_lazy(
        "This pair would be just as good; a lot was drawn between the two ways. You can keep it at no cost."
    ),
    "fewer_pairs": gettext_lazy(
        "With this pair there would be as many points in all, but fewer pairs. You can keep it all the same."
    ),
    "aspect": gettext_lazy("{mentor} is {mentee}’s mentor already, for something else that {mentee} wants help with."),
    "full": gettext_lazy("{mentor} is of more use to somebody else. With this pair {together} would lose {loss}."),
    "elsewhere": gettext_lazy(
        "{mentee} is better off with somebody else. With this pair {together} would lose {loss}."
    ),
    "cap": gettext_lazy(
        "The session has all the pairs it may have; for this one another would have to go, which costs {loss}."
    ),
    "quota": gettext_lazy("For this pair another one would have to go, which costs {loss}."),
}


# Where everybody gets a first mentor before anybody gets a second one, the answer is one for each.
ROUNDS: Final = ("", gettext_lazy("As a first mentor:"), gettext_lazy("As one more mentor:"))
TOGETHER: Final = (
    gettext_lazy("all pairs together"),
    gettext_lazy("all first mentors together"),
    gettext_lazy("all further mentors together"),
)


# Where pairs follow the lists of both sides; the others of the reasons above hold there too.
APART: Final = {
    "mentee_prefers": gettext_lazy(
        "{mentee} has somebody whom they would rather have than {mentor}, by their list and then by points."
    ),
    "mentor_prefers": gettext_lazy(
        "Everybody whom {mentor} has, they would rather have than {mentee}, by their list and then by points."
    ),
    "lot": gettext_lazy("These two would be just as good; a lot was drawn between the two ways."),
}
THEIR_WISH: Final = gettext_lazy("Of these two: {wish}.")
NO_WISH: Final = gettext_lazy("Neither of these two named the other.")


def loss_in_words(pairs: int, lost: int) -> str:
    """What a change costs: points, and pairs if it costs any."""
    said = _("%(points)s points") % {"points": points(max(lost, 0))}
    if pairs > 0:
        fewer = ngettext("%(count)d pair", "%(count)d pairs", pairs) % {"count": pairs}
        return _("%(pairs)s and %(points)s") % {"pairs": fewer, "points": said}
    return said
