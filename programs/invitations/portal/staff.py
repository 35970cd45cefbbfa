"""Invitations to a session as staff see them: who was invited and what came of it, one more person, many at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chiron.design.frame import Link
from chiron.design.paging import Paginator
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.selectors import people_seen
from programs.invitations import mails, services
from programs.invitations.choosing import spoken as reasons_of
from programs.invitations.models import Invitation, Nomination, Round
from programs.invitations.portal.forms import InviteForm
from programs.invitations.rounds import mailings_of, stop_round
from programs.invitations.selectors import FATES, fates_of, invitations_of
from programs.policy.access import cycle_for, cycles_seen
from programs.policy.models import Cycle
from programs.policy.offered import takes_sign_ups
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, may, programs_of, staff
from tenants.people.models import Person, StaffRole

PER_PAGE, MOST_FOUND, ROUNDS = 50, 8, 5


@require_safe
@never_cache
@staff(*RUNS_PROGRAMS)
def invitations(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Who was invited to a session, and what came of it."""
    cycle = cycle_for(request.person, pk, *RUNS_PROGRAMS)
    fate, name = request.GET.get("fate", ""), request.GET.get("q", "").strip()
    page = Paginator(invitations_of(cycle, fate=fate, name=name), PER_PAGE).get_page(request.GET.get("page"))
    counts = fates_of(cycle.invitations.all())
    tabs = [Link(f"{_('All')} {counts.total():,}", "?", current=not fate)]
    tabs += [
        Link(f"{label} {counts[each]:,}", f"?fate={each}", current=each == fate)
        for each, (label, _tone) in FATES.items()
        if counts[each]
    ]
    called = {role: value.called for role, value in cycle.settings.roles.items()}
    context = {
        "cycle": cycle,
        "page": page,
        "rows": [_row(each, called) for each in page.object_list],
        "tabs": tabs,
        "name": name,
        "rounds": _rounds(cycle),
        "whole_society": may(request.person, *RUNS_PROGRAMS),
        "is_open": takes_sign_ups(cycle, clock.today(request.society.zone)),
        "refused": services.no_more_invitations(cycle),
    }
    return render(request, "invitations/invitations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(*RUNS_PROGRAMS)
def one(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Invite one person: from the list, nominated by a member, or by name and address."""
    cycle = cycle_for(request.person, pk, *RUNS_PROGRAMS)
    if refused := services.no_more_invitations(cycle):
        messages.error(request, refused)
        return redirect("invited:list", pk)
    person, nomination = picked(request, *RUNS_PROGRAMS), _nominated(request, cycle)
    form = InviteForm(
        request.POST or None, part=cycle.settings, person=person, initial=_initial(request, person, nomination)
    )
    if form.is_valid():
        said = form.cleaned_data
        try:
            if "me" in request.POST:
                _send_me_one(cycle, said, person, nomination, to=request.person.email)
                messages.success(request, _("One is on its way to you alone."))
            else:
                made = services.invite(cycle=cycle, **said, person=person, nomination=nomination, by=request.person)
                told = _("%(name)s is invited. The mail leaves in ten minutes; until then you can take it back.")
                messages.success(request, told % {"name": made.name})
                return redirect("invited:list", pk)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
    wanted = request.GET.get("q", "").strip()
    found = people_seen(seen_by(request, *RUNS_PROGRAMS), name=wanted)[:MOST_FOUND] if wanted else ()
    context = {
        "cycle": cycle,
        "form": form,
        "person": person,
        "nomination": nomination,
        "wanted": wanted,
        "found": found,
    }
    return render(request, "invitations/one.html", context, status=422 if form.errors else 200)


@require_POST
@staff(*RUNS_PROGRAMS)
def again(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Write the mail of an invitation again."""
    invitation = _mine(request, pk)
    try:
        services.write_again(invitation=invitation, by=request.person)
        messages.success(request, _("The mail to %(name)s is on its way.") % {"name": invitation.name})
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("invited:list", invitation.cycle_id)


@require_POST
@staff(*RUNS_PROGRAMS)
def take_back(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """End an invitation."""
    invitation = services.take_back(invitation=_mine(request, pk), by=request.person)
    messages.success(request, _("The invitation of %(name)s is taken back.") % {"name": invitation.name})
    return redirect("invited:list", invitation.cycle_id)


@require_POST
@staff(*RUNS_PROGRAMS)
def stop(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Keep the mails of a round from leaving that have not left."""
    seen = Round.objects.filter(cycle__in=cycles_seen(request.person, *RUNS_PROGRAMS).order_by())
    round_ = get_object_or_404(seen, pk=pk)
    count = stop_round(round_=round_, by=request.person)
    told = ngettext("%d mail stays here.", "%d mails stay here.", count) % count
    messages.success(request, told + " " + _("Those that have left cannot be taken back."))
    return redirect("invited:list", round_.cycle_id)


def _mine(request: SocietyRequest, pk: UUID) -> Invitation:
    seen = Invitation.objects.filter(cycle__in=cycles_seen(request.person, *RUNS_PROGRAMS).order_by())
    return get_object_or_404(seen, pk=pk)


def seen_by(request: SocietyRequest, *kinds: StaffRole.Kind) -> QuerySet[Cycle] | None:
    """The sessions through which somebody on the staff may look people up; None: they may see everybody."""
    whole = programs_of(request.person, *kinds) is None
    return None if whole else cycles_seen(request.person, *kinds)


def picked(request: SocietyRequest, *kinds: StaffRole.Kind) -> Person | None:
    """Somebody whom staff may look up, picked for a form."""
    wanted = request.GET.get("person", "")
    if not wanted:
        return None
    return get_object_or_404(people_seen(seen_by(request, *kinds)), pk=_uuid(wanted))


def _nominated(request: SocietyRequest, cycle: Cycle) -> Nomination | None:
    wanted = request.GET.get("nomination", "")
    if not wanted:
        return None
    return get_object_or_404(Nomination.objects.select_related("by"), pk=_uuid(wanted), program=cycle.program_id)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()  # nobody's


def _initial(request: SocietyRequest, person: Person | None, nomination: Nomination | None) -> dict[str, Any]:
    """What the form begins with."""
    role = nomination.role if nomination else request.GET.get("role", "")
    known = person or nomination
    if known is None:
        return {"role": role}
    return {"role": role, **{name: getattr(known, name) for name in ("given_name", "family_name", "email")}}


def _send_me_one(
    cycle: Cycle, said: dict[str, Any], person: Person | None, nomination: Nomination | None, *, to: str
) -> None:
    now = clock.now()
    sample = Invitation(cycle=cycle, person=person, created_at=now, written_at=now, **said)
    by = nomination.by.address_name if nomination and nomination.may_name and nomination.by else ""
    mails.sample(sample, to=to, nominated_by=by)


def _row(invitation: Any, called: dict[str, str]) -> tuple[Any, ...]:
    """An invitation, in which role, and what came of it."""
    fate = invitation.fate
    return invitation, called.get(invitation.role, invitation.role), fate, *FATES[fate]


def _rounds(cycle: Cycle) -> list[tuple[Any, ...]]:
    rounds = list(cycle.invitation_rounds.all()[:ROUNDS])
    known = mailings_of(rounds)
    return [(*_round(each), known.get(each.pk)) for each in rounds]


def _round(round_: Round) -> tuple[Any, ...]:
    """A round, what came of its invitations, whom it left out, and whether something of it can be kept back."""
    counts = fates_of(round_.invitations.all())
    numbers = [(label, counts[fate]) for fate, (label, _tone) in FATES.items() if counts[fate]]
    waits = bool(counts["waiting"]) or round_.finished_at is None
    return round_, numbers, reasons_of(round_.left_out), waits
