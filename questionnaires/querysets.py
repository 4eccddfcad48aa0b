from __future__ import annotations

from typing import Any

from django.db import models

from core.accounts.rights import reach
from participants.querysets import not_recused
from questionnaires.permissions import SEE_ANSWERS, SEE_RESPONSE

PERSON = "trajectory__participant"


class InvitationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> InvitationQuerySet:
        if getattr(user, "is_participant", False):
            return self.filter(trajectory__participant__user=user)
        return self.filter(trajectory__group__isnull=False).filter(
            reach(user, SEE_RESPONSE).as_q("trajectory__group__"), not_recused(user, PERSON)
        )

    def open(self) -> InvitationQuerySet:
        return self.filter(state="open")

    def standing(self) -> InvitationQuerySet:
        return self.exclude(state="withdrawn")


class ResponseQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> ResponseQuerySet:
        """R-005: the own answers, or those of the worker's own groups. Never a coordinator."""
        if getattr(user, "is_participant", False):
            return self.filter(trajectory__participant__user=user)
        known = self.filter(
            trajectory__group__isnull=False, trajectory__participant__erased_at=None
        )
        far = reach(user, SEE_ANSWERS).as_q("trajectory__group__")
        return known.filter(far, not_recused(user, PERSON))
