"""What waits for a member where a session asks whom they would like."""

from __future__ import annotations

from typing import Any

from django import template

from programs.mentorships.directory import is_listed
from programs.wishing.rules import last_day, may_be_named, ranks
from programs.wishing.selectors import waiting_for
from tenants.people.models import Person

register = template.Library()


@register.simple_tag
def wishes_of(person: Person, cycle: Any = None) -> list[dict[str, Any]]:
    """A member's sign-ups, of all sessions or one, in which they can say whom they would like or be read about."""
    return [
        {
            "mine": mine,
            "until": last_day(mine.cycle),
            "ranks": ranks(mine),
            "asks_to_show": may_be_named(mine) and not is_listed(mine),
            "named": mine.named.exists(),
        }
        for mine in waiting_for(person)
        if cycle is None or mine.cycle_id == cycle.pk
    ]
