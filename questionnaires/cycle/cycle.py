"""Let the waves that stand be the waves that should.

`refresh` is asked through the ports when facts change, `bring_up_to_date` by the sweep for what
time alone changes, `put_right` by `cycle.backstop` for what may be amiss. All three do the same:
lock the stays by id, read their facts, ask `questionnaires.cycle.waves` what should stand, write
the difference set-based. Doing it twice changes nothing, so no wave comes twice (R-131, R-205).
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
from participants.models import Trajectory
from participants.stay.changes import StayFact
from participants.stay.lock import lock_phases
from questionnaires.cycle import at_once, reminders, waves
from questionnaires.cycle import facts as known
from questionnaires.cycle.facts import Kept, Standing, StayFacts
from questionnaires.instrument import instrument
from questionnaires.models import Draft, Instrument, Invitation, Wave

State = Invitation.State

#: Longer than a step may run (`core.sweep.steps`).
LONGEST_TURN = timedelta(hours=1)
#: Stays per transaction when many are due; bounds the time locks are held.
BATCH = 500


@dataclass
class Difference:
    """What has to be written so that the waves that stand are the waves that should."""

    gone: list[Standing] = field(default_factory=list)
    settled: list[Standing] = field(default_factory=list)
    opened: list[Standing] = field(default_factory=list)
    new: list[at_once.Row] = field(default_factory=list)
    #: Of those the ones that were open until now: nobody is written to about them any more.
    not_asked: list[UUID] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.gone or self.settled or self.opened or self.new)


def follow(facts: Mapping[UUID, Collection[str]]) -> None:
    """Facts of these stays changed today. Answers `trajectory_changed`: they are locked already.

    Raises RuleBroken("exit_answered") when a closing is taken back whose wave was answered.
    """
    expect_held(Trajectory, facts)
    reopened = [stay for stay, of_stay in facts.items() if StayFact.REOPENED in of_stay]
    _bring_up_to_date(facts, clock.now(), noticed=True, reopened=reopened, locked=True)


def refresh(trajectory_ids: Collection[UUID], *, locked: bool = False) -> None:
    """As `follow`, asked by this floor itself. `locked`: the caller holds these stays."""
    if trajectory_ids:
        _bring_up_to_date(trajectory_ids, clock.now(), noticed=True, locked=locked)


def bring_up_to_date(
    turn: Turn, trajectory_ids: Collection[UUID], *, due: Collection[UUID] = ()
) -> None:
    """Everything time makes due for these stays. Safe to run twice.

    In batches; where one of a batch fails, each of its stays is tried by itself. `due`: of these
    only time changes something, as their `next_due_at` says; what is plain need not be judged.
    """
    at = moment_of(turn)
    for ids in _batches(set(due) - set(trajectory_ids)):
        turn.together(ids, partial(_follow_time, at=at))
    for ids in _batches(trajectory_ids):
        turn.together(ids, partial(_bring_up_to_date, at=at))


def moment_of(turn: Turn) -> datetime:
    """The moment a turn asks about: its own, or the midnight of another day."""
    return turn.now if clock.day_of(turn.now) == turn.day else clock.at(turn.day)


def put_right(trajectory_ids: Collection[UUID], at: datetime) -> set[UUID]:
    """Those of these stays that stood otherwise than their facts say; now they do not.

    All are read without a lock, and only those that differ are locked and written.
    """
    stays = known.load(trajectory_ids)
    at = _not_before_now(at)
    amiss = [stay.trajectory for stay in stays if _differs(stay, at)]
    if amiss:
        _bring_up_to_date(amiss, at)
    return set(amiss)


def _not_before_now(at: datetime) -> datetime:
    """For who has read or locked: a turn takes a while, and a lock is waited for. Judged at the
    moment it began, an evening that was closed since would not be over, and lose its questionnaire.
    A moment longer ago is another day that somebody asks about.
    """
    now = clock.now()
    return now if at < now < at + LONGEST_TURN else at


def _differs(stay: StayFacts, at: datetime) -> bool:
    outcome, difference = waves.outcome(stay, at), Difference()
    _compare(stay, outcome.stands, at, difference)
    return bool(difference) or _counters(outcome) != stay.kept


@transaction.atomic(savepoint=False)
def _follow_time(trajectory_ids: Collection[UUID], at: datetime) -> None:
    lock_phases(trajectory_ids)
    at = _not_before_now(at)
    done = at_once.open_follow_ups(trajectory_ids, at)
    if others := [stay for stay in trajectory_ids if stay not in done]:
        _bring_up_to_date(others, at, locked=True)


@transaction.atomic(savepoint=False)
def _bring_up_to_date(
    trajectory_ids: Collection[UUID],
    at: datetime,
    *,
    noticed: bool = False,
    reopened: Collection[UUID] = (),
    locked: bool = False,
) -> int:
    stays = known.load(trajectory_ids, lock=not locked)
    at = _not_before_now(at)
    noticed_on = clock.evening_of(at) if noticed else None
    difference = Difference()
    changed: list[tuple[UUID, Kept]] = []
    for stay in stays:
        outcome = waves.outcome(stay, at, noticed_on=noticed_on)
        if stay.trajectory in reopened:
            _guard_reopening(stay)
        _compare(stay, outcome.stands, at, difference)
        counters = _counters(outcome)
        if counters != stay.kept:
            changed.append((stay.trajectory, counters))
    _write(difference, quiet_until=clock.evening_of(at) + timedelta(days=1))
    if changed:
        at_once.write_counters(changed)
    return len(stays)


def _guard_reopening(stay: StayFacts) -> None:
    """R-195: a closing is taken back only before its own wave was answered.

    An exit that was answered before they went on (`since`) belongs to an earlier goodbye.
    """
    if any(
        w.wave == Wave.FOLLOW_UP or (w.wave == Wave.EXIT and "since" not in w.reason)
        for w in stay.invitations
        if w.answered_on
    ):
        raise RuleBroken(
            _(
                "The questions about leaving were answered already, so this closing stays. "
                "Talk to the coordinator about a return."
            ),
            code="exit_answered",
        )


def _compare(
    stay: StayFacts, stands: Sequence[Standing], at: datetime, difference: Difference
) -> None:
    """Sort every change of one stay into rows taken back, settled or opened, and new rows.

    A row is one opening of a wave: it stands again only as that opening (R-351).
    """
    openings = waves.openings(stay, at)
    rows = {(key, row.opened_on): row for key, of_wave in openings.items() for row in of_wave}
    left = {row.row: row for row in stay.invitations}
    for wave in stands:
        old = rows.get((wave.key, wave.opened_on))
        if old is None:
            earlier = [w.opening for w in (*stay.invitations, *stay.withdrawn) if w.key == wave.key]
            number = max(earlier, default=0) + 1
            difference.new.append((stay.trajectory, replace(wave, opening=number)))
            continue
        left.pop(old.row, None)
        if old != wave:
            row = replace(wave, row=old.row)
            (difference.opened if wave.state == State.OPEN else difference.settled).append(row)
            if old.row and old.state == State.OPEN and wave.state != State.OPEN:
                difference.not_asked.append(old.row)
    evening = clock.evening_of(at).isoformat()
    for old in left.values():
        why = {"on": evening} | waves.why_withdrawn(stay, old, at)
        reason = old.reason | {"withdrawn": why}
        difference.gone.append(replace(old, state="withdrawn", reason=reason))
        if old.row and old.state == State.OPEN:
            difference.not_asked.append(old.row)


def _write(difference: Difference, *, quiet_until: date) -> None:
    """At most one opening of a wave stands, and at most one wave is open: what goes is written
    before what is settled, and that before what opens."""
    changed = (difference.gone, difference.settled, difference.opened)
    for rows in changed:
        if rows:
            at_once.write_changed(rows, quiet_until=quiet_until)
    if difference.new:
        version = _instrument(max(wave.opened_on for _stay, wave in difference.new))
        at_once.write_new(difference.new, version.pk)
    if keys := [wave.row for rows in changed for wave in rows if wave.row]:
        over = Invitation.objects.filter(state__in=[State.MISSED, State.WITHDRAWN])
        is_over = Exists(over.filter(pk=OuterRef("pk")))
        drafts = Draft.objects.filter(~Q(partial=is_over), invitation_id__in=keys)
        drafts.update(partial=is_over)
    if difference.not_asked:
        reminders.stop(difference.not_asked, reason="no_longer_asked")


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
