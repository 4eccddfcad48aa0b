"""The logbook of a meeting: its three fixed parts, who was talked with, and how the group was."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.encryption import EncryptedTextField
from core.ids import uuid7
from groups.models.meetings import Meeting
from groups.models.seats import PERSON
from groups.permissions import SEE_LOGBOOK
from participants.models.recusal import not_recused


class LogbookPartQuerySet(models.QuerySet["LogbookPart"]):
    def visible_to(self, user: Viewer) -> LogbookPartQuerySet:
        """Of the own groups, and of the region for its coordinator; nobody else (R-004)."""
        return self.filter(reach(user, SEE_LOGBOOK).as_q("meeting__group__"))

    def filled(self) -> LogbookPartQuerySet:
        return self.filter(filled=True)


class LogbookPart(models.Model):
    """One part of the logbook: words, or the state of one of the three basic conditions.

    `version` rises with every save. `filled`: there is something in it, so that a logbook nobody
    kept is found without opening what is sealed.
    """

    class Kind(models.TextChoices):
        OWN_TIME = "own_time", _("Welcome and own time")
        ACTIVITY = "activity", _("Activity together")
        FUN_AND_SAFETY = "fun_and_safety", _("Fun and safety")
        PEER_TO_PEER = "peer_to_peer", _("Peer-to-peer contact")
        LEADERSHIP = "leadership", _("Personal leadership")
        INCIDENT = "incident", _("What happened?")
        DISCUSSED = "discussed", _("How was it talked over?")
        SOLUTION = "solution", _("What did the participants come up with themselves?")
        FAREWELL = "farewell", _("Goodbye")
        FEEDBACK = "feedback", _("From the coordinator")

    class State(models.TextChoices):
        PLENTY = "plenty", _("plenty")
        PARTLY = "partly", _("partly")
        TOO_LITTLE = "too_little", _("too little")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="logbook")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    text = EncryptedTextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, blank=True, default="")
    filled = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()

    objects = LogbookPartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "kind"], name="one_logbook_part_of_a_kind")
        ]


class LogbookAbout(models.Model):
    """Whom a part is about: a key to the stay, so that a request for access or erasure finds it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    part = models.ForeignKey(LogbookPart, on_delete=models.CASCADE, related_name="about")
    trajectory = models.ForeignKey(
        "participants.Trajectory", on_delete=models.PROTECT, related_name="in_logbooks"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["part", "trajectory"], name="about_somebody_once")
        ]


class TalkQuerySet(models.QuerySet["Talk"]):
    def visible_to(self, user: Viewer) -> TalkQuerySet:
        """By reach for professionals, less those they stay out of; nobody else (trust.md 3)."""
        return self.filter(
            reach(user, SEE_LOGBOOK).as_q("meeting__group__"), not_recused(user, PERSON)
        )

    def in_force(self) -> TalkQuerySet:
        return self.filter(taken_back_at__isnull=True)


class Talk(models.Model):
    """A youth worker talked with a participant at a meeting (R-124). One sentence is enough.

    `setting` and `moment` are options, never asked for (R-126). One tap too many is taken back;
    what was typed stays with it for who taps again.
    """

    class Setting(models.TextChoices):
        ALONE = "alone", _("just the two of us")
        GROUP = "group", _("in a group")

    class Moment(models.TextChoices):
        BEFORE = "before", _("before the activity")
        DURING = "during", _("during the activity")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="talks")
    trajectory = models.ForeignKey(
        "participants.Trajectory", on_delete=models.PROTECT, related_name="talks"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField(blank=True)
    setting = models.CharField(max_length=5, choices=Setting.choices, blank=True, default="")
    moment = models.CharField(max_length=6, choices=Moment.choices, blank=True, default="")
    version = models.PositiveIntegerField(default=0)
    written_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = TalkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "trajectory", "by"], name="one_talk_per_worker_and_person"
            )
        ]

    @property
    def is_in_force(self) -> bool:
        return self.taken_back_at is None

    @property
    def options(self) -> str:
        """What was said of how and when, in words."""
        told = (self.get_setting_display(), self.get_moment_display())
        return ", ".join(str(one) for one in told if one)


def last_talk_on(stay: str = "trajectory") -> Subquery:
    """The day of the last talk with the stay that `stay` leads to from the row (R-125)."""
    talks: QuerySet[Any, Any] = Talk.objects.in_force().filter(trajectory=OuterRef(stay))
    newest = talks.order_by().values("trajectory").annotate(day=Max("meeting__date"))
    return Subquery(newest.values("day"), output_field=models.DateField())


class LocationCheck(models.Model):
    """Four questions about a place where a group meets (R-138); not answered is not no."""

    location = models.OneToOneField(
        "organisations.Location",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="four_checks",
    )
    open_to_all = models.BooleanField(_("Is it open to everyone?"), null=True)
    holds_fifteen = models.BooleanField(_("Is there room for a group of fifteen?"), null=True)
    several_rooms = models.BooleanField(_("Are there several rooms?"), null=True)
    fits_the_age = models.BooleanField(_("Does it suit the age of the group?"), null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    checked_at = models.DateTimeField()
