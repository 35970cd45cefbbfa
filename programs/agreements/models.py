"""What people agreed to."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chiron.kernel.models import Record
from programs.policy.models import Program
from tenants.people.models import Person


class Agreed(Record):
    """One person's yes to one text of a program, as they read it. It outlives the sign-up that it was said with."""

    class How(models.TextChoices):
        SIGN_UP = "sign_up", _("with the sign-up")
        FIRST_VISIT = "first_visit", _("at the first visit")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="agreed")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="agreed")
    # As it was called then, for a session may be canceled and taken back.
    session = models.CharField(max_length=80)
    role = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    # The fingerprint of name, version and text: by it we know whether somebody agreed to just this.
    digest = models.CharField(max_length=64)
    how = models.CharField(max_length=12, choices=How)
    agreed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "agreed"
        ordering = ["agreed_at", "name", "id"]
        indexes = [models.Index(fields=["program", "person", "digest"], name="agreed_by_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.name} {self.version}"
