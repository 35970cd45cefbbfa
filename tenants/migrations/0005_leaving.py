"""Until when a society that leaves can be read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0004_example"),
    ]

    operations = [
        migrations.AddField(
            model_name="society",
            name="leaves_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="society",
            constraint=models.CheckConstraint(
                condition=models.Q(("leaves_at__isnull", False), models.Q(("state", "leaving"), _negated=True), _connector="OR"),
                name="who_leaves_has_a_date",
            ),
        ),
    ]
