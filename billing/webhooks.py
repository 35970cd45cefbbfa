"""What Stripe tells us: believed if it is signed, kept under its own id, answered at once, worked on by a worker.

A message says only that something happened. What is true is asked for (`billing.syncing`), so a message that comes
twice, late, or in the wrong order changes nothing.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from billing import gateway, syncing, translating
from billing.models import StripeEvent, Subscription
from billing.seen import Told
from chiron.kernel import clock
from tenants import context, due

# What Stripe says of a society lies in the platform's table of what is due; the reference is the society's id, so
# that many messages are answered by asking once.
SYNC = "billing.sync"
NOT_OURS = "about no society of ours"


@csrf_exempt
@require_POST
def told(request: HttpRequest) -> HttpResponse:
    """Where Stripe's messages arrive, on the public site."""
    try:
        message = gateway.read_message(request.body, request.headers.get("Stripe-Signature", ""))
    except gateway.NotSigned:
        return HttpResponse("This is not signed by Stripe.\n", status=400, content_type="text/plain")
    except translating.NotReadable:
        return HttpResponse("This is no message of Stripe's.\n", status=400, content_type="text/plain")
    keep(message)
    return HttpResponse("Kept.\n", content_type="text/plain")


def keep(message: Told, *, arrived: bool = True) -> bool:
    """Keep a message, and have a worker ask what is true; returns whether it is new. Behind the platform's door."""
    theirs = Subscription.objects.filter(customer_id=message.customer_id) if message.customer_id else None
    society_id = theirs.values_list("society_id", flat=True).first() if theirs is not None else None
    kept, new = StripeEvent.objects.get_or_create(
        id=message.id,
        defaults={
            "kind": message.kind[:80],
            "object_id": message.object_id[:64],
            "customer_id": message.customer_id[:64],
            "society_id": society_id,
            "happened_at": message.happened_at,
            "times": int(arrived),
            "done_at": None if society_id else clock.now(),
            "outcome": "" if society_id else NOT_OURS,
        },
    )
    if not new:
        if arrived:
            StripeEvent.objects.filter(pk=kept.pk).update(times=F("times") + 1)
    elif society_id:
        due.schedule(SYNC, str(society_id), at=clock.now(), lane=due.Lane.WAITED_FOR)
    return new


@due.steps(SYNC)
def ask_what_is_true(job: due.Job) -> None:
    """Ask Stripe, outside of all doors, and write down what it says."""
    syncing.sync(UUID(job.ref))
    with context.platform():
        due.finish(job)
