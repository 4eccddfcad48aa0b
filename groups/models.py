"""What happens in a group: seats, trial outcomes, meetings and who was there."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer, is_participant
from core.accounts.rights import Reach, reach
from core.encryption import EncryptedTextField
from core.ids import uuid7
from core.organisations.models import Group
from groups.permissions import SEE_MEETINGS
from participants.models.recusal import not_recused

PERSON = "trajectory__participant"


class PlacementQuerySet(models.QuerySet["Placement"]):
    def visible_to(self, user: Viewer) -> PlacementQuerySet:
        if is_participant(user):
            return self.filter(trajectory__participant__user=user)
        return self.filter(reach(user, SEE_MEETINGS).as_q("group__"), not_recused(user, PERSON))

    def open(self) -> PlacementQuerySet:
        """Placements that hold a seat, blocked and paused people included."""
        return self.filter(last_day__isnull=True)

    def on(self, day: date) -> PlacementQuerySet:
        """In force on `day`, first and last day included."""
        return self.filter(first_day__lte=day).filter(
            Q(last_day__isnull=True) | Q(last_day__gte=day)
        )

    def active(self) -> PlacementQuerySet:
        """Who is counted and written to: not blocked, not paused."""
        return self.open().filter(trajectory__blocked_reason="").exclude(trajectory__phase="paused")

    def on_sheet(self, day: date) -> PlacementQuerySet:
        """Everybody who may stand at the door that evening, blocked ones included."""
        return self.on(day)


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: Viewer) -> MeetingQuerySet:
        """The own group's meetings for a participant; by reach for professionals.

        No time or place before every yes that is needed (trust.md 6): somebody blocked sees none.
        """
        if is_participant(user):
            return self.filter(
                group__placements__trajectory__participant__user=user,
                group__placements__trajectory__blocked_reason="",
                group__placements__last_day__isnull=True,
            )
        return self.within(reach(user, SEE_MEETINGS))

    def within(self, far: Reach) -> MeetingQuerySet:
        """Of the groups that a permission reaches; see `visible_to`."""
        return self.filter(far.as_q("group__"))

    def upcoming(self, moment: datetime) -> MeetingQuerySet:
        return self.filter(status="planned", ends_at__gte=moment).order_by("starts_at")

    def to_come(self, moment: datetime, group: Group) -> MeetingQuerySet:
        """Evenings of `group` that somebody can still come to, tonight's included."""
        coming = self.filter(group=group, ends_at__gte=moment).exclude(status="cancelled")
        return coming.order_by("starts_at")

    def held(self) -> MeetingQuerySet:
        return self.filter(status="held")


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def visible_to(self, user: Viewer) -> AttendanceQuerySet:
        if is_participant(user):
            return self.filter(trajectory__participant__user=user)
        return self.filter(
            reach(user, SEE_MEETINGS).as_q("meeting__group__"), not_recused(user, PERSON)
        )


class Placement(models.Model):
    """A seat in a group, trial or definitive; first and last day both inclusive.

    A trial takes a seat too and is never rewritten; a definitive one starts at the earliest the
    day after the trial meeting; a move ends the old one on the day before.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(
        "participants.Trajectory", on_delete=models.PROTECT, related_name="placements"
    )
    group = models.ForeignKey(
        "organisations.Group", on_delete=models.PROTECT, related_name="placements"
    )
    trial = models.BooleanField()
    seat = models.PositiveSmallIntegerField()
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    placed_at = models.DateTimeField()
    override_reason = EncryptedTextField(
        blank=True, help_text=_("Why a second trial meeting (R-081), or why moved here.")
    )
    in_chat_on = models.DateField(
        null=True, blank=True, help_text=_("Added to the group chat by a worker (R-079).")
    )
    out_of_chat_on = models.DateField(
        null=True, blank=True, help_text=_("Taken out of the group chat by a worker (R-189).")
    )
    without_chat_on = models.DateField(
        null=True, blank=True, help_text=_("Takes part without the group chat (R-100).")
    )

    objects = PlacementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "seat"],
                condition=models.Q(last_day__isnull=True),
                name="one_open_placement_per_seat",
            ),
            models.UniqueConstraint(
                fields=["trajectory"],
                condition=models.Q(last_day__isnull=True),
                name="one_open_placement_per_stay",
            ),
            models.CheckConstraint(
                condition=models.Q(seat__gte=1, seat__lte=15), name="seat_between_1_and_15"
            ),
            models.CheckConstraint(
                condition=models.Q(last_day__isnull=True)
                | models.Q(last_day__gte=models.F("first_day"))
                | models.Q(last_day=models.F("first_day") - models.Value(1)),
                name="placement_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["group", "first_day", "last_day"])]


class TrialOutcome(models.Model):
    """After the one trial meeting: two judgements of the workers, and the own wish (R-076..077)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    placement = models.OneToOneField(
        Placement, on_delete=models.CASCADE, related_name="trial_outcome"
    )
    programme_fits = models.BooleanField(null=True)
    group_fits = models.BooleanField(null=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    judged_at = models.DateTimeField(null=True, blank=True)
    own_wish = models.BooleanField(null=True)
    own_wish_at = models.DateTimeField(null=True, blank=True)
    own_wish_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )


class Meeting(models.Model):
    """An evening of the group: three hours, every two weeks (R-114, R-115)."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        CANCELLED = "cancelled", _("cancelled")

    class CancelReason(models.TextChoices):
        TOO_FEW = "too_few", _("too few people")
        WORKER_ILL = "worker_ill", _("youth worker ill")
        LOCATION = "location", _("no room")
        WEATHER = "weather", _("weather")
        HOLIDAY = "holiday", _("holiday")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    group = models.ForeignKey(
        "organisations.Group", on_delete=models.PROTECT, related_name="meetings"
    )
    date = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PLANNED)
    cancel_reason = models.CharField(
        max_length=10, choices=CancelReason.choices, blank=True, default=""
    )
    activity = models.CharField(_("activity"), max_length=120, blank=True)
    activity_by = models.CharField(_("thought up by"), max_length=120, blank=True)
    closed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("A worker said that the evening is over (C-44).")
    )
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["group", "date"], name="one_meeting_a_day"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="meeting_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(status="cancelled") | models.Q(cancel_reason=""),
                name="only_cancelled_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["group", "status", "date"])]

    def __str__(self) -> str:
        return f"{self.date}"


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
    """*I can't come*, told beforehand; can be taken back with *I can come after all*."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="absence_notices")
    trajectory = models.ForeignKey(
        "participants.Trajectory", on_delete=models.CASCADE, related_name="absence_notices"
    )
    told_at = models.DateTimeField()
    why = EncryptedTextField(blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)

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


class LastMeeting(models.Model):
    """The evening that was agreed to be the last one (R-180). No meeting: agree a new one.

    `Trajectory.last_meeting_on` follows from it: moved when the meeting moves, cleared when it is
    cancelled, later when somebody comes again after it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.OneToOneField(
        "participants.Trajectory", on_delete=models.CASCADE, related_name="last_meeting"
    )
    meeting = models.ForeignKey(
        Meeting, null=True, on_delete=models.PROTECT, related_name="last_meetings"
    )
    agreed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
