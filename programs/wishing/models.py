"""Whom somebody would like, one below the other."""

from __future__ import annotations

from django.db import models

from chiron.kernel.models import Record
from programs.enrollment.models import Enrollment


class Named(Record):
    """Somebody on the list of whom another would like. Whoever is named never learns of it."""

    mine = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="named")
    other = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name_plural = "named"
        ordering = ["mine", "place"]
        constraints = [
            models.UniqueConstraint("mine", "other", name="named_once"),
            models.UniqueConstraint("mine", "place", name="one_for_each_place"),
        ]

    def __str__(self) -> str:
        return f"{self.mine}, {self.place}: {self.other}"
