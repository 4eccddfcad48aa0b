"""A move to another group that is asked for: who has to say yes, and how it ended (R-377)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer, is_participant
from core.accounts.rights import reach
from core.encryption import EncryptedTextField
from core.ids import uuid7
from groups.permissions import PLACE
from participants.models import Trajectory
from participants.models.recusal import not_recused
from participants.permissions import CONSULT

PERSON = "trajectory__participant"


class GroupMoveQuerySet(models.QuerySet["GroupMove"]):
    def visible_to(self, user: Viewer) -> GroupMoveQuerySet:
        """The own; those of a group that this worker leads now."""
        if is_participant(user):
            return self.filter(trajectory__participant__user=user)
        return self.filter(reach(user, PLACE).as_q("from_group__"), not_recused(user, PERSON))

    def decided_visible_to(self, user: Viewer) -> GroupMoveQuerySet:
        """Outside the age band, for the coordinator of the region."""
        regions = reach(user, CONSULT).regions
        return self.filter(
            not_recused(user, PERSON), outside=True, from_group__location__region__in=regions
        )

    def welcomed_visible_to(self, user: Viewer) -> GroupMoveQuerySet:
        """Done, for the workers of the new group: who comes, and from when."""
        return self.filter(
            reach(user, PLACE).as_q("to_group__"),
            not_recused(user, PERSON),
            ended_why=GroupMove.Ended.DONE,
        )

    def outcomes_visible_to(self, user: Viewer, *, seen: bool = False) -> GroupMoveQuerySet:
        """Not `seen` yet, or seen: what somebody else decided about somebody of theirs, and who
        does not come after all where they were to be made welcome."""
        here = Q(reach(user, PLACE).as_q("from_group__"))
        there = Q(reach(user, PLACE).as_q("to_group__"))
        themselves = Q(own_by__kind="participant")
        decided = (
            Q(ended_why="refused") & themselves
            | Q(ended_why="done") & (themselves | Q(agreed="yes"))
            | Q(ended_why__in=("not_agreed", "lapsed"))
        )
        called_off = Q(ended_why="taken_back", welcomed_at__isnull=False)
        return self.filter(
            here & decided | there & called_off,
            not_recused(user, PERSON),
            outcome_seen_at__isnull=not seen,
            trajectory__stopped_on__isnull=True,
        ).exclude(trajectory__phase__in=Trajectory.Phase.OVER)

    def open(self) -> GroupMoveQuerySet:
        return self.filter(ended_at__isnull=True)


class GroupMove(models.Model):
    """Asked by a worker; the young person says yes, outside the age band the coordinator too.

    `reason` is for the workers and the coordinator: no group ever reads it (C-50).
    """

    class Answer(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")

    class Ended(models.TextChoices):
        DONE = "done", _("moved")
        REFUSED = "refused", _("the young person said no")
        NOT_AGREED = "not_agreed", _("the coordinator said no")
        LAPSED = "lapsed", _("no answer within two weeks")
        TAKEN_BACK = "taken_back", _("taken back")
        LEAVING = "leaving", _("says goodbye, or left")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(
        "participants.Trajectory", on_delete=models.CASCADE, related_name="group_moves"
    )
    from_group = models.ForeignKey(
        "organisations.Group", on_delete=models.PROTECT, related_name="moves_away"
    )
    to_group = models.ForeignKey(
        "organisations.Group", on_delete=models.PROTECT, related_name="moves_here"
    )
    first_day = models.DateField()
    reason = EncryptedTextField()
    outside = models.BooleanField(help_text=_("Outside the age band of the new group that day."))
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    own = models.CharField(max_length=3, choices=Answer.choices, blank=True, default="")
    own_on = models.DateField(null=True, blank=True)
    own_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The young person, or the worker who heard it in a talk."),
    )
    agreed = models.CharField(max_length=3, choices=Answer.choices, blank=True, default="")
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    word = EncryptedTextField(blank=True, help_text=_("What the coordinator said about it."))
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=10, choices=Ended.choices, blank=True, default="")
    welcomed_at = models.DateTimeField(null=True, blank=True)
    welcomed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome_seen_at = models.DateTimeField(null=True, blank=True)
    outcome_seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )

    objects = GroupMoveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["trajectory"],
                condition=Q(ended_at__isnull=True),
                name="one_group_move_asked_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_why="")
                | Q(ended_at__isnull=False) & ~Q(ended_why=""),
                name="group_move_ended_says_why",
            ),
        ]
        indexes = [models.Index(fields=["to_group", "ended_why"])]
