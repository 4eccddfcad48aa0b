"""Hand waiting rows over to the outside. A killed process loses nothing (trust.md 16, ADR 0002).

A batch is claimed and read in one short transaction, asked about once a kind, and handed over
through one connection while that answer is fresh. Each hand-over is written down before the next
begins: whoever dies in between leaves a claim that runs out, and another takes over. A repeat is
possible only between "accepted" and "written down", one message a kill.

What goes home stops at once (`ports.stops_at_once`): its row is locked and asked about until it is
handed over, so that whoever stopped it waits for that, and nothing leaves after their commit.
"""

import smtplib
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet

from core import clock, ports
from core.locks import claim_free, lock_all
from core.messaging.handed_over import record_sent
from core.messaging.models import ASKED_FOR_ONESELF, Contact, Message
from core.messaging.outbox import channel_for, moment_for
from core.messaging.rendering import render

log = structlog.get_logger(__name__)

Deliver = Callable[[Message, BaseEmailBackend], None]
State = Message.State
BATCH = 50
LEASE = timedelta(seconds=60)
#: How old "still wanted" may be when a mail leaves; what is left of a batch is asked about again.
FRESH = timedelta(seconds=5)
MOST_ATTEMPTS = 8
#: These go to an address of their own (`outbox.TO`), whatever is known of the contact.
OWN_ADDRESS = {"new_address_code", "address_changed"}


class _Unwanted(Exception):
    """Somebody stopped it after the batch was asked about."""


@dataclass(frozen=True)
class Batch:
    """Rows that are ours for now, with their contacts as they were at `at`."""

    claim: UUID
    messages: list[Message]
    at: datetime

    @property
    def is_fresh(self) -> bool:
        return clock.now() - self.at < FRESH

    def rows(self, *messages: Message) -> QuerySet[Message]:
        """Of these the rows that are still ours: what somebody took over is not ours to settle."""
        ids = [message.pk for message in messages]
        return Message.objects.filter(pk__in=ids, claim=self.claim, state=State.SENDING)


def send_due(deliver: Deliver | None = None, until: datetime | None = None) -> int:
    """Hand over everything that is due now; returns how many rows were settled.

    No batch is begun after `until`; what is left then is for the next call. `deliver` takes the
    place of the real hand-over when a past is played (demo world).
    """
    settled = 0
    while (until is None or clock.now() < until) and (batch := claim_batch()):
        settled += _send(batch, deliver or hand_over)
    return settled


@transaction.atomic
def claim_batch() -> Batch | None:
    """Reserve up to BATCH due rows for this process, what is immediate first, then what is about
    tonight; None: nothing is due.

    The attempt is counted here. A row whose holder died may have killed it: it is claimed alone,
    and after the last attempt a person sees it.
    """
    now = clock.now()
    due = Message.objects.due(now)
    rows = claim_free(due.select_related("contact").order_by("urgency", "not_before", "pk"), BATCH)
    while rows and rows[0].state == State.SENDING and rows[0].attempts >= MOST_ATTEMPTS:
        _settle(Message.objects.filter(pk=rows.pop(0).pk), State.DEAD, "worker_died")
    left_behind = [row.state == State.SENDING for row in rows]
    if True in left_behind:
        rows = rows[: left_behind.index(True) or 1]
    if not rows:
        return None
    batch = Batch(uuid4(), rows, now)
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=State.SENDING,
        claim=batch.claim,
        claimed_until=now + LEASE,
        attempts=F("attempts") + 1,
    )
    for row in rows:
        row.attempts += 1
    return batch


def why_not(message: Message) -> str:
    """The reason this row may no longer leave, or an empty string. Asked at send time."""
    return why_none_of([message]).get(message.pk, "")


def why_none_of(messages: Iterable[Message]) -> dict[UUID, str]:
    """Which of these may no longer leave, with the reason. Each kind is asked about once."""
    reasons: dict[UUID, str] = {}
    kinds: dict[str, dict[UUID, ports.About]] = defaultdict(dict)
    for message in messages:
        if message.contact.stopped_at is not None and message.kind not in ASKED_FOR_ONESELF:
            reasons[message.pk] = "contact_stopped"
        elif message.subject_id:
            kinds[message.kind][message.pk] = ports.About(message.subject_id, message.contact_id)
    for kind, asked in kinds.items():
        for wanted in ports.message_wanted(kind, set(asked.values())):
            if wanted is not None:
                gone = [pk for pk, about in asked.items() if about not in wanted]
                reasons |= dict.fromkeys(gone, "no_longer_wanted")
    return reasons


def hand_over(message: Message, connection: BaseEmailBackend) -> None:
    """Give the mail to the server. Raises what the server or the template raises."""
    rendered = render(message)
    mail = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        to=[rendered.to],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    mail.attach_alternative(rendered.html, "text/html")
    connection.open()  # the next one goes through the same
    mail.send()


def settle(message: Message, state: Message.State, reason: str = "") -> None:
    """The last word about a row; its secret is wiped whatever happened."""
    message.state = state
    message.reason = reason
    message.had_secret = message.had_secret or bool(message.secret)
    message.secret = ""
    message.claim = None
    message.claimed_until = None
    message.sent_at = clock.now() if state == State.SENT else None
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


def _send(batch: Batch, deliver: Deliver) -> int:
    leaving, settled = _may_leave(batch)
    connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
    for place, message in enumerate(leaving):
        if not batch.is_fresh:
            _give_back(batch.rows(*leaving[place:]))
            break
        settled += _send_one(message, batch, connection, deliver)
    _close(connection)
    return settled


