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
from django.db.models import Exists, OuterRef, Q, QuerySet

from core import clock
from core.accounts.actors import Actor
from core.accounts.models import RoleAssignment, User
from core.accounts.portraits import workers_at
from core.accounts.roles import Role
from core.locks import lock_first
from core.messaging import outbox
from core.messaging.models import Message
from core.ports import About
from participants.models import (
    ContactAttempt,
    Trajectory,
)
from participants.recusal import recusal
from participants.recusal.who_works_here import workers_of
from participants.signup import mail as notifications
from participants.signup.receipt import KIND as CONFIRMATION
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


def not_spoken_yet() -> QuerySet[Trajectory]:
    """Signed up, and nobody has spoken to them: the few that `late` starts from."""
    return Trajectory.objects.filter(phase=Trajectory.Phase.SIGNED_UP, contacted_at__isnull=True)


def late(moment: datetime) -> QuerySet[Trajectory]:
    """Arriving stays with a group that nobody has spoken or tried to reach in time."""
    patience = timedelta(days=settings.FIRST_CONTACT_DAYS)
    tried = ContactAttempt.objects.filter(trajectory=OuterRef("pk"), at__gt=moment - patience)
    return (
        not_spoken_yet()
        .filter(~Exists(tried), signed_up_at__lte=moment - patience, group__isnull=False)
        .select_related("group")
        .order_by("pk")
    )


def may_be_late_since(since: datetime, moment: datetime) -> set[UUID]:
    """Whom anything happened to, so long ago that patience ended between these two moments."""
    patience = timedelta(days=settings.FIRST_CONTACT_DAYS)
    then = (since - patience, moment - patience)
    signed_up = not_spoken_yet().filter(signed_up_at__range=then).order_by().values_list("pk")
    tried = ContactAttempt.objects.filter(at__range=then).order_by().values_list("trajectory")
    return {stay for (stay,) in signed_up.union(tried)}


def to_remind(stays: QuerySet[Trajectory]) -> QuerySet[Trajectory]:
    """Those of these of whom somebody who is told (`recusal.who_is_told`) was not reminded yet.

    Each worker is reminded once of a stay, who came instead as well; the coordinators of the
    region while no worker is there.
    """
    stay, assignment = OuterRef(OuterRef("pk")), OuterRef("user__contact")
    reminded = Message.objects.filter(kind=REMINDER, subject_id=stay, contact=assignment)
    out = recusal.in_force_between(
        participant=OuterRef(OuterRef("participant")), worker=OuterRef("user")
    )
    workers = workers_at(Q(group=OuterRef("group"))).filter(
        ~Exists(out), user__contact__isnull=False
    )
    coordinators = RoleAssignment.objects.in_force(clock.today()).filter(
        ~Exists(out),
        role=Role.REGIONAL_COORDINATOR,
        region=OuterRef("region"),
        user__is_active=True,
        user__contact__isnull=False,
    )
    waits = ~Exists(reminded)
    return stays.filter(
        Exists(workers.filter(waits)) | (~Exists(workers) & Exists(coordinators.filter(waits)))
    )


@transaction.atomic
def remind(stay: Trajectory) -> None:
    """Write the reminder of a late first contact; safe to run again."""
    notifications.first_contact_late(stay)


def message_wanted(kind: str, asked: Collection[About]) -> set[About] | None:
    """Answers the port: the reminder leaves only while nobody has been in touch, and only to
    whoever would be reminded today; who came instead is written to by the next night's sweep."""
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
        outbox.withdraw(kind=CONFIRMATION, subject_id=trajectory.pk, reason="spoken")
    return attempt
