"""Ballots that wait for somebody's vote, for Today."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from matching.council import selectors
from matching.council.models import Voter
from tenants.people.models import Person

register = template.Library()


@register.simple_tag
def to_vote(person: Person) -> Sequence[Voter]:
    """Where somebody has been asked and has not voted."""
    return selectors.to_vote(person)
