"""Questions about people and what they may do."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from tenants.people.models import StaffRole


def roles_on(day: date) -> QuerySet[StaffRole]:
    """Every staff role that holds on a day, with its person, in the order of names."""
    holding = StaffRole.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day)).select_related("person")
    return holding.order_by("person__family_name", "person__given_name", "person", "kind", "pk")
