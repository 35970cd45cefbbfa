"""“Next session” for staff: what it would be, whom one writes to, one button; afterwards who answered what."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chiron.design.frame import Link
from chiron.design.paging import Paginator
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from programs.enrollment.showing import called, tone_of
from programs.policy.access import cycle_for
from programs.policy.models import Cycle
from programs.policy.words import ROLES_OF
from programs.renewing import audience, mails, moving_on, proposing, services, together
from programs.renewing.models import Asked, Renewal
from programs.renewing.portal.forms import NextForm, WordsForm
from programs.renewing.selectors import answers_of, asked_of, renewal_of, signed_up
from tenants.people.access import RUNS_PROGRAMS, SEES_NAMES, SocietyRequest, may, staff

SHOWN, A_PAGE = 6, 50
Answer = Asked.Answer


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(*RUNS_PROGRAMS)
def prepare(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """The next session as it is proposed, whom one writes to, and the mail; one button makes it so."""
    last = cycle_for(request.person, pk, *RUNS_PROGRAMS)
    if renewal_of(last) is not None:
        return redirect("next_session:answers", pk)
    if last.state not in proposing.HAS_RUN:
        raise Http404
    version, today = proposing.newest_settings(last), clock.today(request.society.zone)
    there = proposing.prepared_already(last)
    if there is None and not proposing.has_part(last, version):
        return render(
            request, "renewing/no_part.html", {"cycle": last}, status=409 if request.method == "POST" else 200
        )
    form = _form(request, last, there)
    if request.method == "POST" and form.is_valid():
        if "me" in request.POST:
            return _sample(request, last, there, form)
        try:
            days = form.days() if isinstance(form, NextForm) else None
            renewal = services.prepare_next(
                last=last,
                by=request.person,
                name=form.cleaned_data.get("name", ""),
                words=form.cleaned_data["words"],
                write="write" in request.POST,
                days=days,
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("%(session)s is prepared.") % {"session": renewal.coming})
            return redirect("next_session:answers", pk)
    shown = _proposal(last, there, form) | {"today": today, "version": version, "to_come": today < last.starts_on}
    return render(request, "renewing/prepare.html", shown, status=422 if form.errors else 200)


@require_safe
@never_cache
@staff(*SEES_NAMES)
def answers(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """The session that follows: when everybody is written to, who answered what, and who has not yet."""
    last = cycle_for(request.person, pk, *SEES_NAMES)
    renewal = renewal_of(last)
    if renewal is None:
        raise Http404
    runs = may(request.person, *RUNS_PROGRAMS, program_id=last.program_id)
    answer = request.GET.get("answer", "")
    shown = "" if answer == "none" else answer if answer in Answer.values else None
    rows = asked_of(renewal, answer=shown)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    there = signed_up(renewal.coming, rows)
    context: dict[str, Any] = {
        "cycle": last,
        "renewal": renewal,
        "runs": runs,
        "page": page,
        "rows": [(each, _stands(there.get(each.person_id, []))) for each in page],
        "tabs": _tabs(renewal, shown),
        "anybody": renewal.asked.exists(),
        "together": together.shown_to_staff(renewal),
    }
    if renewal.asked_at is None and not context["anybody"]:
        context |= _not_yet(renewal)
    return render(request, "renewing/answers.html", context)


@require_POST
@staff(*RUNS_PROGRAMS)
def write(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """Have everybody written to, stop that again before they are, or send oneself one."""
    last = cycle_for(request.person, pk, *RUNS_PROGRAMS)
    renewal = renewal_of(last)
    if renewal is None:
        raise Http404
    form = WordsForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    try:
        if "stop" in request.POST:
            services.stop_asking(renewal=renewal, by=request.person)
            messages.success(request, _("Stopped. Nobody is written to."))
        elif "me" in request.POST:
            _send_me_one(request, renewal.last, renewal.coming, words)
        elif form.is_valid():
            services.plan_asking(renewal=renewal, words=words, by=request.person)
        else:
            messages.error(request, _("Your own lines are too long: 600 characters are the most."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("next_session:answers", pk)


def _form(request: SocietyRequest, last: Cycle, there: Cycle | None) -> NextForm | WordsForm:
    """What can be chosen: nothing but one's own lines where the session is prepared already."""
    data = request.POST if request.method == "POST" else None
    if there is not None:
        return WordsForm(data)
    version, today = proposing.newest_settings(last), clock.today(request.society.zone)
    days: dict[str, Any] = dict(proposing.days_proposed(last, version, today))
    return NextForm(data, initial=days)


