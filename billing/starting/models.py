"""Who starts a society and how far they came: rows of the platform, for an address that was proved by a code."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chiron.kernel import clock
from chiron.kernel.models import Record
from tenants.models import Society


class Start(Record):
    """One society being started by one person. Whoever comes back goes on with it; it stays as what was agreed to."""

    email = models.EmailField(_("mail address"))
    person = models.CharField(max_length=120)
    name = models.CharField(max_length=120)
    website = models.URLField()
    time_zone = models.CharField(max_length=40, blank=True)
    begun_at = models.DateTimeField(default=clock.now, editable=False)
    # When the owners of a society that may be the same were written to.
    asked_in_at = models.DateTimeField(null=True, blank=True, editable=False)

    # When whoever left it half way was reminded, which happens once.
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)

    # The address that was chosen, and which texts were agreed to in saying so.
    slug = models.CharField(max_length=40, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True, editable=False)
    terms = models.CharField(max_length=10, blank=True)
    processing = models.CharField(max_length=10, blank=True)

    # When the owner came in by a link the last time; each proof of the address is good for one.
    entered_at = models.DateTimeField(null=True, blank=True, editable=False)

    society = models.OneToOneField(Society, on_delete=models.CASCADE, null=True, blank=True, related_name="start")

    class Meta:
        ordering = ["-begun_at", "-id"]
        constraints = [
            models.UniqueConstraint("email", name="one_start_at_a_time", condition=Q(society=None)),
            models.CheckConstraint(
                name="agreed_to_something",
                condition=Q(agreed_at=None) | ~(Q(terms="") | Q(processing="") | Q(slug="")),
            ),
            models.CheckConstraint(
                name="nothing_is_made_unless_agreed", condition=Q(society=None) | Q(agreed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class HandOver(Record):
    """A link that signs the owner in on the new portal; the row goes when it is used, so it works once."""

    start = models.ForeignKey(Start, on_delete=models.CASCADE, related_name="hand_overs")
    until = models.DateTimeField()

    class Meta:
        ordering = ["-until"]

    def __str__(self) -> str:
        return str(self.start)
