"""What somebody is an example in for the others of the group, as agreed with them (R-145)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer, is_participant
from core.accounts.rights import reach
from core.encryption import EncryptedTextField
from core.ids import uuid7
from groups.models.seats import PERSON
from groups.permissions import PLACE, SEE_MEETINGS
from participants.models import Trajectory
from participants.models.recusal import not_recused


class RoleModelQuerySet(models.QuerySet["RoleModel"]):
    def visible_to(self, user: Viewer) -> RoleModelQuerySet:
        """The own; those of the group somebody is in now, for its workers and the coordinator. No
        other participant ever sees one."""
        if is_participant(user):
            return self.filter(trajectory__participant__user=user)
        return self.filter(
            reach(user, SEE_MEETINGS).as_q("trajectory__group__"), not_recused(user, PERSON)
        )

    def open(self) -> RoleModelQuerySet:
        """Not ended by anybody; most recently agreed last."""
        return self.filter(ended_on__isnull=True).order_by("agreed_on", "pk")

    def ended_by_themselves(self, user: Viewer) -> RoleModelQuerySet:
        """What a young person ended, of somebody who takes part in a group this worker leads. Wants
        `visible_to`."""
        return self.filter(
            reach(user, PLACE).as_q("trajectory__group__"),
            ended_by=F("trajectory__participant__user"),
            trajectory__phase__in=Trajectory.Phase.IN_GROUP,
            trajectory__stopped_on__isnull=True,
        )

    def in_force(self) -> RoleModelQuerySet:
        """What is shown: of somebody who takes part. It ends with the stay, and rests while a
        consent is missing; a closing that is taken back brings it back."""
        return self.open().filter(
            trajectory__phase__in=Trajectory.Phase.IN_GROUP,
            trajectory__stopped_on__isnull=True,
            trajectory__blocked_reason="",
        )


class RoleModel(models.Model):
    """One skill of one stay; it goes along to another group.

    `agreed_on`: the day on which a worker and the young person agreed on it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(
        "participants.Trajectory", on_delete=models.CASCADE, related_name="role_models"
    )
    skill = EncryptedTextField()
    agreed_on = models.DateField()
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    end_seen_at = models.DateTimeField(
        null=True, blank=True, help_text=_("A worker has read that they ended it themselves.")
    )

    objects = RoleModelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_by__isnull=True)
                | Q(ended_on__isnull=False, ended_by__isnull=False),
                name="role_model_ended_says_by_whom",
            ),
        ]
