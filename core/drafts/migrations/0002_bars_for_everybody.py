"""Whom somebody erased: nobody goes on typing about them in a page that is open still."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.migrating import give_way


class Migration(migrations.Migration):

    dependencies = [
        ('drafts', '0001_drafts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        give_way(),
        migrations.AlterField(
            model_name='draft',
            name='person',
            field=models.ForeignKey(help_text='Empty: a bar for everybody.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        give_way(),
    ]
