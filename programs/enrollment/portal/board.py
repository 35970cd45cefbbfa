"""A session as its staff see it: who signed up, which dates come, and what happens next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment import moving, selectors
from programs.enrollment.adopting import adopt_settings, adoption_of, newer_settings
from programs.enrollment.agreeing import plan_reminder
from programs.enrollment.canceling import cancel_session
from programs.enrollment.interests import plan_telling
from programs.enrollment.models import Enrollment
from programs.enrollment.portal.working import progress
from programs.enrollment.services import why_no_sign_ups
from programs.enrollment.showing import called
from programs.policy.access import cycle_for
from programs.policy.models import Cycle
from programs.policy.offered import stands, takes_sign_ups
from programs.policy.portal.forms import DatesForm
from programs.policy.services import FROZEN, NEXT_STATES, change_state, move_dates
from programs.policy.words import ROLES_OF
from tenants.people.access import EVERY_KIND, RUNS_PROGRAMS, SEES_NAMES, SocietyRequest, may, staff

State = Cycle.State
# What the button into a state is called; publishing pairs is what starts a session, so it has no button here.
BUTTONS = {
    (State.DRAFT, State.RECRUITING): gettext_lazy("Open sign-up"),
    (State.RECRUITING, State.MATCHING): gettext_lazy("Close sign-up"),
    (State.MATCHING, State.RECRUITING): gettext_lazy("Open sign-up again"),
    (State.RUNNING, State.CLOSING): gettext_lazy("Start wrapping up"),
    (State.CLOSING, State.CLOSED): gettext_lazy("Finish this session"),
}
# More names than these are no page to read; the numbers beside them count everybody.
MOST_NAMED = 50
STEPS = (State.DRAFT, State.RECRUITING, State.MATCHING, State.RUNNING, State.CLOSING, State.CLOSED)


@dataclass(frozen=True)
class Coming:
    """A day of a session."""

    label: str
    day: date
    is_next: bool


@dataclass(frozen=True)
class RoleCounts:
    """How many signed up in a role, by state; every number opens into its people."""

    role: str
    called: str
    total: int
    matched: int
    states: list[tuple[str, object, int]]


@require_safe
@staff(*EVERY_KIND)
def board(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """The board of a session."""
    cycle = cycle_for(request.person, pk, *EVERY_KIND)
    runs = may(request.person, *RUNS_PROGRAMS, program_id=cycle.program_id)
    today = clock.today(request.society.zone)
    counts = selectors.counts_of(cycle)
    context = {
        "cycle": cycle,
        "roles": _roles(cycle, counts),
        "tells_matched": cycle.state in FROZEN,
        "stands": stands(cycle, today),
        "nobody_yet": _nobody_yet(cycle, today),
        "days": days_of(cycle, today),
        "steps": [stands(cycle, today) if state == cycle.state else state.label for state in STEPS],
        "current": STEPS.index(State(cycle.state)) + 1,
        "buttons": _buttons(cycle) if runs else [],
        # The way to the end of a session that runs is not the main thing before its last day.
        "is_time": cycle.state != State.RUNNING or today >= cycle.ends_on,
        "newer": newer_settings(cycle) if runs else None,
        "runs": runs,
        "signs_up": not why_no_sign_ups(cycle),
        "may_cancel": runs and cycle.state not in FROZEN and not counts,
        "sees_names": may(request.person, *SEES_NAMES, program_id=cycle.program_id),
    }
    return render(request, "enrollment/board.html", context)


@require_POST
@staff(*RUNS_PROGRAMS)
def move(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Move a session on, or back where that is possible."""
    cycle = cycle_for(request.person, pk, *RUNS_PROGRAMS)
    to = request.POST.get("to", "")
    if to not in [target for _from, target in BUTTONS]:
        raise Http404
    try:
        cycle = change_state(cycle=cycle, to=State(to), by=request.person)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        _plan(cycle)
        messages.success(request, _("The session now stands at “%(state)s”.") % {"state": cycle.get_state_display()})
        if cycle.state == State.RECRUITING and not takes_sign_ups(cycle, clock.today(request.society.zone)):
            messages.warning(request, _days_to_sign_up(cycle))
    return redirect("sessions:board", pk)


