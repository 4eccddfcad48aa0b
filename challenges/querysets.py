from __future__ import annotations

from typing import Any

from django.db import models

from core.accounts.rights import reach
from participants.permissions import SEE_JOURNEY
from participants.querysets import not_recused


class ChallengeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> ChallengeQuerySet:
        """The own ones; for professionals those of the group's workers and the region (R-004)."""
        if getattr(user, "is_participant", False):
            return self.filter(trajectory__participant__user=user)
        return self.filter(
            reach(user, SEE_JOURNEY).as_q("trajectory__group__"),
            not_recused(user, "trajectory__participant"),
            trajectory__group__isnull=False,
            trajectory__participant__erased_at=None,
        )

    def going(self) -> ChallengeQuerySet:
        return self.filter(state="going")
