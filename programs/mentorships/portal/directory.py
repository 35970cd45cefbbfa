"""The directory: people of a session find each other, ask, and see whom they asked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chiron.kernel.errors import DomainError
from programs.enrollment.models import Enrollment
from programs.mentorships import directory, requests
from programs.mentorships.models import Mentorship, Wish
from programs.mentorships.portal.forms import AskForm, KnownForm
from tenants.people.access import SocietyRequest, signed_in
from tenants.people.models import Person

PER_PAGE = 24


@require_safe
@never_cache
@signed_in
def people(request: SocietyRequest) -> HttpResponse:
    """Who can be found, narrowed by words and facts; whom one asked, and who is next."""
    mine = _mine(request.person, request.GET.get("session"))
    words = request.GET.get("q", "").strip()
    chosen = {name: value for name in directory.FACETS if (value := request.GET.get(name, ""))}
    found = directory.listed(mine, words=words)
    page = Paginator(directory.narrowed(found, chosen), PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "mine": mine,
        "sessions": directory.directories_of(request.person),
        "words": words,
        "page": page,
        "facets": [(_facet_label(facet.name), facet) for facet in directory.facets(found, chosen)],
        "chosen": chosen,
        "is_listed": directory.is_listed(mine),
        "asked": directory.open_requests(mine),
        "line": directory.line_of(mine),
        "known": KnownForm(),
    }
    return render(request, "mentorships/directory.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def person(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """One person of the directory in their own words, and the question to them."""
    other = get_object_or_404(Enrollment.objects.select_related("person", "cycle__program", "cycle__version"), pk=pk)
    mine = _mine(request.person, str(other.cycle_id))
    if not directory.listed(mine).filter(pk=pk).exists():
        raise Http404
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = requests.ask(mine=mine, other=other, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            _tell(request, made, other)
            return redirect("directory_of_people:people")
    context = {"mine": mine, "other": other, "form": form, "next_in_line": requests.left(mine) <= 0}
    return render(request, "mentorships/directory_person.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def show(request: SocietyRequest) -> HttpResponse:
    """Let others find oneself, or no longer."""
    mine = _mine(request.person, request.POST.get("session"))
    shown = request.POST.get("shown") == "yes"
    try:
        requests.show_in_directory(enrollment=mine, shown=shown)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Others can find you now.") if shown else _("Others no longer find you."))
    return redirect("directory_of_people:people")


@require_POST
@signed_in
def forget(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Take somebody out of one's line."""
    Wish.objects.filter(pk=pk, mine__person=request.person).delete()
    return redirect("directory_of_people:people")


@require_POST
@signed_in
def known(request: SocietyRequest) -> HttpResponse:
    """Two people are a pair already, and one of them has the program know it: the other is asked whether it is so.

    The message is the same whether or not anybody of this session has the address; but who is asked then stands among
    those whom one asked, so somebody who takes part learns that an address takes part too.
    """
    mine = _mine(request.person, request.POST.get("session"))
    form = KnownForm(request.POST)
    if form.is_valid():
        address = form.cleaned_data["email"]
        others = Enrollment.objects.filter(cycle=mine.cycle_id, person__email__iexact=address).exclude(role=mine.role)
        other = others.select_related("person", "cycle__version").first()
        try:
            if other is not None:
                requests.ask(mine=mine, other=other, known=True)
        except DomainError:
            pass  # who they are and what they have is nobody else's to learn
        messages.success(
            request,
            _("If %(address)s is signed up to this session, we ask them now. If not, ask them to sign up first.")
            % {"address": address},
        )
    else:
        messages.error(request, _("Type the mail address of the person whom you know."))
    return redirect("directory_of_people:people")


def _mine(person: Person, session: str | None) -> Enrollment:
    """One's own sign-up in a session with a directory; strangers cannot tell a closed one from none."""
    for enrollment in directory.directories_of(person):
        if session in (None, "", str(enrollment.cycle_id)):
            return enrollment
    raise Http404


def _tell(request: SocietyRequest, made: Mentorship | Wish, other: Enrollment) -> None:
    name = {"name": other.person.address_name}
    if isinstance(made, Mentorship):
        messages.success(request, _("We ask %(name)s for you. You get a mail with the answer.") % name)
    else:
        messages.success(request, _("%(name)s is in your line, and is asked when it is their turn.") % name)


def _facet_label(name: str) -> str:
    return {
        "stage": _("Career stage"),
        "specialty": _("Specialty"),
        "aspects": _("Help with"),
        "languages": _("Language"),
        "meeting_mode": _("How to meet"),
    }[name]
