"""How the pairs of a session keep in touch, for its staff: who met in which month, and who is quiet."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chiron.design import charts
from chiron.design.paging import Paginator
from programs.mentorships.touch import months
from programs.mentorships.touch.months import KINDS, Kind, Line
from programs.mentorships.touch.pace import next_day
from programs.policy.access import cycle_for
from tenants.people.access import RUNS_PROGRAMS, SEES_NAMES, SocietyRequest, may, staff

PER_PAGE = 50
SHOWN = (Kind.MET, Kind.SAID, Kind.ASKED, Kind.RESTS, Kind.OPEN)


@dataclass(frozen=True)
class Row:
    """A mentorship with its months drawn."""

    line: Line
    dots: SafeString

    @classmethod
    def of(cls, line: Line) -> Row:
        return cls(line, charts.dot_row([(month.kind.value, month.words) for month in line.months]))


@require_safe
@never_cache
@staff(*SEES_NAMES)
def keeping(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """All of a session, those who are quiet first."""
    cycle = cycle_for(request.person, pk, *SEES_NAMES)
    everybody = months.begun(cycle)
    quiet = months.begun(cycle, only_quiet=True)
    only = request.GET.get("show") == "quiet"
    page = Paginator(quiet if only else everybody, PER_PAGE).get_page(request.GET.get("page"))
    shown = everybody.filter(pk__in=[each.pk for each in page.object_list])
    context = {
        "cycle": cycle,
        "page": page,
        "rows": [Row.of(line) for line in months.lines(shown, cycle)],
        "only_quiet": only,
        "quiet": quiet.count(),
        "all": everybody.count(),
        "key": [(charts.dot_row([(kind.value, str(KINDS[kind]))]), KINDS[kind]) for kind in SHOWN],
    }
    return render(request, "mentorships/keeping.html", context)


@require_safe
@never_cache
@staff(*SEES_NAMES)
def one(request: SocietyRequest, pk: UUID, mentorship_pk: UUID) -> HttpResponse:
    """One of them: that they met and when, and nothing of what is theirs."""
    cycle = cycle_for(request.person, pk, *SEES_NAMES)
    there = months.begun(cycle).filter(pk=mentorship_pk)
    get_object_or_404(there)
    (line,) = months.lines(there, cycle)
    context = {
        "cycle": cycle,
        "row": Row.of(line),
        "months": [month for month in line.months if month.kind != Kind.OPEN],
        "meetings": [meeting.met_on for meeting in line.mentorship.meetings.all()],
        "next_day": next_day(line.mentorship),
        "addresses": [each.person.email for each in line.people if each.person.email],
        "runs": may(request.person, *RUNS_PROGRAMS, program_id=cycle.program_id),
    }
    return render(request, "mentorships/keeping_one.html", context)
