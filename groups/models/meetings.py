"""The evenings of a group, and the one that was agreed to be somebody's last."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.accounts.actors import Viewer, is_participant
from core.accounts.rights import Reach, reach
from core.ids import uuid7
from core.organisations.models import Group
from core.written_out import WordColumn
from groups.models.moments import OPENS_BEFORE, can_come, has_ended, is_to_end
from groups.models.seats import Placement
from groups.permissions import SEE_MEETINGS


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: Viewer) -> MeetingQuerySet:
        """For a participant those of the group in which they have a place on that day, as long as
        they have one (R-377); by reach for professionals. Of who came to get to know the group none
        after that one, of who says goodbye none after the last.

        No time or place before every yes that is needed (trust.md 6): somebody blocked sees none.
        """
        if is_participant(user):
            before = Meeting.objects.filter(
                attendance__trajectory=OuterRef("trajectory"),
                attendance__state="present",
                group=OuterRef("group"),
                date__gte=OuterRef("first_day"),
                date__lt=OuterRef(OuterRef("date")),
            )
            seat = Placement.objects.filter(
                Q(last_day__isnull=True) | Q(last_day__gte=OuterRef("date")),
                Q(last_day__isnull=True) | Q(last_day__gte=clock.today()),
                group=OuterRef("group"),
                first_day__lte=OuterRef("date"),
                trajectory__participant__user=user,
                trajectory__blocked_reason="",
            )
            seat = seat.exclude(Q(trial=True) & Exists(before)).exclude(
                trajectory__phase="leaving", trajectory__last_meeting_on__lt=OuterRef("date")
            )
            # Beside the rule, so that it is read from their groups and not from all meetings.
            own = Placement.objects.filter(trajectory__participant__user=user)
            return self.filter(Exists(seat), group__in=own.values("group").distinct())
        return self.within(reach(user, SEE_MEETINGS))

    def within(self, far: Reach) -> MeetingQuerySet:
        """Of the groups that a permission reaches; see `visible_to`."""
        return self.filter(far.as_q("group__"))

    def upcoming(self, moment: datetime) -> MeetingQuerySet:
        """Not over and not cancelled; the first is the one that is next, or runs now."""
        return self.filter(can_come(moment)).order_by("starts_at")

    def to_come(self, moment: datetime, group: Group) -> MeetingQuerySet:
        """Evenings of `group` that somebody can still come to, tonight's included."""
        return self.upcoming(moment).filter(group=group)

    def not_over(self, moment: datetime) -> MeetingQuerySet:
        """As `upcoming`, with those that were cancelled: for who looks ahead."""
        return self.filter(is_to_end(moment))

    def tonight(self, moment: datetime) -> MeetingQuerySet:
        """Their sheet is open and they are not over."""
        return self.upcoming(moment).filter(starts_at__lte=moment + OPENS_BEFORE)

    def running(self, moment: datetime) -> MeetingQuerySet:
        return self.upcoming(moment).filter(starts_at__lte=moment)

    def held(self) -> MeetingQuerySet:
        """Somebody is written down there; it may still be running."""
        return self.filter(status="held")

    def over(self, moment: datetime) -> MeetingQuerySet:
        """What was held and is over: what is inferred from a sheet is asked of these (C-44)."""
        return self.held().filter(has_ended(moment))

    def unwritten(self, moment: datetime) -> MeetingQuerySet:
        """Over, and nobody was written down."""
        return self.filter(has_ended(moment), status="planned")


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
        TAKEN_BACK = "taken_back", _("planned by mistake")

        @classmethod
        def to_choose(cls) -> list[tuple[str, Any]]:
            """What a worker may give as the reason."""
            return [(one.value, one.label) for one in cls if one is not cls.TAKEN_BACK]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    group = models.ForeignKey(
        "organisations.Group", on_delete=models.PROTECT, related_name="meetings"
    )
    date = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = WordColumn(max_length=9, choices=Status.choices, default=Status.PLANNED)
    cancel_reason = models.CharField(
        max_length=10, choices=CancelReason.choices, blank=True, default=""
    )
    activity = models.CharField(_("activity"), max_length=120, blank=True)
    activity_by = models.CharField(_("thought up by"), max_length=120, blank=True)
    closed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("A worker said that the evening is over (C-44).")
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    sequence = models.PositiveIntegerField(
        default=0,
        db_default=0,
        help_text=_("Rises with every plan, move, cancelling and taking back (RFC 5545)."),
    )
    changed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When it last changed for those who come.")
    )
    guests = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        help_text=_("People without a name who were there: counted, nothing more."),
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "date"],
                condition=~models.Q(status="cancelled"),
                name="one_standing_meeting_a_day",
            ),
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
