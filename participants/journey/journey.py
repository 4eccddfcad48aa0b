"""The path of one stay: which moves exist, and the only hand that makes them.

`change_phase` is the only writer of `Trajectory.phase`; the table of moves, with who may make
each and why, is `participants.journey.moves`. Every move is one transaction with the stay locked, a
PhaseChange (actor, time from `core.clock`, encrypted reason) and one call upstairs.
Status drives wording and access (R-018).
"""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Actor
from core.accounts.models import User
from core.errors import RuleBroken
from core.messaging import contacts
from participants.consent import needed as consent
from participants.journey.moves import check_move, check_sign_up
from participants.models import (
    Hold,
    Participant,
    PhaseChange,
    Referral,
    ReturnException,
    Trajectory,
)
from participants.stay import follow_up, holds
from participants.stay import no_messages as stopped
from participants.stay.changes import StayFact, changed, told_once
from participants.stay.lock import lock, lock_person

Phase = Trajectory.Phase

#: Without an agreed day somebody asks after six weeks how it goes; never later than half a year.
LOOK_AGAIN = timedelta(days=42)
LONGEST_PAUSE = timedelta(days=183)
REOPEN_DAYS = 30


@transaction.atomic
@told_once()
def change_phase(
    *,
    trajectory: Trajectory,
    to: str,
    by: Actor,
    reason: str = "",
    fact: StayFact = StayFact.PHASE,
    **facts: Any,
) -> Trajectory:
    """Move the stay, writing the `facts` (dates, exit) that belong to the move in the same row.

    Raises what `moves.check_move` raises: the move is not in ALLOWED, not this user's, or lacks
    a reason.
    """
    lock(trajectory)
    before = trajectory.phase
    check_move(trajectory, to, by=by, reason=reason)
    if before == Phase.PAUSED:
        facts.setdefault("expected_back_on", None)
    trajectory.phase = to
    for field, value in facts.items():
        setattr(trajectory, field, value)
    trajectory.save(update_fields=["phase", *facts])
    _write_down(trajectory, before, by, reason)
    if to in (Phase.TRIAL, *Phase.ENDED_EARLY):
        consent.settle(trajectory=trajectory, by=by)
    changed([trajectory.pk], fact)
    return trajectory


@transaction.atomic
@told_once()
def open_stay(
    *, participant: Participant, by: Actor = None, just_made: bool = False, **facts: Any
) -> Trajectory:
    """Sign up: the first row of a stay, at SIGNED_UP.

    After "helped elsewhere" or "withdrew" that is a new stay; after a finished one only with a
    ReturnException that was not used before (R-195). Coming back lifts an earlier "send nothing
    more": the own sign-up asks to be reached. Locks the earlier stays, then person and contact;
    nothing of somebody `just_made` in this transaction, whom nobody else can know yet.
    Raises RuleBroken("already_running"), RuleBroken("return_needs_exception") or NotYours.
    """
    check_sign_up(participant, by=by)
    earlier = [] if just_made else lock_person(participant)
    if any(stay.phase not in Phase.OVER for stay in earlier):
        raise RuleBroken(_("You have already signed up."), code="already_running")
    permission = None
    if any(stay.phase == Phase.FORMER for stay in earlier):
        permission = (
            ReturnException.objects.filter(participant=participant, used_by__isnull=True)
            .standing()
            .first()
        )
        if permission is None:
            raise RuleBroken(
                _("You took part before. Talk it over with your youth worker first."),
                code="return_needs_exception",
            )
    facts.setdefault("signed_up_at", clock.now())
    trajectory = Trajectory.objects.create(participant=participant, phase=Phase.SIGNED_UP, **facts)
    if permission is not None:
        permission.used_by = trajectory
        permission.save(update_fields=["used_by"])
        _waive_for_return([stay for stay in earlier if stay.phase == Phase.FORMER])
    if participant.contact.stopped_at is not None:
        contacts.welcome_messages(contact=participant.contact, by=by)
        participant.contact.refresh_from_db()
        stopped.contact_resumed(participant.contact_id, clock.today())
    _write_down(trajectory, "", by, "")
    changed([trajectory.pk], StayFact.SIGNED_UP)
    return trajectory


@transaction.atomic
@told_once()
def came_back(trajectory: Trajectory) -> None:
    """A newer stay began, and nobody told this finished one. Swept."""
    lock(trajectory)
    if trajectory.phase == Phase.FORMER:
        _waive_for_return([trajectory])


def _waive_for_return(earlier: list[Trajectory]) -> None:
    """No follow-up of these comes any more, and what is open of them ends (R-352)."""
    ahead = follow_up.stands_or_lies_ahead(earlier)
    for stay in earlier:
        if stay.pk in ahead:
            follow_up.waive(stay, Trajectory.Waived.RETURNED)
    changed([stay.pk for stay in earlier], StayFact.RETURNED)


