from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("starting", "0001_starts")]

    operations = [
        migrations.AddField(
            model_name="start",
            name="entered_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
