"""What a group does together: thought up by participants, chosen lightly, planned ahead."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer, is_participant
from core.accounts.rights import reach
from core.ids import uuid7
from core.names import isolated
from groups.models.meetings import Meeting
from groups.models.seats import Placement
from groups.permissions import SEE_MEETINGS


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, user: Viewer) -> ActivityQuerySet:
        """Of the own group for a participant with every yes; by reach for professionals."""
        if is_participant(user):
            seats = Placement.objects.held().filter(
                trajectory__participant__user=user, trajectory__blocked_reason=""
            )
            return self.filter(group__in=seats.values("group"))
        return self.filter(reach(user, SEE_MEETINGS).as_q("group__"))


class Activity(models.Model):
    """Something to do together: an idea until it has a meeting, then the plan of that meeting.

    The questions about cost, people, transport and preparation are the group's own to answer
    (R-134, R-136); an empty one refuses nothing. The title of the one that belongs to a meeting
    is written to `Meeting.activity` too, for every line in which a meeting stands.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    group = models.ForeignKey(
        "organisations.Group", on_delete=models.PROTECT, related_name="activities"
    )
    meeting = models.OneToOneField(
        Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="plan"
    )
    title = models.CharField(_("activity"), max_length=120)
    proposed_by = models.ForeignKey(
        "participants.Trajectory",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="proposed_activities",
        help_text=_("The participant who thought of it; nobody: a youth worker wrote it down."),
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    cost_cents = models.PositiveIntegerField(
        _("cost per person"), null=True, blank=True, help_text=_("In cents; empty: not known yet.")
    )
    cost_note = models.CharField(max_length=200, blank=True)
    people = models.CharField(_("how many people"), max_length=200, blank=True)
    transport = models.CharField(_("transport"), max_length=200, blank=True)
    preparation = models.CharField(_("preparation"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    put_aside_at = models.DateTimeField(null=True, blank=True)
    put_aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at"]
        indexes = [models.Index(fields=["group", "put_aside_at"])]

    def __str__(self) -> str:
        return self.title

    @property
    def arranged_by(self) -> list[str]:
        """Who organises it or does a task, each once, as young people read it; of rows that were
        read `with_plan`."""
        people = {row.trajectory_id: row.trajectory for row in getattr(self, "arranging", ())}
        return [isolated(stay.participant.call_name) for stay in people.values()]


class ActivityLike(models.Model):
    """*I would like that*: a tap, taken back by a tap. Never counted on a page: no idea wins."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="likes")
    trajectory = models.ForeignKey(
        "participants.Trajectory", on_delete=models.CASCADE, related_name="likes"
    )
    liked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "trajectory"], name="one_like_per_person_and_activity"
            )
        ]


class ActivityOrganiserQuerySet(models.QuerySet["ActivityOrganiser"]):
    def arranging(self) -> ActivityOrganiserQuerySet:
        """By somebody who is in the group now: whoever left it leaves the task open."""
        here = Placement.objects.held().filter(
            trajectory=models.OuterRef("trajectory"), group=models.OuterRef("activity__group")
        )
        return (
            self.filter(models.Exists(here))
            .select_related("trajectory__participant")
            .order_by("pk")
        )


class ActivityOrganiser(models.Model):
    """A participant who organises it, or one task of it: `task` says which; empty: all of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="organisers")
    trajectory = models.ForeignKey(
        "participants.Trajectory",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="organises",
        help_text=_("Nobody yet: an open task."),
    )
    task = models.CharField(_("task"), max_length=120, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ActivityOrganiserQuerySet.as_manager()


def with_plan(meetings: models.QuerySet[Meeting]) -> models.QuerySet[Meeting]:
    """Along with what the group does there and who arranges it: one query more."""
    arranging = models.Prefetch(
        "plan__organisers", ActivityOrganiser.objects.arranging(), to_attr="arranging"
    )
    return meetings.select_related("plan").prefetch_related(arranging)


class ActivityStop(models.Model):
    """Where the group is during a meeting: *19:15 off to the bowling*, *21:45 back, 12 counted*.

    Of the meeting, so that a latecomer, the help card and a head count find it without an activity.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="stops")
    at = models.DateTimeField()
    what = models.CharField(max_length=120)
    place = models.CharField(max_length=160, blank=True)
    is_back = models.BooleanField(default=False, help_text=_("Back at the usual place."))
    counted = models.PositiveSmallIntegerField(null=True, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    client_id = models.UUIDField(
        null=True, blank=True, unique=True, help_text=_("A resend makes no second stop.")
    )

    class Meta:
        ordering = ["at"]
