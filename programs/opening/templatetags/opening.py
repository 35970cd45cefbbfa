"""The way to the set-up list, for Today; gone once sign-up has opened."""

from __future__ import annotations

from typing import Any

from django import template

from programs.opening.selectors import is_setting_up, set_up_of
from tenants.models import Society
from tenants.people.access import RUNS_PROGRAMS, programs_of
from tenants.people.models import Person

register = template.Library()


@register.inclusion_tag("opening/_setting_up.html")
def setting_up(society: Society, person: Person) -> dict[str, Any]:
    """How far it is, for whoever runs programs."""
    runs = programs_of(person, *RUNS_PROGRAMS) != set()
    return {"found": set_up_of(society, person) if runs and is_setting_up(society) else None}
