"""Whose key the words of a restored copy are encrypted with."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0005_leaving"),
    ]

    operations = [
        migrations.AddField(
            model_name="society",
            name="sealed_as",
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
    ]
