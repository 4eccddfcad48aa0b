"""The calendar that a professional subscribes to."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from core.ids import uuid7


class CalendarFeed(models.Model):
    """The secret address at which a professional's own calendar reads the meetings in reach.

    One for each person; a new one takes the place of the old, which then finds nothing. Only a
    keyed hash is kept (core.tokens). It reaches no further than the roles that were in force when
    it was made and still are: `groups.year_plan.feed`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed"
    )
    token_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
