"""Let the waves that stand be the waves that should.

`refresh` is asked through the ports when facts change, `bring_up_to_date` by the sweep for what
time alone changes, `rebuild` for everything at once. All three do the same: lock the stays by id,
read their facts, ask `questionnaires.cycle.waves` what should stand, write the difference
set-based. Doing it twice changes nothing, so no wave comes twice (R-131, R-205).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from core import clock
from core.errors import RuleBroken
from core.locks import expect_held
from core.sweep.steps import Turn
from groups.models import AttendanceTap
from participants.models import Hold, Trajectory
from participants.stay.changes import StayFact
from questionnaires.cycle import attended_meetings, waves
from questionnaires.cycle import facts as known
from questionnaires.cycle.facts import Standing, StayFacts
from questionnaires.instrument import instrument
from questionnaires.models import CycleState, Draft, Instrument, Invitation

State = Invitation.State

#: Stays per transaction when many are due; bounds the time locks are held.
BATCH = 500
#: How far back the night looks for taps and ends of holds that nobody told about.
LOOK_BACK = timedelta(days=7)
WRITTEN = ("earned_on", "opened_on", "due_on", "state", "reason")


@dataclass
class Difference:
    """What has to be written so that the waves that stand are the waves that should."""

    new: list[Invitation] = field(default_factory=list)
    opened: list[Invitation] = field(default_factory=list)
    settled: list[Invitation] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.opened or self.settled)


def follow(facts: Mapping[UUID, Collection[str]]) -> None:
    """Facts of these stays changed today. Answers `trajectory_changed`: they are locked already.

    Raises RuleBroken("exit_answered") when a closing is taken back whose wave was answered.
    """
    expect_held(Trajectory, facts)
    today = clock.today()
    reopened = [stay for stay, of_stay in facts.items() if StayFact.REOPENED in of_stay]
    _bring_up_to_date(facts, today, noticed_on=today, reopened=reopened, locked=True)


def refresh(trajectory_ids: Collection[UUID]) -> None:
    """As `follow`, asked by this floor itself."""
    today = clock.today()
    if trajectory_ids:
        _bring_up_to_date(trajectory_ids, today, noticed_on=today)


def bring_up_to_date(turn: Turn, trajectory_ids: Collection[UUID]) -> None:
    """Everything time makes due for these stays. Safe to run twice.

    In batches; where one of a batch fails, each of its stays is tried by itself.
    """
    for ids in _batches(trajectory_ids):
        turn.together(ids, partial(_bring_up_to_date, day=turn.day))


def rebuild(trajectory_ids: Collection[UUID] | None = None) -> int:
    """Bring every stay (or these) in line with its facts; the number of stays. Idempotent."""
    if trajectory_ids is None:
        trajectory_ids = list(Trajectory.objects.order_by("pk").values_list("pk", flat=True))
    return sum(_bring_up_to_date(ids, clock.today()) for ids in _batches(trajectory_ids))


def due_ids(day: date) -> set[UUID]:
    """Stays for which time alone changes something, by the partial index on `next_due_on`."""
    return set(CycleState.objects.filter(next_due_on__lte=day).values_list("pk", flat=True))


def tapped_since(moment: datetime) -> set[UUID]:
    """Stays of which attendance was written down since: a port may have forgotten them."""
    taps = AttendanceTap.objects.filter(at__gte=moment).order_by()
    return set(taps.values_list("attendance__trajectory_id", flat=True).distinct())


def looked_back_at(day: date) -> set[UUID]:
    """Whatever a port can have forgotten earlier: once a night.

    Attendance and holds of the last week, a baseline whose first meeting is not known or lies
    ahead, and a complete yes without a cycle.
    """
    ids = tapped_since(clock.at(day - LOOK_BACK))
    ids.update(
        Hold.objects.filter(
            days__endswith__gt=day - LOOK_BACK, days__endswith__lte=day
        ).values_list("trajectory_id", flat=True)
    )
    ids.update(
        Invitation.objects.open()
        .filter(Q(due_on__isnull=True) | Q(due_on__gte=day), wave=waves.BASELINE)
        .filter(trajectory__definitive_on__isnull=False)
        .values_list("trajectory_id", flat=True)
    )
    ids.update(
        Trajectory.objects.filter(suitable=True, consent_complete_on__isnull=False)
        .filter(~Exists(CycleState.objects.filter(pk=OuterRef("pk"))))
        .values_list("pk", flat=True)
    )
    return ids


@transaction.atomic(savepoint=False)
def _bring_up_to_date(
    trajectory_ids: Collection[UUID],
    day: date,
    *,
    noticed_on: date | None = None,
    reopened: Collection[UUID] = (),
    locked: bool = False,
) -> int:
    stays = known.load(trajectory_ids, lock=not locked)
    difference = Difference()
    states: list[CycleState] = []
    for stay in stays:
        stands = waves.standing(stay, day, noticed_on=noticed_on)
        if stay.trajectory in reopened:
            _guard_reopening(stay, stands)
        _compare(stay, stands, day, difference)
        states.append(_counters(stay, stands, day))
    _write(difference)
    _write_counters(states)
    return len(stays)


def _guard_reopening(stay: StayFacts, stands: Sequence[Standing]) -> None:
    """R-195: a closing is taken back only before its wave was answered."""
    if any(w.answered_on and w.wave in (waves.EXIT, waves.FOLLOW_UP) for w in stands):
        raise RuleBroken(
            _(
                "The questions about leaving were answered already, so this closing stays. "
                "Talk to the coordinator about a return."
            ),
            code="exit_answered",
        )


def _compare(
    stay: StayFacts, stands: Sequence[Standing], day: date, difference: Difference
) -> None:
    """Sort every change of one stay into new rows, rows to open and rows to settle."""
    before = {wave.key: wave for wave in (*stay.withdrawn, *stay.invitations)}
    for wave in stands:
        old = before.pop(wave.key, None)
        if old is None:
            difference.new.append(_row(stay, wave))
        elif old != wave:
            row = _row(stay, replace(wave, row=old.row))
            (difference.opened if wave.state == State.OPEN else difference.settled).append(row)
    for old in before.values():
        if old.state != State.WITHDRAWN:
            why = {"on": day.isoformat(), "why": waves.why_withdrawn(stay, *old.key)}
            gone = replace(old, state="withdrawn", reason=old.reason | {"withdrawn": why})
            difference.settled.append(_row(stay, gone))


def _row(stay: StayFacts, wave: Standing) -> Invitation:
    row = Invitation(
        trajectory_id=stay.trajectory,
        wave=wave.wave,
        sequence=wave.sequence,
        earned_on=wave.earned_on,
        opened_on=wave.opened_on,
        due_on=wave.due_on,
        state=wave.state,
        reason=wave.reason,
    )
    row.pk = wave.row or row.pk
    return row


def _write(difference: Difference) -> None:
    """At most one wave is open: what closes is written before what opens."""
    if not difference:
        return
    for rows in (difference.settled, difference.opened):
        if rows:
            Invitation.objects.bulk_update(rows, WRITTEN)
    if difference.new:
        version = _instrument(max(row.opened_on for row in difference.new))
        for row in difference.new:
            row.instrument = version
        Invitation.objects.bulk_create(difference.new, ignore_conflicts=True)
    changed = [row.pk for row in (*difference.settled, *difference.opened)]
    if changed:
        missed = Q(invitation__state=State.MISSED)
        drafts = Draft.objects.filter(invitation_id__in=changed)
        drafts.filter(missed, partial=False).update(partial=True)
        drafts.filter(~missed, partial=True).update(partial=False)


def _instrument(day: date) -> Instrument:
    """The version in use; on a machine where none was loaded yet, the shipped one is loaded."""
    try:
        return instrument.in_use(day)
    except Instrument.DoesNotExist:
        return instrument.load_instrument()


def _counters(stay: StayFacts, stands: Sequence[Standing], day: date) -> CycleState:
    answered = [wave.answered_on for wave in stands if wave.answered_on]
    return CycleState(
        trajectory_id=stay.trajectory,
        attended=len(attended_meetings.counted(stay)),
        last_answered_on=max(answered, default=None),
        next_due_on=waves.next_change(stay, stands, day),
    )


def _write_counters(states: Sequence[CycleState]) -> None:
    if states:
        CycleState.objects.bulk_create(
            states,
            update_conflicts=True,
            unique_fields=["trajectory"],
            update_fields=["attended", "last_answered_on", "next_due_on"],
        )


def _batches(ids: Collection[UUID]) -> Iterator[Sequence[UUID]]:
    ids = sorted(ids)
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
