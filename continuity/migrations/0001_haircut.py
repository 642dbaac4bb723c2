"""The haircut of the planning view, version by version; PostgreSQL lets it only grow."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from trustfund.core.db import append_only


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0002_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Haircut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(unique=True)),
                ('percent', models.DecimalField(decimal_places=2, max_digits=5)),
                ('reason', models.CharField(max_length=400)),
                ('set_at', models.DateTimeField()),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('percent__gte', 0), ('percent__lte', 100)), name='a_haircut_is_a_part_of_the_whole'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_haircut_says_why')],
            },
        ),
        append_only("continuity_haircut"),
    ]
