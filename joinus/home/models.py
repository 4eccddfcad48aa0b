"""What the roof keeps about groups: figures counted from several apps, and what was seen."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.ids import uuid7


class GroupFigures(models.Model):
    """Figures of a group as they were counted at `at`: counts and days, never a person.

    A projection kept for speed (docs/adr/0017): it can be thrown away, `count_groups` makes it
    again from the facts, to the digit. `need` and `signs` are what the rule says of them.
    """

    group = models.OneToOneField(
        "organisations.Group", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    need = models.PositiveSmallIntegerField()
    signs = ArrayField(models.CharField(max_length=20))
    workers = models.PositiveIntegerField()
    worker_left_on = models.DateField(null=True)
    seats = models.PositiveIntegerField()
    taking_part = models.PositiveIntegerField()
    seat_left_on = models.DateField(null=True)
    waiting = models.PositiveIntegerField()
    oldest = models.DateField(null=True)
    held = models.PositiveIntegerField()
    past = models.PositiveIntegerField()
    met = models.BooleanField()
    present = models.PositiveIntegerField()
    expected = models.PositiveIntegerField()
    last_on = models.DateField(null=True)
    next_on = models.DateField(null=True)
    evening = models.UUIDField(null=True)
    evening_on = models.DateField(null=True)
    here = models.PositiveIntegerField(null=True)
    unkept = models.PositiveIntegerField(default=0, db_default=0)
    unkept_on = models.DateField(null=True)
    answered = models.PositiveIntegerField()
    asked = models.PositiveIntegerField()
    at = models.DateTimeField()


class SignSeen(models.Model):
    """A coordinator saw what asks attention in a group, until its fact (`mark`) is another one.

    Only who saw which figure of a group: nothing about a young person. One row for each kind, so a
    mark of before is written over.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey("organisations.Group", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    mark = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "group", "kind"], name="one_sign_seen_per_person_group_and_kind"
            )
        ]
