"""Write a message: one row in the caller's transaction; it leaves after the commit, or never."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from celery import current_app
from django.db import transaction
from django.db.models import Q, QuerySet

from core import clock, ports
from core.left_alone import LeftAlone
from core.messaging.models import Contact, Message
from core.messaging.quiet_hours import next_daytime
from core.organisations.models import Group

IMMEDIATE = Message.Urgency.IMMEDIATE
TONIGHT = Message.Urgency.TONIGHT
SCHEDULED = Message.Urgency.SCHEDULED
#: What the outbox is hurried for as soon as it is committed.
AT_ONCE = (IMMEDIATE, TONIGHT)
#: In `secret`: the one address that this message goes to, where it is not yet, or no more, that of
#: its contact. Sealed and wiped with the rest.
TO = "to_address"
#: In `params`: the message stands on a page of its own, with what to do where it cannot leave; its
#: ready text or dead letter is no to-do by itself.
HAS_A_PAGE = "has_a_page"


def write(
    *,
    contact: Contact,
    template: str,
    kind: str,
    dedupe_key: str,
    params: dict[str, Any] | None = None,
    secret: dict[str, str] | None = None,
    subject_id: UUID | None = None,
    group: Group | None = None,
    about: Contact | None = None,
    urgency: Message.Urgency = SCHEDULED,
    not_before: datetime | None = None,
) -> Message:
    """Queue `template` for `contact`; the same `dedupe_key` again returns the row that stands.

    `params` are plain JSON and may be logged with the row; `secret` is encrypted and wiped at
    hand-over. `group` names the workers who get a ready text when e-mail is not safe; who stays
    out of the person it is `about` does not. `kind` and `subject_id` are asked about through the
    port `message_wanted` when the moment comes.
    """
    message = letter(
        contact=contact,
        template=template,
        kind=kind,
        dedupe_key=dedupe_key,
        params=params,
        secret=secret,
        subject_id=subject_id,
        group=group,
        about=about,
        urgency=urgency,
        not_before=not_before,
    )
    created = Message.objects.bulk_create([message], ignore_conflicts=True)
    stands = Message.objects.get(dedupe_key=dedupe_key)
    if stands.pk == created[0].pk and urgency in AT_ONCE and not clock.is_travelled():
        transaction.on_commit(_hurry, robust=True)
    return stands


def write_all(letters: Sequence[Message]) -> None:
    """Queue these at once; what stands already under its `dedupe_key` stays as it is."""
    Message.objects.bulk_create(letters, ignore_conflicts=True)
    hurries = any(one.urgency in AT_ONCE for one in letters)
    if hurries and not clock.is_travelled():
        transaction.on_commit(_hurry, robust=True)


def letter(
    *,
    contact: Contact,
    template: str,
    kind: str,
    dedupe_key: str,
    params: dict[str, Any] | None = None,
    secret: dict[str, str] | None = None,
    subject_id: UUID | None = None,
    group: Group | None = None,
    about: Contact | None = None,
    urgency: Message.Urgency = SCHEDULED,
    not_before: datetime | None = None,
) -> Message:
    """The row that `write` queues, not written yet; see there."""
    moment = moment_for(contact, urgency, not_before or clock.now())
    message = Message(
        contact=contact,
        template=template,
        kind=kind,
        subject_id=subject_id,
        group=group,
        about=about,
        params=params or {},
        urgency=urgency,
        channel=channel_for(contact, group),
        not_before=moment,
        dedupe_key=dedupe_key,
        written_at=clock.now(),
    )
    message.secret = json.dumps(secret) if secret else ""
    return message


def withdraw(*, kind: str | Sequence[str], subject_id: UUID, reason: str) -> int:
    """Waiting messages of this kind, or these, about this subject are no longer wanted.

    Returns how many. What is being sent at this moment is asked about by `message_wanted`; of the
    kinds that stop at once (the port) it is stopped as well, or was handed over before this act.
    """
    kinds = [kind] if isinstance(kind, str) else kind
    return _stop(Message.objects.filter(_may_stop(), kind__in=kinds, subject_id=subject_id), reason)


def withdraw_about(
    *, kinds: Sequence[str], subjects: Collection[UUID], reason: str, dead: bool = False
) -> int:
    """As `withdraw`, about many at once. `dead`: nor is what did not arrive."""
    which = _may_stop() | Q(state=Message.State.DEAD) if dead else _may_stop()
    return _stop(Message.objects.filter(which, kind__in=kinds, subject_id__in=subjects), reason)


def withdraw_all(
    *, contacts: QuerySet[Contact, Any], reason: str, but: str = "", dead: bool = False
) -> int:
    """Whatever waits for these people, `but` one kind, is no longer wanted; see `withdraw`.

    `dead`: nobody sends again either what did not arrive.
    """
    which = _may_stop() | Q(state=Message.State.DEAD) if dead else _may_stop()
    return _stop(Message.objects.filter(which, contact__in=contacts).exclude(kind=but), reason)


def hand_to(*, group: Group, contacts: QuerySet[Contact, Any]) -> int:
    """What waits for, or tells about, these people is for the workers of `group` from now on."""
    theirs = Q(contact__in=contacts) | Q(about__in=contacts)
    waits = Message.objects.filter(theirs, group__isnull=False).filter(
        state__in=[Message.State.QUEUED, Message.State.SENDING, Message.State.DEAD]
    )
    return waits.update(group=group)


def channel_for(contact: Contact, group: Group | None = None) -> Message.Channel:
    """E-mail when it exists and is safe; else a ready text for the group's workers."""
    if contact.email and "email" in contact.safe_channels:
        return Message.Channel.EMAIL
    return Message.Channel.WORKER_TEXT if group is not None else Message.Channel.EMAIL


def moment_for(contact: Contact, urgency: str, moment: datetime) -> datetime:
    """`moment`, or the first one after it at which a message of this urgency may arrive."""
    if urgency == IMMEDIATE:
        return moment
    return next_daytime(
        moment,
        birth_date=contact.birth_date,
        safe_from=contact.safe_from,
        safe_until=contact.safe_until,
        tonight=urgency == TONIGHT,
    )


def _may_stop() -> Q:
    """Whoever hands over a row of a kind that stops at once holds its lock: the act waits for it,
    and then finds it sent; or the row was stopped first, and is not handed over.
    """
    at_once = [kind for kinds in ports.stops_at_once() for kind in kinds]
    return Q(state=Message.State.QUEUED) | Q(state=Message.State.SENDING, kind__in=at_once)


def _stop(rows: QuerySet[Message, Any], reason: str) -> int:
    return rows.update(state=Message.State.WITHDRAWN, reason=reason, claim=None, claimed_until=None)


#: Meanwhile beat comes by itself, every twenty seconds.
left_alone = LeftAlone("broker")


def _hurry() -> None:
    """After the commit: what was written stands, whatever becomes of this."""
    if left_alone.now:
        return
    try:
        current_app.send_task("core.messaging.tasks.send_due", retry=False)
    except Exception as trouble:
        left_alone.begin(trouble)
