"""Operators: the people who watch over all societies."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from chiron.kernel import clock
from chiron.kernel.models import Record


class Operator(Record):
    """Somebody who may use the console. Their account is the platform's; no society knows it."""

    # To delete a society's account must not look for operators: there is no such table. PostgreSQL keeps the key here.
    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="operator")
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
