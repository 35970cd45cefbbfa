"""Who signed up to which cycle, what they answered, and whether they may take part."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chiron.kernel.models import Record
from programs.policy.models import Cycle
from tenants.people.models import Person


class Role(models.TextChoices):
    MENTOR = "mentor", _("Mentor")
    MENTEE = "mentee", _("Mentee")


class SheetImport(Record):
    """One spreadsheet that staff brought in: first looked at, then taken as a whole or not at all."""

    class Kind(models.TextChoices):
        ROSTER = "roster", _("Membership list")
        MENTORS = "mentors", _("Mentor sign-ups")
        MENTEES = "mentees", _("Mentee sign-ups")
        FORM = "form", _("Answers of a web form, mentors and mentees together")

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, null=True, blank=True, related_name="sheet_imports")
    kind = models.CharField(max_length=10, choices=Kind)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    # The file itself, only between the preview and the decision.
    content = models.BinaryField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    rows_added = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_same = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list)
    brought_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name


class Enrollment(Record):
    """A person's sign-up to one cycle in one role."""

    class State(models.TextChoices):
        APPLIED = "applied", _("Signed up")
        ELIGIBLE = "eligible", _("Can take part")
        TO_CHECK = "to_check", _("To check")
        NOT_ELIGIBLE = "not_eligible", _("Cannot take part")
        WAITLISTED = "waitlisted", _("On the waiting list")
        MATCHED = "matched", _("Matched")
        FINISHED = "finished", _("Finished")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        PAUSED = "paused", _("Paused")

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="enrollments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrollments")
    role = models.CharField(max_length=10, choices=Role)
    state = models.CharField(max_length=12, choices=State, default=State.APPLIED)
    # What the person said, as the fields of `programs.policy.participant.Participant`.
    answers = models.JSONField(default=dict)
    # The last eligibility decision with its reasons, as `programs.policy.rules.Decision` stores itself.
    decision = models.JSONField(default=dict, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    # Set when a member of staff decided instead of the rules ("accept as guest").
    decided_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    source = models.ForeignKey(SheetImport, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    signed_up_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["signed_up_at", "id"]
        constraints = [
            models.UniqueConstraint("cycle", "person", "role", name="one_sign_up_per_role"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"
