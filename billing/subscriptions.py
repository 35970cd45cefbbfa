"""Beginning and changing what a society has bought. What Stripe must be told is in `billing.buying`."""

from __future__ import annotations

from datetime import timedelta

from billing.following import follow
from billing.models import Subscription
from chiron.kernel import clock
from tenants import audit, context
from tenants.models import Society

# Sign-up opens eight weeks before a session: whoever tries sees pairs before the trial ends.
TRIAL = timedelta(days=60)


def begin_trial(*, society: Society) -> Subscription:
    """Let a society try everything without a card or a plan; said twice, the first time counts. No network."""
    with context.platform():
        subscription, new = Subscription.objects.get_or_create(
            society=society, defaults={"trial_ends_at": clock.now() + TRIAL}
        )
        if new:
            follow(subscription)
            audit.record("billing.trial_began", subject=society, until=subscription.trial_ends_at.date().isoformat())
    return subscription
