import core.encryption
import core.ids
import django.db.models.deletion
from core.migrating import give_way
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0007_offline'),
        ('participants', '0017_moments_of_holds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        give_way(),
        migrations.CreateModel(
            name='ActivityLike',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('liked_at', models.DateTimeField()),
                ('activity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='likes', to='groups.activity')),
                ('trajectory', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='likes', to='participants.trajectory')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('activity', 'trajectory'), name='one_like_per_person_and_activity')],
            },
        ),
        migrations.CreateModel(
            name='FundingRequest',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('words', core.encryption.EncryptedTextField(blank=True, editable=True)),
                ('asked_at', models.DateTimeField()),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('paid', 'Paid from the special fund'), ('cheaper', 'The group does it in a cheaper way'), ('otherwise', 'Arranged in another way'), ('not_needed', 'Talked about it, nothing is needed'), ('not_possible', 'Talked about it, it was not possible')], max_length=12)),
                ('amount_cents', models.PositiveIntegerField(blank=True, null=True)),
                ('note', core.encryption.EncryptedTextField(blank=True, editable=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('activity', models.ForeignKey(blank=True, help_text='Nothing: it is about activities in general.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='funding_requests', to='groups.activity')),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('trajectory', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='funding_requests', to='participants.trajectory')),
            ],
            options={
                'ordering': ['-asked_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('settled_at__isnull', True), ('taken_back_at__isnull', True)), fields=('trajectory', 'activity'), name='one_funding_request_waits', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('settled_at__isnull', True)), models.Q(('settled_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='settled_funding_has_an_outcome')],
            },
        ),
        migrations.AddField(
            model_name='activity',
            name='planned_by',
            field=models.ForeignKey(db_index=False, blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='activity',
            name='put_aside_by',
            field=models.ForeignKey(db_index=False, blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='activitystop',
            name='client_id',
            field=models.UUIDField(blank=True, help_text='A resend makes no second stop.', null=True, unique=True),
        ),
        migrations.AddField(
            model_name='activitystop',
            name='said_by',
            field=models.ForeignKey(db_index=False, blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='absencenotice',
            name='for_day',
            field=models.DateField(help_text='The day of the meeting when it was told.', null=True),
        ),
        migrations.AddField(
            model_name='absencenotice',
            name='lapsed',
            field=models.BooleanField(db_default=False, default=False, help_text='Not taken back: the meeting was moved.'),
        ),
        give_way(),
    ]
