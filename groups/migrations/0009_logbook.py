"""The logbook of a meeting: three fixed parts, talks, conditions, what happened."""

import core.encryption
import core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.migrating import give_way


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0008_activities'),
        ('organisations', '0005_in_alphabetical_order'),
        ('participants', '0017_moments_of_holds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        give_way(),
        migrations.CreateModel(
            name='LocationCheck',
            fields=[
                ('location', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='four_checks', serialize=False, to='organisations.location')),
                ('open_to_all', models.BooleanField(null=True, verbose_name='Is it open to everyone?')),
                ('holds_fifteen', models.BooleanField(null=True, verbose_name='Is there room for a group of fifteen?')),
                ('several_rooms', models.BooleanField(null=True, verbose_name='Are there several rooms?')),
                ('fits_the_age', models.BooleanField(null=True, verbose_name='Does it suit the age of the group?')),
                ('checked_at', models.DateTimeField()),
                ('checked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='LogbookPart',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('own_time', 'Welcome and own time'), ('activity', 'Activity together'), ('fun_and_safety', 'Fun and safety'), ('peer_to_peer', 'Peer-to-peer contact'), ('leadership', 'Personal leadership'), ('incident', 'What happened?'), ('discussed', 'How was it talked over?'), ('solution', 'What did the participants come up with themselves?'), ('farewell', 'Goodbye'), ('feedback', 'From the coordinator')], max_length=14)),
                ('text', core.encryption.EncryptedTextField(blank=True, editable=True)),
                ('state', models.CharField(blank=True, choices=[('plenty', 'plenty'), ('partly', 'partly'), ('too_little', 'too little')], default='', max_length=10)),
                ('filled', models.BooleanField(default=False)),
                ('version', models.PositiveIntegerField(default=0)),
                ('written_at', models.DateTimeField()),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='logbook', to='groups.meeting')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='LogbookAbout',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('trajectory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='in_logbooks', to='participants.trajectory')),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='about', to='groups.logbookpart')),
            ],
        ),
        migrations.CreateModel(
            name='Talk',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('text', core.encryption.EncryptedTextField(blank=True, editable=True)),
                ('setting', models.CharField(blank=True, choices=[('alone', 'just the two of us'), ('group', 'in a group')], default='', max_length=5)),
                ('moment', models.CharField(blank=True, choices=[('before', 'before the activity'), ('during', 'during the activity')], default='', max_length=6)),
                ('version', models.PositiveIntegerField(default=0)),
                ('written_at', models.DateTimeField()),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='talks', to='groups.meeting')),
                ('trajectory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='talks', to='participants.trajectory')),
            ],
        ),
        migrations.AddConstraint(
            model_name='logbookpart',
            constraint=models.UniqueConstraint(fields=('meeting', 'kind'), name='one_logbook_part_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='logbookabout',
            constraint=models.UniqueConstraint(fields=('part', 'trajectory'), name='about_somebody_once'),
        ),
        migrations.AddConstraint(
            model_name='talk',
            constraint=models.UniqueConstraint(fields=('meeting', 'trajectory', 'by'), name='one_talk_per_worker_and_person'),
        ),
        give_way(),
    ]
