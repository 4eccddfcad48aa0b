from __future__ import annotations

from collections.abc import Iterable
from enum import nonmember
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.accounts.actors import Viewer, is_participant
from core.accounts.models import RoleAssignment
from core.accounts.rights import reach
from core.accounts.roles import Role
from core.encryption import EncryptedTextField
from core.ids import uuid7
from core.written_out import WordColumn
from participants.models.names_kept import KEEP_NAMES
from participants.models.person import Participant
from participants.models.recusal import Recusal, not_recused
from participants.permissions import (
    CONSULT,
    SEE_APPLICANTS,
    SEE_FILE,
    SEE_JOURNEY,
)


class TrajectoryQuerySet(models.QuerySet["Trajectory"]):
    def visible_to(self, user: Viewer) -> TrajectoryQuerySet:
        """Stays whose file may be opened: the own one, or those of the worker's groups."""
        if is_participant(user):
            return self.filter(participant__user=user)
        far = reach(user, SEE_FILE).as_q("group__")
        return self._known().filter(far, not_recused(user), group__isnull=False)

    def journey_visible_to(self, user: Viewer) -> TrajectoryQuerySet:
        """Stays whose phase, attendance and challenges may be followed (workers, coordinator)."""
        far = reach(user, SEE_JOURNEY).as_q("group__")
        return self._known().filter(far, not_recused(user), group__isnull=False)

    def applicants_visible_to(self, user: Viewer) -> TrajectoryQuerySet:
        """Before placement: workers of the wanted group; without a group the coordinator.

        So does somebody whose every worker stays out: the coordinator finds another way.
        """
        far = reach(user, SEE_APPLICANTS)
        found = self.filter(not_recused(user), phase__in=Trajectory.Phase.ARRIVING)
        if not far.regions:
            own = Q(group__isnull=False) & far.as_q("group__") if far.groups else Q(pk__in=[])
            return found.filter(own)
        own = Q(group__in=far.groups)
        theirs = Q(region__in=far.regions) & (Q(group__isnull=True) | self._alone())
        return found.filter(own | theirs)

    def _known(self) -> TrajectoryQuerySet:
        """Less those of somebody whose data were erased."""
        return self.filter(participant__erased_at=None)

    def regionally_visible_to(self, user: Viewer, people: Iterable[UUID]) -> TrajectoryQuerySet:
        """Running stays of these people in the coordinator's own regions."""
        return self.running().filter(
            not_recused(user), participant__in=people, region__in=reach(user, CONSULT).regions
        )

    def left_alone(self) -> TrajectoryQuerySet:
        """Running stays with a group whose every worker stays out of them."""
        return self.running().filter(self._alone(), group__isnull=False)

    @staticmethod
    def _alone() -> Q:
        in_force = Recusal.objects.in_force()
        somebody = in_force.filter(participant=OuterRef("participant"))
        this_one = in_force.filter(
            participant=OuterRef(OuterRef("participant")), worker=OuterRef("user")
        )
        workers = RoleAssignment.objects.in_force(clock.today()).filter(
            ~Exists(this_one),
            group=OuterRef("group"),
            role=Role.YOUTH_WORKER,
            user__is_active=True,
        )
        return Q(Exists(somebody)) & ~Q(Exists(workers))

    def uncoordinated(self) -> TrajectoryQuerySet:
        """Running stays of a region whose every coordinator keeps out of them."""
        in_force = Recusal.objects.in_force()
        here = RoleAssignment.objects.in_force(clock.today()).filter(
            role=Role.REGIONAL_COORDINATOR, user__is_active=True, region=OuterRef("region")
        )
        out = in_force.filter(
            participant=OuterRef(OuterRef("participant")), worker=OuterRef("user")
        )
        return self.running().filter(Exists(here), ~Exists(here.filter(~Exists(out))))

    def running(self) -> TrajectoryQuerySet:
        return self.exclude(phase__in=Trajectory.Phase.OVER)

    def placed(self) -> TrajectoryQuerySet:
        """Somebody with a seat: trial, taking part, paused or leaving."""
        return self.filter(phase__in=Trajectory.Phase.PLACED)

    def active(self) -> TrajectoryQuerySet:
        """Who is counted and written to: placed, not paused, not blocked."""
        return self.filter(phase__in=["trial", "participating", "leaving"], blocked_reason="")


