"""What is taken off the price of a quote."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0005_discounts"),
        ("quotes", "0001_quotes"),
    ]

    operations = [
        migrations.AddField(model_name="quote", name="off", field=models.PositiveIntegerField(default=0)),
        migrations.AddField(model_name="quote", name="off_for", field=models.CharField(blank=True, max_length=200)),
        migrations.AddField(model_name="quote", name="discount", field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="quotes", to="billing.discount")),
    ]
