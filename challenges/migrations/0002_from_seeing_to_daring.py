"""From what youth workers see to what young people dare: observations, hypotheses, small steps,
how practising went, evaluations, and support.
"""

import core.encryption
import core.ids
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.migrating import give_way


class Migration(migrations.Migration):

    dependencies = [
        ('challenges', '0001_schema'),
        ('groups', '0018_move_outcome'),
        ('participants', '0018_rung_at_the_meeting'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        give_way(),
        migrations.CreateModel(
            name='ChallengeMechanism',
            fields=[
                ('challenge', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='mechanism_row', serialize=False, to='challenges.challenge')),
                ('mechanism', models.CharField(choices=[('social_skills_deficit', 'does not know how (not able)'), ('negative_cognitions', 'expects it to go wrong (not daring)')], max_length=40)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Consequence',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('positive', 'pleasant'), ('negative', 'hard')], max_length=8)),
                ('text', core.encryption.EncryptedTextField(editable=True)),
                ('order', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['order', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Evaluation',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('on', models.DateField()),
                ('how_it_goes', core.encryption.EncryptedTextField(blank=True, editable=True)),
                ('satisfaction', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(10)])),
                ('next', models.CharField(blank=True, choices=[('go_on', 'go on with this one'), ('another', 'choose a new one'), ('none_needed', 'none is needed any more')], default='', max_length=11)),
                ('at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['-on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Hypothesis',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('client_id', models.UUIDField(unique=True)),
                ('text', core.encryption.EncryptedTextField(editable=True)),
                ('mechanism', models.CharField(choices=[('social_skills_deficit', 'does not know how (not able)'), ('negative_cognitions', 'expects it to go wrong (not daring)')], max_length=40)),
                ('at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=0)),
                ('outcome', models.CharField(blank=True, choices=[('confirmed', 'recognised in the talk'), ('changed', 'changed after the talk'), ('dropped', 'let go')], default='', max_length=9)),
                ('outcome_on', models.DateField(blank=True, null=True)),
                ('outcome_at', models.DateTimeField(blank=True, null=True)),
                ('outcome_text', core.encryption.EncryptedTextField(blank=True, editable=True)),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='HypothesisObservation',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name='Jotting',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('client_id', models.UUIDField(unique=True)),
                ('text', core.encryption.EncryptedTextField(blank=True, editable=True)),
                ('at', models.DateTimeField()),
                ('lapses_at', models.DateTimeField()),
                ('dropped_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
        migrations.CreateModel(
            name='Observation',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('client_id', models.UUIDField(unique=True)),
                ('seen_on', models.DateField()),
                ('aim', models.CharField(choices=[('understand', 'To understand'), ('chance', 'A chance to practise'), ('new_behaviour', 'New behaviour')], default='understand', max_length=13)),
                ('antecedent', core.encryption.EncryptedTextField(blank=True, editable=True)),
                ('behaviour', core.encryption.EncryptedTextField(editable=True)),
                ('written_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=0)),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-seen_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('agrees', models.BooleanField()),
                ('text', core.encryption.EncryptedTextField(blank=True, editable=True)),
                ('of_version', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='PlannedSupport',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name='PracticeNote',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('client_id', models.UUIDField(unique=True)),
                ('on', models.DateField()),
                ('where', models.CharField(choices=[('inside', 'at Join Us'), ('outside', 'somewhere else')], max_length=7)),
                ('place', core.encryption.EncryptedTextField(blank=True, editable=True)),
                ('outcome', models.CharField(choices=[('worked', 'it worked'), ('partly', 'partly'), ('not_yet', 'not yet'), ('something_else', 'I want something else')], max_length=14)),
                ('did', core.encryption.EncryptedTextField(blank=True, editable=True)),
                ('felt', core.encryption.EncryptedTextField(blank=True, editable=True)),
                ('at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=0)),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Preparation',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('role', core.encryption.EncryptedTextField(blank=True, editable=True)),
                ('written_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('text', core.encryption.EncryptedTextField(editable=True)),
                ('at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, choices=[('accepted', 'taken over'), ('changed', 'changed and taken over'), ('declined', 'rather not'), ('withdrawn', 'taken back'), ('lapsed', 'lapsed')], default='', max_length=9)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
        migrations.CreateModel(
            name='SmallStep',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('text', core.encryption.EncryptedTextField(editable=True)),
                ('where', models.CharField(blank=True, choices=[('inside', 'at Join Us'), ('outside', 'somewhere else')], default='', max_length=7)),
                ('order', models.PositiveSmallIntegerField()),
                ('made_at', models.DateTimeField()),
                ('dropped_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['order', 'id'],
            },
        ),
        migrations.CreateModel(
            name='SupportUse',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('setting', models.CharField(choices=[('alone', 'individually'), ('group', 'in the group')], default='alone', max_length=5)),
                ('giver', models.CharField(choices=[('worker', 'by a youth worker'), ('peer', 'by a participant')], default='worker', max_length=6)),
                ('at', models.DateTimeField()),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='challenge',
            name='challenge_going_or_ended_by_somebody',
        ),
        migrations.AddField(
            model_name='challenge',
            name='remind',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='challenge',
            name='satisfaction',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(10)]),
        ),
        migrations.AddField(
            model_name='challenge',
            name='wants_another',
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='challenge',
            name='shared_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='challenge',
            name='sureness',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(10)]),
        ),
        migrations.AddField(
            model_name='challenge',
            name='version',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='supportform',
            name='added_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='supportform',
            name='reworded_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='supportform',
            name='retired_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='supportform',
            name='suits',
            field=models.CharField(blank=True, choices=[('social_skills_deficit', 'does not know how (not able)'), ('negative_cognitions', 'expects it to go wrong (not daring)')], db_default='', default='', help_text='The mechanism it is suggested with; empty where none is printed (R-177).', max_length=40),
        ),
        migrations.AddField(
            model_name='supportform',
            name='text_nl',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AlterField(
            model_name='challenge',
            name='state',
            field=models.CharField(choices=[('going', 'going on'), ('reached', 'it worked out'), ('laid_aside', 'laid aside'), ('with_stay', 'ended with the stay')], default='going', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='challenge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_by__isnull', True), ('ended_on__isnull', True), ('state', 'going')), models.Q(('ended_by__isnull', False), ('ended_on__gte', models.F('chosen_on')), ('state__in', ['reached', 'laid_aside'])), models.Q(('ended_on__gte', models.F('chosen_on')), ('state', 'with_stay')), _connector='OR'), name='challenge_going_or_ended'),
        ),
        migrations.AddField(
            model_name='challengemechanism',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='evaluation',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='evaluation',
            name='challenge',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evaluations', to='challenges.challenge'),
        ),
        migrations.AddField(
            model_name='evaluation',
            name='talk',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='groups.talk'),
        ),
        migrations.AddField(
            model_name='hypothesis',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='hypothesis',
            name='instead',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='replaces', to='challenges.hypothesis'),
        ),
        migrations.AddField(
            model_name='hypothesis',
            name='outcome_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='hypothesis',
            name='trajectory',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hypotheses', to='participants.trajectory'),
        ),
        migrations.AddField(
            model_name='challengemechanism',
            name='hypothesis',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='challenges', to='challenges.hypothesis'),
        ),
        migrations.AddField(
            model_name='hypothesisobservation',
            name='hypothesis',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grounds', to='challenges.hypothesis'),
        ),
        migrations.AddField(
            model_name='jotting',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='jotting',
            name='meeting',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='groups.meeting'),
        ),
        migrations.AddField(
            model_name='jotting',
            name='trajectory',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='jottings', to='participants.trajectory'),
        ),
        migrations.AddField(
            model_name='observation',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='observation',
            name='meeting',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='groups.meeting'),
        ),
        migrations.AddField(
            model_name='observation',
            name='trajectory',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='observations', to='participants.trajectory'),
        ),
        migrations.AddField(
            model_name='jotting',
            name='observation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='jottings', to='challenges.observation'),
        ),
        migrations.AddField(
            model_name='hypothesisobservation',
            name='observation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hypotheses', to='challenges.observation'),
        ),
        migrations.AddField(
            model_name='consequence',
            name='observation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consequences', to='challenges.observation'),
        ),
        migrations.AddField(
            model_name='opinion',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='opinion',
            name='hypothesis',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opinions', to='challenges.hypothesis'),
        ),
        migrations.AddField(
            model_name='plannedsupport',
            name='form',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='challenges.supportform'),
        ),
        migrations.AddField(
            model_name='practicenote',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='practicenote',
            name='challenge',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='challenges.challenge'),
        ),
        migrations.AddField(
            model_name='practicenote',
            name='meeting',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='groups.meeting'),
        ),
        migrations.AddField(
            model_name='preparation',
            name='challenge',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='preparations', to='challenges.challenge'),
        ),
        migrations.AddField(
            model_name='preparation',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='groups.meeting'),
        ),
        migrations.AddField(
            model_name='preparation',
            name='trajectory',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preparations', to='participants.trajectory'),
        ),
        migrations.AddField(
            model_name='preparation',
            name='written_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='plannedsupport',
            name='preparation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='planned', to='challenges.preparation'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='proposal',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='proposal',
            name='challenge',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='proposal', to='challenges.challenge'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='trajectory',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='participants.trajectory'),
        ),
        migrations.AddField(
            model_name='smallstep',
            name='challenge',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='challenges.challenge'),
        ),
        migrations.AddField(
            model_name='practicenote',
            name='step',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notes', to='challenges.smallstep'),
        ),
        migrations.AddField(
            model_name='supportuse',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='supportuse',
            name='challenge',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='support_uses', to='challenges.challenge'),
        ),
        migrations.AddField(
            model_name='supportuse',
            name='form',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='challenges.supportform'),
        ),
        migrations.AddField(
            model_name='supportuse',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='groups.meeting'),
        ),
        migrations.AddField(
            model_name='supportuse',
            name='trajectory',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='support_uses', to='participants.trajectory'),
        ),
        migrations.AddConstraint(
            model_name='evaluation',
            constraint=models.UniqueConstraint(fields=('challenge', 'on'), name='one_evaluation_of_a_day'),
        ),
        migrations.AddConstraint(
            model_name='hypothesis',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('outcome_by__isnull', True), ('outcome_on__isnull', True)), models.Q(models.Q(('outcome', ''), _negated=True), ('outcome_by__isnull', False), ('outcome_on__isnull', False)), _connector='OR'), name='hypothesis_open_or_with_an_outcome'),
        ),
        migrations.AddIndex(
            model_name='observation',
            index=models.Index(fields=['trajectory', 'seen_on'], name='observations_of_a_stay'),
        ),
        migrations.AddIndex(
            model_name='jotting',
            index=models.Index(condition=models.Q(('dropped_at__isnull', True), ('observation__isnull', True)), fields=['lapses_at'], name='jottings_that_lapse'),
        ),
        migrations.AddConstraint(
            model_name='hypothesisobservation',
            constraint=models.UniqueConstraint(fields=('hypothesis', 'observation'), name='observation_under_a_hypothesis_once'),
        ),
        migrations.AddConstraint(
            model_name='opinion',
            constraint=models.UniqueConstraint(fields=('hypothesis', 'by'), name='one_opinion_of_a_worker_on_a_hypothesis'),
        ),
        migrations.AddConstraint(
            model_name='preparation',
            constraint=models.UniqueConstraint(fields=('meeting', 'trajectory'), name='one_preparation_per_person_and_meeting'),
        ),
        migrations.AddConstraint(
            model_name='plannedsupport',
            constraint=models.UniqueConstraint(fields=('preparation', 'form'), name='planned_support_once'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('challenge__isnull', True)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='proposal_open_or_answered'),
        ),
        migrations.AddIndex(
            model_name='supportuse',
            index=models.Index(fields=['trajectory', 'meeting'], name='support_of_a_stay'),
        ),
        migrations.AddConstraint(
            model_name='supportuse',
            constraint=models.UniqueConstraint(condition=models.Q(('taken_back_at__isnull', True)), fields=('meeting', 'trajectory', 'form', 'setting', 'giver'), name='support_used_once_per_way'),
        ),
        migrations.CreateModel(
            name='ThreadSharing',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('pseudonym', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('until', models.DateTimeField(help_text='Nobody but the own workers reads it from then on.')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_back_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('trajectory', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='thread_sharings', to='participants.trajectory')),
            ],
            options={
                'ordering': ['-at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('until__gte', models.F('at'))), name='thread_shared_for_a_while')],
            },
        ),
        give_way(),
    ]
