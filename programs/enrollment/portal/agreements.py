"""Who agreed to what in a program, who still has to, and all of it as a sheet."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chiron.design.frame import Link
from chiron.design.paging import Paginator
from programs.agreements.selectors import agreed_in, texts_of
from programs.enrollment.agreeing import open_cycles, owed_of, still_to_agree
from programs.enrollment.taking_out_agreements import take_out_agreements
from programs.policy.access import program_for
from tenants.people.access import RUNS_PROGRAMS, SocietyRequest, staff

PER_PAGE = 50


@require_safe
@staff(*RUNS_PROGRAMS)
def listing(request: SocietyRequest, slug: str) -> HttpResponse:
    """Who still has to agree first; or everything that was agreed to, newest first."""
    program = program_for(request.person, slug, *RUNS_PROGRAMS)
    done = "done" in request.GET
    missing, said = still_to_agree(open_cycles(program)), agreed_in(program)
    number = request.GET.get("page")
    context: dict[str, Any] = {
        "program": program,
        "done": done,
        "tabs": [
            Link(_("Still to agree: %(count)s") % {"count": f"{missing.count():,}"}, "?", current=not done),
            Link(_("Agreed: %(count)s") % {"count": f"{said.count():,}"}, "?done=yes", current=done),
        ],
        "texts": texts_of(program),
    }
    if done:
        context["page"] = Paginator(said, PER_PAGE).get_page(number)
    else:
        page = Paginator(missing, PER_PAGE).get_page(number)
        context |= {"page": page, "owed": owed_of(program, list(page))}
    return render(request, "enrollment/agreements.html", context)


@require_POST
@staff(*RUNS_PROGRAMS)
def as_sheet(request: SocietyRequest, slug: str) -> HttpResponse:
    """All of it as a file."""
    program = program_for(request.person, slug, *RUNS_PROGRAMS)
    content = take_out_agreements(program=program, by=request.person)
    reply = HttpResponse(content, content_type="text/csv; charset=utf-8")
    reply.headers["Content-Disposition"] = f'attachment; filename="{program.slug}-agreements.csv"'
    return reply
