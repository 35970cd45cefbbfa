"""Who leaves pays no more: the subscription at Stripe ends with its period, and at once when the data are deleted. Who
stays after all goes on, unless the owner had canceled before.
"""

from __future__ import annotations

from uuid import UUID

from billing import buying, gateway
from billing.leaving.models import Departure
from billing.leaving.services import MONEY
from billing.models import Subscription
from billing.syncing import sync
from tenants import context, due


@due.steps(MONEY)
def settle(job: due.Job) -> None:
    """Bring Stripe to where a leaving stands; done again, nothing changes. The reference is the society's id."""
    society_id = UUID(job.ref)
    with context.platform():
        subscription = Subscription.objects.select_related("society").filter(society_id=society_id).first()
        departure = Departure.objects.filter(society_id=society_id).order_by("-begun_at").first()
    if departure and subscription and subscription.is_bought:
        _settle(subscription, departure)
    with context.platform():
        due.finish(job)


def _settle(subscription: Subscription, departure: Departure) -> None:
    society = subscription.society
    if departure.deleted_at:
        gateway.cancel_now(subscription.stripe_id)
        sync(society.pk)
    elif departure.stopped_at:
        if subscription.ends_by_leaving:
            buying.go_on(society=society, by=None)
            _mark(subscription, False)
    elif not subscription.cancels_at:
        buying.cancel(society=society, reason="The society leaves.", by=None)
        _mark(subscription, True)


def _mark(subscription: Subscription, ends: bool) -> None:
    with context.platform():
        Subscription.objects.filter(pk=subscription.pk).update(ends_by_leaving=ends)
