"""The second channel: a ready text that a worker sends, and dead letters that a person settles."""

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Actor
from core.accounts.models import User
from core.errors import RuleBroken
from core.locks import lock_one
from core.messaging.models import Message
from core.messaging.outbox import channel_for, moment_for
from core.messaging.rendering import render
from core.messaging.sending import settle, why_not

log = structlog.get_logger(__name__)


def ready_text(message: Message) -> str:
    """The plain text of a message for copying; empty once it is settled or no longer wanted, and
    for a message that cannot be made (its page says so, and shows nothing of it).
    """
    if message.state != Message.State.QUEUED or message.contact.held_since or why_not(message):
        return ""
    return text_of(message)


def text_of(message: Message) -> str:
    """As `ready_text`, of a message that the caller knows to be wanted; a dead letter's too."""
    try:
        return render(message).text
    except Exception as poison:
        log.error("message_poison", message=str(message.pk), error=type(poison).__name__)
        return ""


@transaction.atomic
def mark_sent_by_hand(*, message: Message, by: Actor) -> Message:
    """The worker sent the text; withdrawn instead when the person asked for no more messages.

    What waits for a talk with this person (C-48) is left as it is.
    """
    row = _lock(message)
    if row.state != Message.State.QUEUED or row.channel != Message.Channel.WORKER_TEXT:
        return row
    if row.contact.held_since is not None:
        return row
    row.settled_by = by
    if reason := why_not(row):
        settle(row, Message.State.WITHDRAWN, reason)
        return row
    settle(row, Message.State.SENT, "by_hand")
    return row


@transaction.atomic
def resend_message(*, message: Message, by: User) -> Message:
    """Try a dead letter again, obeying safe contact as everywhere; asked again when it leaves.

    Withdrawn instead when the person asked for no more messages or nobody wants it any more.
    Raises RuleBroken: not_dead, secret_gone (its link or code was wiped), no_safe_channel.
    """
    row = _lock(message)
    if row.state != Message.State.DEAD:
        raise RuleBroken(_("This message is not waiting for you any more."), "not_dead")
    row.settled_by = by
    if reason := why_not(row):
        settle(row, Message.State.WITHDRAWN, reason)
        return row
    if row.had_secret:
        raise RuleBroken(
            _("It held a link or code that works once. Make a new one; this one can go."),
            "secret_gone",
        )
    channel = channel_for(row.contact, row.group)
    safe = bool(row.contact.email) and "email" in row.contact.safe_channels
    if channel == Message.Channel.EMAIL and not safe:
        raise RuleBroken(
            _("No safe address is known. Ask the person first how you may reach them."),
            "no_safe_channel",
        )
    row.state = Message.State.QUEUED
    row.channel = channel
    row.attempts = 0
    row.reason = ""
    row.not_before = moment_for(row.contact, row.urgency, clock.now())
    row.save(update_fields=["state", "channel", "attempts", "reason", "not_before", "settled_by"])
    return row


@transaction.atomic
def drop_message(*, message: Message, by: User) -> Message:
    """A person decides that this message need not arrive any more."""
    row = _lock(message)
    if row.state in (Message.State.DEAD, Message.State.QUEUED):
        row.settled_by = by
        settle(row, Message.State.WITHDRAWN, "dropped")
    return row


def _lock(message: Message) -> Message:
    return lock_one(Message.objects.filter(pk=message.pk).select_related("contact", "group"))
