"""Match runs and what staff decided about pairs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chiron.kernel.models import Record
from programs.enrollment.models import Enrollment
from programs.mentorships.models import Mentorship
from programs.policy.models import Cycle, PolicyVersion
from tenants.people.models import Person

# Stands beside the result of a run whose pairs follow the lists of both sides.
BY_LISTS = "by_lists"


class MatchRun(Record):
    """One solve over one snapshot of the sign-ups, stored whole: it can be explained and run again years later."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        REPLACED = "replaced", _("Replaced by a newer draft")

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="match_runs")
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    seed = models.BigIntegerField()
    # Who was in it and what they had answered then; the weights and rules used; the engine's result with its proof.
    snapshot = models.JSONField()
    result = models.JSONField()
    engine_version = models.CharField(max_length=40)
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    published_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint("cycle", name="one_draft_per_cycle", condition=Q(state="draft")),
            models.CheckConstraint(
                name="published_has_a_time", condition=~Q(state="published") | Q(published_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle}, {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def by_lists(self) -> bool:
        """Whether its pairs follow the lists of both sides, and not points alone."""
        return BY_LISTS in self.result

    @property
    def in_rounds(self) -> bool:
        """Whether everybody got a first mentor before anybody got a second one."""
        return "first" in self.result

    @property
    def aims_at_worst_off(self) -> bool:
        """Whether the pair that is worst off came before the points of all."""
        return bool(self.result.get("objective") == "worst_off_first")


class SuggestedPair(Record):
    """A pair of one run, with the points that add up to its score and, once published, the mentorship it became."""

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="pairs")
    mentee = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="+")
    mentor = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="+")
    # What the mentor is for, where each is for one thing.
    aspect = models.CharField(max_length=200, blank=True)
    score = models.PositiveIntegerField()
    # What would be lost, in points of the score, if this pair were not allowed; None when nothing else is possible.
    margin = models.PositiveIntegerField(null=True, blank=True)
    facts = models.JSONField(default=dict)
    mentorship = models.OneToOneField(
        Mentorship, on_delete=models.SET_NULL, null=True, blank=True, related_name="suggested_pair"
    )

    class Meta:
        ordering = ["-score", "id"]
        constraints = [models.UniqueConstraint("run", "mentee", "mentor", name="a_pair_once_per_run")]

    def __str__(self) -> str:
        return f"{self.mentee.person} – {self.mentor.person}"

    @property
    def is_one_more(self) -> bool:
        """Whether the mentee has a first mentor beside this one, where these come first."""
        return self.facts.get("first") is False


class SuggestedGroup(Record):
    """A group of one run, for parts that bring more than two together."""

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="groups")
    # What two of it make of each other, on average.
    score = models.PositiveIntegerField()
    mentorship = models.OneToOneField(
        Mentorship, on_delete=models.SET_NULL, null=True, blank=True, related_name="suggested_group"
    )

    class Meta:
        ordering = ["-score", "id"]

    def __str__(self) -> str:
        return str(self.id)


class SuggestedPlace(Record):
    """Somebody's place in a suggested group, with the sentences that they would read; a mentor stands first."""

    group = models.ForeignKey(SuggestedGroup, on_delete=models.CASCADE, related_name="places")
    enrollment = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    why = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["group", "number"]
        constraints = [models.UniqueConstraint("group", "enrollment", name="a_person_once_per_group")]

    def __str__(self) -> str:
        return str(self.enrollment)


class PairDecision(Record):
    """Staff's word on a pair, kept for every later draft of the cycle."""

    class Kind(models.TextChoices):
        KEEP = "keep", _("Keep this pair")
        NEVER = "never", _("Never this pair")

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="pair_decisions")
    mentee = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="+")
    mentor = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind)
    # What a pair to keep is for, where each mentor is for one thing; empty: for what suits best.
    aspect = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("cycle", "mentee", "mentor", name="one_decision_per_pair")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.mentee.person} – {self.mentor.person}"


class PairNote(Record):
    """What staff wrote down about two people, for their colleagues: what was asked, what was said. Never changed."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="pair_notes")
    mentee = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="+")
    mentor = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=500)
    written_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-written_at", "-id"]

    def __str__(self) -> str:
        return f"{self.mentee} – {self.mentor}"


class HeldPair(Record):
    """Two people whom staff would like to see as a pair in the next session of the program, if both come again."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="held_pairs")
    mentee = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="+")
    mentor = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="+")
    held_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    held_at = models.DateTimeField()

    class Meta:
        ordering = ["-held_at", "-id"]
        constraints = [models.UniqueConstraint("cycle", "mentee", "mentor", name="a_pair_is_held_once")]

    def __str__(self) -> str:
        return f"{self.mentee} – {self.mentor}"
