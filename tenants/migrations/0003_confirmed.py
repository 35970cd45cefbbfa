from __future__ import annotations

from django.db import migrations, models

import chiron.kernel.clock


class Migration(migrations.Migration):
    dependencies = [("tenants", "0002_rehearsals")]

    operations = [
        migrations.AddField(
            model_name="society",
            name="website",
            field=models.URLField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="society",
            name="postal_address",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        # Every society that is there was made by an operator.
        migrations.AddField(
            model_name="society",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, default=chiron.kernel.clock.now, editable=False, null=True),
        ),
    ]
