"""What staff decided about publishing a draft, and what changed after it was published."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chiron.kernel.models import Record
from matching.models import MatchRun, SuggestedPair
from programs.enrollment.models import Enrollment
from programs.mentorships.models import Mentorship
from programs.policy.models import Cycle
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
    # Who of everybody else is not written to, as `others.Kind`, and the paragraphs that staff wrote for this time.
    left_out = models.JSONField(default=list, blank=True)
    words = models.JSONField(default=dict, blank=True)
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


class Told(Record):
    """Somebody without a pair who was written to when the pairs were published; in each session once."""

    class Kind(models.TextChoices):
        WAITS = "waits", _("Waits for a mentor")
        NOT_NEEDED = "not_needed", _("Not needed this time")
        NOT_ELIGIBLE = "not_eligible", _("Cannot take part")

    enrollment = models.OneToOneField(Enrollment, on_delete=models.CASCADE, related_name="told")
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="told")
    kind = models.CharField(max_length=12, choices=Kind)
    told_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.enrollment}: {self.get_kind_display()}"


class NextBest(Record):
    """Who comes next for somebody whose place is free again; found anew after every no, gone once it is sent."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="next_best")
    mentee = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="+")
    mentor = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="+")
    # What the mentor would be for, where each is for one thing.
    aspect = models.CharField(max_length=200, blank=True)
    score = models.PositiveIntegerField()
    facts = models.JSONField(default=dict)
    # What came to nothing, so that one of the two is free.
    after = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="+")
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["-score", "id"]
        constraints = [models.UniqueConstraint("mentee", "mentor", name="a_next_best_once")]

    def __str__(self) -> str:
        return f"{self.mentee.person} – {self.mentor.person}"

    def as_pair(self) -> SuggestedPair:
        """The two as a suggested pair of no draft."""
        return SuggestedPair(
            mentee=self.mentee, mentor=self.mentor, aspect=self.aspect, score=self.score, facts=self.facts
        )


class Change(Record):
    """A pair that began or ended after the session's pairs were published. The run stays as it was published."""

    class Kind(models.TextChoices):
        NEXT = "next", _("Next best after a no")
        ADDED = "added", _("Added")
        CHANGED = "changed", _("Changed")
        ENDED = "ended", _("Ended")

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="pair_changes")
    # What was published last before it; empty where staff pair by hand alone.
    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, null=True, blank=True, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind)
    # The pair that began, and the one that went before it.
    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    before = models.ForeignKey(Mentorship, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    # How well the two suited each other when it was made, as on a suggested pair.
    score = models.PositiveIntegerField(null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="a_change_is_about_a_pair",
                condition=Q(mentorship__isnull=False) | Q(before__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.at:%Y-%m-%d}"
