"""Whom one would like: the people of a session, one's own list of them, and whether one is read about oneself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from chiron.design.paging import Paginator
from chiron.kernel.errors import DomainError
from programs.enrollment.agreeing import owed_for
from programs.enrollment.models import Enrollment
from programs.mentorships import directory
from programs.mentorships.requests import show_in_directory
from programs.wishing import selectors, services
from programs.wishing.rules import has_wishes, is_open, last_day, may_be_named, ranks, takes_part
from tenants.people.access import SocietyRequest, signed_in
from tenants.people.models import Person

PER_PAGE = 24


@require_safe
@never_cache
@signed_in
def wishes(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """One's list, and the people one can put on it."""
    mine = _mine(request.person, pk)
    if owed_for(mine):
        return redirect("enrollment:agree", mine.cycle_id, mine.role)
    if not takes_part(mine):  # the sign-up's own page says how it stands, and how one comes back from a pause
        return redirect("enrollment:signed_up", mine.cycle_id, mine.role)
    named = selectors.named_by(mine) if ranks(mine) else []
    shown = _about(mine) | {
        "named": directory.found_with_room(mine.cycle, named),
        "forgotten": mine.named.count() - len(named) if ranks(mine) else 0,
        "full": len(named) >= _most(mine),
    }
    if ranks(mine) and is_open(mine.cycle):
        words = request.GET.get("q", "").strip()
        found = directory.listed(mine, words=words).exclude(pk__in=[each.pk for each in named])
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        people = directory.found_with_room(mine.cycle, list(page.object_list))
        shown |= {"words": words, "page": page, "people": people}
    return render(request, "wishing/wishes.html", shown)


@require_safe
@never_cache
@signed_in
def person(request: SocietyRequest, pk: UUID, other: UUID) -> HttpResponse:
    """Somebody in their own words, as the directory shows them."""
    mine = _mine(request.person, pk)
    found = get_object_or_404(_readable(mine), pk=other)
    named = [each.pk for each in selectors.named_by(mine)]
    context = _about(mine) | {
        "found": directory.found_with_room(mine.cycle, [found])[0],
        "place": named.index(other) + 1 if other in named else 0,
        "full": len(named) >= _most(mine),
    }
    return render(request, "wishing/person.html", context)


@require_POST
@signed_in
def put(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Put somebody on the list, or elsewhere on it. The place is named, so that pressing twice moves nobody twice."""
    said = request.POST.get("place", "")
    place = int(said) if said.isascii() and said.isdigit() else None
    return _change(request, pk, lambda mine, other: services.put(mine=mine, other=other, place=place))


@require_POST
@signed_in
def take_out(request: SocietyRequest, pk: UUID) -> HttpResponse:
    return _change(request, pk, lambda mine, other: services.take_out(mine=mine, other=other))


@require_POST
@signed_in
def show(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Let the other side read about oneself, or no longer."""
    mine = _mine(request.person, pk)
    shown = request.POST.get("shown") == "yes"
    try:
        show_in_directory(enrollment=mine, shown=shown)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        said = _("Others can read about you now.") if shown else _("Others no longer read about you.")
        messages.success(request, said)
    return redirect("wishing:wishes", mine.pk)


def _change(request: SocietyRequest, pk: UUID, change: Callable[[Enrollment, Enrollment], None]) -> HttpResponse:
    mine = _mine(request.person, pk)
    others = Enrollment.objects.filter(cycle=mine.cycle_id).select_related("person")
    try:
        other = get_object_or_404(others, pk=UUID(request.POST.get("other", "")))
    except ValueError:
        raise Http404 from None
    try:
        change(mine, other)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Kept."))
    return redirect("wishing:wishes", mine.pk)


def _mine(person: Person, pk: UUID) -> Enrollment:
    """One's own sign-up to a session with wishes; else there is no such page."""
    mine = Enrollment.objects.select_related("cycle__program", "cycle__version", "person")
    found = get_object_or_404(mine, pk=pk, person=person)
    if not has_wishes(found.cycle) or not (ranks(found) or may_be_named(found)):
        raise Http404
    return found


def _readable(mine: Enrollment) -> Any:
    """Whom somebody can read about now; nobody unless they say whom they would like and may still do so."""
    can = ranks(mine) and is_open(mine.cycle) and takes_part(mine) and not owed_for(mine)
    return directory.listed(mine) if can else Enrollment.objects.none()


def _most(mine: Enrollment) -> int:
    wishes = mine.cycle.settings.matching.wishes
    return wishes.at_most if wishes else 0


def _about(mine: Enrollment) -> dict[str, Any]:
    return {
        "mine": mine,
        "cycle": mine.cycle,
        "ranks": ranks(mine),
        "may_be_named": may_be_named(mine),
        "is_listed": directory.is_listed(mine),
        "is_open": is_open(mine.cycle),
        "until": last_day(mine.cycle),
        "most": _most(mine),
        "by_lists": mine.cycle.settings.matching.by_lists,
        "others": mine.cycle.settings.roles["mentee" if mine.role == "mentor" else "mentor"].called.lower(),
    }
