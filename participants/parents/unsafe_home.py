"""A home that may not be written to: an exception kept together with the coordinator (C-37).

It stands for the parents' yes while it is in force. The worker records it and names the
coordinator, who finds it as a to-do and confirms or ends it. Locks the stay.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import NotYours, RuleBroken
from participants.consent import needed as yeses
from participants.models import Intake, Trajectory, UnsafeHome
from participants.parents import question as parental
from participants.recusal.recusal import coordinates
from participants.stay.lock import lock


@transaction.atomic
def record_unsafe_home(
    *, trajectory: Trajectory, by: User, reason: str, coordinator: User
) -> UnsafeHome:
    """Record, together with the region's coordinator, that the parents are not written to (C-37).

    It stands for the parents' yes. Raises RuleBroken with code not_the_coordinator,
    reason_needed or not_needed.
    """
    lock(trajectory)
    if not reason.strip():
        raise RuleBroken(_("Write down why."), code="reason_needed", field="reason")
    if not coordinates(coordinator, trajectory):
        raise RuleBroken(
            _("Decide this with the coordinator of the region."),
            code="not_the_coordinator",
            field="coordinator",
        )
    if not yeses.policy_for(trajectory, clock.today()).required:
        raise RuleBroken(_("No consent of a parent is needed."), code="not_needed")
    parental.ask_harm(trajectory=trajectory, can_harm=True, by=by)
    row, created = UnsafeHome.objects.get_or_create(
        trajectory=trajectory,
        ended_at=None,
        defaults={"by": by, "coordinator": coordinator, "at": clock.now(), "reason": reason},
    )
    if created:
        yeses.settle(trajectory=trajectory, by=by)
    return row


@transaction.atomic
def confirm_unsafe_home(*, exception: UnsafeHome, by: User) -> None:
    """The coordinator says that it was agreed. Raises NotYours.

    The one who was named, or a successor, whose exception it is from then on.
    """
    trajectory = lock(exception.trajectory)
    exception.refresh_from_db()
    in_force = exception.ended_at is None
    if not UnsafeHome.objects.ask(by, exception) and in_force:
        raise NotYours(_("Only the coordinator who was named confirms this."), code="not_named")
    if in_force and exception.confirmed_at is None:
        exception.confirmed_at = clock.now()
        exception.save(update_fields=["confirmed_at", exception.is_now_of(by)])
    yeses.settle(trajectory=trajectory, by=by)


@transaction.atomic
def end_unsafe_home(*, trajectory: Trajectory, by: User, talked: bool = False) -> None:
    """The exception no longer holds. After a talk with the young person the question about harm is
    open again; without one the home stays as it was, and nothing goes there.
    """
    lock(trajectory)
    UnsafeHome.objects.filter(trajectory=trajectory, ended_at__isnull=True).update(
        ended_at=clock.now()
    )
    if talked:
        Intake.objects.filter(trajectory=trajectory).update(mail_can_harm=None)
    yeses.settle(trajectory=trajectory, by=by)
