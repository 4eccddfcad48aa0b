"""What stands on a sheet beside the states of its people: visitors, and acts that are no tap."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.ids import uuid7
from groups.models.attendance import Attendance
from groups.models.meetings import Meeting
from groups.permissions import SEE_MEETINGS


class VisitorQuerySet(models.QuerySet["Visitor"]):
    def visible_to(self, user: Viewer) -> VisitorQuerySet:
        """By reach for professionals; nobody else (R-004)."""
        return self.filter(reach(user, SEE_MEETINGS).as_q("meeting__group__"))

    def here(self) -> VisitorQuerySet:
        return self.filter(taken_off_at=None)


class Visitor(models.Model):
    """Somebody who was there without a place: they take no seat and count for no questionnaire.

    `trajectory`: somebody who signed up or took part before. `call_name`: a friend who is known by
    nothing else; the name goes with the day on which the sheet is settled.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="visitors")
    trajectory = models.ForeignKey(
        "participants.Trajectory",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="visits",
    )
    call_name = models.CharField(_("call name"), max_length=40, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    taken_off_at = models.DateTimeField(null=True, blank=True)

    objects = VisitorQuerySet.as_manager()

    class Meta:
        ordering = ["added_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "trajectory"],
                condition=models.Q(taken_off_at__isnull=True),
                name="one_visit_per_person_and_meeting",
            ),
            models.CheckConstraint(
                condition=models.Q(trajectory__isnull=True) | models.Q(call_name=""),
                name="a_known_visitor_has_no_second_name",
            ),
        ]


class SheetAct(models.Model):
    """An act on a sheet that is no tap on a state, by the id the client gave it: it happens once,
    and it can be taken back.

    `change`: +1 or -1, of the guests, of a visitor who was put on the list or taken off, of going
    home early (`attendance`; `left_before`: what stood there); 0: taps were taken back.
    """

    class Kind(models.TextChoices):
        GUESTS = "guests", _("guests")
        VISITOR = "visitor", _("visitor")
        LEFT = "left", _("left early")
        UNDO = "undo", _("an undo")

    client_id = models.UUIDField(primary_key=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    change = models.SmallIntegerField()
    visitor = models.ForeignKey(
        Visitor, null=True, blank=True, on_delete=models.CASCADE, related_name="acts"
    )
    attendance = models.ForeignKey(
        Attendance, null=True, blank=True, on_delete=models.CASCADE, related_name="acts"
    )
    left_before = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone = models.BooleanField(default=False, help_text=_("Taken back, or itself a taking back."))

    class Meta:
        ordering = ["at"]
