"""What staff decided about publishing a draft."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chiron.kernel.models import Record
from matching.models import MatchRun
from tenants.people.models import Person


class Publication(Record):
    """How a draft is to be published: planned, then waiting for its time with a way back, then done or not.

    Nothing of the draft has begun before it is done: whoever stops it has nothing to take back.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        WAITING = "waiting", _("Waiting to leave")
        DONE = "done", _("Published")
        STOPPED = "stopped", _("Stopped")
        REFUSED = "refused", _("Not published")

    class First(models.TextChoices):
        MENTOR = "mentor", _("Mentors first; a mentee hears after the yes, and never of a no")
        MENTEE = "mentee", _("Mentees first; a mentor hears after the yes, and never of a no")
        BOTH = "both", _("Both at the same time")
        NOBODY = "nobody", _("Nobody: they are introduced at once")

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="publications")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    # Groups ask nobody.
    asked_first = models.CharField(max_length=10, choices=First, blank=True)
    # The time that staff chose; empty for as soon as can be.
    wanted_at = models.DateTimeField(null=True, blank=True)
    leaves_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # Why it was not published when its time had come.
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                "run", name="one_publication_ahead", condition=Q(state__in=["planned", "waiting", "done"])
            ),
            models.CheckConstraint(
                name="what_waits_has_a_time", condition=~Q(state="waiting") | Q(leaves_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run}: {self.get_state_display()}"