def begin_intake(*, trajectory: Trajectory, by: User) -> Trajectory:
    return change_phase(trajectory=trajectory, to=Phase.INTAKE, by=by)


def begin_trial(*, trajectory: Trajectory, by: User) -> Trajectory:
    """R-075: only somebody found suitable. Raises RuleBroken("not_found_suitable")."""
    with transaction.atomic():
        lock(trajectory)
        if trajectory.suitable is not True:
            raise RuleBroken(
                _("First finish the talk and decide together."), code="not_found_suitable"
            )
        return change_phase(trajectory=trajectory, to=Phase.TRIAL, by=by)


def begin_participation(*, trajectory: Trajectory, day: date, by: User) -> Trajectory:
    """`day` is the first day as a participant (R-018). Needs every yes the policy asks for."""
    with transaction.atomic():
        lock(trajectory)
        consent.require(trajectory, day)
        return change_phase(trajectory=trajectory, to=Phase.PARTICIPATING, by=by, definitive_on=day)


@transaction.atomic
@told_once()
def pause_stay(
    *, trajectory: Trajectory, by: User, reason: str, back_on: date | None = None
) -> Trajectory:
    """Away for a while; `back_on` is the day to look again: agreed, or six weeks from now.

    Raises RuleBroken: back_in_the_past, back_too_far.
    """
    change_phase(
        trajectory=trajectory,
        to=Phase.PAUSED,
        by=by,
        reason=reason,
        expected_back_on=_look_again(back_on),
    )
    holds.begin_hold(trajectory=trajectory, kind=Hold.Kind.PAUSED, at=clock.now())
    return trajectory


@transaction.atomic
def prolong_pause(*, trajectory: Trajectory, by: User, back_on: date | None = None) -> Trajectory:
    """Not back yet: another day to look again. Raises not_paused and what `pause_stay` raises."""
    lock(trajectory)
    if trajectory.phase != Phase.PAUSED:
        raise RuleBroken(_("This stay is not paused."), "not_paused")
    trajectory.expected_back_on = _look_again(back_on)
    trajectory.save(update_fields=["expected_back_on"])
    _write_down(trajectory, Phase.PAUSED, by, "")
    return trajectory


def _look_again(back_on: date | None) -> date:
    """No pause is without a day on which somebody asks how it goes."""
    if back_on is None:
        return clock.today() + LOOK_AGAIN
    if back_on <= clock.today():
        raise RuleBroken(_("Choose a day that is still to come."), "back_in_the_past", "back_on")
    if back_on > clock.today() + LONGEST_PAUSE:
        raise RuleBroken(
            _("Choose a day within half a year. You can prolong the pause then."),
            "back_too_far",
            "back_on",
        )
    return back_on


@transaction.atomic
@told_once()
def resume_stay(*, trajectory: Trajectory, by: User) -> Trajectory:
    """Back from a pause. Raises RuleBroken("not_paused")."""
    lock(trajectory)
    if trajectory.phase != Phase.PAUSED:
        raise RuleBroken(_("This stay is not paused."), code="not_paused")
    change_phase(trajectory=trajectory, to=Phase.PARTICIPATING, by=by)
    holds.end_hold(trajectory=trajectory, kind=Hold.Kind.PAUSED, at=clock.now())
    return trajectory


@transaction.atomic
@told_once()
def begin_leaving(*, trajectory: Trajectory, last_meeting_on: date, by: User) -> Trajectory:
    """Agree (or move) the last meeting. Saying goodbye ends a pause."""
    lock(trajectory)
    if trajectory.phase == Phase.LEAVING:
        if trajectory.last_meeting_on != last_meeting_on:
            trajectory.last_meeting_on = last_meeting_on
            trajectory.save(update_fields=["last_meeting_on"])
            changed([trajectory.pk], StayFact.LAST_MEETING)
        return trajectory
    change_phase(
        trajectory=trajectory,
        to=Phase.LEAVING,
        by=by,
        fact=StayFact.LAST_MEETING,
        last_meeting_on=last_meeting_on,
    )
    holds.end_hold(trajectory=trajectory, kind=Hold.Kind.PAUSED, at=clock.now())
    return trajectory


@transaction.atomic
@told_once()
def begin_stopping(*, trajectory: Trajectory, by: User, reason: str = "") -> Trajectory:
    """The young person stopped today; a worker still closes the stay (R-109). No last meeting.

    Saying it twice changes nothing.
    """
    lock(trajectory)
    if trajectory.stopped_on is not None:
        return trajectory
    facts: dict[str, Any] = {"last_meeting_on": None, "stopped_on": clock.today()}
    if trajectory.phase == Phase.LEAVING:
        for field, value in facts.items():
            setattr(trajectory, field, value)
        trajectory.save(update_fields=list(facts))
        _write_down(trajectory, Phase.LEAVING, by, reason)
        changed([trajectory.pk], StayFact.STOPPED)
    else:
        change_phase(
            trajectory=trajectory,
            to=Phase.LEAVING,
            by=by,
            reason=reason,
            fact=StayFact.STOPPED,
            **facts,
        )
    holds.end_hold(trajectory=trajectory, kind=Hold.Kind.PAUSED, at=clock.now())
    return trajectory


