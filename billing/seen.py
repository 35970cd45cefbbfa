"""What was seen at Stripe, in plain and typed words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from billing.models import Method


@dataclass(frozen=True)
class SeenDiscount:
    """What is taken off a subscription's invoices, until when. One that counts once may have counted."""

    id: str
    percent: float | None
    cents: int | None
    once: bool
    until: datetime | None

    @property
    def facts(self) -> dict[str, object]:
        """As it is written down."""
        until = self.until.isoformat() if self.until else None
        return {"percent": self.percent, "cents": self.cents, "once": self.once, "until": until}


@dataclass(frozen=True)
class Coupon:
    """What Stripe is to take off: for so many months, or of every invoice."""

    # Our own id of it: a subscription that begins with it says so for ever.
    discount: str
    percent: int | None
    cents: int | None
    months: int | None
    name: str


@dataclass(frozen=True)
class SeenSubscription:
    """A subscription as Stripe has it."""

    id: str
    customer_id: str
    status: str
    price_id: str
    item_id: str
    method: Method
    began_at: datetime
    period_ends_at: datetime
    trial_ends_at: datetime | None
    cancels_at: datetime | None
    ended_at: datetime | None
    schedule_id: str
    discounts: tuple[SeenDiscount, ...] = ()
    # Which discount of ours it began with or was given.
    promised: str = ""
    # What waits for the end of the period.
    next_price_id: str = ""
    next_at: datetime | None = None


@dataclass(frozen=True)
class SeenInvoice:
    """An invoice as Stripe has it. Amounts are in the currency's smallest unit."""

    id: str
    customer_id: str
    subscription_id: str
    number: str
    state: str
    method: Method
    currency: str
    total: int
    paid: int
    remaining: int
    paid_outside: bool
    credited: int
    refunded: int
    made_at: datetime
    due_at: datetime | None
    failed_at: datetime | None
    paid_at: datetime | None
    page_url: str
    pdf_url: str

    @property
    def owed_since(self) -> datetime | None:
        """From when time to pay is counted: the day it is due, or the first failure of the card."""
        if self.state != "open":
            return None
        return self.due_at if self.method == Method.INVOICE else self.failed_at


@dataclass(frozen=True)
class SeenProduct:
    id: str
    name: str
    plan: str  # our key of it, as it stands in its metadata


@dataclass(frozen=True)
class SeenPrice:
    id: str
    lookup_key: str
    product_id: str
    cents: int
    currency: str
    interval: str


@dataclass(frozen=True)
class Told:
    """What a message says: that something happened to something. What is true now has to be asked."""

    id: str
    kind: str
    object_id: str
    customer_id: str
    happened_at: datetime
