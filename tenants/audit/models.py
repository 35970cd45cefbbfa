"""Entries of the audit trail: in a society's schema its own, in `public` the platform's."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chiron.kernel import clock
from chiron.kernel.models import Record


class Entry(Record):
    """One thing that was done. It names rows by kind and id, so it outlives them and holds nobody's name."""

    class Actor(models.TextChoices):
        PERSON = "person", _("A person of the society")
        OPERATOR = "operator", _("An operator of the platform")
        SYSTEM = "system", _("The platform itself")

    at = models.DateTimeField(default=clock.now)
    verb = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=80, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    actor_kind = models.CharField(max_length=10, choices=Actor)
    actor_id = models.UUIDField(null=True, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name_plural = "entries"
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_id"], name="audit_by_subject")]
        constraints = [
            models.CheckConstraint(
                name="all_but_the_system_are_somebody",
                condition=Q(actor_kind="system", actor_id__isnull=True)
                | (~Q(actor_kind="system") & Q(actor_id__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} at {self.at:%Y-%m-%d %H:%M}"

    @classmethod
    def kind_of(cls, actor: models.Model | None) -> Entry.Actor:
        """Which kind of actor a row stands for; TypeError for one that cannot act."""
        if actor is None:
            return cls.Actor.SYSTEM
        kinds = {"people.person": cls.Actor.PERSON, "console.operator": cls.Actor.OPERATOR}
        if (label := actor._meta.label_lower) not in kinds:
            raise TypeError(f"Only a person or an operator acts, not {label}.")
        return kinds[label]
