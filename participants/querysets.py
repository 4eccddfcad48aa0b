from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from core.accounts.rights import reach
from participants.permissions import CONSULT, SEE_APPLICANTS, SEE_FILE, SEE_JOURNEY

ARRIVING = ("signed_up", "intake")
ENDED = ("former", "referred", "withdrawn")
PLACED = ("trial", "participating", "paused", "leaving")


class ParticipantQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> ParticipantQuerySet:
        """The own person, and the people of the stays whose file this user may open."""
        if getattr(user, "is_participant", False):
            return self.filter(user=user)
        q = reach(user, SEE_FILE).as_q("trajectories__group__")
        return self.filter(pk__in=self.model._default_manager.filter(q).values("pk"))


class TrajectoryQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> TrajectoryQuerySet:
        """Stays whose file may be opened: the own one, or those of the worker's groups."""
        if getattr(user, "is_participant", False):
            return self.filter(participant__user=user)
        here = self.filter(group__isnull=False, participant__erased_at=None)
        return here.filter(reach(user, SEE_FILE).as_q("group__"))

    def journey_visible_to(self, user: Any) -> TrajectoryQuerySet:
        """Stays whose phase, attendance and challenges may be followed (workers, coordinator)."""
        here = self.filter(group__isnull=False, participant__erased_at=None)
        return here.filter(reach(user, SEE_JOURNEY).as_q("group__"))

    def applicants_visible_to(self, user: Any) -> TrajectoryQuerySet:
        """Before placement: workers of the wanted group; without a group the coordinator."""
        far = reach(user, SEE_APPLICANTS)
        own = Q(group__isnull=False) & far.as_q("group__") if far.groups else Q(pk__in=[])
        ungrouped = Q(group__isnull=True, region__in=far.regions)
        return self.filter(own | ungrouped).filter(phase__in=ARRIVING)

    def running(self) -> TrajectoryQuerySet:
        return self.exclude(phase__in=ENDED)

    def placed(self) -> TrajectoryQuerySet:
        """Somebody with a seat: trial, taking part, paused or leaving."""
        return self.filter(phase__in=PLACED)

    def active(self) -> TrajectoryQuerySet:
        """Who is counted and written to: placed, not paused, not blocked."""
        return self.filter(phase__in=["trial", "participating", "leaving"], blocked_reason="")


class ConsultationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> ConsultationQuerySet:
        """The text of a question and its advice, nothing of the intake behind it (R-065)."""
        far = reach(user, CONSULT)
        return self.filter(intake__trajectory__region__in=far.regions)


class UnsafeHomeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> UnsafeHomeQuerySet:
        """Exceptions in force that name this coordinator, while they hold the region."""
        regions = reach(user, CONSULT).regions
        return self.filter(ended_at__isnull=True, trajectory__region__in=regions).filter(
            coordinator=user if regions else None
        )


class WorryQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> WorryQuerySet:
        """Whoever may open the file, except the young person: the own group's workers."""
        return self.filter(trajectory__in=_files_of(self.model, user))

    def asked_of(self, user: Any) -> WorryQuerySet:
        """Put to the coordinator of the region: its broad words, nothing behind them."""
        regions = reach(user, CONSULT).regions
        return self.filter(asked_at__isnull=False, trajectory__region__in=regions)

    def open(self) -> WorryQuerySet:
        return self.filter(settled_at__isnull=True)


class CareConcernQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> CareConcernQuerySet:
        """The own group's workers only; the young person reads it together with them (C-35)."""
        return self.filter(trajectory__in=_files_of(self.model, user))


def _files_of(model: Any, user: Any) -> models.QuerySet[Any]:
    """Stays whose file this professional may open; nothing for a young person."""
    stays = model._meta.get_field("trajectory").related_model._default_manager
    if getattr(user, "is_participant", False):
        return stays.none()
    return stays.visible_to(user).values("pk")
