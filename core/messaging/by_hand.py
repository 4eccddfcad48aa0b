"""The second channel: a ready text that a worker sends, and dead letters that a person settles."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import RuleBroken
from core.messaging.models import Message
from core.messaging.outbox import channel_for, daytime_for
from core.messaging.rendering import render
from core.messaging.sending import settle, why_not


def ready_text(message: Message) -> str:
    """The plain text of a message for copying; empty once it is settled or no longer wanted."""
    if message.state != Message.State.QUEUED or why_not(message):
        return ""
    return render(message).text


@transaction.atomic
def mark_sent_by_hand(*, message: Message, by: Any) -> Message:
    """The worker sent the text; raises RuleBroken when the person asked for no more messages."""
    row = _lock(message)
    if row.state != Message.State.QUEUED or row.channel != Message.Channel.WORKER_TEXT:
        return row
    if reason := why_not(row):
        settle(row, Message.State.WITHDRAWN, reason)
        return row
    settle(row, Message.State.SENT, "by_hand")
    return row


@transaction.atomic
def resend_message(*, message: Message, by: Any) -> Message:
    """Try a dead letter again, obeying safe contact as everywhere."""
    row = _lock(message)
    if row.state != Message.State.DEAD:
        raise RuleBroken(_("This message is not waiting for you any more."), "not_dead")
    row.state = Message.State.QUEUED
    row.channel = channel_for(row.contact, row.group)
    row.attempts = 0
    row.reason = ""
    row.not_before = daytime_for(row.contact, clock.now())
    row.save(update_fields=["state", "channel", "attempts", "reason", "not_before"])
    return row


@transaction.atomic
def drop_message(*, message: Message, by: Any) -> Message:
    """A person decides that this message need not arrive any more."""
    row = _lock(message)
    if row.state in (Message.State.DEAD, Message.State.QUEUED):
        settle(row, Message.State.WITHDRAWN, "dropped")
    return row


def _lock(message: Message) -> Message:
    return (
        Message.objects.select_for_update(of=["self"])
        .select_related("contact", "group")
        .get(pk=message.pk)
    )
