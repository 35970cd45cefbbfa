"""The desk of a part that brings more than two people together. The addresses are those of pairs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext

from matching import groups, selectors
from matching.models import MatchRun
from matching.portal import apart
from matching.showing import groups as group_desk
from matching.showing import rows as showing
from matching.showing.apart import apart as apart_from_runs
from programs.policy.models import Cycle
from tenants.people.access import SocietyRequest


def look(request: SocietyRequest, cycle: Cycle) -> HttpResponse:
    """The draft, or what was published last."""
    published = selectors.latest_published(cycle)
    draft = None if published and request.GET.get("which") == "published" else selectors.draft_of(cycle)
    run = draft or published
    if run is None:
        return apart.look(request, cycle)
    run.cycle = cycle
    proven, sure = group_desk.how_sure(run)
    rows = group_desk.rows_of(run)
    context = {
        "cycle": cycle,
        "run": run,
        "draft": draft,
        "published": published,
        "rows": rows,
        "others": apart_from_runs(cycle).count(),
        "people": sum(len(row.members) for row in rows),
        "left": group_desk.left_of(run),
        "proven": proven,
        "sure": sure,
        "weights": showing.weights_of(run),
        "changed": groups.changed_since(run, cycle) if draft else (),
        "joined": selectors.joined_since(run) if draft else 0,
        "changes": [] if draft else group_desk.changed_in(cycle),
    }
    return render(request, "matching/groups.html", context)


def suggested(request: SocietyRequest, run: MatchRun) -> None:
    """Say what came of it."""
    count = run.groups.count()
    said = ngettext("%(count)d group suggested.", "%(count)d groups suggested.", count)
    messages.success(request, said % {"count": count})
