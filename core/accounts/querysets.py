from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q


class UserQuerySet(models.QuerySet[Any]):
    def participants(self) -> UserQuerySet:
        return self.filter(kind="participant")

    def staff(self) -> UserQuerySet:
        return self.filter(kind="staff")


class RoleAssignmentQuerySet(models.QuerySet[Any]):
    def in_force(self, day: date) -> RoleAssignmentQuerySet:
        """Valid on `day`, first and last day included: midnight needs no job."""
        return self.filter(valid_from__lte=day).filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day)
        )


class OneTimeCodeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> OneTimeCodeQuerySet:
        """The young person's own door; professionals come to it through the stay."""
        if getattr(user, "is_participant", False):
            return self.filter(user=user)
        return self.none()

    def waiting(self) -> OneTimeCodeQuerySet:
        """Neither used nor taken back; may have run out."""
        return self.filter(used_at__isnull=True, revoked_at__isnull=True)
