"""What staff see of a mentorship: month by month that they met, or that we heard of them; and who is quiet.

Never what they talked about, how they met, what anybody answered, or who of them said so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chiron.kernel import clock
from programs.mentorships.days import day_of, this_day
from programs.mentorships.models import Mentorship, Participation, Question, Word
from programs.mentorships.selectors import GOES_ON
from programs.mentorships.touch.pace import STEP_WAITS, last_word, unheard
from programs.policy.models import Cycle

State = Mentorship.State


class Kind(StrEnum):
    """What a month was like."""

    MET = "met"
    SAID = "said"
    ASKED = "asked"
    RESTS = "rests"
    OPEN = "open"


KINDS = {
    Kind.MET: gettext_lazy("met"),
    Kind.SAID: gettext_lazy("heard from, no meeting"),
    Kind.ASKED: gettext_lazy("asked, nothing heard"),
    Kind.RESTS: gettext_lazy("pause"),
    Kind.OPEN: gettext_lazy("nothing known"),
}


@dataclass(frozen=True)
class Month:
    """One month of a mentorship."""

    first: date
    kind: Kind

    @property
    def words(self) -> str:
        """“March: met.”"""
        return _("%(month)s: %(what)s") % {"month": date_format(self.first, "F"), "what": KINDS[self.kind]}


@dataclass(frozen=True)
class Line:
    """A mentorship in the list of those of its session."""

    mentorship: Mentorship
    people: list[Participation]
    months: list[Month]
    is_quiet: bool

    @property
    def names(self) -> str:
        """Everybody in it, whoever mentors first."""
        *others, last = [each.person.name for each in self.people]
        return _(" and ").join(filter(None, (", ".join(others), last)))

    @property
    def heard_on(self) -> date | None:
        """When anybody of them last said anything."""
        word = last_word(self.mentorship)
        return day_of(word.said_at) if word else None

    @property
    def pauses_until(self) -> date | None:
        """The last day of a pause that goes on."""
        until = self.mentorship.paused_until
        return until if until and until > this_day() else None


def begun(cycle: Cycle, *, only_quiet: bool = False) -> QuerySet[Mentorship]:
    """The mentorships of a session that began, for staff.

    Those that go on come first, of them those who are quiet, and then by the last name of whoever stands first in it.
    """
    there = cycle.mentorships.filter(state__in=(State.ACTIVE, State.ENDED)).annotate(quiet=_is_quiet())
    chosen = there.filter(quiet=True) if only_quiet else there
    first = _people().filter(mentorship=OuterRef("pk"))
    names = {name: Subquery(first.values(f"person__{name}")[:1]) for name in ("family_name", "given_name")}
    return chosen.annotate(**names).order_by("state", "-quiet", *names, "id")


def quiet(cycles: QuerySet[Cycle]) -> QuerySet[Mentorship]:
    """Those that go on and of whom nobody has said anything for two weeks after we asked; not who pauses."""
    active = Mentorship.objects.filter(state=State.ACTIVE, cycle__in=cycles, cycle__state__in=GOES_ON)
    return active.annotate(quiet=_is_quiet()).filter(quiet=True)


def count_quiet(cycles: QuerySet[Cycle]) -> Counter[Cycle]:
    """How many of each of these sessions are quiet, for the first page of staff."""
    return Counter(each.cycle for each in quiet(cycles).select_related("cycle__program"))


def _people() -> QuerySet[Participation]:
    """Everybody in a mentorship, whoever mentors first."""
    said_no = Participation.Answer.NO
    return Participation.objects.exclude(answer=said_no).order_by("-role", "person__family_name", "person__given_name")


def _is_quiet() -> Exists:
    heard = Word.objects.filter(mentorship=OuterRef("mentorship"), said_at__gte=OuterRef("asked_at"))
    asked = Question.objects.filter(mentorship=OuterRef("pk"), asked_at__lte=clock.now() - STEP_WAITS)
    awake = asked.exclude(mentorship__paused_until__gt=this_day()).filter(mentorship__state=State.ACTIVE)
    return Exists(awake.filter(~Exists(heard)))


def lines(mentorships: QuerySet[Mentorship], cycle: Cycle) -> list[Line]:
    """Each with its people and its months, in so many queries whatever their number."""
    there = mentorships.prefetch_related(
        Prefetch("participations", queryset=_people().select_related("person")), "meetings", "questions", "words_said"
    )
    found = []
    for mentorship in there:
        mentorship.cycle = cycle
        both = list(mentorship.participations.all())
        found.append(Line(mentorship, both, list(months_of(mentorship)), bool(getattr(mentorship, "quiet", False))))
    return found


def months_of(mentorship: Mentorship) -> Iterable[Month]:
    """Each month of the session, or from their first meeting if they were earlier, to its last."""
    cycle = mentorship.cycle
    met = {meeting.met_on.replace(day=1) for meeting in mentorship.meetings.all()}
    day = min([cycle.starts_on.replace(day=1), *met])
    said = {_month(word.said_at) for word in mentorship.words_said.all()}
    asked = {_month(question.asked_at) for question in unheard(mentorship)}
    until, this_month = mentorship.paused_until, this_day().replace(day=1)
    while day <= cycle.ends_on:
        kind = Kind.OPEN
        if day in met:
            kind = Kind.MET
        elif day in said:
            kind = Kind.SAID
        elif until and this_month <= day <= until:
            kind = Kind.RESTS
        elif day in asked:
            kind = Kind.ASKED
        yield Month(day, kind)
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _month(moment: datetime) -> date:
    return day_of(moment).replace(day=1)
