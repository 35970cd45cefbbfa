"""An index of whole names: a long list of pairs asks for thousands of them."""

from django.db import migrations, models
from django.db.models.functions import Concat, Lower, Trim


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_the_most_at_once"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                Lower(Trim(Concat("given_name", models.Value(" "), "family_name"))), name="people_by_whole_name"
            ),
        ),
    ]
