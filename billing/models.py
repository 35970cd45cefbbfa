"""What societies bought and what they paid: rows of the platform, each naming its society."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chiron.kernel import clock
from chiron.kernel.models import Record
from tenants.models import Society


class Interval(models.TextChoices):
    MONTH = "month", _("by the month")
    YEAR = "year", _("by the year")


class Method(models.TextChoices):
    CARD = "card", _("by card")
    INVOICE = "invoice", _("by invoice")


# Stripe's states in which there is a subscription that runs, paid or not.
BOUGHT = frozenset({"trialing", "active", "past_due", "unpaid"})


class Plan(Record):
    """A band of mentorships running at a time, and the features that come with it."""

    key = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=60)
    # Empty for as many as a society likes.
    mentorships = models.PositiveIntegerField(null=True, blank=True)
    # Of `tenants.allowance.Thing`.
    features = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    # Whether it can be chosen. Whoever has it keeps it.
    offered = models.BooleanField(default=True)
    stripe_product = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.name


class Price(Record):
    """What a plan costs. A price never changes: another takes its place, and whoever has it keeps it."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="prices")
    interval = models.CharField(max_length=5, choices=Interval)
    cents = models.PositiveIntegerField()
    currency = models.CharField(max_length=3, default="usd")
    stripe_id = models.CharField(max_length=64, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["plan", "interval", "-replaced_at"]
        constraints = [
            models.UniqueConstraint("plan", "interval", name="one_price_at_a_time", condition=Q(replaced_at=None)),
            models.UniqueConstraint("stripe_id", name="a_stripe_price_once", condition=~Q(stripe_id="")),
        ]

    def __str__(self) -> str:
        return f"{self.plan}, {self.get_interval_display()}"

    @property
    def lookup_key(self) -> str:
        """The name by which Stripe knows whatever price is current."""
        return f"chiron_{self.plan.key}_{self.interval}".replace("-", "_")


class Subscription(Record):
    """What one society bought: facts alone. Its state follows from them and the clock (`billing.standing`)."""

    class Status(models.TextChoices):
        """Stripe's own words for its subscription; empty while there is none."""

        NONE = "", _("None")
        INCOMPLETE = "incomplete", _("Incomplete")
        INCOMPLETE_EXPIRED = "incomplete_expired", _("Never begun")
        TRIALING = "trialing", _("On trial")
        ACTIVE = "active", _("Active")
        PAST_DUE = "past_due", _("Past due")
        UNPAID = "unpaid", _("Unpaid")
        CANCELED = "canceled", _("Canceled")
        PAUSED = "paused", _("Paused")

    society = models.OneToOneField(Society, on_delete=models.CASCADE, related_name="subscription")
    trial_ends_at = models.DateTimeField()
    # What was chosen; nothing as long as a society only tries.
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="subscriptions")
    interval = models.CharField(max_length=5, choices=Interval, blank=True)
    method = models.CharField(max_length=7, choices=Method, default=Method.CARD)
    # Who gets invoices and mails about money, and needs no account. Without one the owners do.
    contact_name = models.CharField(max_length=120, blank=True)
    contact_mail = models.EmailField(blank=True)

    # What Stripe said last.
    customer_id = models.CharField(max_length=64, blank=True)
    stripe_id = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=20, choices=Status, blank=True, default=Status.NONE)
    period_ends_at = models.DateTimeField(null=True, blank=True)
    # When it will end by itself, and when it has.
    cancels_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # By card the first failure of what is still owed; by invoice the day on which the oldest unpaid one is due.
    unpaid_since = models.DateTimeField(null=True, blank=True)
    # It was canceled because the society leaves, so it goes on if the society stays.
    ends_by_leaving = models.BooleanField(default=False)
    # A change that waits for the end of the period.
    schedule_id = models.CharField(max_length=64, blank=True)
    next_plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    next_interval = models.CharField(max_length=5, choices=Interval, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    # What is taken off, as `billing.seen.SeenDiscount` says it.
    discounts = models.JSONField(default=list, blank=True)
    # When Stripe was asked last, and how often what it said was written down.
    seen_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    # Counts what was asked of Stripe: to ask again in the same turn is to ask for the same.
    turn = models.PositiveIntegerField(default=0)
    # The state that its people were told of last.
    told_state = models.CharField(max_length=12, blank=True)

    # Until when what ran goes on, noted when nothing new may begin.
    running_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint("customer_id", name="a_customer_is_one_society", condition=~Q(customer_id="")),
            models.UniqueConstraint("stripe_id", name="a_subscription_is_one_societys", condition=~Q(stripe_id="")),
            models.CheckConstraint(
                name="a_plan_has_an_interval",
                condition=Q(plan=None, interval="") | Q(plan__isnull=False, interval__in=Interval.values),
            ),
            models.CheckConstraint(
                name="what_comes_next_has_a_time",
                condition=Q(next_plan=None, next_at=None, next_interval="")
                | Q(next_plan__isnull=False, next_at__isnull=False, next_interval__in=Interval.values),
            ),
        ]

    def __str__(self) -> str:
        return str(self.society)

    @property
    def on_trial(self) -> bool:
        """Whether a plan is chosen and what is left of the trial is free."""
        return self.status == self.Status.TRIALING

    @property
    def is_bought(self) -> bool:
        """Whether there is a subscription at Stripe that runs, paid or not."""
        return self.status in BOUGHT


