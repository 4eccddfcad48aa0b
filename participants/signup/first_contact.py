"""The first contact after a sign-up: who calls, how, when, and the clock that runs (R-047).

The young person chose message, call or meeting, and an hour; afterwards they may say which of
the youth workers they would rather hear from. When nobody has been in touch within
`settings.FIRST_CONTACT_DAYS`, the workers get a reminder, once.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from core import clock
from core.accounts.actors import Actor
from core.accounts.models import User
from core.locks import lock_first
from core.ports import About
from participants.models import (
    ContactAttempt,
    Trajectory,
)
from participants.recusal import recusal
from participants.recusal.who_works_here import workers_of
from participants.signup import mail as notifications
from participants.stay.attempts import keep_attempt
from participants.stay.lock import lock

REMINDER = "participants.first_contact_late"


def promised_by(day: date) -> date:
    """The last day on which somebody who signed up on `day` hears from us in time."""
    return day + timedelta(days=settings.FIRST_CONTACT_DAYS)


def expected(stay: Trajectory) -> list[User]:
    """Who gets in touch: the one asked for while that one is near, else all of the group."""
    workers = recusal.guides_of(stay)
    wished = [worker for worker in workers if worker.pk == stay.first_contact_with_id]
    return wished or workers


@transaction.atomic
def wish_worker(*, trajectory_id: UUID, worker_id: UUID | None, by: Actor) -> bool:
    """The young person would rather hear from this one (None: no matter). Locks the stay.

    Asked from the page right after the sign-up, so it says only whether it was kept: an unknown
    stay, one that has been spoken already and a worker of another group keep nothing.
    """
    arriving = Trajectory.objects.filter(
        phase__in=Trajectory.Phase.ARRIVING, contacted_at__isnull=True
    )
    stay = lock_first(arriving.filter(pk=trajectory_id))
    if stay is None or stay.group_id is None:
        return False
    if worker_id is not None and worker_id not in {w.pk for w in workers_of(stay.group_id)}:
        return False
    stay.first_contact_with_id = worker_id
    stay.save(update_fields=["first_contact_with"])
    return True


def late(moment: datetime) -> QuerySet[Trajectory]:
    """Arriving stays with a group that nobody has spoken or tried to reach in time."""
    since = moment - timedelta(days=settings.FIRST_CONTACT_DAYS)
    tried = ContactAttempt.objects.filter(at__gt=since).values("trajectory")
    return (
        Trajectory.objects.filter(
            phase=Trajectory.Phase.SIGNED_UP,
            contacted_at__isnull=True,
            signed_up_at__lte=since,
            group__isnull=False,
        )
        .exclude(pk__in=tried)
        .select_related("group")
        .order_by("pk")
    )


def remind_late() -> None:
    """Write the reminder of every late first contact; safe to run again."""
    for stay in late(clock.now()):
        notifications.first_contact_late(stay)


def message_wanted(kind: str, asked: Collection[About]) -> set[About] | None:
    """Answers the port: the reminder leaves only while nobody has been in touch, and only to
    whoever would be reminded today; who came instead is written to by the next sweep."""
    if kind != REMINDER:
        return None
    stays = list(late(clock.now()).filter(pk__in={about.subject for about in asked}))
    reminded = {
        About(stay, user.contact_id)
        for stay, told in recusal.who_are_told(stays).items()
        for user in told
        if user.contact_id
    }
    return reminded.intersection(asked)


@transaction.atomic
def record_contact(
    *,
    trajectory: Trajectory,
    outcome: str,
    by: User,
    about: str = "first_contact",
    note: str = "",
) -> ContactAttempt:
    """Somebody tried to reach the young person; the first time spoken ends the waiting (R-047)."""
    lock(trajectory)
    attempt = keep_attempt(trajectory=trajectory, about=about, outcome=outcome, by=by, note=note)
    if outcome == ContactAttempt.Outcome.SPOKEN and trajectory.contacted_at is None:
        trajectory.contacted_at = attempt.at
        trajectory.save(update_fields=["contacted_at"])
    return attempt
