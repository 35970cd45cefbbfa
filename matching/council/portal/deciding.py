"""What becomes of the council's result."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chiron.kernel.errors import DomainError
from matching.council import deciding, selectors
from matching.council.access import cycle_for
from matching.council.counting import Result
from matching.council.models import Ballot
from matching.council.portal.forms import AdoptForm, LeaveForm
from programs.enrollment.adopting import adoption_of, newer_settings
from programs.policy.models import Cycle
from programs.policy.services import FROZEN, ChangedMeanwhile
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, staff

PAGE = "council:council"


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def adopt(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """The result as it would be kept; changed, with a reason, or as it is."""
    cycle = cycle_for(request.person, cycle_pk, *RUNS_PROGRAMS)
    ballot = _to_decide(cycle)
    if ballot is None:
        return redirect(PAGE, cycle_pk)
    percents = Result.restored(ballot.result).percents
    if not percents:
        return redirect(PAGE, cycle_pk)
    newest = cycle.program.versions.order_by("-number").first()
    names = sorted(percents, key=lambda name: (-percents[name], name))
    initial = {**percents, "after": newest.number if newest else None}
    form = AdoptForm(request.POST if request.method == "POST" else None, names=names, initial=initial)
    if form.is_valid():
        try:
            deciding.adopt(
                ballot=ballot,
                percents=form.percents(),
                reason=form.cleaned_data["reason"],
                after=form.cleaned_data["after"],
                by=request.person,
            )
        except ChangedMeanwhile as error:
            # Shown anew over the settings that there are now, with what they would bring along.
            form = AdoptForm({**request.POST.dict(), "after": error.newest.number}, names=names)
            form.add_error(None, _("Somebody else changed the program’s settings meanwhile. Look at them, then adopt."))
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _adopted(cycle))
            return redirect(PAGE, cycle_pk)
    context = {
        "cycle": cycle,
        "ballot": ballot,
        "form": form,
        "besides": _besides(cycle),
        "frozen": cycle.state in FROZEN,
    }
    return render(request, "council/adopt.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def leave(request: SocietyRequest, cycle_pk: UUID) -> HttpResponse:
    """Keep the settings as they are."""
    cycle = cycle_for(request.person, cycle_pk, *RUNS_PROGRAMS)
    ballot = _to_decide(cycle)
    if ballot is None:
        return redirect(PAGE, cycle_pk)
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            deciding.leave_as_it_is(ballot=ballot, reason=form.cleaned_data["reason"], by=request.person)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Everything stays as it is. The council has a word from us."))
            return redirect(PAGE, cycle_pk)
    return render(request, "council/leave.html", {"cycle": cycle, "ballot": ballot, "form": form})


def _to_decide(cycle: Cycle) -> Ballot | None:
    """The session's ballot, if it waits for a decision."""
    ballot = selectors.latest_ballot(cycle)
    return ballot if ballot is not None and ballot.state == Ballot.State.CLOSED else None


def _besides(cycle: Cycle) -> list[str]:
    """What else the program's newest settings would change for the session, in words."""
    newer = newer_settings(cycle)
    if newer is None:
        return []
    try:
        return list(adoption_of(cycle, newer).changes)
    except DomainError as error:
        return [error.message]


def _adopted(cycle: Cycle) -> str:
    if cycle.state in FROZEN:
        return _("Kept as the program’s newest settings, for its next session. The council has a word from us.")
    return _("Kept as the program’s newest settings, and this session has them. The council has a word from us.")
