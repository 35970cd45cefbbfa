"""Certificates of tax exemption."""

import django.db.models.deletion
from django.db import migrations, models

import chiron.kernel.ids
import chiron.kernel.models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0003_ends_by_leaving"),
        ("tenants", "0005_leaving"),
    ]

    operations = [
        migrations.CreateModel(
            name="TaxCertificate",
            fields=[
                ("id", models.UUIDField(db_default=chiron.kernel.models.UUIDv7(), default=chiron.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=140)),
                ("content_type", models.CharField(max_length=40)),
                ("content", models.BinaryField()),
                ("brought_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("accepted_by", models.CharField(blank=True, max_length=120)),
                ("society", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="tax_certificate", to="tenants.society")),
            ],
            options={"ordering": ["-brought_at"]},
        ),
    ]
