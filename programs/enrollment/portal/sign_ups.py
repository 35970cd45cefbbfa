"""Sign-ups as staff see them: the list of a session, and one with its answers and what was decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chiron.design.frame import Link
from chiron.design.paging import Paginator
from chiron.kernel.errors import DomainError
from programs.enrollment import members, parting, selectors, showing
from programs.enrollment.models import Enrollment
from programs.enrollment.portal.forms import DecideForm
from programs.enrollment.room import room_of, says_room
from programs.enrollment.services import BY_RULES, decide_by_hand, why_no_sign_ups
from programs.enrollment.waiting import standing_of
from programs.policy.access import cycle_for, cycles_seen
from programs.policy.models import Cycle
from programs.policy.words import ROLES_OF
from tenants.people.access import RUNS_PROGRAMS, SEES_NAMES, SocietyRequest, may, require, sees_roster, staff

PER_PAGE = 50
State = Enrollment.State


@require_safe
@staff(*SEES_NAMES)
def people(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Who signed up to a session, narrowed by role, state and name."""
    cycle = cycle_for(request.person, pk, *SEES_NAMES)
    wanted = {
        "role": _one_of(request.GET.get("role"), ROLES_OF[cycle.settings.format]),
        "state": _one_of(request.GET.get("state"), State.values),
        "came": _one_of(request.GET.get("came"), list(selectors.CAME)),
        "name": request.GET.get("q", "").strip(),
    }
    page = Paginator(selectors.sign_ups(cycle, **wanted), PER_PAGE).get_page(request.GET.get("page"))
    found = list(page.object_list)
    for enrollment in found:
        enrollment.cycle = cycle
    rooms = room_of(found)
    context = {
        "cycle": cycle,
        "page": page,
        "filters": _filters(cycle, wanted),
        "rows": [(each, showing.called(each.state), showing.tone_of(each.state), _room(each, rooms)) for each in found],
        "wanted": wanted,
        "may_bring": not why_no_sign_ups(cycle) and may(request.person, *RUNS_PROGRAMS, program_id=cycle.program_id),
    }
    return render(request, "enrollment/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*SEES_NAMES)
def sign_up(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """One sign-up: what was answered, whether they can take part and why, and staff's own word on it."""
    seen = Enrollment.objects.filter(cycle__in=cycles_seen(request.person, *SEES_NAMES).order_by())
    enrollment = get_object_or_404(
        seen.select_related("person", "cycle__program", "cycle__version", "decided_by", "source"), pk=pk
    )
    may_decide = may(request.person, *RUNS_PROGRAMS, program_id=enrollment.cycle.program_id)
    form = DecideForm()
    if request.method == "POST":
        require(request.person, *RUNS_PROGRAMS, program_id=enrollment.cycle.program_id)
        if "member" in request.POST:
            return _say_membership(request, enrollment)
        form = DecideForm(request.POST)
        if form.is_valid() and _decide(request, enrollment, form):
            return redirect("sessions:sign_up", pk)
    asks_membership = enrollment.state == State.TO_CHECK and not enrollment.person.member_id
    knows_members = may_decide and sees_roster(request.person, program_id=enrollment.cycle.program_id)
    joining = parting.joining_of(enrollment.person) if knows_members and enrollment.person.member_id else None
    context = {
        "enrollment": enrollment,
        "cycle": enrollment.cycle,
        "joining": joining,
        "joined_until": parting.until(joining) if joining else None,
        "person": enrollment.person,
        "called": showing.called(enrollment.state),
        "tone": showing.tone_of(enrollment.state),
        "answers": list(showing.answers_shown(enrollment)),
        "likely": members.likely_members(enrollment) if asks_membership and knows_members else (),
        "asks_membership": asks_membership and may_decide,
        "knows_members": knows_members,
        "form": form if may_decide and enrollment.state in BY_RULES else None,
        "may_decide": may_decide,
        "standing": standing_of(enrollment),
        "room": room_of([enrollment])[enrollment.pk] if says_room(enrollment) else None,
    }
    return render(request, "enrollment/sign_up.html", context, status=422 if form.errors else 200)


def _say_membership(request: SocietyRequest, enrollment: Enrollment) -> HttpResponse:
    """This is that member, or is not after all; or they are none, and are invited to join or taken as a guest."""
    said = request.POST["member"]
    name = {"name": enrollment.person.name}
    try:
        if said == "invite":
            members.invite_to_join(enrollment=enrollment, by=request.person)
            messages.success(request, _("We write to %(name)s how to become a member.") % name)
        elif said == "apart":
            _must_see_roster(request, enrollment)
            apart = parting.take_apart(person=enrollment.person, by=request.person)
            messages.success(request, _("These are two people again."))
            if apart.stayed:
                messages.info(request, _("With a sign-up that came from the list somebody went on since, so it stays."))
        elif said == "guest":
            decide_by_hand(enrollment=enrollment, accept=True, reason=_("Takes part as a guest."), by=request.person)
            messages.success(request, _("%(name)s can take part, as a guest.") % name)
        else:
            _must_see_roster(request, enrollment)
            members.join_member(enrollment=enrollment, member_pk=_uuid(said), by=request.person)
            messages.success(request, _("%(name)s is a member now, as the list says.") % name)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("sessions:sign_up", enrollment.pk)


def _must_see_roster(request: SocietyRequest, enrollment: Enrollment) -> None:
    if not sees_roster(request.person, program_id=enrollment.cycle.program_id):
        raise Http404


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _decide(request: SocietyRequest, enrollment: Enrollment, form: DecideForm) -> bool:
    accept = "accept" in request.POST
    try:
        reason = form.cleaned_data["reason"]
        decided = decide_by_hand(enrollment=enrollment, accept=accept, reason=reason, by=request.person)
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    words = _("%(name)s can take part.") if accept else _("%(name)s cannot take part.")
    if decided.state == State.WAITLISTED:
        words = _("%(name)s can take part, and waits for a place: all are taken.")
    messages.success(request, words % {"name": enrollment.person.name})
    return True


def _room(enrollment: Enrollment, rooms: Mapping[UUID, int]) -> int | str:
    return rooms[enrollment.pk] if says_room(enrollment) else "–"


def _filters(cycle: Cycle, wanted: dict[str, str]) -> list[Link]:
    """All, each role, and of the role one looks at each state that somebody is in, with how many they are."""
    counts = selectors.counts_of(cycle)
    role, roles = wanted["role"], cycle.settings.roles
    states = [state for state in State if _count(counts, role, state)]
    return [
        _filter(_("All"), counts, "", "", wanted),
        *(_filter(roles[each].called, counts, each, "", wanted) for each in ROLES_OF[cycle.settings.format]),
        *(_filter(showing.called(state), counts, role, state, wanted) for state in states),
    ]


def _filter(label: object, counts: Counter[tuple[str, str]], role: str, state: str, wanted: dict[str, str]) -> Link:
    asked = {name: value for name, value in (("role", role), ("state", state), ("q", wanted["name"])) if value}
    here = (role, state) == (wanted["role"], wanted["state"]) and not wanted["came"]
    return Link(f"{label} {_count(counts, role, state):,}", f"?{urlencode(asked)}", current=here)


def _count(counts: Counter[tuple[str, str]], role: str, state: str) -> int:
    return sum(count for (of, at), count in counts.items() if of == (role or of) and at == (state or at))


def _one_of(value: str | None, known: Sequence[str]) -> str:
    return value if value and value in known else ""
