"""Who hears of a society's money: its owners and its billing contact, and nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from billing.models import Subscription
from tenants import context
from tenants.models import Society
from tenants.people.models import Person, StaffRole


@dataclass(frozen=True)
class Reader:
    """Somebody who looks after the money of a society."""

    name: str
    email: str


def readers_of(society: Society) -> Sequence[Reader]:
    """The owners, and the billing contact if one is named."""
    with context.society(society):
        owners = Person.objects.filter(staff_roles__kind=StaffRole.Kind.OWNER).exclude(email="").distinct()
        found = {each.email.lower(): Reader(each.name, each.email) for each in owners.order_by("pk")}
    with context.platform():
        subscription = Subscription.objects.filter(society_id=society.pk).first()
    if subscription is not None and (mail := subscription.contact_mail):
        found.setdefault(mail.lower(), Reader(subscription.contact_name, mail))
    return list(found.values())
