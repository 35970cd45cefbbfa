from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("people", "0002_when_a_stage_ends")]

    operations = [
        migrations.AddField("staffrole", "institution", models.CharField(blank=True, default="", max_length=200), preserve_default=False),
        migrations.AddConstraint(
            "staffrole",
            models.CheckConstraint(
                name="a_partner_runs_one_program_until_a_day",
                condition=Q(institution="") | Q(kind="manager", program_id__isnull=False, ends_on__isnull=False),
            ),
        ),
    ]
