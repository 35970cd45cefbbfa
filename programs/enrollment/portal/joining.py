"""Signing up: the facts that decide, then one question a page, then a last look. Every page is kept as it is sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chiron.design import errors
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.admitting import is_admitted
from programs.enrollment.biosketch import drafted
from programs.enrollment.drafts import FIRST, Draft, draft_of, is_biosketch
from programs.enrollment.fitting import decision_of, fits_of, later, wanted_facts
from programs.enrollment.models import Enrollment
from programs.enrollment.pausing import GOES_ON
from programs.enrollment.portal.agreeing import AgreeForm
from programs.enrollment.portal.first_page import FactsForm, facts_said, known_facts, somebody
from programs.enrollment.portal.forms import NameField
from programs.enrollment.signing_up import become_known, draft_for, send_sign_up, start_sign_up, still_to_agree
from programs.enrollment.waiting import all_taken, is_full
from programs.policy.models import Cycle
from programs.policy.offered import offered_programs, takes_sign_ups
from programs.policy.rules import Answer
from programs.policy.words import ROLES_OF
from programs.surveys.services import AnsweredElsewhere, answer, stamp_of
from tenants import context
from tenants.people.access import SocietyRequest, person_of, signed_in
from tenants.people.models import Person

# Where the facts stand that somebody told before they said who they are.
TOLD = "first_page"


class WhoForm(FactsForm):
    """The facts, and a name."""

    given_name = NameField(label=_("First name"), max_length=80, mine="given-name")
    family_name = NameField(label=_("Last name"), max_length=80, mine="family-name")
    field_order = ["given_name", "family_name"]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def who(request: HttpRequest, pk: UUID, role: str) -> HttpResponse:
    """First page: who, and the facts that decide. What does not fit is said at once, before anything else is asked."""
    cycle = open_cycle(pk, role, address_of(request))
    person = person_of(request)
    wanted = wanted_facts([cycle.settings.eligible.get(role)])
    form = WhoForm(request.POST or None, wanted=_still_open(wanted, person), initial=_initial(request, cycle, role))
    if request.method == "POST" and form.is_valid():
        try:
            person = become_known(
                account_id=UUID(str(request.user.pk)),
                given_name=form.cleaned_data["given_name"],
                family_name=form.cleaned_data["family_name"],
            )
            draft = start_sign_up(person=person, cycle=cycle, role=role, facts=form.facts())
        except DomainError as error:
            return errors.refused(request, error)
        if decision_of(cycle.settings, role, somebody(draft.first, person), cycle.starts_on).answer is Answer.NO:
            return redirect("enrollment:not_this", pk, role)
        return redirect("enrollment:questions", pk, role)
    status = 422 if form.is_bound else 200
    shown = {"form": form, "full": all_taken(cycle, role) if is_full(cycle, role) else ""}
    return render(request, "enrollment/who.html", around(cycle, role) | shown, status=status)


@require_safe
@never_cache
@signed_in
def not_this(request: SocietyRequest, pk: UUID, role: str) -> HttpResponse:
    """Where the facts say no: why, from when, and what fits instead. Nobody is kept from going on."""
    draft = _draft(request, pk, role)
    if draft is None:
        return redirect("enrollment:who", pk, role)
    me, cycle = somebody(draft.first, request.person), draft.cycle
    decision = decision_of(cycle.settings, role, me, cycle.starts_on)
    if decision.answer is not Answer.NO:
        return redirect("enrollment:questions", pk, role)
    others = fits_of(me, offered_programs(clock.today(request.society.zone)), cycle.starts_on)
    context = around(cycle, role) | {
        "reasons": list(dict.fromkeys(str(each.sentence) for each in decision.reasons)),
        "later": later(cycle.settings.eligible.get(role), me, cycle.starts_on),
        "instead": [fit for fit in others if fit.fits and fit.is_open],
    }
    return render(request, "enrollment/not_this.html", context)


@require_safe
@never_cache
@signed_in
def questions(request: SocietyRequest, pk: UUID, role: str) -> HttpResponse:
    """To the first question that is still open, wherever somebody comes from; to the last look where none is."""
    draft = _draft(request, pk, role)
    if draft is None:
        return redirect("enrollment:who", pk, role)
    if draft.next is None:
        return redirect("enrollment:check", pk, role)
    return redirect("enrollment:question", pk, role, draft.next.ask)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def question(request: SocietyRequest, pk: UUID, role: str, ask: str) -> HttpResponse:
    """One question. Its answer is kept when it is sent, and the next one comes."""
    draft = _draft(request, pk, role)
    found = draft.find(ask) if draft is not None else None
    if draft is None or found is None:
        return redirect("enrollment:questions", pk, role)
    posted = request.method == "POST"
    form = draft.form(found, request.POST if posted else None, request.FILES if posted else None)
    refusal = ""
    if posted and form.is_valid():
        said = form.answers()
        if is_biosketch(found) and not _proposed(draft, role).isdisjoint(map(str, said.values())):
            said = {}  # kept as it was drafted, it goes on following the answers
        try:
            answer(response=draft.response, question=found, said=said, stamp=request.POST.get("stamp") or None)
        except AnsweredElsewhere as error:
            refusal = str(error)
            draft = _draft(request, pk, role) or draft
        else:
            return redirect("enrollment:questions" if "check" not in request.POST else "enrollment:check", pk, role)
    elsewhere = next((line.answer for line in draft.lines() if line.question.ask == ask), "") if refusal else ""
    biosketch = drafted(draft.answers(), role) if is_biosketch(found) else ""
    if biosketch and "own" in request.GET:
        # Their own words are read by whoever may find them too, so who they are is nothing that we put into them.
        form.initial.update(dict.fromkeys(form.fields, drafted(draft.answers(), role, to_match=False)))
    context = around(draft.cycle, role) | {
        "form": form,
        "draft": draft,
        "drafted": biosketch,
        "own_words": bool(biosketch) and any(field.value() for field in form),
        "person": request.person,
        "question": found,
        "place": draft.place(found),
        "before": draft.before(found),
        "source": draft.response.sources.get(ask, ""),
        "stamp": stamp_of(draft.response, ask),
        "refusal": refusal,
        "elsewhere": elsewhere,
        "from_check": "check" in request.GET or "check" in request.POST,
        "may_stay_empty": not any(field.required for field in form.fields.values()),
    }
    status = 409 if refusal else 422 if posted else 200
    return render(request, "enrollment/question.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def check(request: SocietyRequest, pk: UUID, role: str) -> HttpResponse:
    """The last look: everything that was said, what is agreed to, and the button that signs up."""
    draft = _draft(request, pk, role)
    if draft is None or draft.next is not None:
        return redirect("enrollment:questions", pk, role)
    to_agree = still_to_agree(draft)
    form = AgreeForm(request.POST if request.method == "POST" else None, draft=to_agree)
    if request.method == "POST" and form.is_valid():
        try:
            send_sign_up(draft=draft, agreed=form.agreed(), confirms=True)
        except DomainError as error:
            return errors.refused(request, error)
        return redirect("enrollment:signed_up", pk, role)
    live = Enrollment.objects.filter(cycle=pk, role=role, person=request.person).exclude(state="withdrawn")
    context = around(draft.cycle, role) | {
        "draft": draft,
        "form": form,
        "agreed_before": [(each.title, draft.policy.filled(each.text)) for each in to_agree.before],
        "facts": list(facts_said(draft)),
        "lines": list(draft.lines()),
        "signed_up": live.exists(),
        "has_directory": has_directory(draft.cycle),
    }
    return render(request, "enrollment/check.html", context, status=422 if form.is_bound else 200)


def _draft(request: SocietyRequest, pk: UUID, role: str) -> Draft | None:
    return draft_for(person=request.person, cycle=open_cycle(pk, role, address_of(request)), role=role)


def _proposed(draft: Draft, role: str) -> set[str]:
    """What we drafted ourselves: sent unchanged, it goes on following the answers."""
    return {drafted(draft.answers(), role), drafted(draft.answers(), role, to_match=False)} - {""}


def address_of(request: HttpRequest) -> str:
    """The address that whoever is signed in has proved; empty for a visitor."""
    return request.user.email if request.user.is_authenticated else ""


def takes(cycle: Cycle, role: str, email: str) -> bool:
    """Whether somebody with this address can sign up in this role today, or change their sign-up."""
    society = context.current()
    assert society is not None
    return is_admitted(email, cycle, role) and takes_sign_ups(cycle, clock.today(society.zone))


def has_directory(cycle: Cycle) -> bool:
    """Whether people of a session find each other by themselves."""
    return "directory" in cycle.settings.matching.by and cycle.state in GOES_ON


def open_cycle(pk: UUID, role: str, email: str) -> Cycle:
    """A session that takes sign-ups in this role today, from everybody or from this address; else no such page."""
    cycle = get_object_or_404(Cycle.objects.select_related("program", "version"), pk=pk)
    if role not in ROLES_OF[cycle.settings.format] or not takes(cycle, role, email):
        raise Http404
    return cycle


def _initial(request: HttpRequest, cycle: Cycle, role: str) -> dict[str, Any]:
    """What the first page begins with: this sign-up as it was left, else what was told on the way here."""
    person = person_of(request)
    begun = draft_of(person, cycle, role) if person else None
    said = begun.answers.get(FIRST, {}) if begun else request.session.get(TOLD, {})
    names = {"given_name": person.given_name, "family_name": person.family_name} if person else {}
    return names | known_facts(person, said)


def _still_open(wanted: set[str], person: Person | None) -> set[str]:
    """Whether somebody is a member is not asked of whom the society has on its list."""
    return wanted - {"member"} if person is not None and person.roster.get("membership_status") else wanted


def around(cycle: Cycle, role: str) -> dict[str, Any]:
    return {"cycle": cycle, "program": cycle.program, "role": role, "called": cycle.settings.roles[role].called}