class Trajectory(models.Model):
    """One stay of one person, from sign-up to aftercare. Only `participants.journey` moves it.

    `group` is first the wanted one, then the current one, so `visible_to` needs nothing from
    the floors above.
    """

    class Phase(models.TextChoices):
        SIGNED_UP = "signed_up", _("signed up")
        INTAKE = "intake", _("first talk")
        TRIAL = "trial", _("getting to know")
        PARTICIPATING = "participating", _("taking part")
        PAUSED = "paused", _("paused")
        LEAVING = "leaving", _("leaving")
        FORMER = "former", _("former participant")
        REFERRED = "referred", _("helped elsewhere")
        WITHDRAWN = "withdrawn", _("withdrew")

        #: Signed up, and nobody has placed them yet.
        ARRIVING = nonmember(("signed_up", "intake"))
        #: Has a seat.
        PLACED = nonmember(("trial", "participating", "paused", "leaving"))
        #: Comes to the meetings: has a seat, and no pause.
        COMES = nonmember(("trial", "participating", "leaving"))
        #: Takes part for good, until the goodbye.
        IN_GROUP = nonmember(("participating", "paused", "leaving"))
        #: Ended without ever having taken part.
        ENDED_EARLY = nonmember(("referred", "withdrawn"))
        #: Where a young person's own way out leads.
        STOPPING = nonmember(("leaving", "former", "withdrawn"))
        #: This stay is over, whatever the outcome.
        OVER = nonmember(("former", "referred", "withdrawn"))

    class ExitKind(models.TextChoices):
        GOAL = "goal", _("reached the goal")
        OTHER = "other", _("another reason")
        DROP_OUT = "drop_out", _("stopped without contact")

    class ExitReason(models.TextChoices):
        """R-187."""

        GOAL_REACHED = "goal_reached", _("goal reached")
        MOVED = "moved", _("moved house")
        AGED_OUT = "aged_out", _("turned 31")
        OTHER_OFFER = "other_offer", _("found something else")
        OWN_WISH = "own_wish", _("own wish")
        NO_CONTACT = "no_contact", _("stopped without contact")
        NOT_FITTING = "not_fitting", _("does not fit")

    class Waived(models.TextChoices):
        """Why the follow-up will not come (design.md 4.4)."""

        CONTACT_REFUSED = "contact_refused", _("wants no more messages")
        RETURNED = "returned", _("takes part again")
        ERASED = "erased", _("data erased")

    class Afterwards(models.TextChoices):
        """How somebody wants to be asked how it goes, three months later."""

        CALL = "call", _("a call")
        MESSAGE = "message", _("a message")

    class Mood(models.TextChoices):
        """How the young person wants the first contact."""

        APP = "app", _("a message")
        CALL = "call", _("a call")
        MEET = "meet", _("meeting up")

    class Channel(models.TextChoices):
        """Which link led to the sign-up (R-029); only what the link itself says."""

        GOOGLE = "google", _("advertisement on Google")
        FACEBOOK = "facebook", _("Facebook")
        INSTAGRAM = "instagram", _("Instagram")
        TIKTOK = "tiktok", _("TikTok")
        YOUTUBE = "youtube", _("YouTube")
        PRESS = "press", _("the press")
        REFERRER = "referrer", _("the page of a referrer")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="trajectories"
    )
    phase = WordColumn(max_length=14, choices=Phase.choices)
    group = models.ForeignKey(
        "organisations.Group",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="trajectories",
    )
    region = models.ForeignKey(
        "organisations.Region",
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Who sees an applicant without a group."),
    )
    signed_up_at = models.DateTimeField()
    heard_from = models.CharField(max_length=20, blank=True)
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True, default="")
    told_by = EncryptedTextField(
        blank=True, help_text=_("Who told about Join Us, in the young person's own words.")
    )
    first_contact_by = models.CharField(max_length=8, choices=Mood.choices)
    first_contact_when = models.CharField(max_length=60, blank=True)
    first_contact_with = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The youth worker that the young person would rather hear from."),
    )
    contacted_at = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateField(null=True, blank=True)
    blocked_reason = models.CharField(max_length=40, blank=True, default="")
    suitable = models.BooleanField(null=True, help_text=_("Outcome of the first talk."))
    screened_on = models.DateField(null=True, blank=True)
    consent_complete_on = models.DateField(
        null=True, blank=True, help_text=_("First day every yes the policy asks for stood.")
    )
    definitive_on = models.DateField(null=True, blank=True)
    expected_back_on = models.DateField(
        null=True, blank=True, help_text=_("Agreed end of a pause.")
    )
    last_meeting_on = models.DateField(null=True, blank=True)
    exited_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(
        null=True, blank=True, help_text=_("The day the stay was closed, whatever the outcome.")
    )
    exit_kind = models.CharField(max_length=10, choices=ExitKind.choices, blank=True, default="")
    exit_reason = models.CharField(
        max_length=14, choices=ExitReason.choices, blank=True, default=""
    )
    follow_up_waived = models.CharField(
        max_length=16, choices=Waived.choices, blank=True, default=""
    )

    stopped_on = models.DateField(
        null=True,
        blank=True,
        help_text=_("The young person stopped; a worker still closes the stay (R-109)."),
    )
    afterwards_by = models.CharField(
        max_length=8, choices=Afterwards.choices, default=Afterwards.CALL
    )
    search_name = models.TextField(
        editable=False,
        default="",
        db_default="",
        help_text=_("The person's call name as it is looked for; only the database writes it."),
    )
    shown_name = models.TextField(
        editable=False,
        db_default="",
        help_text=_("The person's call name, told apart from others; only the database writes it."),
    )

    objects = TrajectoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("stay")
        verbose_name_plural = _("stays")
        constraints = [
            models.UniqueConstraint(
                fields=["participant"],
                condition=~models.Q(phase__in=["former", "referred", "withdrawn"]),
                name="one_running_stay_per_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(phase="former")
                | (models.Q(exited_on__isnull=False) & ~models.Q(exit_kind="")),
                name="former_has_exit_day_and_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(exited_on__isnull=True) | models.Q(phase="former"),
                name="only_former_has_exited",
            ),
            models.CheckConstraint(
                condition=models.Q(expected_back_on__isnull=True) | models.Q(phase="paused"),
                name="only_a_pause_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["group", "phase"]),
            models.Index(
                fields=["region"], condition=Q(phase__in=["signed_up", "intake"]), name="arriving"
            ),
            models.Index(
                fields=["signed_up_at"],
                condition=Q(phase="signed_up", contacted_at__isnull=True),
                name="stays_not_spoken_yet",
            ),
            models.Index(
                fields=["ended_on"], condition=Q(ended_on__isnull=False), name="stays_by_their_end"
            ),
            models.Index(
                fields=["group", "search_name"],
                include=["phase", "participant", "id"],
                opclasses=["uuid_ops", "text_pattern_ops"],
                name="stays_of_a_group_by_name",
            ),
            models.Index(
                fields=["group", "search_name"],
                include=["phase", "participant", "region", "id"],
                condition=~models.Q(phase__in=["former", "referred", "withdrawn"]),
                name="running_stays_by_name",
            ),
        ]
        triggers = KEEP_NAMES

    def __str__(self) -> str:
        return f"{self.participant} · {self.get_phase_display()}"


class PhaseChange(models.Model):
    """One move of a stay: who, when (from core.clock), why. Never edited."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(
        Trajectory, on_delete=models.CASCADE, related_name="phase_changes"
    )
    from_phase = models.CharField(max_length=14, choices=Trajectory.Phase.choices, blank=True)
    to_phase = models.CharField(max_length=14, choices=Trajectory.Phase.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT
    )
    at = models.DateTimeField()
    reason = EncryptedTextField(blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.from_phase} -> {self.to_phase}"


def files_of(user: Viewer) -> TrajectoryQuerySet:
    """Stays whose file this professional may open; nothing for a young person."""
    if is_participant(user):
        return Trajectory.objects.none()
    return Trajectory.objects.visible_to(user)
