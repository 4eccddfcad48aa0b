"""What changed about the meetings of a group, and who was told of it (R-376)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.ids import uuid7
from groups.models.meetings import Meeting
from groups.models.seats import Placement
from groups.permissions import SEE_MEETINGS
from participants.models import HomeSilence, Intake, ParentalConsent, Trajectory, UnsafeHome
from participants.models.recusal import not_recused

#: What should leave at once and has not after this long is told by a person.
STUCK_AFTER = timedelta(minutes=10)
#: So long before somebody should know it, a mail that waits in daytime is waited for no more.
SOON = timedelta(hours=24)


class MeetingChangeQuerySet(models.QuerySet["MeetingChange"]):
    def visible_to(self, user: Viewer) -> MeetingChangeQuerySet:
        """By reach for professionals; young people read what it came to on their own page."""
        return self.filter(reach(user, SEE_MEETINGS).as_q("meeting__group__"))

    def standing(self) -> MeetingChangeQuerySet:
        return self.filter(taken_back_at__isnull=True)

    def fell_away(self) -> MeetingChangeQuerySet:
        """By which a meeting does not go ahead: cancelled, or a plan that was taken back."""
        cancelled = Q(kind=MeetingChange.Kind.CANCELLED, taken_back_at__isnull=True)
        unplanned = Q(kind=MeetingChange.Kind.PLANNED, taken_back_at__isnull=False)
        return self.filter(cancelled | unplanned, meeting__status="cancelled")

    def lately(self, moment: datetime) -> MeetingChangeQuerySet:
        """Of a day that has not passed: another one came for it, or none. Not where there is a
        meeting on that day again."""
        midnight = clock.at(clock.day_of(moment))
        that_day = Meeting.objects.filter(
            group=OuterRef("meeting__group"),
            date=OuterRef("was_day"),
        ).exclude(status="cancelled")
        off = Q(meeting__status="cancelled")
        days = self.standing().annotate(was_day=TruncDate("was", tzinfo=clock.AMSTERDAM))
        return days.filter(~off | ~Exists(that_day), was__gte=midnight)


class MeetingChange(models.Model):
    """A meeting was planned, moved or cancelled: by whom, when, and whether it was taken back.

    What was planned in one go shares its `act`, and is taken back in one go.
    """

    class Kind(models.TextChoices):
        PLANNED = "planned", _("planned")
        MOVED = "moved", _("moved")
        CANCELLED = "cancelled", _("cancelled")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="changes")
    act = models.UUIDField(default=uuid7, db_index=True)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    was = models.DateTimeField(
        null=True, blank=True, help_text=_("When it began before; empty: it did not stand.")
    )
    now = models.DateTimeField(
        null=True, blank=True, help_text=_("When it begins since; empty: it does not happen.")
    )
    reason_before = models.CharField(
        max_length=10, blank=True, help_text=_("Why it did not happen, where it is planned again.")
    )
    goodbyes: ArrayField[list[UUID], list[UUID]] = ArrayField(
        models.UUIDField(), default=list, blank=True, help_text=_("The stays it was the last of.")
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = MeetingChangeQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["meeting", "at"], name="changes_of_a_meeting")]


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: Viewer) -> NoticeQuerySet:
        """By reach for professionals, less those about somebody this user stays out of."""
        return self.filter(
            reach(user, SEE_MEETINGS).as_q("group__"),
            not_recused(user, "trajectory__participant"),
        )

    def current(self) -> NoticeQuerySet:
        """Less what a newer change took over before anybody heard it."""
        return self.filter(superseded_at__isnull=True)

    def open(self) -> NoticeQuerySet:
        """Nobody heard it yet, as far as is known."""
        unsent = Q(message__isnull=True) | ~Q(message__state="sent")
        return self.current().filter(unsent, told_at__isnull=True)

    def by_hand(self, moment: datetime) -> NoticeQuerySet:
        """A person has to tell these: no safe channel, no yes, no messages wanted, or a message
        that did not leave. As long as it matters; a parent only as long as home may hear it.
        """
        waits = Q(message__state__in=["queued", "sending"])
        stuck = waits & (
            Q(message__state="queued", message__attempts__gt=0)
            | Q(message__not_before__lt=moment - STUCK_AFTER)
        )
        no_way = (
            Q(message__isnull=True)
            | Q(message__state="withdrawn")
            | Q(message__channel="worker_text", message__state="queued")
            | Q(message__state="dead")
            | Q(contact__stopped_at__isnull=False)
            | Q(contact__held_since__isnull=False)
            | (waits & Q(message__not_before__gte=F("before")))
            | (stuck & (Q(message__urgency="of_tonight") | Q(before__lt=moment + SOON)))
        )
        waiting = self.open().filter(
            no_way,
            Q(parent=False) | _home_may_hear(),
            until__gt=moment,
            trajectory__phase__in=Trajectory.Phase.COMES,
            trajectory__stopped_on__isnull=True,
        )
        return waiting.of_who_has_a_place()

    def of_who_has_a_place(self) -> NoticeQuerySet:
        """In the group it is about, today or from a later day on; not of who left it (R-377)."""
        seat = Placement.objects.filter(
            Q(last_day__isnull=True) | Q(last_day__gte=clock.today()),
            trajectory=OuterRef("trajectory"),
            group=OuterRef("group"),
        )
        return self.filter(Exists(seat))


def _home_may_hear() -> Q:
    """Now, of a notice to a parent: what `participants.parents.know_when` asks before a mail, for
    whoever would ring instead (C-37, C-48, C-50)."""
    of_person = {"participant": OuterRef("trajectory__participant")}
    silent = HomeSilence.objects.in_force().filter(**of_person)
    unsafe = UnsafeHome.objects.filter(
        trajectory__participant=OuterRef("trajectory__participant"), ended_at__isnull=True
    )
    harm = Intake.objects.filter(trajectory=OuterRef("trajectory"), mail_can_harm=True)
    yes = ParentalConsent.objects.filter(
        trajectory=OuterRef("trajectory"),
        guardian__contact=OuterRef("contact"),
        answer=ParentalConsent.Answer.YES,
        withdrawn_at__isnull=True,
        revoked_at__isnull=True,
        obsolete_at__isnull=True,
        voided_at__isnull=True,
    )
    return Q(
        Exists(yes),
        ~Exists(silent),
        ~Exists(unsafe),
        ~Exists(harm),
        group__location__organisation__parents_hear_changes=True,
        trajectory__blocked_reason="",
        trajectory__participant__contact__stopped_at__isnull=True,
    )


class Notice(models.Model):
    """What one person is told of what changed, in one message or by one person, and once.

    A newer change takes over what nobody heard yet: `superseded_at`. `parent`: to a parent who
    knows time and place, never to the young person's own address.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    group = models.ForeignKey("organisations.Group", on_delete=models.PROTECT, related_name="+")
    trajectory = models.ForeignKey(
        "participants.Trajectory", on_delete=models.CASCADE, related_name="notices"
    )
    contact = models.ForeignKey("messaging.Contact", on_delete=models.PROTECT, related_name="+")
    parent = models.BooleanField(default=False)
    act = models.UUIDField(help_text=_("The change that made it."))
    made_at = models.DateTimeField()
    message = models.OneToOneField(
        "messaging.Message", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    before = models.DateTimeField(help_text=_("Somebody should know by then."))
    until = models.DateTimeField(help_text=_("From then on it is of no use any more."))
    superseded_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True, help_text=_("Rung, and not reached."))
    told_at = models.DateTimeField(null=True, blank=True, help_text=_("A person told it."))
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "id"]
        indexes = [
            models.Index(
                fields=["group", "until"],
                condition=Q(superseded_at__isnull=True, told_at__isnull=True),
                name="notices_that_may_wait",
            )
        ]

    @property
    def is_left(self) -> bool:
        """Nobody tells it any more, or it is of no use by now."""
        return not self.is_told and self.until <= clock.now()

    @property
    def is_told(self) -> bool:
        sent = self.message is not None and self.message.state == "sent"
        return sent or self.told_at is not None


class NoticeLine(models.Model):
    """One meeting in it: when this person thought it was, and when it is. Empty: not at all."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="lines")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="notice_lines")
    was = models.DateTimeField(null=True, blank=True)
    now = models.DateTimeField(null=True, blank=True)
    again = models.BooleanField(
        default=False, help_text=_("They had heard that it would not happen.")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "meeting"], name="one_line_per_meeting")
        ]
