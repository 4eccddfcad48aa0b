"""How a challenge goes, as worker and participant said it in a talk (R-168)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from challenges.models.challenge import TEN, Challenge, followed_by
from core.accounts.actors import Viewer
from core.encryption import EncryptedTextField
from core.ids import uuid7


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def visible_to(self, user: Viewer) -> EvaluationQuerySet:
        return self.filter(followed_by(user, "challenge__trajectory"))


class Evaluation(models.Model):
    """How practising goes, how satisfied, and whether a new one is needed (R-168, R-169).

    `talk` is the talk of the logbook it was said in, where there is one. Saving again changes the
    evaluation of that day; `version` rises with it.
    """

    class Next(models.TextChoices):
        GO_ON = "go_on", _("go on with this one")
        ANOTHER = "another", _("choose a new one")
        NONE_NEEDED = "none_needed", _("none is needed any more")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="evaluations")
    talk = models.ForeignKey(
        "groups.Talk", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    on = models.DateField()
    how_it_goes = EncryptedTextField(blank=True)
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True, validators=[TEN])
    next = models.CharField(max_length=11, choices=Next.choices, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["challenge", "on"], name="one_evaluation_of_a_day")
        ]
