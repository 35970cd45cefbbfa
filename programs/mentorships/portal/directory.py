"""The directory: people of a session find each other, ask, and see whom they asked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chiron.design.frame import Link
from chiron.design.paging import Paginator
from chiron.kernel.errors import DomainError
from programs.enrollment.models import Enrollment, Role
from programs.mentorships import directory, requests
from programs.mentorships import known as known_pairs
from programs.mentorships.aspects import what_for
from programs.mentorships.models import KnownPair, Mentorship, Wish
from programs.mentorships.portal.forms import AskForm, KnownForm
from tenants.people.access import SocietyRequest, signed_in
from tenants.people.models import Person

PER_PAGE = 24


@require_safe
@never_cache
@signed_in
def people(request: SocietyRequest) -> HttpResponse:
    """Who can be found, narrowed by words and facts; whom one asked, and who is next."""
    if directory.pauses(request.person):
        messages.info(request, _("While you pause you look for nobody, and nobody finds you. Come back here first."))
        return redirect("enrollment:availability")
    return _list(request, _mine(request.person, request.GET.get("as")), KnownForm())


def _list(request: SocietyRequest, mine: Enrollment, known_form: KnownForm) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    chosen = {name: value for name in directory.FACETS if (value := request.GET.get(name, ""))}
    found = directory.listed(mine, words=words)
    page = Paginator(directory.narrowed(found, chosen), PER_PAGE).get_page(request.GET.get("page"))
    sessions = directory.directories_of(request.person)
    context: dict[str, Any] = {
        "mine": mine,
        "sessions": [_tab(each, current=each == mine) for each in sessions] if len(sessions) > 1 else (),
        "words": words,
        "page": page,
        "people": directory.found_with_room(mine.cycle, list(page.object_list)),
        "facets": [(_facet_label(facet.name), facet) for facet in directory.facets(found, chosen)],
        "chosen": chosen,
        "is_listed": directory.is_listed(mine),
        "asked": directory.open_requests(mine),
        "line": directory.line_of(mine),
        "known": directory.known_of(mine),
        "known_form": known_form,
    }
    status = 422 if known_form.errors else 200
    return render(request, "mentorships/directory.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def person(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """One person of the directory in their own words, and the question to them."""
    other = get_object_or_404(Enrollment.objects.select_related("person", "cycle__program", "cycle__version"), pk=pk)
    mine = _mine_beside(request.person, other)
    if not directory.listed(mine).filter(pk=pk).exists():
        raise Http404
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = requests.ask(mine=mine, other=other, **form.cleaned_data)
        except DomainError as error:
            if directory.has_asked(mine, other):  # pressed twice, it is one question
                return _back(mine)
            form.add_error(None, error.message)
        else:
            _tell(request, made, other)
            return _back(mine)
    context = {
        "mine": mine,
        "back": _address_of(mine),
        "found": directory.found_with_room(other.cycle, [other])[0],
        "form": form,
        "standing": directory.between(mine, other),
        "next_in_line": requests.left(mine) <= 0,
        "what_for": what_for(mine, other),
    }
    return render(request, "mentorships/directory_person.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def show(request: SocietyRequest) -> HttpResponse:
    """Let others find oneself, or no longer."""
    mine = _mine(request.person, request.POST.get("as"))
    shown = request.POST.get("shown") == "yes"
    try:
        requests.show_in_directory(enrollment=mine, shown=shown)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Others can find you now.") if shown else _("Others no longer find you."))
    return _back(mine)


@require_POST
@signed_in
def forget(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Take somebody out of one's line; twice is as good as once."""
    wish = Wish.objects.filter(pk=pk, mine__person=request.person).select_related("mine").first()
    if wish is None:
        return redirect("directory_of_people:people")
    wish.delete()
    return _back(wish.mine)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def known(request: SocietyRequest) -> HttpResponse:
    """Two people are a pair already, and one of them has the program know it: the other is asked whether it is so.

    The page is the same whether or not anybody of this session has the address, until the other says yes.
    """
    mine = _mine(request.person, request.POST.get("as"))
    if request.method != "POST":
        return _back(mine)
    form = KnownForm(request.POST)
    if form.is_valid():
        try:
            pair = known_pairs.register(mine=mine, address=form.cleaned_data["email"])
        except DomainError as error:
            form.add_error("email", error.message)
        else:
            _tell_known(request, pair)
            return _back(mine)
    return _list(request, mine, form)


@require_POST
@signed_in
def not_known(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Say no longer that one meets somebody already; twice is as good as once."""
    pairs = KnownPair.objects.select_related("mine__person", "mine__cycle__program", "mine__cycle__version")
    pair = pairs.filter(pk=pk, mine__person=request.person).first()
    if pair is None:
        return redirect("directory_of_people:people")
    known_pairs.take_back(pair=pair)
    return _back(pair.mine)


def _mine(person: Person, sign_up: str | None) -> Enrollment:
    """One's own sign-up to a session with a directory, the newest if none is named; else there is no such page."""
    for enrollment in directory.directories_of(person):
        if sign_up in (None, "", str(enrollment.pk)):
            return enrollment
    raise Http404


def _mine_beside(person: Person, other: Enrollment) -> Enrollment:
    """One's own sign-up to the session of somebody, on the other side; strangers cannot tell a closed one from none."""
    for enrollment in directory.directories_of(person):
        if enrollment.cycle_id == other.cycle_id and enrollment.role != other.role:
            return enrollment
    raise Http404


def _back(mine: Enrollment) -> HttpResponse:
    """To the list in which one was."""
    return redirect(_address_of(mine))


def _address_of(mine: Enrollment) -> str:
    return f"{reverse('directory_of_people:people')}?as={mine.pk}"


def _tab(mine: Enrollment, *, current: bool) -> Link:
    cycle = mine.cycle
    return Link(f"{cycle.program.name}, {cycle.name}: {_looks_for(mine)}", _address_of(mine), current=current)


def _looks_for(mine: Enrollment) -> str:
    return _("mentees") if mine.role == Role.MENTOR else _("mentors")


def _tell(request: SocietyRequest, made: Mentorship | Wish, other: Enrollment) -> None:
    name = {"name": other.person.address_name}
    if isinstance(made, Mentorship):
        messages.success(request, _("We ask %(name)s for you. You get a mail with the answer.") % name)
    else:
        messages.success(request, _("%(name)s is in your line, and is asked when it is their turn.") % name)


def _tell_known(request: SocietyRequest, pair: KnownPair) -> None:
    if pair.answer_by is None:
        words = _("%(address)s is in your line, and is asked when it is their turn.") % {"address": pair.address}
    else:
        words = _(
            "If %(address)s is signed up to this session, we ask them now. If not, tell them to sign up: "
            "we look every day until %(day)s."
        ) % {"address": pair.address, "day": date_format(pair.answer_by, "F j")}
    messages.success(request, words)


def _facet_label(name: str) -> str:
    return {
        "stage": _("Career stage"),
        "specialty": _("Specialty"),
        "aspects": _("Help with"),
        "languages": _("Language"),
        "meeting_mode": _("How to meet"),
    }[name]
