"""Inviting many at once: choose whom, see how many, look at the mail, send oneself one, then write to all."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.invitations import mails
from programs.invitations.choosing import INTERESTED, LIST, Candidate, Chosen, chosen
from programs.invitations.models import Invitation
from programs.invitations.portal.forms import ChoiceForm, WordsForm
from programs.invitations.rounds import send_round
from programs.invitations.services import no_more_invitations
from programs.policy.access import cycle_for
from programs.policy.models import Cycle
from tenants.outbox import mailings
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, programs_of, staff
from tenants.people.models import Person

SHOWN = 6


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(*RUNS_PROGRAMS)
def many(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Whom to invite, with the number of them as one chooses; sent, the look at the mail, and the writing itself."""
    cycle = cycle_for(request.person, pk, *RUNS_PROGRAMS)
    if refused := no_more_invitations(cycle):
        messages.error(request, refused)
        return redirect("invited:list", pk)
    form = _form(request, cycle, request.POST if request.method == "POST" else request.GET)
    if request.method == "POST" and form.is_valid():
        return _look_or_write(request, cycle, form)
    found = chosen(cycle, form.cleaned_data["role"], form.choice()) if form.is_valid() else None
    context = {"cycle": cycle, "form": form, **_shown(found)}
    if "HX-Request" in request.headers:
        return render(request, "invitations/_count.html", context)
    return render(request, "invitations/many.html", context, status=422 if request.method == "POST" else 200)


def _form(request: SocietyRequest, cycle: Cycle, said: QueryDict) -> ChoiceForm:
    """The choice as it was sent; to begin with, everybody on the list whom the rules do not refuse."""
    whole_society = programs_of(request.person, *RUNS_PROGRAMS) is None
    part = cycle.settings
    first = {"role": next(iter(part.roles)), "source": LIST if whole_society else INTERESTED, "by_rules": "on"}
    data: Any = said if "role" in said else first
    return ChoiceForm(data, part=part, whole_society=whole_society)


def _look_or_write(request: SocietyRequest, cycle: Cycle, form: ChoiceForm) -> HttpResponse:
    role, choice = form.cleaned_data["role"], form.choice()
    words = WordsForm(request.POST)
    key = _key(request)
    said = words.cleaned_data["words"] if words.is_valid() else ""
    if "write" in request.POST and words.is_valid():
        try:
            send_round(cycle=cycle, role=role, choice=choice, words=said, key=key, by=request.person)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            told = _(
                "They are being written. The first fifty mails leave in ten minutes, the others an hour later; until "
                "then you can take them back."
            )
            messages.success(request, told)
        return redirect("invited:list", cycle.pk)
    found = chosen(cycle, role, choice)
    context = {"cycle": cycle, "form": form, "words": words, "key": key, **_shown(found)}
    if found.people:
        example = _example(cycle, role, said, found.people[0])
        if "me" in request.POST and words.is_valid():
            mails.sample(example, to=request.person.email)
            messages.success(request, _("One is on its way to you alone."))
        context["letter"] = mails.preview(example)
    context["refused"] = mailings.refusal(len(found.people)) if found.people else ""
    context["back"] = urlencode(form.said())
    return render(request, "invitations/look.html", context, status=422 if words.errors else 200)


def _key(request: SocietyRequest) -> UUID:
    """Of the page: sent twice, it is one round."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


def _shown(found: Chosen | None) -> dict[str, Any]:
    if found is None:
        return {"chosen": None}
    count = len(found.people)
    write_to = ngettext("Write to %d person", "Write to %d people", count) % count
    return {"chosen": found, "count": count, "some": found.people[:SHOWN], "more": count - SHOWN, "write_to": write_to}


def _example(cycle: Cycle, role: str, words: str, first: Candidate) -> Invitation:
    """The invitation of the first who would get one, not kept."""
    now = clock.now()
    person = Person.objects.filter(pk=first.person_id).first() if first.person_id else None
    about = {"given_name": first.given_name, "family_name": first.family_name, "email": first.email}
    return Invitation(cycle=cycle, role=role, person=person, words=words, created_at=now, written_at=now, **about)