def _may_leave(batch: Batch) -> tuple[list[Message], int]:
    """Those to hand over now, and how many others were settled; the rest waits."""
    reasons, raised = _reasons(batch)
    leaving: list[Message] = []
    withdrawn: dict[str, list[Message]] = defaultdict(list)
    waiting: dict[datetime, list[Message]] = defaultdict(list)
    settled = 0
    for message in batch.messages:
        if message.pk in raised:
            settled += _try_later(message, batch, raised[message.pk])
        elif message.pk in reasons:
            withdrawn[reasons[message.pk]].append(message)
        elif (moment := moment_for(message.contact, message.urgency, batch.at)) > batch.at:
            waiting[moment].append(message)
        elif message.kind not in OWN_ADDRESS and not _by_mail(message.contact):
            settled += _not_by_mail(message, batch)
        else:
            leaving.append(message)
    for reason, messages in withdrawn.items():
        settled += _settle(batch.rows(*messages), State.WITHDRAWN, reason)
    for moment, messages in waiting.items():
        _give_back(batch.rows(*messages), not_before=moment)
    return leaving, settled


def _reasons(batch: Batch) -> tuple[dict[UUID, str], dict[UUID, str]]:
    """`why_none_of` this batch; where it raises, each row alone, and for which it raised what."""
    try:
        return why_none_of(batch.messages), {}
    except Exception as trouble:
        log.error("message_wanted_raised", error=type(trouble).__name__)
    reasons: dict[UUID, str] = {}
    raised: dict[UUID, str] = {}
    for message in batch.messages:
        try:
            reasons |= why_none_of([message])
        except Exception as poison:
            _log_poison(message, poison)
            raised[message.pk] = type(poison).__name__
    return reasons, raised


def _send_one(
    message: Message, batch: Batch, connection: BaseEmailBackend, deliver: Deliver
) -> int:
    if not any(message.kind in kinds for kinds in ports.stops_at_once()):
        return _try_one(message, batch, connection, deliver)
    with transaction.atomic():
        if not lock_all(batch.rows(message)):
            return 1  # stopped meanwhile
        return _try_one(message, batch, connection, _if_still_wanted(deliver))


def _if_still_wanted(deliver: Deliver) -> Deliver:
    """Asked once more, of this one, at the last moment."""

    def asked(message: Message, connection: BaseEmailBackend) -> None:
        with transaction.atomic():
            if reason := why_not(message):
                raise _Unwanted(reason)
            deliver(message, connection)

    return asked


def _try_one(message: Message, batch: Batch, connection: BaseEmailBackend, deliver: Deliver) -> int:
    try:
        deliver(message, connection)
    except _Unwanted as unwanted:
        return _settle(batch.rows(message), State.WITHDRAWN, str(unwanted))
    except smtplib.SMTPRecipientsRefused as refused:
        code = next(iter(refused.recipients.values()))[0] if refused.recipients else 550
        return _try_later(message, batch, f"smtp_{code}", final=code >= 500)
    except (OSError, smtplib.SMTPException) as trouble:
        _close(connection)
        return _try_later(message, batch, type(trouble).__name__)
    except Exception as poison:
        _log_poison(message, poison)
        return _try_later(message, batch, type(poison).__name__)
    record_sent(message, batch.claim)
    return 1


def _close(connection: BaseEmailBackend) -> None:
    """What was accepted is accepted, whatever the server says at goodbye."""
    with suppress(OSError, smtplib.SMTPException):
        connection.close()


def _by_mail(contact: Contact) -> bool:
    return bool(contact.email) and Contact.Channel.EMAIL in contact.safe_channels


def _not_by_mail(message: Message, batch: Batch) -> int:
    channel = channel_for(message.contact, message.group)
    if channel == Message.Channel.WORKER_TEXT:
        return _give_back(batch.rows(message), channel=channel)
    return _settle(batch.rows(message), State.DEAD, "no_safe_channel")


def _try_later(message: Message, batch: Batch, reason: str, final: bool = False) -> int:
    """Bounded retries with growing pauses; after the last one a person sees the row."""
    rows = batch.rows(message)
    if final or message.attempts >= MOST_ATTEMPTS:
        return _settle(rows, State.DEAD, reason)
    moment = clock.now() + timedelta(minutes=2 ** (message.attempts - 1))
    _give_back(rows, not_before=moment, attempts=message.attempts)
    return 0


def _give_back(rows: QuerySet[Message], **changes: Any) -> int:
    """These wait again; the attempt was none, unless `changes` says otherwise."""
    kept = {"attempts": F("attempts") - 1} | changes
    return rows.update(state=State.QUEUED, claim=None, claimed_until=None, **kept)


def _settle(rows: QuerySet[Message], state: Message.State, reason: str) -> int:
    """As `settle`, of rows that do not leave: all at once, and without opening their secrets."""
    has_secret = Q(had_secret=True) | ~Q(secret=b"")
    return rows.update(
        state=state,
        reason=reason,
        had_secret=ExpressionWrapper(has_secret, output_field=BooleanField()),
        secret="",
        claim=None,
        claimed_until=None,
    )


def _log_poison(message: Message, poison: Exception) -> None:
    log.error("message_poison", message=str(message.pk), error=type(poison).__name__)
