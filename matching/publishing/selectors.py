"""Questions about publishing."""

from __future__ import annotations

from django.utils.translation import gettext as _

from chiron.kernel.errors import DomainError
from matching.models import MatchRun
from matching.publishing.models import Publication
from programs.policy.models import Cycle

State = Publication.State


def waiting_in(cycle: Cycle) -> Publication | None:
    """What leaves in a session unless somebody stops it."""
    waiting = Publication.objects.filter(run__cycle=cycle, state=State.WAITING)
    return waiting.select_related("run", "by").first()


def must_not_be_leaving(cycle: Cycle) -> None:
    """DomainError while the session's draft waits to leave: what people will read must not change under it."""
    if Publication.objects.filter(run__cycle=cycle, state=State.WAITING).exists():
        raise DomainError(_("These pairs are about to be published. Press Stop first, then change what you like."))


def plan_of(run: MatchRun) -> Publication:
    """What staff have planned for a draft, or had before they stopped it; unsaved, what the program's settings say."""
    before = run.publications.order_by("-id").first()
    if before and before.state in (State.PLANNED, State.WAITING):
        return before
    plan = Publication(run=run)
    if before:
        plan.asked_first = before.asked_first
    elif not run.cycle.settings.in_groups:
        plan.asked_first = run.cycle.settings.matching.asked_first
    return plan


def refused(run: MatchRun) -> Publication | None:
    """Why the draft was not published when its time had come; None if it was, or is tried again."""
    last = run.publications.order_by("-id").first()
    return last if last and last.state == State.REFUSED else None
