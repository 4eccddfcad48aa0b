"""Addresses that may be used, and the outbox: the only door to the outside."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.columns import MailboxColumn, SealedTelephone
from core.encryption import EncryptedTextField
from core.ids import uuid7
from core.messaging.permissions import SEE_MESSAGES
from core.written_out import WordColumn

#: Leaves whatever else waits: the person asked for it a moment ago.
ASKED_FOR_ONESELF = frozenset({"sign_in_code", "new_address_code"})


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, moment: datetime) -> MessageQuerySet:
        """Waiting rows that leave by themselves and whose moment has come, and claims whose holder
        died; not what is held. Found by `message_leaves`, however many have left."""
        return (
            self.filter(not_before__lte=moment)
            .filter(Q(state="queued") | Q(state="sending", claimed_until__lt=moment))
            .exclude(channel="worker_text")
            .not_held()
        )

    def not_held(self) -> MessageQuerySet:
        """Less what waits for a talk with the person it is for (C-48)."""
        return self.filter(Q(contact__held_since__isnull=True) | Q(kind__in=ASKED_FOR_ONESELF))

    def visible_to(self, user: Viewer) -> MessageQuerySet:
        """Messages of the own groups, less those to, or about, somebody this user stays out of."""
        groups = reach(user, SEE_MESSAGES)
        if not groups:
            return self.none()
        return (
            self.filter(groups.as_q("group__"), group__isnull=False)
            .exclude(contact__hidden_from=user.pk)
            .exclude(about__hidden_from=user.pk)
        )


class Contact(models.Model):
    """How one person may safely be reached; obeyed by every message at send time."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        PHONE = "phone", _("telephone")
        WHATSAPP = "whatsapp", _("WhatsApp")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=80)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="nl")
    birth_date = models.DateField(
        null=True, blank=True, help_text=_("Only for daytime rules: under 18 on school days.")
    )
    email = MailboxColumn(_("e-mail address"), blank=True)
    email_hash = models.BinaryField(max_length=32, null=True, db_index=True, editable=False)
    phone = SealedTelephone(_("telephone"), blank=True)
    safe_channels = ArrayField(
        models.CharField(max_length=10, choices=Channel.choices),
        default=list,
        blank=True,
        help_text=_("Channels that this person called safe; nothing else is used."),
    )
    safe_from = models.TimeField(_("from"), null=True, blank=True)
    safe_until = models.TimeField(_("until"), null=True, blank=True)
    shared_mailbox = models.BooleanField(_("others read this mailbox too"), default=False)
    not_at_home = models.BooleanField(_("home may not know"), default=False)
    stopped_at = models.DateTimeField(
        null=True, blank=True, help_text=_("'Send nothing more' was chosen.")
    )
    stopped_reason = models.CharField(max_length=40, blank=True)
    held_since = models.DateTimeField(
        null=True, blank=True, help_text=_("Messages wait until a person talked with them (C-48).")
    )
    hidden_from = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        help_text=_("Professionals who know this person: messages to it are not for their eyes."),
    )

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            models.Index(
                fields=["stopped_at"],
                condition=Q(stopped_at__isnull=False),
                name="contacts_that_stopped",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Message(models.Model):
    """One row of the outbox, written in the transaction of the fact that caused it.

    Template and parameters are kept, never a rendered text; secret parameters are encrypted and
    wiped at hand-over. `dedupe_key` makes an effect happen once.
    """

    class Urgency(models.TextChoices):
        """Kept so that they sort as they leave: immediate, tonight, scheduled (R-358, C-49)."""

        IMMEDIATE = "immediate", _("at once (codes, receipts)")
        TONIGHT = "of_tonight", _("about a meeting that begins soon")
        SCHEDULED = "scheduled", _("in daytime")

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        WHATSAPP = "whatsapp", _("WhatsApp")
        WORKER_TEXT = "worker_text", _("ready text for the worker")

    class State(models.TextChoices):
        QUEUED = "queued", _("waits")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        WITHDRAWN = "withdrawn", _("no longer wanted")
        DEAD = "dead", _("could not be delivered")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="messages")
    group = models.ForeignKey(
        "organisations.Group",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Whose workers may see this row (ready texts, dead letters)."),
    )
    about = models.ForeignKey(
        Contact,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_(
            "Whom it tells about, when that is somebody else: hidden as if it were theirs."
        ),
    )
    template = models.CharField(max_length=60)
    kind = models.CharField(max_length=60, help_text=_("What `message_wanted` is asked about."))
    subject_id = models.UUIDField(null=True, blank=True)
    params = models.JSONField(default=dict)
    secret = EncryptedTextField(blank=True)
    urgency = models.CharField(max_length=10, choices=Urgency.choices)
    channel = WordColumn(max_length=12, choices=Channel.choices)
    not_before = models.DateTimeField()
    dedupe_key = models.CharField(max_length=200, unique=True)
    state = WordColumn(max_length=10, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=60, blank=True, help_text=_("Why withdrawn or dead."))
    had_secret = models.BooleanField(
        default=False, help_text=_("Settled with a secret, which was wiped: never sent again.")
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The person who sent, resent or dropped it by hand."),
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True, blank=True, help_text=_("Who is handing it over now."))
    claimed_until = models.DateTimeField(null=True, blank=True)
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=models.Q(state__in=["queued", "sending"]),
                name="message_waits",
            ),
            models.Index(
                fields=["urgency", "not_before"],
                condition=models.Q(state__in=["queued", "sending"])
                & ~models.Q(channel="worker_text"),
                name="message_leaves",
            ),
            models.Index(fields=["kind", "subject_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.template} ({self.state})"

    @property
    def message_id(self) -> str:
        """The Message-ID header: the same at every attempt, so a repeat can be recognised."""
        return f"<{self.id}@{settings.MESSAGE_ID_DOMAIN}>"
