"""What somebody of the last session sees who was asked to come again: pages by the link of a mail.

Opening one changes nothing. Each has an answer chosen and one large button; after it, “Noted” and the way back.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chiron.design import errors
from chiron.kernel import clock
from chiron.kernel.errors import DomainError
from chiron.kernel.signing import Expired
from programs.enrollment.models import Enrollment, Role
from programs.enrollment.stages import stage_is_over
from programs.renewing import answering
from programs.renewing import together as going_on
from programs.renewing.links import asked_by, here
from programs.renewing.models import Asked
from programs.renewing.moving_on import is_asked_for_one_day, is_asked_to_mentor
from programs.renewing.portal.forms import AgainForm
from programs.renewing.selectors import live_sign_ups

Answer = Asked.Answer
# The four answers, in the order of the mail.
OFFERED = (Answer.AGAIN, Answer.CHANGE, Answer.NOT_NOW, Answer.LATER)
# Those that one can still give once sign-up is over.
ALWAYS = (Answer.LATER,)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The question with the answer of the link chosen; answered, what was noted and the way back."""
    try:
        asked = asked_by(token)
    except Expired as error:
        return errors.refused(request, error)
    if request.method == "POST":
        try:
            return _answered(request, token, asked)
        except DomainError as error:
            return errors.refused(request, error)
    chosen = request.GET.get("answer", "")
    if asked.answer and chosen in ("", asked.answer):
        return render(request, "renewing/noted.html", _noted(token, asked))
    return _choose(request, asked, chosen, None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def together(request: HttpRequest, token: str, pk: UUID) -> HttpResponse:
    """Whether somebody would like to go on with whom they have now. Nobody reads the answer unless both say yes."""
    try:
        asked = asked_by(token)
    except Expired as error:
        return errors.refused(request, error)
    pair = next((each for each in going_on.pairs_of(asked) if each.mentorship.pk == pk), None)
    if pair is None:
        return redirect("renewing:answer", token)
    said = request.POST.get("wish", "")
    form = _form(asked, request.POST if said == "yes" else None)
    try:
        if said == "yes" and (asked.answer == Answer.CHANGE or form.is_valid()):
            answering.go_on_with(
                asked=asked, mentorship=pair.mentorship, agreed=form.agreed() if form.is_valid() else (),
                stage=form.stage() if form.is_valid() else None,
            )  # fmt: skip
            return _on(token, asked)
        if said in ("no", "undo"):
            going_on.wish(asked=asked, mentorship=pair.mentorship, yes=False if said == "no" else None)
            return redirect("renewing:together", token, pk)
    except DomainError as error:
        return errors.refused(request, error)
    shown = {"pair": pair, "token": token, "form": form, "is_open": answering.is_open(asked)}
    shown["comes_again"] = asked.answer in going_on.COMES
    return render(request, "renewing/together.html", _around(asked) | shown, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def question(request: HttpRequest, token: str, role: str, ask: str) -> HttpResponse:
    """What is asked anew of somebody who comes again, one question a page. What they said before is not shown."""
    try:
        asked = asked_by(token)
    except Expired as error:
        return errors.refused(request, error)
    draft = answering.draft_in(asked, role) if asked.answer == Answer.AGAIN and answering.is_open(asked) else None
    found = draft.find(ask) if draft is not None else None
    if draft is None or found is None:
        return redirect("renewing:answer", token)
    if found.ask in draft.response.answers:  # sent twice, or by the back button
        return _on(token, asked)
    posted = request.method == "POST"
    form = draft.form(found, request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        try:
            answering.keep(asked=asked, role=role, question=found, said=form.answers())
        except DomainError as error:
            return errors.refused(request, error)
        return _on(token, asked)
    context = _around(asked) | {"form": form, "token": token, "may_stay_empty": _may_stay_empty(form)}
    return render(request, "renewing/question.html", context, status=422 if posted else 200)


def _answered(request: HttpRequest, token: str, asked: Asked) -> HttpResponse:
    said = request.POST.get("answer", "")
    if "undo" in request.POST:
        answering.take_back(asked=asked)
        messages.success(request, _("Taken back, as if you had not answered."))
        return redirect("renewing:answer", token)
    if said == Answer.AGAIN:
        return _again(request, token, asked)
    if said == Answer.CHANGE:
        answering.change_something(asked=asked)
    elif said == Answer.MENTOR:
        answering.mentor(asked=asked)
    elif "one_day" in request.POST:
        answering.one_day(asked=asked, yes=request.POST["one_day"] == "yes")
    elif said == Answer.NOT_NOW:
        answering.not_this_time(asked=asked)
    elif said == Answer.LATER:
        answering.ask_me_next_time(asked=asked)
    return redirect("renewing:answer", token)


def _again(request: HttpRequest, token: str, asked: Asked) -> HttpResponse:
    """Signed up at once, or on to what has to be asked."""
    form = _form(asked, request.POST)
    if not form.is_valid():
        return _choose(request, asked, Answer.AGAIN, form)
    answering.come_again(asked=asked, agreed=form.agreed(), stage=form.stage())
    return _on(token, asked)


def _on(token: str, asked: Asked) -> HttpResponse:
    """To the next question that is asked anew, or to what was noted; nothing is asked of who cannot take part."""
    following = answering.asked_anew(asked)
    if following is None or answering.refusals(asked):
        return redirect("renewing:answer", token)
    role, found = following
    return redirect("renewing:question", token, role, found.ask)


def _choose(request: HttpRequest, asked: Asked, chosen: str, form: AgainForm | None) -> HttpResponse:
    """The four answers, one of them chosen; with what must be read first where the same details are to be sent."""
    is_open = answering.is_open(asked)
    offered: tuple[Asked.Answer, ...] = OFFERED if is_open else ALWAYS
    if is_open and is_asked_to_mentor(answering.places_of(asked), asked.renewal.coming):
        offered = (*OFFERED, Answer.MENTOR)
    first = next((each for each in offered if each == chosen), offered[0])
    context = _around(asked) | {
        "is_open": is_open,
        "chosen": first,
        "others": [each for each in offered if each != first],
        "before": asked.get_answer_display() if asked.answer else "",
    }
    if first == Answer.AGAIN:
        context |= {"form": form or _form(asked, None), "refused": answering.refusals(asked)}
    bound = form is not None
    return render(request, "renewing/choose.html", context, status=422 if bound else 200)


def _form(asked: Asked, data: Any) -> AgainForm:
    today = clock.today(here().zone)
    asks_stage = stage_is_over(asked.person, today)
    to_agree = answering.to_agree(asked)
    return AgainForm(data, draft=to_agree, person=asked.person, today=today, asks_stage=asks_stage)


def _noted(token: str, asked: Asked) -> dict[str, Any]:
    coming, is_open = asked.renewal.coming, answering.is_open(asked)
    there = list(live_sign_ups(coming, asked.person).values())
    anew = answering.asked_anew(asked) if asked.answer == Answer.AGAIN and is_open and not there else None
    missing = answering.to_renew(asked)
    comes = asked.answer in going_on.COMES and is_open
    places = answering.places_of(asked)
    return _around(asked) | {
        "token": token,
        "is_open": is_open,
        "sign_ups": there,
        "anew": anew,
        "refused": answering.refusals(asked) if anew else [],
        "pairs": going_on.pairs_of(asked) if comes else [],
        "begun": Role.MENTOR if asked.answer == Answer.MENTOR else missing[0].role if missing else "",
        "may_mentor": is_open and asked.answer != Answer.MENTOR and is_asked_to_mentor(places, coming),
        "asks_one_day": is_asked_for_one_day(places, coming),
        "one_day": asked.made.filter(interest__role=Role.MENTOR).exists(),
        "may_undo": not any(each.state in (Enrollment.State.MATCHED, Enrollment.State.FINISHED) for each in there),
    }


def _around(asked: Asked) -> dict[str, Any]:
    renewal = asked.renewal
    roles = renewal.coming.settings.roles
    return {
        "asked": asked,
        "program": renewal.coming.program,
        "cycle": renewal.coming,
        "last": renewal.last,
        "called": [roles[each.role].called for each in answering.places_of(asked)],
        "policy": renewal.coming.version.policy,
    }


def _may_stay_empty(form: Any) -> bool:
    return not any(field.required for field in form.fields.values())
