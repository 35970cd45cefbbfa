"""Once an hour: whatever Stripe told and did not arrive, and whatever is otherwise than it is written here, is found,
mended, and said.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.conf import settings

from billing import catalog, gateway, syncing, webhooks
from billing.models import StripeEvent, Subscription
from chiron.kernel import clock
from tenants import audit, context, due

logger = logging.getLogger(__name__)

# One check for each society; the reference is the society's id.
CHECK = "billing.check"
# Messages are looked for so far back; Stripe itself goes on trying for three days.
LOOKED_BACK = timedelta(days=3)
# What is on its way now is no gap.
ON_ITS_WAY = timedelta(minutes=10)


@shared_task(name="billing.reconcile")
def reconcile() -> None:
    """Look for gaps, and have each society checked. Runs outside of doors, for it leaves the house."""
    if not settings.STRIPE_SECRET_KEY:
        return
    fill_gaps()
    for fault in catalog.faults():
        logger.error("the price list: %s", fault)
    with context.platform():
        ours = Subscription.objects.exclude(customer_id="").values_list("society_id", flat=True)
        due.schedule_all(CHECK, [str(pk) for pk in ours], at=clock.now(), lane=due.Lane.BULK)


def fill_gaps() -> int:
    """Keep what Stripe told and nobody brought; returns how many messages that were."""
    until = clock.now() - ON_ITS_WAY
    told = [each for each in gateway.told_since(clock.now() - LOOKED_BACK) if each.happened_at <= until]
    with context.platform():
        here = set(StripeEvent.objects.filter(pk__in=[each.id for each in told]).values_list("pk", flat=True))
        missing = [each for each in told if each.id not in here]
        found = sum(webhooks.keep(each, arrived=False) for each in missing)
        if found:
            audit.record("billing.messages_missed", count=found)
            logger.error("%s messages of Stripe never arrived; what they are about is asked for now", found)
    return found


@due.steps(CHECK)
def check(job: due.Job) -> None:
    """Compare one society with what Stripe says of it."""
    find_drift(UUID(job.ref))
    with context.platform():
        due.finish(job)


def find_drift(society_id: UUID) -> list[str]:
    """What was otherwise than Stripe says although no message about it waits; it is mended, written down and said."""
    outcome = syncing.sync(society_id)
    if not outcome.changed or outcome.answers:
        return []
    with context.platform():
        subscription = Subscription.objects.select_related("society").get(society_id=society_id)
        audit.record("billing.drifted", subject=subscription.society, changed=list(outcome.changed))
    logger.error("a subscription was otherwise than at Stripe: %s", ", ".join(outcome.changed))
    return list(outcome.changed)
