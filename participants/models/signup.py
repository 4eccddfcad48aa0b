from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class TurnedAway(models.Model):
    """How often somebody could not sign up: month, reason and region, never a person (R-044)."""

    class Reason(models.TextChoices):
        TOO_YOUNG = "too_young", _("younger than 12")
        TOO_OLD = "too_old", _("older than 30")
        OUTSIDE_AREA = "outside_area", _("outside every work area")
        NO_GROUP_FOR_AGE = "no_group_for_age", _("no group for this age")
        GROUP_FULL = "group_full", _("group full")

    month = models.DateField(help_text=_("First day of the month."))
    reason = models.CharField(max_length=18, choices=Reason.choices)
    region = models.ForeignKey("organisations.Region", null=True, on_delete=models.CASCADE)
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "reason", "region"],
                nulls_distinct=False,
                name="one_count_per_month_reason_region",
            )
        ]


class InterestRegistration(models.Model):
    """Somebody wants to hear when Join Us comes near (R-035); the link in the mail deletes it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contact = models.OneToOneField("messaging.Contact", on_delete=models.CASCADE)
    municipality = models.ForeignKey("organisations.Municipality", on_delete=models.CASCADE)
    age = models.PositiveSmallIntegerField()
    registered_on = models.DateField()
    token_hash = models.BinaryField(
        max_length=32, null=True, unique=True, help_text=_("Of the link that deletes this row.")
    )
    told_on = models.DateField(
        null=True, blank=True, help_text=_("The day the one message was written.")
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["municipality"],
                condition=models.Q(told_on__isnull=True),
                name="interest_that_waits",
            )
        ]


class InterestCount(models.Model):
    """How many registered: month and municipality. It stays when the registration is deleted."""

    month = models.DateField(help_text=_("First day of the month."))
    municipality = models.ForeignKey("organisations.Municipality", on_delete=models.CASCADE)
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "municipality"], name="one_interest_count_per_month_and_place"
            )
        ]


class SignUpReceipt(models.Model):
    """What a young person has in hand after signing up: a page to mend or take back what they sent.

    `id` is the number of the form. The form says the same to everybody, so somebody we know
    already gets one as well (`own` is false): with a contact of its own, as it was typed, of the
    stay that it began or beside the one that stands. It works for a month.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    trajectory = models.ForeignKey(
        "participants.Trajectory", on_delete=models.CASCADE, related_name="receipts"
    )
    contact = models.ForeignKey("messaging.Contact", on_delete=models.CASCADE, related_name="+")
    own = models.BooleanField(help_text=_("This form began the stay; else somebody knocked."))
    token_hash = models.BinaryField(
        max_length=32, null=True, unique=True, help_text=_("Of the link in the newest message.")
    )
    made_on = models.DateField(db_index=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
