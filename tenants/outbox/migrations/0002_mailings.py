from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import chiron.kernel.clock
import chiron.kernel.ids
import chiron.kernel.models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Mailing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=chiron.kernel.models.UUIDv7(),
                        default=chiron.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("key", models.CharField(max_length=120, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("people", models.PositiveIntegerField()),
                ("written", models.PositiveIntegerField(default=0)),
                ("begun_at", models.DateTimeField(default=chiron.kernel.clock.now)),
                ("leaves_at", models.DateTimeField()),
                ("told", models.EmailField(blank=True, max_length=254)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                (
                    "why_stopped",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("by_hand", "Stopped by hand"),
                            ("came_back", "Stopped by itself: too many mails came back"),
                            ("complaints", "Stopped by itself: too many people complained"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "db_table": "outbox_mailing",
                "ordering": ["-begun_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("why_stopped", ""), ("stopped_at__isnull", False), _connector="XOR"),
                        name="what_stopped_says_why",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="outboxmail",
            name="mailing",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="mails",
                to="outbox.mailing",
            ),
        ),
        migrations.AddField(
            model_name="outboxmail",
            name="came_back",
            field=models.CharField(
                blank=True,
                choices=[("bounce", "Came back"), ("complaint", "Marked as spam")],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="outboxmail",
            name="came_back_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="outboxmail",
            index=models.Index(
                models.F("recipient"),
                condition=models.Q(("came_back", ""), _negated=True),
                name="mail_that_came_back",
            ),
        ),
    ]
