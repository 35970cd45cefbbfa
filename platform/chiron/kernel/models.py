"""What every row of ours begins with."""

from __future__ import annotations

from django.db import models

from chiron.kernel.ids import uuid7


class UUIDv7(models.Func):
    """PostgreSQL 18's own `uuidv7()`, for rows that are not made in Python."""

    function = "uuidv7"
    output_field = models.UUIDField()


class Record(models.Model):
    """A row whose id sorts by age. Rows that must not be datable (anonymous answers) do not derive from it."""

    # Made in Python, so that two unsaved rows differ; the database has the same default for SQL of its own.
    id = models.UUIDField(primary_key=True, default=uuid7, db_default=UUIDv7(), editable=False)

    class Meta:
        abstract = True
