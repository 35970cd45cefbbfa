"""That societies leave."""

import django.db.models.deletion
from django.db import migrations, models

import chiron.kernel.ids
import chiron.kernel.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenants", "0005_leaving"),
    ]

    operations = [
        migrations.CreateModel(
            name="Departure",
            fields=[
                ("id", models.UUIDField(db_default=chiron.kernel.models.UUIDv7(), default=chiron.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("state_before", models.CharField(choices=[("trial", "On trial"), ("active", "Active"), ("suspended", "Suspended"), ("leaving", "Leaving"), ("left", "Left")], max_length=10)),
                ("begun_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("asked_by", models.CharField(blank=True, max_length=200)),
                ("reason", models.CharField(choices=[("done", "Our program has ended"), ("price", "It costs too much"), ("missing", "Something that we need is missing"), ("hard", "It is too much work"), ("other", "Another reason"), ("unpaid", "No plan")], max_length=10)),
                ("words", models.CharField(blank=True, max_length=500)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                ("deleted", models.JSONField(blank=True, default=dict)),
                ("readers", models.JSONField(blank=True, default=list)),
                ("society", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="departures", to="tenants.society")),
            ],
            options={
                "ordering": ["-begun_at", "id"],
                "constraints": [
                    models.UniqueConstraint(models.F("society"), condition=models.Q(("deleted_at", None), ("stopped_at", None)), name="a_society_leaves_once"),
                    models.CheckConstraint(condition=models.Q(("stopped_at", None), ("deleted_at", None), _connector="OR"), name="stopped_or_deleted"),
                ],
            },
        ),
    ]
