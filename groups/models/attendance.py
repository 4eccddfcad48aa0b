"""Who was there, who said beforehand not to come, and who is waited for at the door."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer, is_participant
from core.accounts.rights import reach
from core.encryption import EncryptedTextField
from core.ids import uuid7
from groups.models.meetings import Meeting
from groups.models.seats import PERSON
from groups.permissions import SEE_MEETINGS
from participants.models.recusal import not_recused


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def visible_to(self, user: Viewer) -> AttendanceQuerySet:
        if is_participant(user):
            return self.filter(trajectory__participant__user=user)
        return self.filter(
            reach(user, SEE_MEETINGS).as_q("meeting__group__"), not_recused(user, PERSON)
        )


class Attendance(models.Model):
    """One person at one meeting. Presence, never a mark for taking part (R-144).

    `version` rises with every change, so two workers never overwrite each other silently.
    """

    class State(models.TextChoices):
        NOT_RECORDED = "not_recorded", _("not recorded")
        PRESENT = "present", _("here")
        WITH_NOTICE = "absent_with_notice", _("told us")
        WITHOUT_NOTICE = "absent_without_notice", _("did not come")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    trajectory = models.ForeignKey(
        "participants.Trajectory", on_delete=models.PROTECT, related_name="attendance"
    )
    state = models.CharField(max_length=22, choices=State.choices, default=State.NOT_RECORDED)
    version = models.PositiveIntegerField(default=0)
    left_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Went home early; was there all the same.")
    )
    recorded_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "trajectory"], name="one_attendance_per_person_and_meeting"
            )
        ]
        indexes = [models.Index(fields=["trajectory", "state"])]


class AttendanceTap(models.Model):
    """A tap that was applied, by the id the client gave it: a resend changes nothing twice."""

    client_id = models.UUIDField(primary_key=True)
    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="taps")
    from_state = models.CharField(max_length=22)
    to_state = models.CharField(max_length=22)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(help_text=_("Version after this tap."))
    act = models.UUIDField(
        default=uuid7, db_index=True, help_text=_("Taps of one act share this: undo knows it.")
    )
    undone = models.BooleanField(default=False, help_text=_("Taken back, or itself a taking back."))
    correction = models.BooleanField(
        default=False, help_text=_("A change of a recorded row after the meeting's day.")
    )

    class Meta:
        ordering = ["at"]
        indexes = [BrinIndex(fields=["at"], name="taps_in_the_order_of_time")]


class AbsenceNotice(models.Model):
    """*I can't come*, told beforehand; can be taken back with *I can come after all*.

    It was said of a day: on another day the meeting was moved to, it lapses
    (`groups.evenings.absence`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="absence_notices")
    trajectory = models.ForeignKey(
        "participants.Trajectory", on_delete=models.CASCADE, related_name="absence_notices"
    )
    told_at = models.DateTimeField()
    why = EncryptedTextField(blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    for_day = models.DateField(null=True, help_text=_("The day of the meeting when it was told."))
    lapsed = models.BooleanField(
        default=False, db_default=False, help_text=_("Not taken back: the meeting was moved.")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "trajectory"],
                condition=models.Q(taken_back_at__isnull=True),
                name="one_absence_notice_in_force",
            )
        ]


class DoorWait(models.Model):
    """*Wait for me at the door*: asked for a first evening, can be taken back."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="door_waits")
    trajectory = models.ForeignKey(
        "participants.Trajectory", on_delete=models.CASCADE, related_name="door_waits"
    )
    asked_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "trajectory"],
                condition=models.Q(taken_back_at__isnull=True),
                name="one_door_wait_in_force",
            )
        ]