@transaction.atomic
def cancel_leaving(*, trajectory: Trajectory, by: User, reason: str = "") -> Trajectory:
    """The last meeting is off, the person stays. Raises RuleBroken("not_leaving")."""
    lock(trajectory)
    if trajectory.phase != Phase.LEAVING:
        raise RuleBroken(_("No last meeting was agreed."), code="not_leaving")
    return change_phase(
        trajectory=trajectory,
        to=Phase.PARTICIPATING,
        by=by,
        reason=reason,
        fact=StayFact.LAST_MEETING,
        last_meeting_on=None,
        stopped_on=None,
        follow_up_waived=_waived_still(trajectory),
    )


@transaction.atomic
@told_once()
def end_stay(
    *,
    trajectory: Trajectory,
    exit_kind: str,
    exit_reason: str,
    exited_on: date,
    by: Actor,
    reason: str = "",
) -> Trajectory:
    """Close the stay. `exited_on`: the last meeting's date, or the closing day for a drop-out.

    Somebody who wants no more messages gets no follow-up (design.md 4.4).
    """
    lock(trajectory)
    waived = trajectory.follow_up_waived
    if not waived and trajectory.participant.contact.stopped_at is not None:
        waived = Trajectory.Waived.CONTACT_REFUSED
    change_phase(
        trajectory=trajectory,
        to=Phase.FORMER,
        by=by,
        reason=reason,
        fact=StayFact.EXIT,
        exit_kind=exit_kind,
        exit_reason=exit_reason,
        exited_on=exited_on,
        ended_on=clock.today(),
        follow_up_waived=waived,
    )
    holds.end_hold(trajectory=trajectory, kind=Hold.Kind.PAUSED, at=clock.now())
    return trajectory


@transaction.atomic
def refer_elsewhere(*, trajectory: Trajectory, to: str, reason: str, by: User) -> Trajectory:
    """Helped further by the GP or the social team (R-066, R-078)."""
    change_phase(
        trajectory=trajectory, to=Phase.REFERRED, by=by, reason=reason, ended_on=clock.today()
    )
    Referral.objects.create(trajectory=trajectory, to=to, by=by, at=clock.now(), reason=reason)
    return trajectory


def withdraw_sign_up(*, trajectory: Trajectory, by: Actor, reason: str = "") -> Trajectory:
    """The young person stops before taking part; a new sign-up stays possible."""
    return change_phase(
        trajectory=trajectory, to=Phase.WITHDRAWN, by=by, reason=reason, ended_on=clock.today()
    )


@transaction.atomic
def reopen_exit(*, trajectory: Trajectory, by: User, reason: str) -> Trajectory:
    """Take back a closing, at most 30 days later and before its wave is answered (design.md 4.8).

    The answered part is guarded by the floor that knows it, inside `trajectory_changed`.
    Raises RuleBroken with code not_former, too_late_to_reopen or already_running.
    """
    lock_person(trajectory.participant)
    lock(trajectory)
    if trajectory.phase != Phase.FORMER or trajectory.ended_on is None:
        raise RuleBroken(_("This stay was not closed."), code="not_former")
    until = reopen_until(trajectory)
    if until is None or clock.today() > until:
        raise RuleBroken(
            _("This was closed more than %(days)d days ago. Talk to the coordinator.")
            % {"days": REOPEN_DAYS},
            code="too_late_to_reopen",
        )
    others = Trajectory.objects.filter(participant=trajectory.participant_id).running()
    if others.exists():
        raise RuleBroken(_("A newer stay is running."), code="already_running")
    return change_phase(
        trajectory=trajectory,
        to=Phase.PARTICIPATING,
        by=by,
        reason=reason,
        fact=StayFact.REOPENED,
        exit_kind="",
        exit_reason="",
        exited_on=None,
        ended_on=None,
        last_meeting_on=None,
        stopped_on=None,
        follow_up_waived=_waived_still(trajectory),
    )


def reopen_until(trajectory: Trajectory) -> date | None:
    """The last day on which this closing can be taken back."""
    if trajectory.phase != Phase.FORMER or trajectory.ended_on is None:
        return None
    return trajectory.ended_on + timedelta(days=REOPEN_DAYS)


def _waived_still(trajectory: Trajectory) -> str:
    """Who takes part again is asked again, unless no message may be sent at all."""
    stopped = trajectory.participant.contact.stopped_at is not None
    return trajectory.follow_up_waived if stopped else ""


def _write_down(trajectory: Trajectory, before: str, by: Actor, reason: str) -> None:
    PhaseChange.objects.create(
        trajectory=trajectory,
        from_phase=before,
        to_phase=trajectory.phase,
        by=by,
        at=clock.now(),
        reason=reason,
    )
