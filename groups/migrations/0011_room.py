import core.encryption
import core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from core.migrating import give_way


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0010_year_plan'),
        ('organisations', '0005_in_alphabetical_order'),
        ('participants', '0017_moments_of_holds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        give_way(),
        migrations.CreateModel(
            name='ExampleMessage',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('sent', models.BooleanField()),
                ('before', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='example', to='groups.meeting')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('title', core.encryption.EncryptedTextField(editable=True)),
                ('started_at', models.DateTimeField()),
                ('last_at', models.DateTimeField(help_text='When its newest post is there to be read.')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='topics', to='organisations.group')),
                ('stay', models.ForeignKey(blank=True, help_text='Nobody: a youth worker began it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='topics', to='participants.trajectory')),
            ],
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('text', core.encryption.EncryptedTextField(editable=True)),
                ('client_id', models.UUIDField()),
                ('written_at', models.DateTimeField()),
                ('shown_at', models.DateTimeField()),
                ('edited_at', models.DateTimeField(blank=True, null=True)),
                ('state', models.CharField(choices=[('shown', 'stands there'), ('held', 'waits until a worker has looked'), ('hidden', 'hidden by a worker'), ('removed', 'taken away by the author')], default='shown', max_length=8)),
                ('held_for', models.CharField(blank=True, choices=[('phone', 'a phone number'), ('mail', 'an e-mail address'), ('handle', 'a name of an app'), ('link', 'a link'), ('address', 'an address'), ('reported', 'several people reported it')], max_length=8)),
                ('judged_at', models.DateTimeField(blank=True, null=True)),
                ('word', core.encryption.EncryptedTextField(blank=True, editable=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('judged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stay', models.ForeignKey(blank=True, help_text='Nobody: a youth worker wrote it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='participants.trajectory')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='groups.topic')),
            ],
        ),
        migrations.CreateModel(
            name='Folded',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('other', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='participants.trajectory')),
                ('stay', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='folded', to='participants.trajectory')),
                ('topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='groups.topic')),
            ],
        ),
        migrations.CreateModel(
            name='PostReport',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reason', core.encryption.EncryptedTextField(blank=True, editable=True)),
                ('text', core.encryption.EncryptedTextField(blank=True, editable=True)),
                ('at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='groups.post')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stay', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='participants.trajectory')),
            ],
            options={
                'ordering': ['at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('settled_at__isnull', True)), fields=('post', 'stay'), name='one_open_report_of_a_post_each')],
            },
        ),
        migrations.CreateModel(
            name='RoomVisit',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('seen_at', models.DateTimeField()),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.group')),
                ('stay', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='room_visits', to='participants.trajectory')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('stay', 'group'), name='one_visit_of_a_room')],
            },
        ),
        migrations.AddIndex(
            model_name='topic',
            index=models.Index(fields=['group', '-last_at'], name='topics_of_a_group'),
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(fields=['topic', 'shown_at'], name='posts_of_a_topic'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(fields=('by', 'client_id'), name='a_post_is_sent_once'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'hidden'), _negated=True), ('judged_at__isnull', False), _connector='OR'), name='who_hides_a_post_is_known'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'held'), _negated=True), models.Q(('held_for', ''), _negated=True), _connector='OR'), name='a_held_post_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='folded',
            constraint=models.UniqueConstraint(fields=('stay', 'topic', 'other'), name='folded_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='folded',
            constraint=models.CheckConstraint(condition=models.Q(('topic__isnull', True), ('other__isnull', True), _connector='XOR'), name='folded_is_a_topic_or_a_person'),
        ),
        migrations.AddConstraint(
            model_name='folded',
            constraint=models.CheckConstraint(condition=models.Q(('stay', models.F('other')), _negated=True), name='nobody_folds_their_own_posts'),
        ),
        migrations.AddField(
            model_name='placement',
            name='stays_in_chat_at',
            field=models.DateTimeField(blank=True, help_text='Stays in the group chat during a pause, as agreed.', null=True),
        ),
        give_way(),
    ]
