"""Hand waiting rows over to the outside. A killed process loses nothing (trust.md 16).

A batch is claimed in one short transaction; each row's claim is renewed just before its hand-over
and settled right after it. Whoever dies in between leaves a claim that runs out, and another
takes over: a repeat is possible only between "accepted" and "settled", one message a kill.
"""

import smtplib
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F

from core import clock, ports
from core.locks import claim_free
from core.messaging.models import Message
from core.messaging.outbox import IMMEDIATE, channel_for, daytime_for
from core.messaging.rendering import render

log = structlog.get_logger(__name__)

Deliver = Callable[[Message, BaseEmailBackend], None]
BATCH = 100
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 8
ASKED_FOR_ONESELF = {"sign_in_code"}


def send_due(deliver: Deliver | None = None) -> int:
    """Hand over everything that is due now; returns how many rows were settled.

    `deliver` takes the place of the real hand-over when a past is played (demo world).
    """
    settled = 0
    while claimed := claim_batch():
        claim, ids = claimed
        connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
        for message_id in ids:
            settled += _send_one(message_id, claim, connection, deliver or hand_over)
        connection.close()
    return settled


@transaction.atomic
def claim_batch() -> tuple[UUID, list[UUID]] | None:
    """Reserve up to BATCH due rows for this process; None when nothing is due."""
    now = clock.now()
    due = Message.objects.due(now).exclude(channel=Message.Channel.WORKER_TEXT)
    ids = [row.pk for row in claim_free(due.order_by("-urgency", "not_before"), BATCH)]
    if not ids:
        return None
    claim = uuid4()
    Message.objects.filter(pk__in=ids).update(
        state=Message.State.SENDING, claim=claim, claimed_until=now + LEASE
    )
    return claim, ids


def renew_claim(message_id: UUID, claim: UUID) -> Message | None:
    """Still ours? Counts the attempt and returns the row, or None when another took over."""
    ours = Message.objects.filter(pk=message_id, claim=claim, state=Message.State.SENDING).update(
        claimed_until=clock.now() + LEASE, attempts=F("attempts") + 1
    )
    return Message.objects.select_related("contact", "group").get(pk=message_id) if ours else None


def why_not(message: Message) -> str:
    """The reason this row may no longer leave, or an empty string. Asked at send time."""
    contact = message.contact
    if contact.stopped_at is not None and message.kind not in ASKED_FOR_ONESELF:
        return "contact_stopped"
    about, to = message.subject_id, message.contact_id
    if about and False in ports.message_wanted(message.kind, about, to):
        return "no_longer_wanted"
    return ""


def hand_over(message: Message, connection: BaseEmailBackend) -> None:
    """Give the mail to the server. Raises what the server or the template raises."""
    rendered = render(message)
    mail = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        to=[message.contact.email],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    mail.attach_alternative(rendered.html, "text/html")
    mail.send()


def settle(message: Message, state: Message.State, reason: str = "") -> None:
    """The last word about a row; its secret is wiped whatever happened."""
    message.state = state
    message.reason = reason
    message.had_secret = message.had_secret or bool(message.secret)
    message.secret = ""
    message.claim = None
    message.claimed_until = None
    message.sent_at = clock.now() if state == Message.State.SENT else None
    message.save(
        update_fields=[
            "state",
            "reason",
            "secret",
            "had_secret",
            "settled_by",
            "claim",
            "claimed_until",
            "sent_at",
        ]
    )


def _send_one(message_id: UUID, claim: UUID, connection: BaseEmailBackend, deliver: Deliver) -> int:
    message = renew_claim(message_id, claim)
    if message is None:
        return 0
    if reason := why_not(message):
        settle(message, Message.State.WITHDRAWN, reason)
        return 1
    if message.urgency != IMMEDIATE:
        moment = daytime_for(message.contact, clock.now())
        if moment > clock.now():
            _wait_until(message, moment, counted=False)
            return 0
    if not message.contact.email or "email" not in message.contact.safe_channels:
        return _not_by_mail(message)
    try:
        deliver(message, connection)
    except smtplib.SMTPRecipientsRefused as refused:
        code = next(iter(refused.recipients.values()))[0] if refused.recipients else 550
        return _try_later(message, f"smtp_{code}", final=code >= 500)
    except (OSError, smtplib.SMTPException) as trouble:
        connection.close()
        return _try_later(message, type(trouble).__name__)
    except Exception as poison:
        log.error("message_poison", message=str(message.pk), error=type(poison).__name__)
        return _try_later(message, type(poison).__name__)
    settle(message, Message.State.SENT)
    return 1


def _not_by_mail(message: Message) -> int:
    channel = channel_for(message.contact, message.group)
    if channel == Message.Channel.WORKER_TEXT:
        Message.objects.filter(pk=message.pk).update(
            channel=channel, state=Message.State.QUEUED, claim=None, claimed_until=None
        )
        return 1
    settle(message, Message.State.DEAD, "no_safe_channel")
    return 1


def _try_later(message: Message, reason: str, final: bool = False) -> int:
    """Bounded retries with growing pauses; after the last one a person sees the row."""
    if final or message.attempts >= MOST_ATTEMPTS:
        settle(message, Message.State.DEAD, reason)
        return 1
    _wait_until(message, clock.now() + timedelta(minutes=2 ** (message.attempts - 1)))
    return 0


def _wait_until(message: Message, moment: object, counted: bool = True) -> None:
    Message.objects.filter(pk=message.pk).update(
        state=Message.State.QUEUED,
        not_before=moment,
        claim=None,
        claimed_until=None,
        attempts=message.attempts if counted else F("attempts") - 1,
    )
