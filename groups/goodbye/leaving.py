"""Leaving: agree the last evening beforehand (R-180), close the stay, or stop oneself.

`Trajectory.last_meeting_on` follows from the agreed meeting: it moves with that meeting, is
cleared when it is cancelled, and becomes later when somebody comes again after it.
"""

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock, ports
from core.accounts.models import User
from core.errors import RuleBroken
from groups.models import LastMeeting, Placement
from groups.seats.placement import end_placement, last_day_in_group, retake_seat
from participants.exit import exit_talk
from participants.exit import parents as parents_at_exit
from participants.journey import journey
from participants.models import Trajectory
from participants.stay import follow_up
from participants.stay.changes import told_once
from participants.stay.lock import lock
from participants.stay.no_messages import send_nothing_more

Phase, Kind, Reason = Trajectory.Phase, Trajectory.ExitKind, Trajectory.ExitReason
REASONS: dict[str, tuple[str, ...]] = {
    Kind.GOAL: (Reason.GOAL_REACHED,),
    Kind.OTHER: (
        Reason.OWN_WISH,
        Reason.MOVED,
        Reason.OTHER_OFFER,
        Reason.AGED_OUT,
        Reason.NOT_FITTING,
    ),
    Kind.DROP_OUT: (Reason.NO_CONTACT,),
}


@transaction.atomic
@told_once()
def stay_after_all(*, trajectory: Trajectory, by: User, reason: str = "") -> Trajectory:
    """No goodbye after all: the agreement goes, taking part goes on.

    Who had stopped gets a seat again. Raises RuleBroken: not_leaving, group_full, group_not_open.
    """
    stay = journey.cancel_leaving(trajectory=trajectory, by=by, reason=reason)
    LastMeeting.objects.filter(trajectory=stay).delete()
    if not Placement.objects.filter(trajectory=stay, last_day__isnull=True).exists():
        retake_seat(trajectory=stay, by=by)
    return stay


@transaction.atomic
@told_once()
def close_stay(
    *,
    trajectory: Trajectory,
    exit_kind: str,
    exit_reason: str,
    by: User,
    contact_refused: bool = False,
    afterwards_by: str = "",
    reason: str = "",
) -> Trajectory:
    """Close the stay: the seat is free, what was open about it ends.

    `exited_on` is the last meeting's date for goal and other, the closing day for a drop-out or
    when no last meeting was agreed; the day somebody stopped when they did so before. Under 16
    the parents were spoken to, or an exception stands (R-109); the goal is reached when the
    participant says so in a talk (R-094). Raises RuleBroken: not_in_group, unknown_reason,
    parents_first, talk_first, not_ready, agree_first, last_meeting_first.
    """
    if exit_reason not in REASONS.get(exit_kind, ()):
        raise RuleBroken(
            _("Choose a reason that belongs to how it ended."), "unknown_reason", "exit_reason"
        )
    stay = lock(trajectory)
    if stay.phase not in Phase.IN_GROUP:
        raise RuleBroken(_("This stay is not running any more."), "not_in_group")
    today = clock.today()
    agreed = stay.last_meeting_on
    if exit_kind == Kind.GOAL:
        exit_talk.require_ready(stay)
    if exit_kind == Kind.GOAL and agreed is None:
        raise RuleBroken(_("First agree on a last evening together."), "agree_first", "exit_kind")
    if exit_kind == Kind.GOAL and agreed is not None and agreed > today:
        raise RuleBroken(
            _("The last evening is still to come, on {day}.").format(
                day=date_format(agreed, "j F")
            ),
            "last_meeting_first",
            "exit_kind",
        )
    parents_at_exit.require(stay, today)
    if agreed is not None and (agreed > today or exit_kind == Kind.DROP_OUT):
        _forget_agreement(stay)
        agreed = None
    if contact_refused:
        follow_up.waive(stay, Trajectory.Waived.CONTACT_REFUSED)
    if afterwards_by and not stay.follow_up_waived:
        exit_talk.choose_afterwards(trajectory=stay, how=afterwards_by, by=by)
    exited_on = today if exit_kind == Kind.DROP_OUT else agreed or stay.stopped_on or today
    end_placement(trajectory=stay, last_day=last_day_in_group(stay, exited_on))
    return journey.end_stay(
        trajectory=stay,
        exit_kind=exit_kind,
        exit_reason=exit_reason,
        exited_on=exited_on,
        by=by,
        reason=reason,
    )


@transaction.atomic
def reopen_stay(*, trajectory: Trajectory, by: User, reason: str) -> Trajectory:
    """The closing was a slip: within 30 days, before its wave is answered, when a seat is free.

    Raises RuleBroken: what `journey.reopen_exit`, the cycle and `placement.retake_seat` raise; in
    this order, so that nobody waits for a seat that would not help.
    """
    with told_once() as facts:
        stay = journey.reopen_exit(trajectory=trajectory, by=by, reason=reason)
        LastMeeting.objects.filter(trajectory=stay).delete()
        try:
            retake_seat(trajectory=stay, by=by)
        except RuleBroken:
            lock(stay)
            ports.trajectory_changed(facts)
            raise
    return stay


@transaction.atomic
@told_once()
def stop_myself(
    *, trajectory: Trajectory, later_contact: bool, by: User, why: str = ""
) -> Trajectory:
    """The participant stops; no reason is asked, later contact is their choice: after a no
    nothing is sent any more and the follow-up is waived.

    Before taking part the sign-up is withdrawn, so that signing up again stays possible. Under
    16 the seat is free at once, but the stay waits: a worker closes it after contact with the
    parents (R-109). Nothing of that stands in the way of stopping.
    """
    if not later_contact:
        send_nothing_more(participant=trajectory.participant, by=by, reason="stopped")
    stay = lock(trajectory)
    if stay.stopped_on is not None and stay.phase in Phase.IN_GROUP:
        return stay
    if stay.phase in Phase.IN_GROUP and not parents_at_exit.is_settled(stay, clock.today()):
        return _stop_and_wait(stay, later_contact=later_contact, by=by, why=why)
    if stay.phase in Phase.IN_GROUP:
        return close_stay(
            trajectory=stay,
            exit_kind=Kind.OTHER,
            exit_reason=Reason.OWN_WISH,
            by=by,
            contact_refused=not later_contact,
            reason=why,
        )
    end_placement(trajectory=stay, last_day=clock.today())
    return journey.withdraw_sign_up(trajectory=stay, by=by, reason=why)


def _stop_and_wait(stay: Trajectory, *, later_contact: bool, by: User, why: str) -> Trajectory:
    if not later_contact:
        follow_up.waive(stay, Trajectory.Waived.CONTACT_REFUSED)
    LastMeeting.objects.filter(trajectory=stay).delete()
    end_placement(trajectory=stay, last_day=last_day_in_group(stay, clock.today()))
    return journey.begin_stopping(trajectory=stay, by=by, reason=why)


def _forget_agreement(stay: Trajectory) -> None:
    LastMeeting.objects.filter(trajectory=stay).delete()
    stay.last_meeting_on = None
    stay.save(update_fields=["last_meeting_on"])
