"""Let the waves that stand be the waves that should.

`refresh` is asked through the ports when facts change, `bring_up_to_date` by the sweep for what
time alone changes, `rebuild` for everything at once. All three do the same: lock the stays by id,
read their facts, ask `questionnaires.cycle.waves` what should stand, write the difference
set-based. Doing it twice changes nothing, so no wave comes twice (R-131, R-205).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core import clock
from core.errors import RuleBroken
from core.locks import expect_held
from core.sweep.steps import Turn
from participants.models import Trajectory
from participants.stay.changes import StayFact
from participants.stay.lock import lock_phases
from questionnaires.cycle import at_once, waves
from questionnaires.cycle import facts as known
from questionnaires.cycle.facts import Kept, Standing, StayFacts
from questionnaires.instrument import instrument
from questionnaires.models import Draft, Instrument, Invitation

State = Invitation.State

#: Stays per transaction when many are due; bounds the time locks are held.
BATCH = 500


@dataclass
class Difference:
    """What has to be written so that the waves that stand are the waves that should."""

    new: list[at_once.Row] = field(default_factory=list)
    opened: list[Standing] = field(default_factory=list)
    settled: list[Standing] = field(default_factory=list)

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


def refresh(trajectory_ids: Collection[UUID], *, locked: bool = False) -> None:
    """As `follow`, asked by this floor itself. `locked`: the caller holds these stays."""
    today = clock.today()
    if trajectory_ids:
        _bring_up_to_date(trajectory_ids, today, noticed_on=today, locked=locked)


def bring_up_to_date(
    turn: Turn, trajectory_ids: Collection[UUID], *, due: Collection[UUID] = ()
) -> None:
    """Everything time makes due for these stays. Safe to run twice.

    In batches; where one of a batch fails, each of its stays is tried by itself. `due`: of these
    only time changes something, as their `next_due_on` says; what is plain need not be judged.
    """
    for ids in _batches(set(due) - set(trajectory_ids)):
        turn.together(ids, partial(_follow_time, day=turn.day))
    for ids in _batches(trajectory_ids):
        turn.together(ids, partial(_bring_up_to_date, day=turn.day))


@transaction.atomic(savepoint=False)
def _follow_time(trajectory_ids: Collection[UUID], day: date) -> None:
    lock_phases(trajectory_ids)
    done = at_once.open_follow_ups(trajectory_ids, day)
    if others := [stay for stay in trajectory_ids if stay not in done]:
        _bring_up_to_date(others, day, locked=True)


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
    changed: list[tuple[UUID, Kept]] = []
    for stay in stays:
        outcome = waves.outcome(stay, day, noticed_on=noticed_on)
        if stay.trajectory in reopened:
            _guard_reopening(stay, outcome.stands)
        _compare(stay, outcome.stands, day, difference)
        counters = _counters(outcome)
        if counters != stay.kept:
            changed.append((stay.trajectory, counters))
    _write(difference)
    if changed:
        at_once.write_counters(changed)
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
            difference.new.append((stay.trajectory, wave))
        elif old != wave:
            row = replace(wave, row=old.row)
            (difference.opened if wave.state == State.OPEN else difference.settled).append(row)
    for old in before.values():
        if old.state != State.WITHDRAWN:
            why = {"on": day.isoformat(), "why": waves.why_withdrawn(stay, *old.key)}
            gone = replace(old, state="withdrawn", reason=old.reason | {"withdrawn": why})
            difference.settled.append(gone)


def _write(difference: Difference) -> None:
    """At most one wave is open: what closes is written before what opens."""
    for changed in (difference.settled, difference.opened):
        if changed:
            at_once.write_changed(changed)
    if difference.new:
        version = _instrument(max(wave.opened_on for _stay, wave in difference.new))
        at_once.write_new(difference.new, version.pk)
    if rows := [w.row for w in (*difference.settled, *difference.opened) if w.row]:
        missed = Q(invitation__state=State.MISSED)
        drafts = Draft.objects.filter(invitation_id__in=rows)
        drafts.filter(missed, partial=False).update(partial=True)
        drafts.filter(~missed, partial=True).update(partial=False)


def _instrument(day: date) -> Instrument:
    """The version in use; on a machine where none was loaded yet, the shipped one is loaded."""
    try:
        return instrument.in_use(day)
    except Instrument.DoesNotExist:
        return instrument.load_instrument()


def _counters(outcome: waves.Outcome) -> Kept:
    answered = [wave.answered_on for wave in outcome.stands if wave.answered_on]
    return Kept(outcome.attended, max(answered, default=None), outcome.next_change)


def _batches(ids: Collection[UUID]) -> Iterator[Sequence[UUID]]:
    ids = sorted(ids)
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
