"""“Tell us you're interested”: a minute for visitors; for staff the list of those who did, and the way to invite."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from chiron.design import errors
from chiron.design.paging import Paginator
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from chiron.kernel.signing import Expired
from programs.enrollment import interests
from programs.enrollment.portal.forms import MailField, NameField
from programs.policy.access import program_for, program_in_public
from programs.policy.models import Cycle, Program
from programs.policy.offered import Offered, offered, takes_sign_ups
from programs.policy.wording import words_in_mail
from programs.policy.words import ROLES_OF, STAGES
from tenants import context
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, person_of, staff

A_PAGE = 50
AN_HOUR, MOST_AN_HOUR = 3600, 20


class InterestForm(forms.Form):
    """Four short answers and two lines."""

    given_name = NameField(label=gettext_lazy("First name"), max_length=80, mine="given-name")
    family_name = NameField(label=gettext_lazy("Last name"), max_length=80, mine="family-name")
    email = MailField(label=gettext_lazy("Your mail address"), mine=True)
    role = forms.ChoiceField(
        label=gettext_lazy("You would like to be a"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one.")},
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("Where are you in your career?"),
        choices=[("", gettext_lazy("Choose…")), *((stage, stage) for stage in STAGES)],
        required=False,
    )
    text = forms.CharField(
        label=gettext_lazy("Anything you would like to say"),
        help_text=gettext_lazy("Two lines are enough."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, offer: Offered, **more: Any) -> None:
        super().__init__(data, **more)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = list(roles_of(offer).items())


def roles_of(offer: Offered) -> dict[str, str]:
    """Every role of the program, in the society's words; a role that two parts have is called as in the first."""
    called: dict[str, str] = {}
    for each in offer.parts:
        for role in ROLES_OF[each.part.format]:
            called.setdefault(role, each.part.roles[role].called)
    return called


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def say(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that one would like to take part some time."""
    society = context.current()
    assert society is not None
    person = person_of(request)
    found = program_in_public(slug, person)
    offer = get_offered(found)
    known = (
        {
            "given_name": person.given_name,
            "family_name": person.family_name,
            "email": person.email,
            "stage": person.stage,
        }
        if person
        else {}
    )
    form = InterestForm(request.POST or None, offer=offer, initial=known)
    if form.is_valid():
        if _too_often(request, found):
            return errors.too_many(request)
        try:
            interests.say_interest(program=found, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            return render(request, "enrollment/interest_said.html", {"offer": offer, "opens": _opens(offer)})
    text = offer.policy.interest.text if offer.policy.interest else ""
    page = {"offer": offer, "form": form, "text": text, "opens": _opens(offer)}
    return render(request, "enrollment/interest.html", page, status=422 if form.errors else 200)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Stay on the list, or leave it: by the link of a mail, which changes nothing by being opened.

    A mail program leaves it by one press of its own button, and sends no cookie (RFC 8058).
    """
    try:
        interest = interests.interest_by(token)
    except Expired as error:
        return errors.refused(request, error)
    said = "leave" if "List-Unsubscribe" in request.POST else request.POST.get("answer", "")
    if interest is None:  # the link of an older mail, or a second press
        return render(request, "enrollment/interest_forgotten.html")
    if said == "stay":
        interests.stay_interested(interest=interest)
    elif said == "leave":
        interests.forget_interest(interest=interest)
    return render(request, "enrollment/interest_answer.html", {"interest": interest, "said": said})


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*RUNS_PROGRAMS)
def interested(request: SocietyRequest, slug: str) -> HttpResponse:
    """The standing list, and the way to invite from it: look first, then to oneself, then to all who are ticked."""
    shown = program_for(request.person, slug, *RUNS_PROGRAMS)
    offer = get_offered(shown)
    role = request.GET.get("role", "")
    found = interests.interested_in(shown, role=role)
    today = clock.today(request.society.zone)
    cycles = [each for each in shown.cycles.select_related("version") if takes_sign_ups(each, today)]
    page: dict[str, Any] = {
        "program": shown,
        "roles": roles_of(offer),
        "role": role,
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "cycles": cycles,
        "opens": _opens(offer),
    }
    if request.method == "POST":
        return _invite(request, shown, cycles, page)
    return render(request, "enrollment/interested.html", page)


def _too_often(request: HttpRequest, program: Program) -> bool:
    """Whether one place has filled the list more often than people do."""
    key = f"interest:{program.pk}:{get_adapter().get_client_ip(request)}"
    cache.add(key, 0, AN_HOUR)
    return cache.incr(key) > MOST_AN_HOUR


def _invite(request: SocietyRequest, program: Program, cycles: list[Cycle], page: dict[str, Any]) -> HttpResponse:
    chosen = set(request.POST.getlist("who"))
    people = [each for each in interests.interested_in(program) if str(each.pk) in chosen]
    cycle = next((each for each in cycles if str(each.pk) == request.POST.get("cycle")), None)
    if cycle is None or not people:
        messages.error(request, _("Choose a session whose sign-up is open, and at least one person."))
        return redirect("interested:list", program.slug)
    if "me" in request.POST:
        interests.send_me_one(program=program, cycle=cycle, me=request.person)
        messages.success(request, _("One is on its way to you alone."))
    elif "write" in request.POST:
        try:
            count = interests.invite_interested(interests=people, cycle=cycle, by=request.person)
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("interested:list", program.slug)
        said = ngettext("Written to %d person.", "Written to %d people.", count) % count
        messages.success(request, said + " " + _("The mails leave in ten minutes; until then you can take them back."))
        return redirect("interested:list", program.slug)
    page |= {"people": people, "cycle": cycle, "words": words_in_mail(program, "invited")}
    return render(request, "enrollment/inviting.html", page)


def get_offered(program: Program) -> Offered:
    """The program as it is offered; Http404 while it has no settings."""
    society = context.current()
    assert society is not None
    offer = offered(program, clock.today(society.zone))
    if offer is None:
        return get_object_or_404(Program.objects.none())  # type: ignore[return-value]
    return offer


def _opens(offer: Offered) -> Cycle | None:
    """The session whose sign-up opens next."""
    coming = [each.cycle for each in offer.parts if each.cycle is not None and not each.is_open]
    return min(coming, key=lambda cycle: cycle.sign_up_opens_on, default=None)
