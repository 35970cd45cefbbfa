"""What a plan would cost a society, on paper, and that somebody said yes to it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from billing.models import Discount, Interval, Plan
from chiron.kernel.models import Record
from tenants.models import Society


class Quote(Record):
    """One quote. Its words and its price never change; whoever wants another makes another."""

    society = models.ForeignKey(Society, on_delete=models.CASCADE, related_name="quotes")
    # Counted over all societies: “Q-2026-0017” stands on the paper.
    number = models.CharField(max_length=20, unique=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="quotes")
    interval = models.CharField(max_length=5, choices=Interval)
    cents = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    # What is taken off it, for which promise, in the words of that day.
    off = models.PositiveIntegerField(default=0)
    off_for = models.CharField(max_length=200, blank=True)
    discount = models.ForeignKey(Discount, on_delete=models.SET_NULL, null=True, blank=True, related_name="quotes")
    # To whom it is written, and who gets the invoices.
    contact_name = models.CharField(max_length=120)
    contact_mail = models.EmailField()
    address = models.TextField(max_length=400)
    # For another year of what a society has: then nothing begins with a yes, and the number stands on the next invoice.
    renews = models.BooleanField(default=False)
    # Before when no invoice is made: until then a trial or a paid year runs.
    invoiced_from = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    valid_until = models.DateField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.CharField(max_length=120, blank=True)
    purchase_order = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="who_accepts_says_so",
                condition=Q(accepted_at=None, accepted_by="") | (Q(accepted_at__isnull=False) & ~Q(accepted_by="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def total(self) -> int:
        """What the first invoice asks for, before tax."""
        return self.cents - self.off
