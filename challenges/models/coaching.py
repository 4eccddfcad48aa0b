"""A thread that is talked over in coaching, under another name and for a while (R-268)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from challenges.permissions import COACH
from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.ids import uuid7
from groups.models import Placement
from participants.models import Trajectory
from participants.models.recusal import not_recused


class ThreadSharingQuerySet(models.QuerySet["ThreadSharing"]):
    def visible_to(self, user: Viewer) -> ThreadSharingQuerySet:
        """Of the region, for its coordinator, less whom they stay out of; while somebody waits for
        a consent nothing is talked over. Wants `standing` beside it."""
        far = reach(user, COACH).regions
        return self.filter(
            not_recused(user, "trajectory__participant"),
            trajectory__group__location__region__in=far,
            trajectory__participant__erased_at=None,
            trajectory__blocked_reason="",
        )

    def standing(self, moment: datetime) -> ThreadSharingQuerySet:
        """Not over, and shared in the group somebody is in now: to the workers and the coordinator
        of the next group it does not move along, however late the move is written down."""
        had_a_place = Placement.objects.filter(
            trajectory=OuterRef("trajectory"),
            group=OuterRef("trajectory__group"),
            first_day__lte=OuterRef("at__date"),
            placed_at__lte=OuterRef("at"),
        )
        return self.filter(Exists(had_a_place), until__gt=moment)


class ThreadSharing(models.Model):
    """A youth worker shares the thread of one stay with the coordinator, until `until`.

    `pseudonym` is drawn by lot for this sharing alone; nothing about the person is in it. Taking it
    back sets `until` to that moment.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(
        Trajectory, on_delete=models.CASCADE, related_name="thread_sharings"
    )
    pseudonym = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField(help_text=_("Nobody but the own workers reads it from then on."))
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ThreadSharingQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("at")), name="thread_shared_for_a_while"
            )
        ]
