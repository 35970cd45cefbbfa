"""What operators take off a society's plan, and what Stripe says is taken off."""

import django.db.models.deletion
from django.db import migrations, models

import chiron.kernel.clock
import chiron.kernel.ids
import chiron.kernel.models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0004_tax_certificates"),
        ("tenants", "0005_leaving"),
    ]

    operations = [
        migrations.RemoveField(model_name="subscription", name="discount"),
        migrations.AddField(model_name="subscription", name="discounts", field=models.JSONField(blank=True, default=list)),
        migrations.CreateModel(
            name="Discount",
            fields=[
                ("id", models.UUIDField(db_default=chiron.kernel.models.UUIDv7(), default=chiron.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("percent", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("cents", models.PositiveIntegerField(blank=True, null=True)),
                ("lasts", models.CharField(choices=[("once", "The first invoice"), ("months", "Every invoice of the first months"), ("forever", "Every invoice")], max_length=7)),
                ("months", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("reason", models.CharField(max_length=300)),
                ("by", models.CharField(max_length=120)),
                ("made_at", models.DateTimeField(default=chiron.kernel.clock.now, editable=False)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("society", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="discounts", to="tenants.society")),
            ],
            options={
                "ordering": ["-made_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(models.F("society"), condition=models.Q(("ended_at", None)), name="one_discount_at_a_time"),
                    models.CheckConstraint(condition=models.Q(models.Q(("cents", None), ("percent__range", (1, 100))), models.Q(("cents__gt", 0), ("percent", None)), _connector="OR"), name="a_percentage_or_an_amount"),
                    models.CheckConstraint(condition=models.Q(models.Q(("lasts", "months"), ("months__gt", 0)), models.Q(models.Q(("lasts", "months"), _negated=True), ("months", None)), _connector="OR"), name="some_months_says_how_many"),
                ],
            },
        ),
    ]
