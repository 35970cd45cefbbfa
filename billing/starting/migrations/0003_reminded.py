from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("starting", "0002_entered")]

    operations = [
        migrations.AddField(
            model_name="start",
            name="reminded_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
