"""From a kind of person to the page on which they are invited, and how many on the list are like that."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from matching.pool.kinds import Kind
from programs.invitations.choosing import LIST, Choice, chosen
from programs.policy.models import Cycle


def to_invite(cycle: Cycle, role: str, kind: Kind, *, whole_society: bool) -> tuple[str, int | None]:
    """The address, narrowed to the kind; only who may look at the whole list is told how many stand on it."""
    said, count = {"role": role}, None
    if whole_society:
        narrowed = {"specialty": kind.specialty, "zip_begins": kind.region}
        choice = Choice(specialty=kind.specialty, zip_begins=kind.region)
        count = len(chosen(cycle, role, choice).people)
        said |= {"source": LIST, "by_rules": "on", **{name: value for name, value in narrowed.items() if value}}
    return f"{reverse('invited:many', args=[cycle.pk])}?{urlencode(said)}", count