class Invoice(Record):
    """An invoice as Stripe has it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being prepared")
        OPEN = "open", _("Open")
        PAID = "paid", _("Paid")
        VOID = "void", _("Void")
        UNCOLLECTIBLE = "uncollectible", _("Written off")

    society = models.ForeignKey(Society, on_delete=models.PROTECT, related_name="invoices")
    stripe_id = models.CharField(max_length=64, unique=True)
    number = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=14, choices=State)
    method = models.CharField(max_length=7, choices=Method)
    currency = models.CharField(max_length=3)
    total = models.IntegerField()
    paid = models.IntegerField(default=0)
    remaining = models.IntegerField(default=0)
    # Credit notes, and what of it was given back.
    credited = models.IntegerField(default=0)
    refunded = models.IntegerField(default=0)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    # By check or transfer, noted by an operator, and how: the one thing here that Stripe does not say.
    paid_outside = models.BooleanField(default=False)
    paid_how = models.CharField(max_length=200, blank=True)
    page_url = models.URLField(max_length=1000, blank=True)
    pdf_url = models.URLField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.number or self.stripe_id


class TaxCertificate(Record):
    """The paper by which a society need not pay tax; it counts once an operator has looked at it."""

    society = models.OneToOneField(Society, on_delete=models.CASCADE, related_name="tax_certificate")
    name = models.CharField(max_length=140)
    content_type = models.CharField(max_length=40)
    content = models.BinaryField()
    brought_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-brought_at"]

    def __str__(self) -> str:
        return self.name


class Discount(Record):
    """What operators promised to take off a society's plan: it waits for a plan, and begins with it."""

    class Lasts(models.TextChoices):
        ONCE = "once", _("The first invoice")
        MONTHS = "months", _("Every invoice of the first months")
        FOREVER = "forever", _("Every invoice")

    society = models.ForeignKey(Society, on_delete=models.CASCADE, related_name="discounts")
    # The one or the other.
    percent = models.PositiveSmallIntegerField(null=True, blank=True)
    cents = models.PositiveIntegerField(null=True, blank=True)
    lasts = models.CharField(max_length=7, choices=Lasts)
    months = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=300)
    by = models.CharField(max_length=120)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    # When a plan was seen that has it; when it was taken back, or another took its place.
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint("society", name="one_discount_at_a_time", condition=Q(ended_at=None)),
            models.CheckConstraint(
                name="a_percentage_or_an_amount",
                condition=Q(percent__range=(1, 100), cents=None) | Q(percent=None, cents__gt=0),
            ),
            models.CheckConstraint(
                name="some_months_says_how_many",
                condition=Q(lasts="months", months__gt=0) | (~Q(lasts="months") & Q(months=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.society}: {self.get_lasts_display()}"


class StripeEvent(models.Model):
    """That Stripe told us of something: kept first, under Stripe's own id, then worked on. Its content is not kept, for
    what it is about is asked for anew.
    """

    id = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=80)
    object_id = models.CharField(max_length=64, blank=True)
    customer_id = models.CharField(max_length=64, blank=True)
    society = models.ForeignKey(Society, on_delete=models.CASCADE, null=True, blank=True, related_name="stripe_events")
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField(default=clock.now)
    # How often it came; never, if it was found missing.
    times = models.PositiveIntegerField(default=1)
    done_at = models.DateTimeField(null=True, blank=True)
    # What it changed, or why nothing.
    outcome = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("billing event")
        ordering = ["-received_at", "-id"]
        indexes = [models.Index("received_at", name="billing_events_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class Override(Record):
    """What an operator decided for one society, whatever its plan says: until when, by whom and why."""

    class Kind(models.TextChoices):
        COMP = "comp", _("No charge")
        MENTORSHIPS = "mentorships", _("More mentorships")
        GRACE = "grace", _("More time to pay")
        CUSTOM_DOMAIN = "custom_domain", _("A domain of its own")
        SSO = "sso", _("Single sign-on")
        API = "api", _("Programming interface")

    society = models.ForeignKey(Society, on_delete=models.CASCADE, related_name="overrides")
    kind = models.CharField(max_length=14, choices=Kind)
    # Of mentorships running at a time: as many as that instead of the plan's.
    amount = models.PositiveIntegerField(null=True, blank=True)
    # Empty for as long as nobody takes it back.
    until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300)
    by = models.CharField(max_length=120)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint("society", "kind", name="one_override_of_a_kind", condition=Q(ended_at=None)),
            models.CheckConstraint(
                name="more_mentorships_says_how_many",
                condition=Q(kind="mentorships", amount__isnull=False) | (~Q(kind="mentorships") & Q(amount=None)),
            ),
            models.CheckConstraint(name="more_time_has_an_end", condition=~Q(kind="grace") | Q(until__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.society}: {self.get_kind_display()}"

    @property
    def ends_at(self) -> datetime | None:
        """When it ends or has ended, whichever comes first; None if it stays."""
        return min((moment for moment in (self.until, self.ended_at) if moment), default=None)

    def is_in_force(self, now: datetime) -> bool:
        return self.ends_at is None or now < self.ends_at
