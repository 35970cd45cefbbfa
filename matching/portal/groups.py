"""The desk of a part that brings more than two people together. The addresses are those of pairs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chiron.kernel.errors import DomainError
from matching import group_desk, groups, selectors, showing
from matching.models import MatchRun
from matching.publishing.services import publish as publish_draft
from programs.policy.models import Cycle
from tenants.people.access import SocietyRequest


def look(request: SocietyRequest, cycle: Cycle) -> HttpResponse:
    """The draft, or what was published last."""
    published = selectors.latest_published(cycle)
    draft = None if published and request.GET.get("which") == "published" else selectors.draft_of(cycle)
    run = draft or published
    if run is None:
        return render(request, "matching/nothing_yet.html", {"cycle": cycle})
    run.cycle = cycle
    proven, sure = group_desk.how_sure(run)
    rows = group_desk.rows_of(run)
    context = {
        "cycle": cycle,
        "run": run,
        "draft": draft,
        "published": published,
        "rows": rows,
        "people": sum(len(row.members) for row in rows),
        "left": group_desk.left_of(run),
        "proven": proven,
        "sure": sure,
        "weights": showing.weights_of(run),
        "changed": groups.changed_since(run, cycle) if draft else (),
        "joined": selectors.joined_since(run) if draft else 0,
    }
    return render(request, "matching/groups.html", context)


def suggested(request: SocietyRequest, run: MatchRun) -> None:
    """Say what came of it."""
    count = run.groups.count()
    said = ngettext("%(count)d group suggested.", "%(count)d groups suggested.", count)
    messages.success(request, said % {"count": count})


def preview(request: SocietyRequest, cycle: Cycle, draft: MatchRun | None) -> HttpResponse:
    """What would be written, and to how many."""
    if draft is None or not draft.groups.exists():
        return redirect("desk:pairs", cycle.pk)
    draft.cycle = cycle
    rows = group_desk.rows_of(draft)
    people = [member.enrollment.person for row in rows for member in row.members]
    context = {
        "cycle": cycle,
        "run": draft,
        "mails": group_desk.preview_of(draft),
        "groups": len(rows),
        "asked": sum(bool(person.email) for person in people),
        "without_mail": sorted(person.name for person in people if not person.email),
    }
    return render(request, "matching/publish_groups.html", context)


def publish(request: SocietyRequest, run: MatchRun) -> None:
    """Publish, or say why not."""
    try:
        publish_draft(run=run, by=request.person)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Published. The mails are on their way."))
