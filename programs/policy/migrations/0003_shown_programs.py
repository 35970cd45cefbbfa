from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policy", "0002_interest_and_logos")]

    operations = [
        migrations.AddField("program", "shown_at", models.DateTimeField(null=True, blank=True)),
        # What is public stays public.
        migrations.RunSQL("UPDATE policy_program SET shown_at = created_at", migrations.RunSQL.noop),
    ]
