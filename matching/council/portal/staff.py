"""The council's page in the staff area: who sits where, the ballot, its result."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from matching.council import ballots, mails, outlook, seats, selectors, showing
from matching.council.access import cycle_for
from matching.council.links import path_for
from matching.council.models import Ballot
from matching.council.portal.forms import DayForm, SeatForm
from matching.council.selectors import Chair
from matching.council.voting import LOOKS, is_open, vote_of
from programs.policy.models import Cycle
from programs.policy.services import FROZEN
from tenants.outbox.letter import Letter
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, may, staff

PAGE = "council:council"


@require_safe
@never_cache
@staff(*LOOKS)
def council(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """Who sits in it and who has voted, for staff; the result, for its members too."""
    cycle = cycle_for(request.person, cycle_pk, *LOOKS)
    runs = may(request.person, *RUNS_PROGRAMS, program_id=cycle.program_id)
    ballot = selectors.latest_ballot(cycle)
    if ballot is not None:
        ballot.cycle = cycle
    voter = selectors.voter_for(ballot, request.person) if ballot else None
    has_result = ballot is not None and ballot.state != Ballot.State.OPEN
    context = {
        "cycle": cycle,
        "runs": runs,
        "ballot": ballot,
        "is_open": ballot is not None and is_open(ballot),
        "voter": voter,
        "has_voted": voter is not None and vote_of(voter) is not None,
        "why_no_ballot": ballots.why_no_ballot(cycle) if runs else "",
        "may_decide": runs and ballot is not None and ballot.state == Ballot.State.CLOSED,
        "is_settled": cycle.state in FROZEN,
        "shown": showing.shown_to(request.person, ballot, voter) if ballot and has_result else None,
        "earlier": selectors.earlier_ballots(cycle, ballot),
    }
    if runs:
        chairs = selectors.chairs(cycle, ballot)
        context |= {
            "chairs": chairs,
            "asked": sum(chair.was_asked for chair in chairs),
            "voted": sum(chair.has_voted for chair in chairs),
        }
    else:
        context["seats"] = len(selectors.seated(cycle))
    return render(request, "council/council.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def seat(request: SocietyRequest, cycle_pk: UUID, number: int) -> HttpResponse:
    """Who sits here, as the seat's section says."""
    cycle = cycle_for(request.person, cycle_pk, *RUNS_PROGRAMS)
    chair = _chair(cycle, number)
    sent = request.POST if request.method == "POST" and chair.is_named else None
    form = SeatForm(sent, initial={"ends_on": cycle.ends_on})
    if form.is_valid():
        try:
            taken = seats.appoint(cycle=cycle, seat=chair.name, **form.cleaned_data, by=request.person)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            said = {"name": taken.person.name, "seat": chair.name}
            messages.success(request, _("%(name)s has the seat “%(seat)s”.") % said)
            return redirect(PAGE, cycle_pk)
    ballot = selectors.latest_ballot(cycle)
    context = {"cycle": cycle, "chair": chair, "form": form, "is_open": ballot is not None and is_open(ballot)}
    return render(request, "council/seat.html", context, status=422 if form.errors else 200)


@require_POST
@staff(*RUNS_PROGRAMS)
def free(request: SocietyRequest, cycle_pk: UUID, number: int) -> HttpResponse:
    """Nobody sits here from now on."""
    cycle = cycle_for(request.person, cycle_pk, *RUNS_PROGRAMS)
    chair = _chair(cycle, number)
    if chair.seat is not None:
        seats.leave(seat=chair.seat, by=request.person)
        messages.success(request, _("The seat “%(seat)s” is free.") % {"seat": chair.name})
    return redirect(PAGE, cycle_pk)


