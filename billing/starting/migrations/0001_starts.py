from __future__ import annotations

import chiron.kernel.clock
import chiron.kernel.ids
import chiron.kernel.models
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tenants', '0003_confirmed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Start',
            fields=[
                ('id', models.UUIDField(db_default=chiron.kernel.models.UUIDv7(), default=chiron.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, verbose_name='mail address')),
                ('person', models.CharField(max_length=120)),
                ('name', models.CharField(max_length=120)),
                ('website', models.URLField()),
                ('time_zone', models.CharField(blank=True, max_length=40)),
                ('begun_at', models.DateTimeField(default=chiron.kernel.clock.now, editable=False)),
                ('asked_in_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('slug', models.CharField(blank=True, max_length=40)),
                ('agreed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('terms', models.CharField(blank=True, max_length=10)),
                ('processing', models.CharField(blank=True, max_length=10)),
                ('society', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='start', to='tenants.society')),
            ],
            options={
                'ordering': ['-begun_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.UUIDField(db_default=chiron.kernel.models.UUIDv7(), default=chiron.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('until', models.DateTimeField()),
                ('start', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hand_overs', to='starting.start')),
            ],
            options={
                'ordering': ['-until'],
            },
        ),
        migrations.AddConstraint(
            model_name='start',
            constraint=models.UniqueConstraint(models.F('email'), condition=models.Q(('society', None)), name='one_start_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='start',
            constraint=models.CheckConstraint(condition=models.Q(('agreed_at', None), models.Q(('terms', ''), ('processing', ''), ('slug', ''), _connector='OR', _negated=True), _connector='OR'), name='agreed_to_something'),
        ),
        migrations.AddConstraint(
            model_name='start',
            constraint=models.CheckConstraint(condition=models.Q(('society', None), ('agreed_at__isnull', False), _connector='OR'), name='nothing_is_made_unless_agreed'),
        ),
    ]
