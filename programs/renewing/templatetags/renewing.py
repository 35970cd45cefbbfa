"""The way from a session to the next one and to who comes again, for its board; for members what they were asked."""

from __future__ import annotations

from typing import Any

from django import template

from chiron.kernel import clock
from programs.policy.models import Cycle
from programs.renewing.links import here, link_for
from programs.renewing.models import Asked, Renewal
from programs.renewing.proposing import HAS_RUN
from programs.renewing.selectors import unanswered
from tenants.people.models import Person

register = template.Library()


@register.inclusion_tag("renewing/_board.html")
def next_session(cycle: Cycle, *, runs: bool, sees_names: bool) -> dict[str, Any]:
    """Of a session that runs or ran: its next one. Of one that follows another: who of that one comes again."""
    found = Renewal.objects.filter(last=cycle) | Renewal.objects.filter(coming=cycle)
    renewals = list(found.select_related("last", "coming")) if sees_names else []
    after = next((each for each in renewals if each.last_id == cycle.pk), None)
    before = next((each for each in renewals if each.coming_id == cycle.pk), None)
    may_prepare = runs and after is None and cycle.state in HAS_RUN
    is_time = cycle.state != Cycle.State.RUNNING
    return {"cycle": cycle, "after": after, "before": before, "may_prepare": may_prepare, "is_time": is_time}


@register.simple_tag
def asked_again(person: Person) -> list[tuple[Asked, str]]:
    """What a member was asked about a next session and has not answered, each with its page."""
    return [(asked, link_for(asked)) for asked in unanswered(person, clock.today(here().zone))]
