"""A mentorship as one of the two sees it, signed in or by the link of a mail. Only buttons change anything."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chiron.design import errors
from chiron.kernel.errors import DomainError
from programs.enrollment import agreeing
from programs.enrollment.agreeing import owed_for
from programs.enrollment.portal.agreeing import AgreeForm
from programs.mentorships.access import participation_for
from programs.mentorships.circles import others_in
from programs.mentorships.links import participation_by
from programs.mentorships.models import Participation
from programs.mentorships.portal.forms import DeclineForm
from programs.mentorships.portal.going_on import context_of, context_of_end
from programs.mentorships.portal.ways import Here, expires
from programs.mentorships.services import answer_no, answer_yes
from programs.mentorships.showing import Shown
from tenants.people.access import SocietyRequest, signed_in


@require_safe
@never_cache
@signed_in
def detail(request: SocietyRequest, pk: UUID) -> HttpResponse:
    return _page(request, participation_for(request.person, pk), str(pk))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def agree(request: SocietyRequest, pk: UUID) -> HttpResponse:
    return _agree(request, participation_for(request.person, pk), str(pk))


@require_POST
@signed_in
def yes(request: SocietyRequest, pk: UUID) -> HttpResponse:
    return _yes(request, participation_for(request.person, pk), reverse("mentorships:detail", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def no(request: SocietyRequest, pk: UUID) -> HttpResponse:
    return _no(request, participation_for(request.person, pk), reverse("mentorships:detail", args=[pk]))


@require_safe
@never_cache
@expires
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    return _page(request, participation_by(token), token, by_link=True)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@expires
def agree_by_link(request: HttpRequest, token: str) -> HttpResponse:
    return _agree(request, participation_by(token), token, by_link=True)


@require_POST
@expires
def yes_by_link(request: HttpRequest, token: str) -> HttpResponse:
    return _yes(request, participation_by(token), reverse("mentorships:by_link", args=[token]))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@expires
def no_by_link(request: HttpRequest, token: str) -> HttpResponse:
    return _no(request, participation_by(token), reverse("mentorships:by_link", args=[token]))


def _page(request: HttpRequest, mine: Participation, address: str, *, by_link: bool = False) -> HttpResponse:
    shown = Shown.of(mine)
    suffix = "_by_link" if by_link else ""
    if owed_for(shown.mine.enrollment):
        return redirect(f"mentorships:agree{suffix}", address)
    here = Here(shown, address, by_link=by_link)
    context = {
        "shown": shown,
        "program": shown.mentorship.cycle.program,
        "yes_url": here.url("yes"),
        "no_url": here.url("no"),
    }
    if shown.page == "ended":
        return render(request, "mentorships/ended.html", context | context_of_end(here))
    if shown.page == "active":
        context |= context_of(here)
    elif shown.page == "talking":
        context["concern"] = here.url("concern")
    if shown.settings.in_groups:
        others = others_in(shown.mine)
        context |= {"others": others, "addresses": [each.their_address for each in others if each.their_address]}
        return render(request, "mentorships/circle.html", context)
    return render(request, f"mentorships/{shown.page}.html", context)


def _agree(request: HttpRequest, mine: Participation, address: str, *, by_link: bool = False) -> HttpResponse:
    """What has to be agreed to first; nothing of the pair is told here."""
    suffix = "_by_link" if by_link else ""
    shown, back = Shown.of(mine), reverse(f"mentorships:{'by_link' if by_link else 'detail'}", args=[address])
    owed = owed_for(shown.mine.enrollment)
    if not owed:
        return redirect(back)
    form = AgreeForm(request.POST if request.method == "POST" else None, draft=owed)
    if form.is_valid():
        try:
            agreeing.agree(enrollment=shown.mine.enrollment, agreed=form.agreed())
        except DomainError as error:
            return errors.refused(request, error)
        return redirect(back)
    may_decline = shown.page in ("asked", "talking", "waiting")
    context = {
        "form": form,
        "program": shown.mentorship.cycle.program,
        "no_url": reverse(f"mentorships:no{suffix}", args=[address]) if may_decline else "",
    }
    return render(request, "enrollment/first_visit.html", context, status=422 if form.is_bound else 200)


def _yes(request: HttpRequest, mine: Participation, back: str) -> HttpResponse:
    try:
        answer_yes(participation=mine)
    except DomainError as error:
        return errors.refused(request, error)
    return redirect(back)


def _no(request: HttpRequest, mine: Participation, back: str) -> HttpResponse:
    shown = Shown.of(mine)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_no(participation=mine, reason=form.reason(), none_this_session=form.none_this_session())
        except DomainError as error:
            return errors.refused(request, error)
        return redirect(back)
    if shown.page not in ("asked", "talking", "waiting"):
        return redirect(back)
    context = {"shown": shown, "form": form, "program": shown.mentorship.cycle.program, "back": back}
    return render(request, "mentorships/decline.html", context, status=422 if form.is_bound else 200)