def _proposal(last: Cycle, there: Cycle | None, form: NextForm | WordsForm) -> dict[str, Any]:
    version = there.version if there else proposing.newest_settings(last)
    chosen = audience.whom(last, version.policy.part(last.part), there)
    coming = there or _not_kept(last, form)
    return {
        "cycle": last,
        "there": there,
        "form": form,
        "changes": proposing.differences(last, version),
        "pairs": together.how_many(last, version.policy.part(last.part)),
        "to_mentor": moving_on.how_many(chosen.sign_ups.values(), coming),
        **_whom(chosen, last),
        **_letter(chosen, last, coming, ""),
    }


def _not_yet(renewal: Renewal) -> dict[str, Any]:
    """Before anybody is written to: to whom, and what they read."""
    chosen = audience.whom(renewal.last, renewal.coming.settings, renewal.coming)
    return {
        **_whom(chosen, renewal.last),
        "pairs": together.how_many(renewal.last, renewal.coming.settings),
        "to_mentor": moving_on.how_many(chosen.sign_ups.values(), renewal.coming),
        "words": WordsForm(initial={"words": renewal.words}),
        **_letter(chosen, renewal.last, renewal.coming, renewal.words),
        "closed": renewal.coming.state not in proposing.TO_COME,
    }


def _whom(chosen: audience.Whom, last: Cycle) -> dict[str, Any]:
    count, roles = len(chosen.people), last.settings.roles
    return {
        "chosen": chosen,
        "count": count,
        "some": chosen.people[:SHOWN],
        "more": count - SHOWN,
        "by_role": [(roles[role].called, chosen.by_role(role)) for role in ROLES_OF[last.settings.format]],
        "write_to": ngettext("write to %d person", "write to %d people", count) % count,
        "write_to_now": ngettext("Write to %d person", "Write to %d people", count) % count,
    }


def _letter(chosen: audience.Whom, last: Cycle, coming: Cycle, words: str) -> dict[str, Any]:
    """The mail as one of them reads it, and who that is."""
    about = _about(chosen, last, coming, words)
    return {"letter": mails.preview(about), "reader": about.person.name} if about else {"letter": None}


def _about(chosen: audience.Whom, last: Cycle, coming: Cycle, words: str) -> mails.About | None:
    if not chosen.people:
        return None
    person, others = together.example(last, coming.settings, chosen.people)
    return mails.About(person, chosen.sign_ups[person.pk], last, coming, words, [(others, "")] if others else [])


def _not_kept(last: Cycle, form: NextForm | WordsForm) -> Cycle:
    """The next session as the mail speaks of it, before there is one."""
    initial = {name: form[name].value() for name in form.fields}
    days = form.days() if isinstance(form, NextForm) and form.is_bound and form.is_valid() else initial
    version = proposing.newest_settings(last)
    named = {name: day for name, day in days.items() if name.endswith("_on")}
    if any(isinstance(day, str) or day is None for day in named.values()):  # sent with something wrong in it
        named = dict(form.initial)
    cycle = Cycle(program=last.program, version=version, part=last.part, **named)
    cycle.name = (
        form.cleaned_data.get("name") if form.is_bound and form.is_valid() else ""
    ) or f"{cycle.starts_on:%B %Y}"
    return cycle


def _sample(request: SocietyRequest, last: Cycle, there: Cycle | None, form: NextForm | WordsForm) -> HttpResponse:
    """To oneself alone; the page comes back as it was."""
    _send_me_one(request, last, there or _not_kept(last, form), form.cleaned_data["words"])
    return render(request, "renewing/prepare.html", _proposal(last, there, form))


def _send_me_one(request: SocietyRequest, last: Cycle, coming: Cycle, words: str) -> None:
    chosen = audience.whom(last, coming.settings, coming if coming.created_at else None)
    if about := _about(chosen, last, coming, words):
        mails.sample(about, to=request.person.email)
        messages.success(request, _("One is on its way to you alone."))


def _tabs(renewal: Renewal, shown: str | None) -> list[Link]:
    counts = answers_of(renewal)
    tabs = [Link(f"{_('Everybody')} {counts.total():,}", "?", current=shown is None)]
    said = [answer for answer in Answer if counts[answer]]
    tabs += [Link(f"{each.label} {counts[each]:,}", f"?answer={each}", current=shown == each) for each in said]
    if counts[""]:
        tabs.append(Link(f"{_('No answer yet')} {counts['']:,}", "?answer=none", current=shown == ""))
    return tabs


def _stands(sign_ups: list[Any]) -> list[tuple[Any, str, str]]:
    return [(each, called(each.state), tone_of(each.state)) for each in sign_ups]