def _plan(cycle: Cycle) -> None:
    """Plan anew what happens by itself at the days of a session."""
    plan_reminder(cycle)
    if cycle.state == State.RECRUITING:
        plan_telling(cycle)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def dates(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Move the dates of a session."""
    cycle = cycle_for(request.person, pk, *RUNS_PROGRAMS)
    before = {name: getattr(cycle, name) for name in DatesForm.base_fields}
    form = DatesForm(request.POST or None, initial=before)
    if form.is_valid():
        try:
            cycle = move_dates(cycle=cycle, by=request.person, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            _plan(cycle)
            messages.success(request, _("The dates are kept."))
            return redirect("sessions:board", pk)
    return render(request, "enrollment/dates.html", {"cycle": cycle, "form": form}, status=422 if form.errors else 200)


@require_POST
@staff(*RUNS_PROGRAMS)
def cancel(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Cancel a session that was prepared by mistake."""
    cycle = cycle_for(request.person, pk, *RUNS_PROGRAMS)
    name, slug = cycle.name, cycle.program.slug
    try:
        cancel_session(cycle=cycle, by=request.person)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("sessions:board", pk)
    messages.success(request, _("%(session)s is canceled, as if it had never been there.") % {"session": name})
    return redirect("programs:program", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def settings(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """What the program's newest settings would change for a session; its one button moves the session to them.

    The button moves it to what the page showed. Where there are newer ones since, their difference is shown instead.
    """
    cycle = cycle_for(request.person, pk, *RUNS_PROGRAMS)
    move, version = moving.under_way(cycle), newer_settings(cycle)
    if move and not move.trouble:
        return _moving(request, cycle)
    if "HX-Request" in request.headers:  # asked by the page that waits: what it waited for is here
        return HttpResponse(headers={"HX-Refresh": "true"})
    if version is None:
        messages.info(request, _("This session has the settings that it will keep."))
        return redirect("sessions:board", pk)
    was_seen = request.POST.get("version") == str(version.pk)
    try:
        if was_seen and moving.is_large(cycle):
            moving.ask(cycle=cycle, version=version, by=request.person)
            return redirect(request.path)
        if was_seen:
            adopt_settings(cycle=cycle, version=version, by=request.person)
            messages.success(request, _("The session has the newest settings."))
            return redirect("sessions:board", pk)
        adoption = adoption_of(cycle, version)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("sessions:board", pk)
    trouble = move.trouble if move else ""
    if request.method == "POST":
        trouble = _("There are newer settings than those that you looked at. This is what they would change.")
    context = {"cycle": cycle, "adoption": adoption, "most": MOST_NAMED, "trouble": trouble}
    return render(request, "enrollment/adopt.html", context, status=422 if request.method == "POST" else 200)


def _moving(request: SocietyRequest, cycle: Cycle) -> HttpResponse:
    """How far the move is that a worker makes; it is stopped here, and begun anew where its worker died."""
    if request.method == "POST":
        if "again" in request.POST:
            moving.take_up_again(cycle=cycle)
        elif "stop" in request.POST:
            moving.stop(cycle=cycle)
        return redirect(request.path)
    return render(request, "enrollment/moving.html", {"cycle": cycle} | progress(request, cycle.pk))


def _nobody_yet(cycle: Cycle, today: date) -> str:
    """How people come into a session that nobody is in."""
    if cycle.state == State.DRAFT or (cycle.state == State.RECRUITING and today < cycle.sign_up_opens_on):
        opens = date_format(cycle.sign_up_opens_on, "F j")
        return _("Sign-up is planned to open on %(day)s.") % {"day": opens}
    if takes_sign_ups(cycle, today):
        return _("People can sign up by themselves, or staff bring a sheet of sign-ups.")
    return _("People cannot sign up by themselves now.")


def days_of(cycle: Cycle, today: date) -> list[Coming]:
    """The days of a session in their order, the next one marked."""
    days = [
        (cycle.sign_up_opens_on, _("Sign-up opens")),
        (cycle.sign_up_closes_on, _("Last day to sign up")),
        (cycle.starts_on, _("The session starts")),
        (cycle.ends_on, _("The session ends")),
    ]
    if cycle.state not in FROZEN:  # from there on pairs are published, on whichever day that was
        days.append((cycle.publish_on, _("Pairs are published")))
    days.sort(key=lambda each: each[0])
    coming = next((day for day, _label in days if day >= today), None)
    return [Coming(label, day, is_next=day == coming) for day, label in days]


def _days_to_sign_up(cycle: Cycle) -> str:
    """When people can sign up, where that is not now."""
    days = {"opens": date_format(cycle.sign_up_opens_on, "F j"), "closes": date_format(cycle.sign_up_closes_on, "F j")}
    return _("People can sign up from %(opens)s to %(closes)s. To change that, move the dates.") % days


def _roles(cycle: Cycle, counts: Counter[tuple[str, str]]) -> list[RoleCounts]:
    roles, matched = cycle.settings.roles, selectors.by_role(selectors.matched(cycle))
    return [
        RoleCounts(
            role,
            roles[role].called,
            sum(count for (each, _state), count in counts.items() if each == role),
            matched[role],
            [(state.value, called(state), counts[role, state]) for state in Enrollment.State if counts[role, state]],
        )
        for role in ROLES_OF[cycle.settings.format]
    ]


def _buttons(cycle: Cycle) -> list[tuple[str, object]]:
    here = State(cycle.state)
    return [(to, BUTTONS[here, to]) for to in NEXT_STATES[here] if (here, to) in BUTTONS]
