"""The farewell card 'You got this': who wrote what on it, and when it was given (R-184, R-185)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer, is_participant
from core.accounts.rights import reach
from core.encryption import EncryptedTextField
from core.ids import uuid7
from groups.models.seats import Placement
from groups.permissions import PLACE
from participants.models import Trajectory
from participants.models.recusal import not_recused

LONGEST = 160


class FarewellCardQuerySet(models.QuerySet["FarewellCard"]):
    def visible_to(self, user: Viewer) -> FarewellCardQuerySet:
        """Whose it is sees it once it was given, never early; else the workers of that group."""
        if is_participant(user):
            return self.filter(trajectory__participant__user=user, given_at__isnull=False)
        return self.filter(
            reach(user, PLACE).as_q("trajectory__group__"),
            not_recused(user, "trajectory__participant"),
        )

    def open(self) -> FarewellCardQuerySet:
        return self.filter(given_at__isnull=True, put_away_at__isnull=True)

    def collected(self) -> FarewellCardQuerySet:
        """Open, and its goodbye still stands: who stays after all is written nothing."""
        over = Q(trajectory__phase=Trajectory.Phase.FORMER)
        return self.open().filter(over | Q(trajectory__phase=Trajectory.Phase.LEAVING))

    def writing_visible_to(self, user: Viewer) -> FarewellCardQuerySet:
        """On which this participant can write now."""
        return self.for_others_visible_to(user).collected()

    def for_others_visible_to(self, user: Viewer) -> FarewellCardQuerySet:
        """Cards for others of the own group, for a participant with a place and every yes; also
        those that nobody writes on any more: only that they are closed is to be told of these."""
        seats = Placement.objects.held().filter(
            trial=False, trajectory__participant__user=user.pk, trajectory__blocked_reason=""
        )
        return self.filter(trajectory__group__in=seats.values("group")).exclude(
            trajectory__participant__user=user.pk
        )


class FarewellCard(models.Model):
    """One card for one goodbye: open, given, or put away (no card is wanted)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trajectory = models.ForeignKey(
        "participants.Trajectory", on_delete=models.CASCADE, related_name="farewell_cards"
    )
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    put_away_at = models.DateTimeField(null=True, blank=True)

    objects = FarewellCardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["trajectory"],
                condition=Q(given_at__isnull=True, put_away_at__isnull=True),
                name="one_open_farewell_card",
            ),
            models.CheckConstraint(
                condition=Q(given_at__isnull=True) | Q(put_away_at__isnull=True),
                name="farewell_card_given_or_put_away",
            ),
        ]


class FarewellTextQuerySet(models.QuerySet["FarewellText"]):
    def visible_to(self, user: Viewer) -> FarewellTextQuerySet:
        """Those of the cards this user sees, less what was written by whom they stay out of."""
        return self.filter(
            not_recused(user, "by_stay__participant") | Q(by_stay__isnull=True),
            card__in=FarewellCard.objects.visible_to(user),
        )


class FarewellText(models.Model):
    """What one person gives along: typed, with a pen on the printed card, or nothing after all.

    Of a participant or of a youth worker. Typed words count once a worker has read them, and
    again after every change (R-185). `version` rises with each change.
    """

    class Way(models.TextChoices):
        TYPED = "typed", _("typed")
        PEN = "pen", _("with a pen")
        PASS = "pass", _("writes nothing")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    card = models.ForeignKey(FarewellCard, on_delete=models.CASCADE, related_name="texts")
    by_stay = models.ForeignKey(
        "participants.Trajectory",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="farewell_texts",
    )
    by_worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    way = models.CharField(max_length=5, choices=Way.choices)
    text = EncryptedTextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_back_at = models.DateTimeField(null=True, blank=True)
    word_back = EncryptedTextField(blank=True)

    objects = FarewellTextQuerySet.as_manager()

    class Meta:
        ordering = ["written_at"]
        constraints = [
            models.UniqueConstraint(fields=["card", "by_stay"], name="one_farewell_text_a_stay"),
            models.UniqueConstraint(
                fields=["card", "by_worker"], name="one_farewell_text_a_worker"
            ),
            models.CheckConstraint(
                condition=Q(by_stay__isnull=False, by_worker__isnull=True)
                | Q(by_stay__isnull=True, by_worker__isnull=False),
                name="farewell_text_has_one_author",
            ),
        ]


class FarewellRound(models.Model):
    """One phone that goes round with this card and nothing else, until the night ends."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    card = models.ForeignKey(FarewellCard, on_delete=models.CASCADE, related_name="rounds")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def is_going(self, moment: datetime) -> bool:
        return self.ended_at is None and moment < self.until
