from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from core.accounts.rights import reach
from groups.permissions import SEE_MEETINGS
from participants.querysets import not_recused

PERSON = "trajectory__participant"


class PlacementQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> PlacementQuerySet:
        if getattr(user, "is_participant", False):
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


class MeetingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> MeetingQuerySet:
        """The own group's meetings for a participant; by reach for professionals.

        No time or place before every yes that is needed (trust.md 6): somebody blocked sees none.
        """
        if getattr(user, "is_participant", False):
            return self.filter(
                group__placements__trajectory__participant__user=user,
                group__placements__trajectory__blocked_reason="",
                group__placements__last_day__isnull=True,
            )
        return self.filter(reach(user, SEE_MEETINGS).as_q("group__"))

    def upcoming(self, moment: Any) -> MeetingQuerySet:
        return self.filter(status="planned", ends_at__gte=moment).order_by("starts_at")

    def to_come(self, moment: Any, group: Any) -> MeetingQuerySet:
        """Evenings of `group` that somebody can still come to, tonight's included."""
        coming = self.filter(group=group, ends_at__gte=moment).exclude(status="cancelled")
        return coming.order_by("starts_at")

    def held(self) -> MeetingQuerySet:
        return self.filter(status="held")


class AttendanceQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> AttendanceQuerySet:
        if getattr(user, "is_participant", False):
            return self.filter(trajectory__participant__user=user)
        return self.filter(
            reach(user, SEE_MEETINGS).as_q("meeting__group__"), not_recused(user, PERSON)
        )
