"""Seats: who has a place in a group, from which day until which day.

Locks are taken in the order trajectories (by id), group, placement. The database backs the rule:
one open placement per seat, seats 1 to 15, one open placement per stay.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.errors import RuleBroken
from core.locks import lock_all
from core.organisations.models import Group, GroupQuerySet, Location
from groups.models import Attendance, Meeting, Placement, PlacementQuerySet, TrialOutcome
from participants.consent import needed as consent
from participants.journey import journey
from participants.journey.group_change import write_group
from participants.models import Intake, Trajectory
from participants.stay.changes import StayFact, changed, told_once
from participants.stay.lock import lock

#: With every change of phase comes one of these.
ENDS = frozenset({StayFact.PHASE, StayFact.EXIT, StayFact.ERASED})


def lowest_free_seat(taken: Iterable[int], capacity: int) -> int | None:
    """The lowest seat from 1 to `capacity` that nobody has; None when the group is full.

    Seats above a capacity that was lowered since are still somebody's.
    """
    occupied = set(taken)
    if len(occupied) >= capacity:
        return None
    return next((seat for seat in range(1, capacity + 1) if seat not in occupied), None)


def trial_meeting_of(placement: Placement) -> Meeting | None:
    """The meeting somebody came to get to know the group; None until there was one. From its
    beginning on, so that both sides can say at the meeting what they find (C-44)."""
    attended = Meeting.objects.filter(
        starts_at__lte=clock.now(),
        group=placement.group_id,
        date__gte=placement.first_day,
        attendance__trajectory=placement.trajectory_id,
        attendance__state=Attendance.State.PRESENT,
    )
    if placement.last_day is not None:
        attended = attended.filter(date__lte=placement.last_day)
    return attended.order_by("date").last()


@transaction.atomic
@told_once()
def place(
    *,
    trajectory: Trajectory,
    group: Group,
    trial: bool,
    first_day: date,
    by: User,
    override_reason: str = "",
) -> Placement:
    """Give a seat in `group` from `first_day` on and move the journey along.

    A trial only after a first talk that found the young person suitable and enthusiastic (R-075),
    once per stay (R-074) unless `override_reason` says why (R-081). A definitive one needs the
    yes of both sides after the trial meeting (R-077) and every consent the policy asks for.
    Raises RuleBroken: trial_needs_suitable, one_trial_meeting, both_sides_needed,
    day_after_trial, consent_missing, group_not_open, group_full.
    """
    stay = lock(trajectory)
    reason = override_reason.strip()
    earlier = list(Placement.objects.filter(trajectory=stay).order_by("first_day"))
    if trial:
        _check_trial(stay, earlier, first_day, reason)
    else:
        _check_definitive(stay, earlier, first_day)
        consent.require(stay, first_day)
    group_ids = {p.group_id for p in earlier if p.last_day is None} | {group.pk}
    locked = lock_groups(group_ids)
    _cut(stay.pk, first_day - timedelta(days=1))
    placement = _take_seat(stay, locked[group.pk], trial, first_day, by, reason if trial else "")
    for row in locked.values():
        count_places(row)
    write_group(trajectory=stay, group=group, by=by, waiting_since=None)
    if not trial:
        journey.begin_participation(trajectory=stay, day=first_day, by=by)
    elif stay.phase != Trajectory.Phase.TRIAL:
        journey.begin_trial(trajectory=stay, by=by)
    return placement


@transaction.atomic
@told_once()
def move(
    *, trajectory: Trajectory, to_group: Group, first_day: date, by: User, reason: str
) -> Placement:
    """To another group: the old placement ends the day before, counting runs on. The stay is of the
    old group until that day: then `groups.seats.planned_move` writes the new one (R-377).

    Raises RuleBroken: not_placed, same_group, reason_needed, move_too_early, agree_first,
    consent_missing, group_not_open, group_full.
    """
    if not reason.strip():
        raise RuleBroken(_("Say why the move is made."), "reason_needed", "reason")
    stay = lock(trajectory)
    old = Placement.objects.filter(trajectory=stay, last_day__isnull=True).first()
    if old is None:
        raise RuleBroken(_("There is no place to move from yet."), "not_placed")
    if old.group_id == to_group.pk:
        raise RuleBroken(_("Choose another group."), "same_group", "to_group")
    if stay.phase == Trajectory.Phase.LEAVING:
        raise RuleBroken(
            _("A last evening has been agreed here; a move is no longer needed."), "agree_first"
        )
    if first_day <= old.first_day:
        raise RuleBroken(
            _("The new place begins after the first day in this group."),
            "move_too_early",
            "first_day",
        )
    if old.trial and trial_meeting_of(old) is not None:
        raise RuleBroken(_("Decide about the evening that was first."), "one_trial_meeting")
    if not old.trial:
        consent.require(stay, first_day)
    locked = lock_groups({old.group_id, to_group.pk})
    _cut(stay.pk, first_day - timedelta(days=1))
    placement = _take_seat(stay, locked[to_group.pk], old.trial, first_day, by, reason.strip())
    for row in locked.values():
        count_places(row)
    if first_day <= clock.today():
        write_group(trajectory=stay, group=to_group, by=by, waiting_since=None)
    changed([stay.pk], StayFact.MOVED)
    return placement


@transaction.atomic
def end_placement(*, trajectory: Trajectory, last_day: date) -> Placement | None:
    """Give the seat back; `last_day` is the last day it was theirs, also where a move that begins
    later was agreed: nobody stands on a sheet after it. The open one, or None when there was none.
    """
    stay = lock(trajectory)
    open_one = Placement.objects.filter(trajectory=stay, last_day__isnull=True).first()
    groups = lock_groups({open_one.group_id} if open_one else ())
    _cut(stay.pk, last_day)
    for group in groups.values():
        count_places(group)
    if open_one is not None:
        open_one.refresh_from_db()
    return open_one


@transaction.atomic
def retake_seat(*, trajectory: Trajectory, by: User) -> Placement:
    """The seat in the group that was left, without a gap, for a closing that is taken back: new
    rows from the day after the old one's last day, so that an evening in between can be written
    down. Raises RuleBroken: not_placed, group_not_open, group_full.
    """
    stay = lock(trajectory)
    earlier = list(Placement.objects.filter(trajectory=stay, trial=False).order_by("first_day"))
    if not earlier or earlier[-1].last_day is None:
        raise RuleBroken(_("There is no place to return to."), "not_placed")
    old = earlier[-1]
    group = lock_groups({old.group_id})[old.group_id]
    placement = _take_seat(stay, group, False, _go_on(earlier, by), by, "")
    count_places(group)
    write_group(trajectory=stay, group=group, by=by, waiting_since=None)
    return placement


def _go_on(earlier: Sequence[Placement], by: User) -> date:
    """The first day on which the newest of these ended placements goes on.

    Was it to begin later (a move was agreed), then the one before it goes on until that day.
    """
    ended = [(row.last_day, row) for row in earlier if row.last_day is not None]
    begun = [(day, row) for day, row in ended if day >= row.first_day]
    newest = earlier[-1]
    if not begun:
        return newest.first_day
    last_day, row = begun[-1]
    goes_on = last_day + timedelta(days=1)
    if row.pk == newest.pk or newest.first_day <= goes_on:
        return goes_on
    Placement.objects.create(
        trajectory_id=row.trajectory_id,
        group_id=row.group_id,
        trial=False,
        seat=row.seat,
        first_day=goes_on,
        last_day=newest.first_day - timedelta(days=1),
        placed_by=by,
        placed_at=clock.now(),
    )
    return newest.first_day


def give_back_seats(facts: Mapping[UUID, Collection[str]]) -> None:
    """Answers the port trajectory_changed: a stay that ended keeps no seat."""
    if may_have_ended := [stay for stay, of_stay in facts.items() if not ENDS.isdisjoint(of_stay)]:
        release_seats(may_have_ended)


def release_seats(trajectory_ids: Sequence[UUID]) -> None:
    """Whoever of these is no longer here keeps no seat, nor one that was still to end."""
    left = Trajectory.objects.filter(
        pk__in=_kept().filter(trajectory__in=trajectory_ids).values("trajectory")
    )
    for stay in left.order_by("pk"):
        last_day = last_day_in_group(stay, stay.exited_on or stay.ended_on or clock.today())
        end_placement(trajectory=stay, last_day=last_day)


def kept_seats(since: date | None = None) -> list[UUID]:
    """Stays that ended and still keep a seat: the backstop of the port. `since`: closed on that
    day or later."""
    kept = _kept()
    if since is not None:
        kept = kept.filter(trajectory__ended_on__gte=since)
    return sorted(set(kept.values_list("trajectory", flat=True)))


def _kept() -> PlacementQuerySet:
    longer = Q(last_day__isnull=True) | Q(last_day__gt=F("trajectory__ended_on"))
    begins = Q(last_day__isnull=True) | Q(last_day__gte=F("first_day"))
    return Placement.objects.filter(longer, begins, trajectory__phase__in=Trajectory.Phase.OVER)


def last_day_in_group(stay: Trajectory, exited_on: date) -> date:
    """The seat is theirs until the exit day, or the last evening they came when that is later."""
    came = Attendance.objects.filter(
        trajectory=stay, state=Attendance.State.PRESENT, meeting__status=Meeting.Status.HELD
    ).aggregate(day=Max("meeting__date"))["day"]
    return max(exited_on, came) if came else exited_on


def _check_trial(stay: Trajectory, earlier: list[Placement], first_day: date, reason: str) -> None:
    if stay.phase not in (Trajectory.Phase.INTAKE, Trajectory.Phase.TRIAL):
        raise RuleBroken(
            _("Getting to know the group comes after the first talk."), "trial_needs_suitable"
        )
    intake = Intake.objects.filter(trajectory=stay).first()
    if (
        intake is None
        or intake.decision != Intake.Decision.SUITABLE
        or intake.enthusiastic is not True
    ):
        raise RuleBroken(
            _("Finish the first talk: it fits, and the young person is keen to come."),
            "trial_needs_suitable",
        )
    if stay.screened_on is not None and first_day < stay.screened_on:
        raise RuleBroken(
            _("Choose an evening after the first talk."), "trial_needs_suitable", "first_day"
        )
    if not any(p.trial for p in earlier):
        return
    if not reason:
        raise RuleBroken(
            _("There was one evening to get to know the group. Say why a second one is needed."),
            "one_trial_meeting",
            "override_reason",
        )
    if first_day <= earlier[-1].first_day:
        raise RuleBroken(_("Choose an evening after the first one."), "day_after_trial")


def _check_definitive(stay: Trajectory, earlier: list[Placement], first_day: date) -> None:
    trials = [p for p in earlier if p.trial]
    meeting = agreed_evening(trials[-1] if trials else None)
    if first_day <= meeting.date:
        raise RuleBroken(
            _("Taking part begins at the earliest on the day after the first evening."),
            "day_after_trial",
            "first_day",
        )


def agreed_evening(trial: Placement | None) -> Meeting:
    """The evening after which both sides said yes (R-077).

    Raises RuleBroken: both_sides_needed, trial_first.
    """
    outcome = TrialOutcome.objects.filter(placement=trial).first() if trial else None
    if trial is None or outcome is None or not says_yes(outcome):
        raise RuleBroken(
            _("Both sides say yes first: the workers, and the young person."), "both_sides_needed"
        )
    meeting = trial_meeting_of(trial)
    if meeting is None:
        raise RuleBroken(_("First comes an evening to get to know the group."), "trial_first")
    return meeting


def groups_to_move_to(stay: Trajectory) -> GroupQuerySet:
    """Other groups of the same organisation that take people."""
    organisation = Location.objects.filter(groups=stay.group_id).values("organisation")
    groups = Group.objects.filter(location__organisation__in=organisation)
    taking = groups.filter(state__in=[Group.State.OPEN, Group.State.FULL])
    return taking if stay.group_id is None else taking.exclude(pk=stay.group_id)


def says_yes(outcome: TrialOutcome) -> bool:
    """R-077: both judgements of the workers and the own wish."""
    return bool(outcome.programme_fits and outcome.group_fits and outcome.own_wish)


def lock_groups(ids: Iterable[UUID]) -> dict[UUID, Group]:
    return {row.pk: row for row in lock_all(Group.objects.filter(pk__in=list(ids)))}


def _cut(trajectory_id: UUID, last_day: date) -> None:
    """No placement of this stay goes on after `last_day`; one that never began ends the day before
    it would have."""
    longer = Q(last_day__isnull=True) | Q(last_day__gt=last_day)
    for row in lock_all(Placement.objects.filter(longer, trajectory=trajectory_id)):
        row.last_day = max(last_day, row.first_day - timedelta(days=1))
        row.save(update_fields=["last_day"])


def _take_seat(
    stay: Trajectory, group: Group, trial: bool, first_day: date, by: User, reason: str
) -> Placement:
    if group.state in (Group.State.PREPARING, Group.State.CLOSED):
        raise RuleBroken(_("This group is not open. Choose another group."), "group_not_open")
    taken = Placement.objects.filter(group=group, last_day__isnull=True)
    seat = lowest_free_seat(taken.values_list("seat", flat=True), group.capacity)
    if seat is None:
        raise RuleBroken(
            _("All {capacity} places are taken. The waiting list keeps the order.").format(
                capacity=group.capacity
            ),
            "group_full",
        )
    return Placement.objects.create(
        trajectory=stay,
        group=group,
        trial=trial,
        seat=seat,
        first_day=first_day,
        placed_by=by,
        placed_at=clock.now(),
        override_reason=reason,
    )


def count_places(group: Group) -> None:
    """Write the places taken and open or full, under the group's lock."""
    group.places_taken = Placement.objects.filter(group=group, last_day__isnull=True).count()
    if group.state in (Group.State.OPEN, Group.State.FULL):
        full = group.places_taken >= group.capacity
        group.state = Group.State.FULL if full else Group.State.OPEN
    group.save(update_fields=["places_taken", "state"])
