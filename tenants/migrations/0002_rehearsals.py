from __future__ import annotations

import datetime

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="society",
            name="rehearses",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rehearsals",
                to="tenants.society",
            ),
        ),
        migrations.AddField(
            model_name="society",
            name="rehearsed_for",
            field=models.EmailField(blank=True, db_default="", default="", editable=False, max_length=254),
        ),
        migrations.AddField(
            model_name="society",
            name="clock_ahead",
            field=models.DurationField(db_default=datetime.timedelta(0), default=datetime.timedelta(0), editable=False),
        ),
        migrations.AddField(
            model_name="society",
            name="passing_until",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="society",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rehearses__isnull", False),
                    models.Q(("clock_ahead", datetime.timedelta(0)), ("passing_until__isnull", True), ("rehearsed_for", "")),
                    _connector="OR",
                ),
                name="only_rehearsals_move_time",
            ),
        ),
    ]
