"""A program in words: every rule that touches somebody who takes part, time first. Words alone; pages lay them out."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.policy.document import Part, Policy
from programs.policy.rules.spoken import in_words
from programs.policy.words import ROLES_OF

MODES = {"in person": gettext_lazy("in person"), "virtual": gettext_lazy("online"), "phone": gettext_lazy("by phone")}


@dataclass(frozen=True, slots=True)
class Line:
    """A name with what is true of it."""

    label: str
    text: str


def what_it_takes(policy: Policy, part: Part) -> list[Line]:
    """Time, length, how often and how people meet."""
    if part.evening:
        values = {"rounds": part.evening.rounds, "minutes": part.evening.minutes}
        return [Line(_("The evening"), _("%(rounds)d conversations of %(minutes)d minutes") % values)]
    lines = [Line(_("Time"), policy.time_commitment), Line(_("How long"), _how_long(policy, part))]
    meetings = part.mentorship.meetings
    if meetings.at_least:
        often = _("at least %(often)s") if meetings.binding else _("at least %(often)s, as a recommendation")
        lines.append(Line(_("Meetings"), often % {"often": meetings.at_least}))
    elif meetings.ideal:
        lines.append(Line(_("Meetings"), _("%(often)s, if it suits you both") % {"often": meetings.ideal}))
    lines.append(Line(_("How you meet"), _joined([str(MODES[mode]) for mode in meetings.modes])))
    return lines


def who_may(part: Part) -> list[Line]:
    """Who may take part, by role, in the program's own words for the roles."""
    lines = []
    for role in ROLES_OF[part.format]:
        rule = part.eligible.get(role)
        said = str(in_words(rule)) if rule else _("everybody is welcome")
        if part.way_in(role) == "invitation":
            said = _("%(rule)s; by invitation") % {"rule": said}
        elif part.way_in(role) == "apply":
            said = _("%(rule)s; staff look at each application") % {"rule": said}
        lines.append(Line(part.roles[role].called, said[:1].upper() + said[1:]))
    return lines


def promises(policy: Policy, part: Part, role: str | None = None) -> list[Line]:
    """What people agree to."""
    mine = [agreement for agreement in part.agree if role is None or role in agreement.by]
    return [Line(agreement.title or _("We agree"), policy.filled(agreement.text)) for agreement in mine]


def _how_long(policy: Policy, part: Part) -> str:
    runs = str(policy.calendar.runs_for)
    if policy.calendar.rolling:
        runs = _("%(runs)s from your own first day; sign-up is open all year") % {"runs": runs}
    if part.mentorship.ends.continue_if_both_wish:
        longer = (
            _("%(runs)s, and longer with those who wish")
            if part.in_groups
            else _("%(runs)s, and longer if you both wish")
        )
        return longer % {"runs": runs}
    return runs


def _joined(words: list[str]) -> str:
    *most, last = words
    return _("%(most)s or %(last)s") % {"most": ", ".join(most), "last": last} if most else last
