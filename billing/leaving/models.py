"""That a society leaves, from the day on which its owner says so to the proof that its data is gone."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chiron.kernel.models import Record
from tenants.models import Society


class Departure(Record):
    """One leaving: until when it can be stopped, who asked for it, and what was deleted. It outlives the society."""

    class Reason(models.TextChoices):
        DONE = "done", _("Our program has ended")
        PRICE = "price", _("It costs too much")
        MISSING = "missing", _("Something that we need is missing")
        HARD = "hard", _("It is too much work")
        OTHER = "other", _("Another reason")
        UNPAID = "unpaid", _("No plan")

    society = models.ForeignKey(Society, on_delete=models.CASCADE, related_name="departures")
    # In what state it was, and will be again if it stays.
    state_before = models.CharField(max_length=10, choices=Society.State)
    begun_at = models.DateTimeField()
    # The last moment to read and to stop; at once afterwards everything is deleted.
    ends_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=10, choices=Reason)
    words = models.CharField(max_length=500, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    # What was deleted, by kind: how many.
    deleted = models.JSONField(default=dict, blank=True)
    # Name and address of those who get the proof, from just before the deletion until it is written.
    readers = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["-begun_at", "id"]
        constraints = [
            models.UniqueConstraint(
                "society", name="a_society_leaves_once", condition=Q(stopped_at=None, deleted_at=None)
            ),
            models.CheckConstraint(name="stopped_or_deleted", condition=Q(stopped_at=None) | Q(deleted_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.society}, {self.begun_at:%Y-%m-%d}"
