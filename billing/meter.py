"""The one meter: mentorships running at a time. And the one answer to what a society may do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.models import Override, Subscription
from billing.standing import FOREVER, Facts, Standing, State, standing_at
from chiron.kernel import clock
from tenants import allowance, context
from tenants.allowance import Refusal, Thing
from tenants.models import Society

# Whoever tries has chosen no plan, and everything that a plan can have.
TRIAL_MENTORSHIPS = 25
NEW_THINGS = frozenset({Thing.OPEN_SESSION, Thing.PUBLISH, Thing.BULK_MAIL})


@dataclass(frozen=True)
class Account:
    """What a society bought, was given, and where it stands now. Plain values, fit for every door."""

    society_id: UUID
    subscription: Subscription
    overrides: tuple[Override, ...]
    standing: Standing

    @property
    def limit(self) -> int | None:
        """How many mentorships may run at a time; None for as many as a society likes."""
        if given := self._given(Override.Kind.MENTORSHIPS):
            return given.amount
        if plan := self.subscription.plan:
            return plan.mentorships
        return None if self.standing.state is State.COMPED else TRIAL_MENTORSHIPS

    def has(self, feature: Thing) -> bool:
        """Whether a feature comes with its plan, or was given. Trying and being a guest have all of them."""
        if self._given(Override.Kind(feature)):
            return True
        plan = self.subscription.plan
        return plan is None or feature in plan.features

    def _given(self, kind: Override.Kind) -> Override | None:
        now = clock.everywhere()
        return next((each for each in self.overrides if each.kind == kind and each.is_in_force(now)), None)


def account_of(society: Society, *, hold: bool = False) -> Account | None:
    """A society's account; None if it never began one, as those that operators made by hand. With `hold` it is ours
    until the transaction ends.
    """
    with context.platform():
        found = Subscription.objects.select_related("society", "plan", "next_plan").filter(society_id=society.pk)
        subscription = (found.select_for_update(of=["self"]) if hold else found).defer("society__logo").first()
        if subscription is None:
            return None
        overrides = tuple(Override.objects.filter(society_id=society.pk))
    now = clock.everywhere()
    return Account(society.pk, subscription, overrides, standing_at(facts_of(subscription, overrides), now))


def facts_of(subscription: Subscription, overrides: Iterable[Override]) -> Facts:
    """What a society's state follows from."""
    return Facts(
        trial_ends_at=subscription.trial_ends_at,
        status=subscription.status,
        method=subscription.method,
        unpaid_since=subscription.unpaid_since,
        cancels_at=subscription.cancels_at,
        ended_at=subscription.ended_at,
        running_until=subscription.running_until,
        free_until=_longest(overrides, Override.Kind.COMP),
        more_time_until=_longest(overrides, Override.Kind.GRACE),
        leaves_at=subscription.society.leaves_at,
    )


def answer(society: Society, thing: Thing, pairs: int, *, hold: bool) -> Refusal | None:
    """Why a society may not do something, for `tenants.allowance`."""
    account = account_of(society, hold=hold)
    if account is None:
        return None
    if thing not in NEW_THINGS:
        return None if account.has(thing) else Refusal(_not_in_plan(thing))
    if not account.standing.may_begin:
        return Refusal(
            _(
                "Nothing new can begin at the moment, and what runs goes on. "
                "The owner of your society’s space knows why and can change it."
            )
        )
    limit = account.limit
    if not pairs or limit is None:
        return None
    used = allowance.in_use(society)
    room = max(limit - used, 0)
    return Refusal(_no_room(pairs, used=used, limit=limit, room=room), room=room) if pairs > room else None


def _no_room(pairs: int, *, used: int, limit: int, room: int) -> str:
    """No word about money: it is read by all who run programs."""
    counts = {"pairs": pairs, "used": used, "limit": limit, "room": room}
    has = ngettext(
        "Your society has room for %(limit)s mentorship at a time, and %(used)s of it is taken.",
        "Your society has room for %(limit)s mentorships at a time, and %(used)s of them are taken.",
        limit,
    )
    if not room:
        return f"{has} {_('Wait until others end, or ask the owner of your society’s space for more.')}" % counts
    fewer = ngettext(
        "Begin %(room)s, wait until others end, or ask the owner of your society’s space for more.",
        "Begin %(room)s or fewer, wait until others end, or ask the owner of your society’s space for more.",
        room,
    )
    return f"{has} {fewer}" % counts


def _not_in_plan(feature: Thing) -> str:
    names = {
        Thing.CUSTOM_DOMAIN: _("A domain of its own does not come with your society’s plan."),
        Thing.SSO: _("Single sign-on does not come with your society’s plan."),
        Thing.API: _("The programming interface does not come with your society’s plan."),
    }
    return f"{names[feature]} {_('The owner of your society’s space can choose another one.')}"


def _longest(overrides: Iterable[Override], kind: Override.Kind) -> datetime | None:
    return max((each.ends_at or FOREVER for each in overrides if each.kind == kind), default=None)
