from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.encryption import EncryptedTextField
from core.ids import uuid7
from participants.models.stay import Trajectory
from participants.querysets import ComplaintQuerySet


class Complaint(models.Model):
    """Something is not okay: told to a named person outside the group (trust.md 11a).

    No file, list, time line, message, to-do or count of the group's workers leads here. It starts
    at `visible_to`, which knows who works, or worked, in the group it is about.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(Trajectory, on_delete=models.CASCADE, related_name="complaints")
    group = models.ForeignKey(
        "organisations.Group",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The group of that moment, whoever moved since."),
    )
    region = models.ForeignKey("organisations.Region", on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = EncryptedTextField()
    told_at = models.DateTimeField()
    answer_by = models.DateField(help_text=_("The day that was promised to the young person."))
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        ordering = ["-told_at"]
        indexes = [models.Index(fields=["region", "closed_at"])]

    def __str__(self) -> str:
        return str(self.id)


class ComplaintStep(models.Model):
    """What happened with it: an answer to the young person, a note, or more of their own words."""

    class Kind(models.TextChoices):
        ANSWER = "answer", _("answer to the young person")
        NOTE = "note", _("what I did")
        MORE = "more", _("more from the young person")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = EncryptedTextField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"
