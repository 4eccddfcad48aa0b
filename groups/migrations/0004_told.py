import core.ids
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.migrating import give_way


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0003_in_time'),
        ('messaging', '0006_class_of_tonight'),
        ('organisations', '0006_parents_hear_changes'),
        ('participants', '0017_moments_of_holds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        give_way(),
        migrations.CreateModel(
            name='MeetingChange',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('act', models.UUIDField(db_index=True, default=core.ids.uuid7)),
                ('kind', models.CharField(choices=[('planned', 'planned'), ('moved', 'moved'), ('cancelled', 'cancelled')], max_length=9)),
                ('at', models.DateTimeField()),
                ('was', models.DateTimeField(blank=True, help_text='When it began before; empty: it did not stand.', null=True)),
                ('now', models.DateTimeField(blank=True, help_text='When it begins since; empty: it does not happen.', null=True)),
                ('reason_before', models.CharField(blank=True, help_text='Why it did not happen, where it is planned again.', max_length=10)),
                ('goodbyes', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), blank=True, default=list, help_text='The stays it was the last of.', size=None)),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('parent', models.BooleanField(default=False)),
                ('act', models.UUIDField(help_text='The change that made it.')),
                ('made_at', models.DateTimeField()),
                ('before', models.DateTimeField(help_text='Somebody should know by then.')),
                ('until', models.DateTimeField(help_text='From then on it is of no use any more.')),
                ('superseded_at', models.DateTimeField(blank=True, null=True)),
                ('tried_at', models.DateTimeField(blank=True, help_text='Rung, and not reached.', null=True)),
                ('told_at', models.DateTimeField(blank=True, help_text='A person told it.', null=True)),
            ],
            options={
                'ordering': ['made_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='NoticeLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('was', models.DateTimeField(blank=True, null=True)),
                ('now', models.DateTimeField(blank=True, null=True)),
                ('again', models.BooleanField(default=False, help_text='They had heard that it would not happen.')),
            ],
        ),
        migrations.AlterField(
            model_name='meeting',
            name='cancel_reason',
            field=models.CharField(blank=True, choices=[('too_few', 'too few people'), ('worker_ill', 'youth worker ill'), ('location', 'no room'), ('weather', 'weather'), ('holiday', 'holiday'), ('taken_back', 'planned by mistake')], default='', max_length=10),
        ),
        migrations.AddField(
            model_name='meetingchange',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='meetingchange',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='groups.meeting'),
        ),
        migrations.AddField(
            model_name='meetingchange',
            name='taken_back_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='notice',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='messaging.contact'),
        ),
        migrations.AddField(
            model_name='notice',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.group'),
        ),
        migrations.AddField(
            model_name='notice',
            name='message',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='messaging.message'),
        ),
        migrations.AddField(
            model_name='notice',
            name='told_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='notice',
            name='trajectory',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='participants.trajectory'),
        ),
        migrations.AddField(
            model_name='noticeline',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notice_lines', to='groups.meeting'),
        ),
        migrations.AddField(
            model_name='noticeline',
            name='notice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='groups.notice'),
        ),
        migrations.AddIndex(
            model_name='meetingchange',
            index=models.Index(fields=['meeting', 'at'], name='changes_of_a_meeting'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('superseded_at__isnull', True), ('told_at__isnull', True)), fields=['group', 'until'], name='notices_that_may_wait'),
        ),
        migrations.AddConstraint(
            model_name='noticeline',
            constraint=models.UniqueConstraint(fields=('notice', 'meeting'), name='one_line_per_meeting'),
        ),
        give_way(),
    ]
