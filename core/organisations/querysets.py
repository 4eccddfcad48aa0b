from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from core.accounts.rights import reach
from core.organisations.permissions import SEE_GROUPS, SET_RETENTION


class MunicipalityQuerySet(models.QuerySet[Any]):
    def on(self, day: date) -> MunicipalityQuerySet:
        """Municipalities that exist on `day`."""
        return self.filter(valid_from__lte=day).filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day)
        )


class GroupQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> GroupQuerySet:
        """Groups whose life this user may follow: own groups, own organisation, own region."""
        return self.filter(reach(user, SEE_GROUPS).as_q())

    def serving(self, municipality: Any, age: int) -> GroupQuerySet:
        """R-039, R-041: groups that somebody of this age and municipality may sign up for."""
        return self.filter(
            location__work_area=municipality, age_from__lte=age, age_until__gte=age
        ).exclude(state__in=["preparing", "closed"])


class RetentionRuleQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> RetentionRuleQuerySet:
        """The foundation sets terms for everybody; nobody else has the list."""
        return self if reach(user, SET_RETENTION).national else self.none()
