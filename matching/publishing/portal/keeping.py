"""“Keep me for the next session”: by the link of a mail, without signing in. Opening it changes nothing."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chiron.design import errors
from chiron.kernel.signing import Expired
from matching.publishing import keeping
from matching.publishing.others import enrollment_by


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def keep(request: HttpRequest, token: str) -> HttpResponse:
    """One large button, then “Noted” with a way back."""
    try:
        enrollment = enrollment_by(token)
    except Expired as error:
        return errors.refused(request, error)
    if enrollment is None:
        raise Http404
    said = request.POST.get("answer", "")
    if said == "keep":
        keeping.keep_for_next(enrollment=enrollment)
    elif said == "undo":
        keeping.do_not_keep(enrollment=enrollment)
    return render(request, "publishing/keep_me.html", {"program": enrollment.cycle.program, "said": said})
