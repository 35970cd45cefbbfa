"""What follows from a state: the society's door, a mail to those who look after the money, and the next look.

The state itself needs none of this to be true.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Max
from django.urls import reverse

from billing.leaving import services as leaving
from billing.links import link_for
from billing.meter import account_of
from billing.models import Invoice, Subscription
from billing.readers import readers_of
from billing.standing import Standing, State
from chiron.kernel import clock
from programs.policy.models import Cycle
from tenants import audit, context, due, outbox
from tenants.models import Society

# Looking again lies in the platform's table of what is due; the reference is the society's id.
LOOK = "billing.look"
# So long before a trial ends its people hear of it.
BEFORE_TRIAL_ENDS = timedelta(days=7)

IN_TROUBLE = frozenset({State.PAST_DUE, State.RESTRICTED, State.SUSPENDED, State.ENDING})
TRIAL_ENDS = "trial_ends"


def follow(subscription: Subscription) -> Standing:
    """Do what follows from the state of now, once for each change; said again it changes nothing.

    Behind the platform's door, with the subscription held.
    """
    society = subscription.society
    standing, before = _standing(subscription), subscription.told_state
    if society.state == Society.State.LEFT:  # nobody is there any more
        due.cancel(LOOK, str(society.pk))
        return standing
    if _note_what_runs(subscription, standing):
        standing = _standing(subscription)
    _open_or_close(society, standing, before)
    if standing.state is State.ENDING:  # the day is written down now
        standing = _standing(subscription)
    told = _to_tell(subscription, standing)
    if told != before:
        if before or told != State.TRIALING:
            _tell(subscription, standing, told, before)
        subscription.told_state = told
        subscription.save(update_fields=["told_state"])
    _look_again(subscription, standing)
    return standing


@due.handler(LOOK)
def look(ref: str) -> None:
    """A state may have changed by the clock alone."""
    held = Subscription.objects.select_for_update(of=["self"]).select_related("society", "plan")
    if subscription := held.filter(society_id=UUID(ref)).first():
        follow(subscription)


def _standing(subscription: Subscription) -> Standing:
    account = account_of(subscription.society)
    assert account is not None, "There is a subscription, so there is an account."
    return account.standing


def _note_what_runs(subscription: Subscription, standing: Standing) -> bool:
    """When nothing new may begin any more, until when what runs goes on; returns whether it was noted now."""
    if standing.may_begin:
        noted = None
    elif standing.state is State.RESTRICTED and subscription.running_until is None:
        noted = _last_end(subscription.society)
    else:
        return False
    if noted == subscription.running_until:
        return False
    subscription.running_until = noted
    subscription.save(update_fields=["running_until"])
    return True


def _last_end(society: Society) -> datetime | None:
    """The end of the last day of the sessions that run."""
    running = (Cycle.State.MATCHING, Cycle.State.RUNNING, Cycle.State.CLOSING)
    with context.society(society):
        last: date | None = Cycle.objects.filter(state__in=running).aggregate(last=Max("ends_on"))["last"]
    return datetime.combine(last + timedelta(days=1), time(), tzinfo=society.zone) if last else None


def _open_or_close(society: Society, standing: Standing, before: str) -> None:
    """Close a society's door when it is suspended, and open it again if it was closed for that. At the very end it can
    be read once more, before it is deleted.
    """
    state = standing.state
    if state is State.ENDING and standing.until and society.state != Society.State.LEFT:
        leaving.begin_deletion(society=society, ends=standing.until)
        return
    leaving.stay_with_a_plan(society=society)
    society.refresh_from_db(fields=["state"])
    was, now = society.state, society.state
    if state is State.SUSPENDED and was in (Society.State.TRIAL, Society.State.ACTIVE):
        now = Society.State.SUSPENDED
    opens = was == Society.State.SUSPENDED and before == State.SUSPENDED and state is not State.SUSPENDED
    if opens or (was == Society.State.TRIAL and state in (State.ACTIVE, State.COMPED)):
        now = Society.State.ACTIVE
    if now != was:
        society.state = now
        society.save(update_fields=["state"])
        audit.record("society.state_changed", subject=society, before=was, after=now)


def _to_tell(subscription: Subscription, standing: Standing) -> str:
    """What its people are told: the state, and of a trial without a plan also that it ends soon."""
    if standing.state is State.TRIALING and not subscription.plan_id and standing.until:
        return TRIAL_ENDS if clock.now() >= standing.until - BEFORE_TRIAL_ENDS else State.TRIALING
    return standing.state


def _tell(subscription: Subscription, standing: Standing, told: str, before: str) -> None:
    """One mail in the platform's name, for a closed society's own mail waits."""
    if told in (State.TRIALING, State.COMPED) or (told == State.ACTIVE and before not in IN_TROUBLE):
        return
    context_of_mail = {
        "society": subscription.society,
        "plan": subscription.plan,
        "state": told,
        "by_invoice": subscription.method == "invoice",
        "until": standing.until and standing.until.astimezone(subscription.society.zone).date(),
        "invoice": _owed(subscription) if told in IN_TROUBLE else None,
        "page": _page_of(subscription.society, standing),
    }
    outbox.mail("billing_standing", to=readers_of(subscription.society), context=context_of_mail)
    audit.record("billing.told", subject=subscription.society, state=told)


def _page_of(society: Society, standing: Standing) -> str:
    """Where a plan is chosen: on the society's own pages, which are closed when it is suspended."""
    if standing.state is State.SUSPENDED:
        return link_for(society)
    return society.url(reverse("plan:plan", urlconf=settings.ROOT_URLCONF))


def _owed(subscription: Subscription) -> Invoice | None:
    """The oldest open invoice; to pay it nobody needs an account."""
    owed = Invoice.objects.filter(society_id=subscription.society_id, state=Invoice.State.OPEN)
    return owed.exclude(page_url="").order_by("made_at").first()


def _look_again(subscription: Subscription, standing: Standing) -> None:
    at = standing.until
    if at and subscription.told_state == State.TRIALING and not subscription.plan_id:
        at -= BEFORE_TRIAL_ENDS
    if at and at > clock.now():
        due.schedule(LOOK, str(subscription.society_id), at=at)
    else:
        due.cancel(LOOK, str(subscription.society_id))
