"""What happened at a meeting and when: a line, written in one breath from the help card."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.encryption import EncryptedTextField
from core.ids import uuid7
from groups.models.logbook import LogbookAbout, LogbookPart
from groups.models.meetings import Meeting
from groups.permissions import SEE_MEETINGS
from participants.models.recusal import not_recused


class TimedLineQuerySet(models.QuerySet["TimedLine"]):
    def visible_to(self, user: Viewer) -> TimedLineQuerySet:
        """By reach for professionals; nobody else (R-004). Where the incident is about somebody the
        reader stays out of, the own lines alone (trust.md 3): they may name them."""
        about = LogbookAbout.objects.filter(part__kind=LogbookPart.Kind.INCIDENT)
        kept_out = about.exclude(not_recused(user, "trajectory__participant"))
        return self.filter(
            reach(user, SEE_MEETINGS).as_q("meeting__group__"),
            Q(by=user.pk) | ~Q(meeting__in=kept_out.values("part__meeting")),
        )


class TimedLine(models.Model):
    """A moment and, when there was a hand free, a few words. Nothing is obliged."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="timed_lines")
    at = models.DateTimeField(help_text=_("When it happened, as the worker said."))
    text = EncryptedTextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    client_id = models.UUIDField(unique=True, help_text=_("A resend writes no second line."))

    objects = TimedLineQuerySet.as_manager()

    class Meta:
        ordering = ["at", "written_at"]
