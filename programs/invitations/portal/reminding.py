"""Reminding those who have still to agree: how many, the mail as the first of them reads it, then the writing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from programs.enrollment.agreeing import owed_for
from programs.invitations import mails, reminding
from programs.policy.access import program_for
from programs.policy.models import Program
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, staff

SHOWN = 6


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff(*RUNS_PROGRAMS)
def remind(request: SocietyRequest, slug: str) -> HttpResponse:
    """Look first, then to oneself, then to all who have still to agree."""
    program = program_for(request.person, slug, *RUNS_PROGRAMS)
    if request.method != "POST":
        return render(request, "invitations/remind.html", _shown(program))
    if "me" in request.POST:
        _send_me_one(request, program)
        return redirect("reminding:remind", slug)
    count = reminding.remind_all(program=program, by=request.person) if "write" in request.POST else 0
    if count:
        said = ngettext("%d person is being written to.", "%d people are being written to.", count) % count
        messages.success(request, said + " " + _("The mails leave in ten minutes; until then you can take them back."))
    else:
        messages.info(request, _("There is nobody to remind now."))
    return redirect("agreements:list", slug)


def _shown(program: Program) -> dict[str, Any]:
    chosen = reminding.whom(program)
    first, count = chosen.first(SHOWN), len(chosen.people)
    return {
        "program": program,
        "chosen": chosen,
        "count": count,
        "some": [enrollment.person for enrollment in first],
        "more": count - SHOWN,
        "letter": mails.preview_reminder(owed_for(first[0])) if first else None,
        "write_to": ngettext("Write to %d person", "Write to %d people", count) % count,
    }


def _send_me_one(request: SocietyRequest, program: Program) -> None:
    if first := reminding.whom(program).first(1):
        mails.sample_reminder(owed_for(first[0]), to=request.person.email)
        messages.success(request, _("One is on its way to you alone."))
