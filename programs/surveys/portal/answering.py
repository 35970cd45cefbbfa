"""A survey as somebody who was asked sees it, signed in or by the link of a mail. Only buttons change anything.

What is begun without a name is found again by a cookie of this one page, so that it too is nobody's.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chiron.kernel.errors import DomainError
from chiron.kernel.signing import Expired
from programs.surveys.links import asked_by
from programs.surveys.models import Asked, Wave
from programs.surveys.portal.forms import SurveyForm
from programs.surveys.selectors import asked_of
from programs.surveys.sets import question_set
from programs.surveys.waves import begun, is_open, keep_draft, send_answers
from tenants.people.access import SocietyRequest, signed_in

KEEP = "later"
A_MONTH = 31 * 24 * 60 * 60


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def answer(request: SocietyRequest, pk: UUID) -> HttpResponse:
    """One's own place in a survey; once it is closed nobody can tell any more who was asked."""
    asked = asked_of(request.person).filter(wave=pk).first()
    if asked is not None:
        return _page(request, asked)
    if Wave.objects.filter(pk=pk).exclude(closed_at=None).exists():
        return _over(request)
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same by the link of a mail, without signing in."""
    try:
        asked = asked_by(token)
    except Expired:
        return _over(request)
    return _page(request, asked)


def _page(request: HttpRequest, asked: Asked) -> HttpResponse:
    wave = asked.wave
    if not is_open(wave):
        return _over(request)
    if wave.anonymous and asked.answered:
        return render(request, "surveys/answered.html", {"wave": wave, "program": wave.cycle.program})
    draft, error = _draft_of(request, asked), ""
    data = request.POST if request.method == "POST" else None
    policy, kept = wave.cycle.version.policy, begun(asked, draft)
    form = SurveyForm(data, questions=wave.version.questions, policy=policy, kept=kept)
    later = KEEP in request.POST
    if form.is_bound and (later or form.is_valid()):
        try:
            if later:
                draft = keep_draft(asked=asked, answers=form.answers(), draft=draft)
                return _kept(request, asked, draft)
            send_answers(asked=asked, answers=form.answers(), draft=draft)
        except DomainError as refused:
            error = refused.message
        else:
            return _sent(request, asked)
    context = {
        "form": form,
        "wave": wave,
        "asked": asked,
        "program": wave.cycle.program,
        "questions": question_set(wave.name),
        "refusal": error,
        "is_kept": "kept" in request.GET,
        "is_sent": "sent" in request.GET,
        "later": KEEP,
    }
    return render(request, "surveys/answer.html", context, status=422 if form.is_bound else 200)


def _kept(request: HttpRequest, asked: Asked, draft: UUID | None) -> HttpResponse:
    reply = redirect(f"{request.path}?kept=yes")
    if draft is not None:
        reply.set_cookie(
            _cookie(asked),
            str(draft),
            max_age=A_MONTH,
            path=request.path,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return reply


def _sent(request: HttpRequest, asked: Asked) -> HttpResponse:
    reply = redirect(request.path if asked.wave.anonymous else f"{request.path}?sent=yes")
    reply.delete_cookie(_cookie(asked), path=request.path)
    return reply


def _draft_of(request: HttpRequest, asked: Asked) -> UUID | None:
    try:
        return UUID(request.COOKIES.get(_cookie(asked), ""))
    except ValueError:
        return None


def _cookie(asked: Asked) -> str:
    return f"survey-{asked.pk.hex[:12]}"


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "surveys/over.html", {"title": _("This survey is closed")}, status=410)
