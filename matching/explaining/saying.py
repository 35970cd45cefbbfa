"""What staff may say to somebody who asks why they were not matched with a certain other one.

Two sentences, to be read out on the phone or put into a mail. They rest on nothing but what whoever asks knows of
themselves: whether pairs are published, whether they were asked about somebody. Why the two are no pair, who else has
a place, and what anybody answered make no difference, so nobody can tell any of that from what they hear.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from matching.models import MatchRun
from programs.enrollment.models import Enrollment
from programs.mentorships.days import this_day
from programs.mentorships.models import Mentorship, Participation

State = Mentorship.State

TOGETHER: Final = gettext_lazy(
    "We look at everybody together, so that as many people as possible find somebody who suits them."
)
TOGETHER_BY_LISTS: Final = gettext_lazy(
    "We look at everybody together: at what people said on both sides, and at who suits whom."
)
NOT_YET: Final = gettext_lazy("Nothing is settled yet, and we write to everybody as soon as it is.")
NOT_YET_BY: Final = gettext_lazy("Nothing is settled yet, and we write to everybody by {day}.")
OTHERWISE: Final = gettext_lazy("This time it came out otherwise, which is no judgment of anybody.")
WAITS: Final = gettext_lazy("For you nothing is settled yet; you stay signed up, and we write to you as soon as it is.")
ASKED: Final = gettext_lazy(
    "We have written to you about the two of you. What happens next stands in that mail and on your page."
)
MET: Final = gettext_lazy("You two know of each other already. What happens next stands on your page.")
LIVE: Final = (State.PROPOSED, State.TALKING, State.ACTIVE)


@dataclass(frozen=True)
class Said:
    """What may be said to each of the two."""

    to_mentee: str
    to_mentor: str


def may_be_said(run: MatchRun, mentee: Enrollment, mentor: Enrollment) -> Said:
    """The sentences for each of the two."""
    if run.state != MatchRun.State.PUBLISHED:
        said = _nothing_published(run)
        return Said(said, said)
    together = _together(run)
    return Said(_said(mentee, mentor, together), _said(mentor, mentee, together))


def _together(run: MatchRun) -> str:
    """How pairs come about in this session, the same to everybody."""
    return str(TOGETHER_BY_LISTS if run.by_lists else TOGETHER)


def _nothing_published(run: MatchRun) -> str:
    day = run.cycle.publish_on
    if day < this_day():
        return f"{_together(run)} {NOT_YET}"
    return f"{_together(run)} {str(NOT_YET_BY).format(day=date_format(day, 'F j'))}"


def _said(asks: Enrollment, about: Enrollment, together: str) -> str:
    """By the mentorships of the session that whoever asks has been written to about, or has."""
    knows = Q(asked_at__isnull=False) | Q(mentorship__state__in=[State.ACTIVE, State.TALKING])
    mine = Participation.objects.filter(knows, enrollment=asks, mentorship__state__in=LIVE)
    known = dict(mine.values_list("mentorship", "mentorship__state"))
    with_them = about.participations.filter(mentorship__in=known).values_list("mentorship__state", flat=True)
    states = set(with_them)
    if states & {State.ACTIVE, State.TALKING}:
        return str(MET)
    if states:
        return str(ASKED)
    return f"{together} {OTHERWISE if known else WAITS}"
