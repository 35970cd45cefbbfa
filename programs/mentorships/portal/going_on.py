"""What the page of a mentorship that goes on shows beside the people in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from programs.enrollment.models import Enrollment
from programs.mentorships.content.examples import example_for
from programs.mentorships.content.reading import can_be_read, goals_of, is_kept, kept_until, line_of
from programs.mentorships.days import this_day
from programs.mentorships.introducing import MODES, expectations, ready_letter, three_sentences, write_by
from programs.mentorships.models import Goal, Meeting, Participation
from programs.mentorships.portal.ways import Here
from programs.mentorships.selectors import GOES_ON
from programs.mentorships.showing import Shown
from programs.mentorships.touch.pace import next_day

# So many goals stand on the page itself.
SOME = 3
PAGES = ("met", "not_met", "pause", "back", "not_working", "concern")


@dataclass(frozen=True)
class Met:
    """A meeting, as the people in it see it."""

    pk: UUID
    day: date
    how: str
    mine: bool


def context_of(here: Here) -> dict[str, Any]:
    """Their meetings, what is asked next, how it begins, and where the other pages are."""
    shown, mentorship = here.shown, here.shown.mentorship
    meetings, today = list(mentorship.meetings.all()), this_day()
    paused, next_on = mentorship.paused_until, mentorship.next_meeting_on
    asked = next_day(mentorship)
    context = {
        "meetings": [_met(meeting, here.mine) for meeting in reversed(meetings)],
        "next_meeting_on": next_on if next_on and next_on >= today else None,
        "paused_until": paused if paused and paused > today else None,
        "next_day": asked if asked and asked > today else None,
        "urls": {name: here.url(name) for name in PAGES},
        **_goals(here),
    }
    return context if shown.settings.in_groups else context | _beginning(shown, met=bool(meetings))


def context_of_end(here: Here) -> dict[str, Any]:
    """What comes after it, for whoever is not in it any more."""
    shown, enrollment = here.shown, here.shown.mine.enrollment
    return {
        "concern": here.url("concern"),
        "left_group": shown.settings.in_groups and shown.i_said_no,
        "elsewhere": shown.settings.in_groups and enrollment.state == Enrollment.State.MATCHED,
        "may_again": shown.mentorship.cycle.state in GOES_ON,
        "paused": enrollment.state == Enrollment.State.PAUSED,
        "kept_until": kept_until(shown.mentorship) if can_be_read(here.mine) else None,
        "goals_url": reverse("mentorships:goals", args=[shown.mentorship.pk]),
    }


def _goals(here: Here) -> dict[str, Any]:
    """The first goals, for who is signed in; who came by a mail's link reads no words of the two."""
    mine = here.mine
    if not is_kept(mine.mentorship):
        return {}
    opened = [] if here.by_link else goals_of(mine).filter(state=Goal.State.OPEN)[:SOME]
    return {
        "goals_url": reverse("mentorships:goals", args=[mine.mentorship_id]),
        "signed_in": not here.by_link,
        "open_goals": [line_of(mine, goal) for goal in opened],
        "example": example_for(here.shown),
        "kept_until": kept_until(mine.mentorship) if this_day() > mine.mentorship.cycle.ends_on else None,
    }


def _beginning(shown: Shown, *, met: bool) -> dict[str, Any]:
    begins = shown.i_am_mentee and not shown.mentorship.known and not met
    letter = ready_letter(shown) if shown.their_address else ""
    return {
        "begin": {"three_sentences": three_sentences(shown), "letter": letter} if begins else None,
        "write_by": _to_come(write_by(shown.mentorship)),
        "meet_before": _to_come(shown.meet_before),
        "expectations": expectations(shown),
    }


def _to_come(day: date) -> date | None:
    """A day to do something by; None once it is over, for nobody wants to read what they missed."""
    return day if day >= this_day() else None


def _met(meeting: Meeting, mine: Participation) -> Met:
    how = " · ".join(str(each) for each in (MODES.get(meeting.mode, ""), meeting.activity) if each)
    return Met(meeting.pk, meeting.met_on, how, meeting.noted_by_id == mine.person_id)
