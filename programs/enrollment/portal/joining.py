"""Signing up: who somebody is, where in their career, then the questions of that role at that stage."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chiron.design import errors
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.intake import IntakeForm, initial_of
from programs.enrollment.models import Enrollment
from programs.enrollment.portal.forms import NameField
from programs.enrollment.services import join, withdraw
from programs.enrollment.wording import WORDS
from programs.policy.models import Cycle
from programs.policy.offered import takes_sign_ups
from programs.policy.words import ROLES_OF, STAGES
from tenants import context
from tenants.people.access import SocietyRequest, person_of, signed_in


class WhoForm(forms.Form):
    """What decides everything else: a name, and where somebody stands in their career."""

    given_name = NameField(label=_("First name"), max_length=80)
    family_name = NameField(label=_("Last name"), max_length=80)
    stage = forms.ChoiceField(
        label=_("Where are you in your career?"),
        choices=[(stage, stage) for stage in STAGES],
        widget=forms.RadioSelect,
        error_messages=WORDS | {"required": _("Choose the one that fits best.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def who(request: HttpRequest, pk: UUID, role: str) -> HttpResponse:
    """First page: who, and at which stage. Nothing is kept yet but in the address of the next page."""
    cycle = _open_cycle(pk, role)
    person = person_of(request)
    known = {
        "given_name": person.given_name if person else "",
        "family_name": person.family_name if person else "",
        "stage": person.stage if person else "",
    }
    form = WhoForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        request.session["signing_up"] = form.cleaned_data
        return redirect("enrollment:questions", pk, role)
    status = 422 if form.is_bound else 200
    return render(request, "enrollment/who.html", _around(cycle, role) | {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def questions(request: HttpRequest, pk: UUID, role: str) -> HttpResponse:
    """Second page: the questions, with what is known filled in; sending them signs up."""
    cycle = _open_cycle(pk, role)
    said = request.session.get("signing_up")
    if said is None:
        return redirect("enrollment:who", pk, role)
    form = _intake_form(request, cycle, role, said["stage"])
    if request.method == "POST" and form.is_valid():
        try:
            join(
                account_id=UUID(str(request.user.pk)),
                given_name=said["given_name"],
                family_name=said["family_name"],
                cycle=cycle,
                role=role,
                answers=form.answers(),
            )
        except DomainError as error:
            return errors.refused(request, error)
        return redirect("enrollment:signed_up", pk, role)
    status = 422 if form.is_bound else 200
    return render(request, "enrollment/questions.html", _around(cycle, role) | {"form": form}, status=status)


@require_safe
@never_cache
@signed_in
def signed_up(request: SocietyRequest, pk: UUID, role: str) -> HttpResponse:
    """Afterwards, and whenever somebody comes back: whether they can take part, why, and what happens next."""
    enrollment = _mine(request, pk, role)
    return render(request, "enrollment/signed_up.html", _around(enrollment.cycle, role) | {"enrollment": enrollment})


@require_POST
@signed_in
def leave(request: SocietyRequest, pk: UUID, role: str) -> HttpResponse:
    """Take the sign-up back."""
    try:
        withdraw(enrollment=_mine(request, pk, role), by=request.person)
    except DomainError as error:
        return errors.refused(request, error)
    return redirect("enrollment:signed_up", pk, role)


def _mine(request: SocietyRequest, pk: UUID, role: str) -> Enrollment:
    mine = Enrollment.objects.filter(person=request.person).select_related("cycle__program", "cycle__version", "person")
    return get_object_or_404(mine, cycle=pk, role=role)


def _open_cycle(pk: UUID, role: str) -> Cycle:
    """A session that takes sign-ups in this role today; else there is no such page."""
    cycle = get_object_or_404(Cycle.objects.select_related("program", "version"), pk=pk)
    society = context.current()
    assert society is not None
    part = cycle.settings
    if role not in ROLES_OF[part.format] or part.way_in(role) == "invitation":
        raise Http404
    if not takes_sign_ups(cycle, clock.today(society.zone)):
        raise Http404
    return cycle


def _intake_form(request: HttpRequest, cycle: Cycle, role: str, stage: str) -> IntakeForm:
    person = person_of(request)
    before = Enrollment.objects.filter(person=person).order_by("-changed_at").first() if person else None
    known: dict[str, Any] = {**(person.roster if person else {}), **(before.answers if before else {})}
    if person and person.biosketch:
        known.setdefault("biosketch", person.biosketch)
    part = cycle.settings
    initial = initial_of(list(part.questions(role, stage)), known)
    return IntakeForm(
        request.POST or None, policy=cycle.version.policy, part=part, role=role, stage=stage, initial=initial
    )


def _around(cycle: Cycle, role: str) -> dict[str, Any]:
    return {"cycle": cycle, "program": cycle.program, "role": role, "called": cycle.settings.roles[role].called}
