"""The page for the board: what a session came to, in numbers of what people did and of answers that may be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Count
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chiron.kernel import clock
from programs.enrollment.selectors import by_role, could_take_part, matched
from programs.mentorships.models import Mentorship
from programs.outcomes.asking import day_of, introduced
from programs.policy.lengths import Length
from programs.policy.models import Cycle
from programs.surveys.models import Comment, Wave
from programs.surveys.privacy import Outcome, Told
from programs.surveys.sets import AGAIN, YES, question_set
from programs.surveys.waves import zone


class Opens(StrEnum):
    """What stands behind a number."""

    SIGNED_UP = "signed_up"
    COULD = "could"
    MATCHED = "matched"
    MET = "met"
    ANSWERED = "answered"


@dataclass(frozen=True)
class Figure:
    """One line of the page: what it counts, the number in words, and what the number means."""

    label: str
    said: str
    note: str = ""
    # What a bar shows: so many of so many. Nothing where there is no number to show.
    part: int | None = None
    whole: int | None = None
    # What the number opens into for whoever may see it; on paper nothing.
    opens: Opens | None = None


@dataclass(frozen=True)
class Report:
    """One page."""

    cycle: Cycle
    day: date
    figures: Sequence[Figure]
    quotes: Sequence[str]
    # What is still to come, or was not asked: a sentence, empty where everything is there.
    to_come: str
    # Which of the session's surveys is the one at the end; nothing before it is sent.
    survey: int | None = None

    @property
    def title(self) -> str:
        return f"{self.cycle.program.name}, {self.cycle.name}"

    @property
    def span(self) -> str:
        """The session's days."""
        first, last = date_format(self.cycle.starts_on, "F j, Y"), date_format(self.cycle.ends_on, "F j, Y")
        return _("%(first)s to %(last)s") % {"first": first, "last": last}


def report_of(cycle: Cycle) -> Report:
    """The page for the board as of today."""
    wave = _at_the_end(cycle)
    closed = wave if wave is not None and wave.closed_at else None
    quotes = Comment.objects.filter(wave__cycle=cycle, released=True).order_by("pk").values_list("quote", flat=True)
    return Report(
        cycle=cycle,
        day=clock.today(zone()),
        figures=[*_people(cycle), *_answers(closed)],
        quotes=list(quotes),
        survey=wave.position if wave else None,
        to_come="" if closed else _to_come(cycle, wave),
    )


def _people(cycle: Cycle) -> list[Figure]:
    """What staff and people did: these numbers are told as they are."""
    signed_up = by_role(cycle.enrollments.all())
    pairs = introduced(cycle).aggregate(count=Count("mentorship", distinct=True))["count"]
    whole, more = signed_up.total(), [_introductions(cycle, pairs), _("introduced, whatever became of it since")]
    return [
        _people_of(cycle, _("Signed up"), Opens.SIGNED_UP, signed_up, whole),
        _people_of(cycle, _("Could take part"), Opens.COULD, by_role(could_take_part(cycle)), whole),
        _people_of(cycle, _("Matched"), Opens.MATCHED, by_role(matched(cycle)), whole, more=more),
        *_meetings(cycle),
    ]


def _people_of(
    cycle: Cycle, label: str, opens: Opens, counts: Counter[str], whole: int, *, more: Sequence[str] = ()
) -> Figure:
    roles = [(cycle.settings.roles[role].called, counts[role]) for role in cycle.settings.roles if counts[role]]
    note = ", ".join(f"{called}: {count}" for called, count in roles)
    return Figure(label, str(counts.total()), "; ".join(filter(None, (note, *more))), counts.total(), whole, opens)


def _introductions(cycle: Cycle, count: int) -> str:
    if cycle.settings.in_groups:
        return ngettext("%(count)d group", "%(count)d groups", count) % {"count": count}
    return ngettext("%(count)d pair", "%(count)d pairs", count) % {"count": count}


def _meetings(cycle: Cycle) -> list[Figure]:
    """Who met in each month, by the meetings that were noted; nothing before anybody has had a month."""
    mentorships = Mentorship.objects.filter(cycle=cycle).exclude(introduced_at=None).prefetch_related("meetings")
    months = [met_by_month(each, cycle) for each in mentorships]
    counted = [each for each in months if each]
    if not counted:
        return []
    monthly, whole = sum(all(each) for each in counted), len(counted)
    meetings = sum(len(each.meetings.all()) for each in mentorships)
    note = ngettext("%(count)d meeting noted", "%(count)d meetings noted", meetings) % {"count": meetings}
    said = _("%(monthly)d of %(whole)s") % {"monthly": monthly, "whole": _introductions(cycle, whole)}
    return [Figure(_("Met at least monthly"), said, note, monthly, whole, Opens.MET)]


def met_by_month(mentorship: Mentorship, cycle: Cycle) -> list[bool]:
    """For each whole month of a mentorship so far, from its first day, whether the people in it met.

    It begins with the session or its introduction, whichever is later, and lasts to its end, the session's, or today.
    """
    assert mentorship.introduced_at is not None
    first = max(cycle.starts_on, mentorship.introduced_at.astimezone(zone()).date())
    last = min(mentorship.ended_on or cycle.ends_on, cycle.ends_on, clock.today(zone()))
    met = [each.met_on for each in mentorship.meetings.all()]
    months: list[bool] = []
    begins = first
    while (ends := Length(len(months) + 1, "month").after(first)) <= last:
        months.append(any(begins <= day < ends for day in met))
        begins = ends
    return months


def _answers(wave: Wave | None) -> list[Figure]:
    """What people answered at the end, as far as it may be told; nothing before the survey is closed."""
    if wave is None:
        return []
    asked, answered = sum(wave.asked.values()), sum(wave.answered.values())
    found = Figure(
        _("Answered at the end"),
        _("%(answered)d of %(asked)d") % {"answered": answered, "asked": asked},
        "",
        answered,
        asked,
        Opens.ANSWERED,
    )
    return [found, _again(Outcome.stored(wave.outcome).whole[AGAIN])]


def _again(told: Told) -> Figure:
    label = _("Would take part again")
    if told.counts:
        yes = told.counts[YES]
        return Figure(
            label, _("%(yes)d of %(all)d") % {"yes": yes, "all": told.answered}, "", yes, told.answered, Opens.ANSWERED
        )
    if told.most == YES:
        return Figure(label, _("most"), _("Most of those who answered."))
    if told.most:
        return Figure(label, _("few or none"), _("Most of those who answered said otherwise."))
    return Figure(label, _("not told"), too_few())


def too_few() -> str:
    """What stands where answers are not told."""
    return _("Fewer than five people answered this, so it is not told.")


def _at_the_end(cycle: Cycle) -> Wave | None:
    """The survey at the end that asks whether people would take part again."""
    waves = Wave.objects.filter(cycle=cycle, moment="end").select_related("version").order_by("position")
    return next((each for each in waves if AGAIN in {question.ask for question in each.version.questions}), None)


def _to_come(cycle: Cycle, wave: Wave | None) -> str:
    if wave is not None:
        day = date_format(wave.closes_on, "F j, Y")
        return _("The survey at the end closes on %(day)s. What people answered stands here from then on.") % {
            "day": day
        }
    for survey in cycle.settings.surveys:
        if survey.wave == "end" and any(each.ask == AGAIN for each in question_set(survey.instrument).questions):
            day = date_format(day_of(cycle, survey), "F j, Y")
            return _("The survey at the end is sent on %(day)s. What people answer stands here once it is closed.") % {
                "day": day
            }
    return _("This session has no survey at its end, so nothing is told of what people thought.")
