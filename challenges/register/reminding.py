"""A word about the own challenge now and then, for those who want it (R-171).

On Wednesdays, by mail alone: every week to who is under eighteen, who gets more reminders, and
every other week to the others. One mail, however many challenges. It never holds the words of a
challenge. Nothing is written, and nothing that waits leaves, while somebody takes a break, when
something has to be arranged first, or once no challenge with a reminder goes on.
"""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from challenges.models import Challenge
from challenges.register.choosing import lock_going, require_owner
from core import clock
from core.accounts.models import User
from core.ages import age_on
from core.messaging import outbox
from core.messaging.models import Contact
from core.ports import About
from core.sweep.steps import Turn
from participants.models import Trajectory
from participants.stay.lock import lock

MESSAGE = "challenge_reminder"
WEDNESDAY = 2
ADULT = 18
#: Who chose something yesterday need not hear of it today.
REST = timedelta(days=3)


@transaction.atomic
def want_reminders(*, challenge: Challenge, wanted: bool, by: User) -> Challenge:
    """To turn them off is always possible; then nothing that waits leaves. Locks the stay.

    Raises NotYours("not_yours"), and for turning them on what `lock_going` raises.
    """
    if wanted:
        row = lock_going(challenge, by)
    else:
        row, trajectory = challenge, lock(challenge.trajectory)
        require_owner(trajectory, by)
        row.refresh_from_db()
    if row.remind != wanted:
        row.remind = wanted
        row.save(update_fields=["remind"])
    if not wanted and not _stays().filter(pk=row.trajectory_id).exists():
        outbox.withdraw(kind=MESSAGE, subject_id=row.trajectory_id, reason="not_wanted")
    return row


def can_be_reminded(contact: Contact) -> bool:
    """By mail alone: no youth worker passes this on by hand."""
    return (
        bool(contact.email)
        and Contact.Channel.EMAIL in contact.safe_channels
        and contact.stopped_at is None
    )


def is_weekly(birth_date: date, day: date) -> bool:
    return age_on(birth_date, day) < ADULT


def write_due(turn: Turn) -> None:
    """Those of this Wednesday; of yesterday's where nobody looked. Safe to run twice."""
    day = turn.day - timedelta(days=(turn.day.weekday() - WEDNESDAY) % 7)
    if turn.day - day > timedelta(days=1):
        return
    rows = _stays(day).select_related("participant__contact", "group").order_by("pk")
    due = [stay for stay in rows if _is_its_week(stay, day)]
    turn.each(due, lambda stay: _write(stay, day))


def message_wanted(kind: str, asked: Collection[About]) -> set[About] | None:
    """Answer to the port: takes part, and still wants to hear of a challenge that goes on?"""
    if kind != MESSAGE:
        return None
    found = _stays().filter(pk__in={about.subject for about in asked})
    wanted = set(found.values_list("pk", flat=True))
    return {about for about in asked if about.subject in wanted}


def _stays(day: date | None = None) -> QuerySet[Trajectory]:
    """Of who takes part and wants it; with a `day`: and did not choose it in the days before."""
    going = Challenge.objects.going().filter(trajectory=OuterRef("pk"), remind=True)
    if day is not None:
        going = going.filter(chosen_on__lte=day - REST)
    return Trajectory.objects.filter(
        Exists(going),
        phase=Trajectory.Phase.PARTICIPATING,
        blocked_reason="",
        stopped_on__isnull=True,
        participant__contact__stopped_at__isnull=True,
        participant__contact__held_since__isnull=True,
    )


def _is_its_week(stay: Trajectory, day: date) -> bool:
    person = stay.participant
    if not can_be_reminded(person.contact):
        return False
    return is_weekly(person.birth_date, day) or day.toordinal() // 7 % 2 == 0


@transaction.atomic
def _write(stay: Trajectory, day: date) -> UUID:
    found = outbox.write(
        contact=stay.participant.contact,
        template="challenge_reminder",
        kind=MESSAGE,
        dedupe_key=f"challenge_reminder:{stay.pk}:{day}",
        params={"name": stay.participant.call_name, "challenges_url": reverse("challenges:mine")},
        subject_id=stay.pk,
        group=stay.group,
        not_before=max(clock.now(), clock.at(day, 9)),
    )
    return found.pk
