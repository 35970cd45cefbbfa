"""Before when a quote's invoice is not made."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quotes", "0002_quotes_with_a_discount")]

    operations = [
        migrations.AddField(model_name="quote", name="invoiced_from", field=models.DateTimeField(blank=True, null=True)),
    ]
