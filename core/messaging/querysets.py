from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from core.accounts.rights import reach
from core.messaging.permissions import SEE_MESSAGES


class MessageQuerySet(models.QuerySet[Any]):
    def due(self, moment: datetime) -> MessageQuerySet:
        """Waiting rows whose moment has come, and claims whose holder died."""
        return self.filter(not_before__lte=moment).filter(
            Q(state="queued") | Q(state="sending", claimed_until__lt=moment)
        )

    def visible_to(self, user: Any) -> MessageQuerySet:
        """Messages of the own groups, less those to, or about, somebody this user stays out of."""
        groups = reach(user, SEE_MESSAGES)
        if not groups:
            return self.none()
        return (
            self.filter(groups.as_q("group__"), group__isnull=False)
            .exclude(contact__hidden_from=user)
            .exclude(about__hidden_from=user)
        )
