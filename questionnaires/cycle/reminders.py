"""When a wave writes to its young person: the next day in daytime, again two and five days later.

Set-based: one query finds every open wave that is due for a message on a day, so the sweep may
run at any time. Of a wave whose messages all left it keeps the first day on which there can be
another (`no_message_before`), so that it need not look at all of them every hour: what left is
never taken back. A wave that opens again rests until the next day as well (`at_once`).
A row is one opening, so its messages are told apart by their subject (R-351): what was taken back
and is earned again begins with a first message, and never on the day it opens. Days are counted
from when a message really left, so what waited out a fault is not followed by the next at once.
Each message has its own key, so it leaves once; before it leaves, the port `message_wanted` is
asked again. Hours are the outbox's affair (`core.messaging.quiet_hours`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    Func,
    IntegerField,
    JSONField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from core import clock
from core.locks import lock_all
from core.messaging import outbox
from core.messaging.models import Message
from core.ports import About
from core.sweep.steps import Turn
from groups.models import Placement
from questionnaires.cycle import on_hold
from questionnaires.cycle.mail_buttons import links
from questionnaires.instrument.instrument import item_count
from questionnaires.models import Draft, Invitation, Wave

FIRST_MESSAGE_AFTER = timedelta(days=1)  # an evening's slip and its undo never mail anybody
REMINDERS_AFTER = (timedelta(days=2), timedelta(days=5))  # counted from the first message
STANDS = ("queued", "sending", "sent", "dead")
#: When a message left; of one that did not, when it was to.
LEFT_AT = Coalesce("sent_at", "not_before")
#: Messages per transaction; bounds the time waves are locked.
BATCH = 100


def write_due(turn: Turn) -> None:
    """Queue everything that is due on the day of this turn.

    Safe to run twice, late (one message a wave and day, never a flood) and by two at once.
    """
    if some := _may_be_due(turn.day):
        due = {wave.pk: wave for wave in _due(turn.day).filter(pk__in=some)}
        for keys in _batches(list(due)):
            turn.together(keys, partial(_write, due=due, day=turn.day))


def message_wanted(kind: str, asked: Collection[About]) -> set[About] | None:
    """Answer to the port: is this wave still open, not on hold, and not left alone?"""
    if kind not in (MESSAGE, REMINDER):
        return None
    wanted = still_asked({about.subject for about in asked})
    return {about for about in asked if about.subject in wanted}


def still_asked(waves: Collection[UUID]) -> set[UUID]:
    """Of these waves the ones that a message may be about today."""
    found = reachable(clock.today()).filter(pk__in=waves, left_alone_on__isnull=True)
    return set(found.values_list("pk", flat=True))


def stop(waves: Collection[UUID], *, reason: str) -> int:
    """These waves are not asked any more: what waits about them does not leave, and no ready text
    of theirs waits for a worker. Returns how many.

    One that is being handed over at this moment may have been asked about a few seconds ago
    (core.messaging.sending): the link in it leads to what stands now.
    """
    return outbox.withdraw_about(kinds=(MESSAGE, REMINDER), subjects=waves, reason=reason)


def text_by_hand(invitation: Invitation) -> str:
    """The reminder as a short text for the worker's own telephone, in the person's language."""
    contact = invitation.trajectory.participant.contact
    with override(contact.language):
        return render_to_string(
            "questionnaires/text_by_hand.txt", params(invitation) | {"site_url": settings.SITE_URL}
        ).strip()


def params(invitation: Invitation) -> dict[str, Any]:
    """What the mails of this app need. `..._url` are paths behind `site_url`; `anew`: what was
    filled in belongs to an opening that was taken back, so no mail says that it is kept here."""
    return {
        "name": invitation.trajectory.participant.call_name,
        "items": item_count(invitation.wave),
        "list_url": reverse("questionnaires:who_reads", args=[invitation.pk]),
        "later_url": reverse("questionnaires:later", args=[invitation.pk]),
        "anew": invitation.opening > 1 and not Draft.objects.filter(pk=invitation.pk).exists(),
    }


def out_of_reminders(day: date) -> Q:
    """Open waves whose last reminder left, or was lost, at least a day ago; none waits."""
    moment = clock.at(day)
    return Q(
        reminders_sent__gte=len(REMINDERS_AFTER), newest_reminder_at__lt=moment, one_waits=False
    )


def became() -> Subquery:
    """For a column: of the messages about this opening how many left, how many of those by hand,
    and how many were lost."""
    about = Message.objects.filter(kind__in=(MESSAGE, REMINDER), subject_id=OuterRef("pk"))
    left, by_hand = Q(state="sent"), Q(channel="worker_text")
    counts = Func(
        Count("pk", filter=left),
        Count("pk", filter=left & by_hand),
        Count("pk", filter=Q(state="dead")),
        function="JSONB_BUILD_ARRAY",
        output_field=JSONField(),
    )
    return Subquery(about.order_by().values("subject_id").annotate(n=counts).values("n"))


def with_messages(waves: QuerySet[Invitation]) -> QuerySet[Any]:
    """Annotate what left or waits about each wave: first message, reminders, withdrawn rows."""
    about = Message.objects.filter(subject_id=OuterRef("pk"))
    standing = about.filter(state__in=STANDS)
    return waves.annotate(
        first_message_at=_one(standing.filter(kind=MESSAGE), Min(LEFT_AT)),
        newest_reminder_at=Subquery(
            standing.filter(kind=REMINDER).order_by(LEFT_AT.desc()).values(at=LEFT_AT)[:1],
            output_field=DateTimeField(),
        ),
        reminders_sent=Coalesce(_count(standing.filter(kind=REMINDER)), Value(0)),
        withdrawn_before=Coalesce(_count(about.filter(state="withdrawn")), Value(0)),
        one_waits=Exists(about.filter(state__in=["queued", "sending"])),
    )


def reachable(day: date) -> QuerySet[Invitation]:
    """Open, and nothing holds messages back: no hold, no block, no "send nothing more".

    Nor who refused contact at leaving, or stopped while a worker still has to close the stay.
    """
    return Invitation.objects.open().filter(on_hold.written_to(day))


def _may_be_due(day: date) -> list[UUID]:
    """The few open waves that `_due` has to look at: not those that had all their messages, nor
    those that got one since yesterday, unless the young person chose this day."""
    may = Q(no_message_before__isnull=True) | Q(no_message_before__lte=day)
    waves = Invitation.objects.open().filter(may, left_alone_on__isnull=True)
    chosen = Q(remind_on__lte=day)
    waves = waves.filter(chosen | Q(opened_on__lte=day - FIRST_MESSAGE_AFTER)).order_by()
    looked_at = dict(waves.values_list("pk", "remind_on"))
    if not looked_at:
        return []
    messages = _messages_about(waves)
    resting = {pk: until for pk, told in messages.items() if (until := told.rest_until()) > day}
    _let_rest(
        {
            pk: until
            for pk, until in resting.items()
            if messages[pk].all_left and looked_at.get(pk, day) is None
        }
    )
    return [pk for pk, on in looked_at.items() if pk not in resting or (on and on <= day)]


class Told(NamedTuple):
    """How many messages about a wave stand, how many of them left, and when the newest did."""

    many: int
    left: int
    newest: datetime

    @property
    def all_left(self) -> bool:
        return self.left == self.many

    def rest_until(self) -> date:
        """The first day on which there can be another, unless somebody chooses one."""
        if self.many > len(REMINDERS_AFTER):
            return date.max
        return clock.day_of(self.newest) + FIRST_MESSAGE_AFTER + timedelta(days=1)


def _messages_about(waves: QuerySet[Invitation]) -> dict[UUID, Told]:
    standing = Message.objects.filter(
        kind__in=(MESSAGE, REMINDER), subject_id__in=waves.values("pk"), state__in=STANDS
    )
    found = (
        standing.order_by()
        .values_list("subject_id")
        .annotate(many=Count("pk"), left=Count("pk", filter=Q(state="sent")), newest=Max(LEFT_AT))
    )
    return {subject: Told(*told) for subject, *told in found if subject is not None}


def _let_rest(waves: Mapping[UUID, date]) -> None:
    """Written only where nobody chose a day meanwhile; then the next look decides."""
    by_day: dict[date, list[UUID]] = defaultdict(list)
    for pk, until in waves.items():
        by_day[until].append(pk)
    for until, found in by_day.items():
        for keys in _batches(found):
            rows = Invitation.objects.filter(pk__in=keys, remind_on__isnull=True)
            rows.update(no_message_before=until)


def _batches(keys: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def _due(day: date) -> QuerySet[Invitation]:
    """Waves that want a message on `day`: the first one, or the next reminder."""
    first_date = Placement.objects.filter(trajectory=OuterRef("trajectory"))
    start_of_day = clock.at(day)
    first = Q(first_message_at__isnull=True)
    spaces = (REMINDERS_AFTER[0], REMINDERS_AFTER[1] - REMINDERS_AFTER[0])
    by_rhythm = Q(
        reminders_sent=0, first_message_at__lt=clock.at(day - spaces[0] + timedelta(days=1))
    ) | Q(reminders_sent=1, newest_reminder_at__lt=clock.at(day - spaces[1] + timedelta(days=1)))
    chosen = Q(remind_on__lte=day, first_message_at__isnull=False)
    reminder = by_rhythm | chosen
    quiet_today = Q(newest_reminder_at__isnull=True) | Q(newest_reminder_at__lt=start_of_day)
    found: QuerySet[Invitation] = (
        with_messages(reachable(day))
        .annotate(has_first_date=Exists(first_date))
        .filter(left_alone_on__isnull=True, one_waits=False)
        .filter(opened_on__lte=day - FIRST_MESSAGE_AFTER)
        .filter(Q(remind_on__isnull=True) | Q(remind_on__lte=day))
        .filter(
            first
            | (
                reminder
                & quiet_today
                & Q(first_message_at__lt=start_of_day)
                & (~Q(wave=Wave.BASELINE) | Q(has_first_date=True))
            )
        )
        .select_related("trajectory__participant__contact", "trajectory__group")
        .order_by("opened_on", "pk")
    )
    return found


@transaction.atomic
def _write(waves: Collection[UUID], due: Mapping[UUID, Any], day: date) -> None:
    """In a short transaction; the waves are locked so that no answer and no choice of the young
    person ("tomorrow", "rather not") slips between."""
    still_due = Q(remind_on__isnull=True) | Q(remind_on__lte=day)
    wanted = Invitation.objects.open().filter(still_due, pk__in=waves, left_alone_on__isnull=True)
    rows = [due[wave.pk] for wave in lock_all(wanted)]
    outbox.write_all([_letter(wave, day) for wave in rows])
    if chosen := [wave.pk for wave in rows if wave.remind_on and wave.remind_on <= day]:
        Invitation.objects.filter(pk__in=chosen).update(remind_on=None)


def _letter(invitation: Any, day: date) -> Message:
    first = invitation.first_message_at is None
    number = 0 if first else invitation.reminders_sent + 1
    return outbox.letter(
        contact=invitation.trajectory.participant.contact,
        template=f"wave_{invitation.wave}" if first else "wave_reminder",
        kind=MESSAGE if first else REMINDER,
        dedupe_key=f"questionnaire:{invitation.pk}:{number}:{invitation.withdrawn_before}",
        params=params(invitation),
        secret=links(invitation),
        subject_id=invitation.pk,
        group=invitation.trajectory.group,
        not_before=_morning(day),
    )


def _morning(day: date) -> datetime:
    return max(clock.now(), clock.at(day, 9))


def _one(rows: QuerySet[Message], aggregate: Any) -> Subquery:
    grouped = rows.order_by().values("subject_id").annotate(found=aggregate)
    return Subquery(grouped.values("found"), output_field=DateTimeField())


def _count(rows: QuerySet[Message]) -> Subquery:
    grouped = rows.order_by().values("subject_id").annotate(found=Count("pk"))
    return Subquery(grouped.values("found"), output_field=IntegerField())


#: Kinds of message about one invitation: the first word of a wave, and what follows it.
MESSAGE = "questionnaire"


REMINDER = "questionnaire_reminder"
