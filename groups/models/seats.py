"""Seats in a group, and what came of a trial meeting."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.accounts.actors import Viewer, is_participant
from core.accounts.rights import reach
from core.encryption import EncryptedTextField
from core.ids import uuid7
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

    def held(self) -> PlacementQuerySet:
        """The place that somebody has now, one a stay: the open one, and until the day of a move
        that of the old group (R-377). A first place may still be to come."""
        today = clock.today()
        until_then = _elsewhere().on(today).filter(last_day__isnull=False)
        return self.filter(
            Q(last_day__isnull=True) & (Q(first_day__lte=today) | ~Exists(until_then)) | _moves()
        )

    def here_or_to_come(self) -> PlacementQuerySet:
        """For a page that shows both, and tells them apart: who has the place of today, and who
        has one from a later day on."""
        return self.filter(Q(last_day__isnull=True) | _moves())

    def active(self) -> PlacementQuerySet:
        """Less who does not come now: blocked and paused people."""
        return self.filter(trajectory__blocked_reason="").exclude(trajectory__phase="paused")

    def on_sheet(self, day: date) -> PlacementQuerySet:
        """Everybody who may stand at the door that evening, blocked ones included."""
        return self.on(day)


def _elsewhere() -> PlacementQuerySet:
    here = OuterRef("trajectory")
    return Placement.objects.filter(trajectory=here).exclude(group=OuterRef("group"))


def _moves() -> Q:
    """The place that ends because another group has one for them from a later day on."""
    today = clock.today()
    later = Exists(_elsewhere().open().filter(first_day__gt=today))
    return Q(later, first_day__lte=today, last_day__gte=today)


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
    stays_in_chat_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Stays in the group chat during a pause, as agreed.")
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
