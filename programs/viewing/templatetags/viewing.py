"""The ways to look, for pages of programs and sessions in the staff area."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import template
from django.urls import reverse

from chiron.design.frame import Link
from programs.policy.document import Part, Policy
from programs.policy.models import Cycle, Program
from programs.viewing.inventing import seen_as
from programs.viewing.looking import first_page

register = template.Library()


@register.inclusion_tag("viewing/_ways.html")
def looks_at_program(program: Program, policy: Policy) -> dict[str, Any]:
    """Each part of a program, through each pair of eyes."""
    several = len(policy.parts) > 1
    return {
        "looks": [
            (part.name if several else "", list(_links(program, place, part)))
            for place, part in enumerate(policy.parts)
        ]
    }


@register.inclusion_tag("viewing/_ways.html")
def looks_at_session(cycle: Cycle) -> dict[str, Any]:
    """A session, through each pair of eyes."""
    links = [
        Link(called, reverse("viewing:session", args=[cycle.pk, who, first_page(cycle.program)]))
        for who, called in seen_as(cycle.settings)
    ]
    return {"looks": [("", links)]}


def _links(program: Program, place: int, part: Part) -> Iterator[Link]:
    for who, called in seen_as(part):
        yield Link(called, reverse("viewing:program", args=[program.slug, place, who, first_page(program)]))
