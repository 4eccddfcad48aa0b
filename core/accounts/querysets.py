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
