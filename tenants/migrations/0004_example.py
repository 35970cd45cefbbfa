from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0003_confirmed")]

    operations = [
        migrations.AddField(
            model_name="society",
            name="on_show_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
