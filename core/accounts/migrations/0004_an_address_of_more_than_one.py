"""An address is unique among professionals only; 0003 made what keeps it so and finds it."""

from django.db import migrations, models

from core.migrating import give_way


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_mailboxes_may_be_shared")]

    operations = [
        give_way(),
        migrations.AlterField(
            model_name="user",
            name="email",
            field=models.EmailField(
                blank=True, max_length=254, null=True, verbose_name="e-mail address"
            ),
        ),
        give_way(),
    ]