@dataclass(frozen=True)
class Preview:
    """The mail that asks, to look at."""

    to: str
    letter: Letter


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def ballot(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """First what would be asked, of whom, and whether it is in time; then, by the button, the ballot opens."""
    cycle = cycle_for(request.person, cycle_pk, *RUNS_PROGRAMS)
    if why_not := ballots.why_no_ballot(cycle):  # pressed twice, or on two pages: the ballot is there
        messages.info(request, why_not)
        return redirect(PAGE, cycle_pk)
    today = clock.today(request.society.zone)
    day = ballots.proposed_day(cycle, today)
    form = DayForm(request.POST if request.method == "POST" else None, initial={"closes_on": day})
    if form.is_valid():
        day = form.cleaned_data["closes_on"]
        try:
            opened = ballots.open_ballot(cycle=cycle, closes_on=day, by=request.person)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            count = opened.voters.count()
            said = ngettext(
                "The ballot is open. %(count)d mail leaves in ten minutes; until then you can call it off.",
                "The ballot is open. %(count)d mails leave in ten minutes; until then you can call it off.",
                count,
            )
            messages.success(request, said % {"count": count})
            return redirect(PAGE, cycle_pk)
    chairs = [chair for chair in selectors.chairs(cycle, None) if chair.is_named]
    context = {
        "cycle": cycle,
        "form": form,
        "timing": ballots.timing_of(cycle, day),
        "filled": [chair for chair in chairs if chair.seat and chair.seat.person.email],
        "empty": [chair for chair in chairs if not chair.seat or not chair.seat.person.email],
        "preview": _preview(cycle, chairs, request),
    }
    return render(request, "council/ballot.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def day(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """Another last day for the ballot that is open."""
    cycle = cycle_for(request.person, cycle_pk, *RUNS_PROGRAMS)
    current = selectors.latest_ballot(cycle)
    if current is None or not is_open(current):
        return redirect(PAGE, cycle_pk)
    form = DayForm(request.POST if request.method == "POST" else None, initial={"closes_on": current.last_day})
    if form.is_valid():
        try:
            moved = ballots.move_close(ballot=current, closes_on=form.cleaned_data["closes_on"], by=request.person)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("The ballot runs through %(day)s.") % {"day": _named(moved)})
            return redirect(PAGE, cycle_pk)
    return render(request, "council/day.html", {"cycle": cycle, "form": form}, status=422 if form.errors else 200)


@require_POST
@staff(*RUNS_PROGRAMS)
def remind_now(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """Write once more to those who have not voted."""
    current = _current(request, cycle_pk)
    if current is not None:
        try:
            count = ballots.remind_now(ballot=current, by=request.person)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            said = ngettext("%(count)d reminder is on its way.", "%(count)d reminders are on their way.", count)
            messages.success(request, said % {"count": count})
    return redirect(PAGE, cycle_pk)


@require_POST
@staff(*RUNS_PROGRAMS)
def close(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """Close the ballot before its day."""
    current = _current(request, cycle_pk)
    if current is not None:
        ballots.close_ballot(ballot=current, by=request.person)
        messages.success(request, _("The ballot is closed. This is what the council says."))
    return redirect(PAGE, cycle_pk)


@require_POST
@staff(*RUNS_PROGRAMS)
def stop(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """Call the ballot off."""
    current = _current(request, cycle_pk)
    if current is not None:
        try:
            had_left = ballots.call_off(ballot=current, by=request.person)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _called_off(had_left))
    return redirect(PAGE, cycle_pk)


@require_POST
@staff(*RUNS_PROGRAMS)
def look_again(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """Look which pairs would change, with the people that there are now."""
    current = _current(request, cycle_pk)
    if current is not None and current.state == Ballot.State.CLOSED:
        outlook.look_soon(current)
        messages.success(request, _("Looked at with everybody who can be matched now."))
    return redirect(PAGE, cycle_pk)


@require_safe
@staff(*LOOKS)
def vote(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """To one's own page of the ballot, as the mail's button leads there."""
    cycle = cycle_for(request.person, cycle_pk, *LOOKS)
    current = selectors.latest_ballot(cycle)
    voter = selectors.voter_for(current, request.person) if current else None
    if current is None or voter is None or not is_open(current):
        return redirect(PAGE, cycle_pk)
    voter.ballot = current
    return redirect(path_for(voter))


def _chair(cycle: Cycle, number: int) -> Chair:
    chairs = selectors.chairs(cycle, None)
    if number >= len(chairs):
        raise Http404
    return chairs[number]


def _current(request: SocietyRequest, cycle_pk: UUID) -> Ballot | None:
    """The session's ballot, for a button; the page says the rest where there is none."""
    cycle = cycle_for(request.person, cycle_pk, *RUNS_PROGRAMS)
    ballot = selectors.latest_ballot(cycle)
    if ballot is not None:
        ballot.cycle = cycle
    return ballot


def _preview(cycle: Cycle, chairs: list[Chair], request: SocietyRequest) -> Preview | None:
    first = next((chair for chair in chairs if chair.seat and chair.seat.person.email), None)
    if first is None or first.seat is None:
        return None
    last = ballots.end_of(ballots.proposed_day(cycle, clock.today(request.society.zone)))
    as_if = Ballot(cycle=cycle, version=cycle.version, opened_by=request.person, opened_at=clock.now(), closes_at=last)
    return Preview(first.seat.person.name, mails.preview(cycle, as_if, first.name, first.seat.person))


def _named(ballot: Ballot) -> str:
    return date_format(ballot.last_day, "F j")


def _called_off(had_left: int) -> str:
    if not had_left:
        return _("The ballot is called off, and nobody was written to.")
    said = ngettext(
        "The ballot is called off. %(count)d mail had left; its link says so.",
        "The ballot is called off. %(count)d mails had left; their links say so.",
        had_left,
    )
    return said % {"count": had_left}
