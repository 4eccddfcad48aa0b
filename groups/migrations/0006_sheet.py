import core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.migrating import give_way


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0005_moving'),
        ('participants', '0017_moments_of_holds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        give_way(),
        migrations.CreateModel(
            name='Visitor',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('call_name', models.CharField(blank=True, max_length=40, verbose_name='call name')),
                ('added_at', models.DateTimeField()),
                ('taken_off_at', models.DateTimeField(blank=True, null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visitors', to='groups.meeting')),
                ('trajectory', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='participants.trajectory')),
            ],
            options={
                'ordering': ['added_at'],
            },
        ),
        migrations.CreateModel(
            name='SheetAct',
            fields=[
                ('client_id', models.UUIDField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('guests', 'guests'), ('visitor', 'visitor'), ('left', 'left early'), ('undo', 'an undo')], max_length=8)),
                ('change', models.SmallIntegerField()),
                ('left_before', models.DateTimeField(blank=True, null=True)),
                ('at', models.DateTimeField()),
                ('undone', models.BooleanField(default=False, help_text='Taken back, or itself a taking back.')),
                ('attendance', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='acts', to='groups.attendance')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='groups.meeting')),
                ('visitor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='acts', to='groups.visitor')),
            ],
            options={
                'ordering': ['at'],
            },
        ),
        migrations.AddConstraint(
            model_name='visitor',
            constraint=models.UniqueConstraint(condition=models.Q(('taken_off_at__isnull', True)), fields=('meeting', 'trajectory'), name='one_visit_per_person_and_meeting'),
        ),
        migrations.AddConstraint(
            model_name='visitor',
            constraint=models.CheckConstraint(condition=models.Q(('trajectory__isnull', True), ('call_name', ''), _connector='OR'), name='a_known_visitor_has_no_second_name'),
        ),
        give_way(),
    ]
