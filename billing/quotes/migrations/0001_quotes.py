"""Quotes on paper."""

import django.db.models.deletion
from django.db import migrations, models

import chiron.kernel.ids
import chiron.kernel.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("billing", "0002_what_stripe_says"),
        ("tenants", "0005_leaving"),
    ]

    operations = [
        migrations.CreateModel(
            name="Quote",
            fields=[
                ("id", models.UUIDField(db_default=chiron.kernel.models.UUIDv7(), default=chiron.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=20, unique=True)),
                ("interval", models.CharField(choices=[("month", "by the month"), ("year", "by the year")], max_length=5)),
                ("cents", models.PositiveIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("contact_name", models.CharField(max_length=120)),
                ("contact_mail", models.EmailField(max_length=254)),
                ("address", models.TextField(max_length=400)),
                ("renews", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("valid_until", models.DateField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("accepted_by", models.CharField(blank=True, max_length=120)),
                ("purchase_order", models.CharField(blank=True, max_length=30)),
                ("plan", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="quotes", to="billing.plan")),
                ("society", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="quotes", to="tenants.society")),
            ],
            options={
                "ordering": ["-made_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at", None), ("accepted_by", "")),
                            models.Q(("accepted_at__isnull", False), models.Q(("accepted_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="who_accepts_says_so",
                    )
                ],
            },
        ),
    ]
