"""What time makes due, in steps: each stands alone, one at a time, and counts what fails.

Facts decide, calls only hurry: a step asks what the facts want and the ports may have forgotten.
The five-minute step starts at what happened since it looked last; the nightly one asks everything,
so that what slipped through (a call that was forgotten weeks ago, a commit that took too long)
waits one night at most.

Since when is a mark: the moment at which the last turn that came to its end began. It is written
after the work, so whoever is killed in between does the work twice, never not at all; every act
is idempotent. A transaction writes its moment before it commits: the next turn begins OVERLAP
before the mark, for those that were still under way.

Who runs a step claims its row for as long as it may run, as a mail is claimed (`core.messaging.
sending`): another scheduler, or the next tick, leaves it alone and does not wait. A claim whose
holder died runs out; whoever takes the row then says so in the log and lets the step count as
failing, because the dead could not. It is a row and no lock of the session: between us and the
database there may be a pooler, which hands sessions on.

Rows of different people never stand or fall together: each is an act with its own transaction.
What fails is counted and logged with its id, and found again by the facts.

A step that goes through very many rows (`Turn.check`) keeps how far it came. Killed, or out of
time, it has not ended: the next call goes on behind that row.
"""

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID, uuid4

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection
from django.db.models import Q

from core import clock
from core.sweep.models import StepState

log = structlog.get_logger(__name__)
R = TypeVar("R")

#: How long before the mark a turn begins: longer than any transaction of a person takes.
OVERLAP = timedelta(minutes=10)
#: How far the first turn of all looks back.
FIRST_LOOK = timedelta(days=7)
#: The hour, in Amsterdam, from which on a nightly step is due.
NIGHT = 3
#: Between being asked to stop and being stopped; and the same again until others take over.
GRACE = timedelta(seconds=30)
#: Of so many rows a turn the log tells the id; of the others their number.
MOST_NAMED = 20


class Turn:
    """One run of one step. `since`: where it begins; `day`: the day on which things are due."""

    def __init__(
        self,
        step: str,
        *,
        now: datetime,
        since: datetime,
        day: date,
        reached: UUID | None = None,
        remember: Callable[[UUID], object] = lambda _reached: None,
        until: float | None = None,
    ) -> None:
        """`reached`: where an earlier turn was stopped; `remember` keeps it for the next one.
        `until`: when the time runs out, by `time.monotonic`."""
        self.step, self.now, self.since, self.day = step, now, since, day
        self.reached, self._remember, self._until = reached, remember, until
        self.done = 0
        self.failed = 0
        self.amiss = 0
        self.is_cut_short = False
        self.first_error: Exception | None = None

    @property
    def is_new_day(self) -> bool:
        """Nobody looked at this day yet, as far as is known: what hangs on dates alone is asked."""
        return clock.day_of(self.since) < self.day

    @property
    def since_day(self) -> date:
        """The first day of which not everything was looked at."""
        return min(clock.day_of(self.since), self.day)

    def each(self, rows: Iterable[R], act: Callable[[R], object]) -> None:
        """Each in its own transaction, which is the act's; one that fails leaves the others."""
        for row in rows:
            self.try_to(partial(act, row), about=getattr(row, "pk", row))

    def together(self, rows: Sequence[R], act: Callable[[Sequence[R]], object]) -> None:
        """All of these in one transaction, which is the act's; when that fails, each by itself."""
        try:
            act(rows)
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            self._stop_without_database()
            for row in rows:
                self.try_to(partial(act, [row]), about=row)
        else:
            self.done += len(rows)

    def check(
        self,
        rows: Sequence[UUID],
        put_right: Callable[[Sequence[UUID]], Collection[UUID]],
        *,
        many: int,
        order: Callable[[UUID], Any] = lambda row: row,
    ) -> None:
        """Rows that should be right already, so many at a time, in this order.

        `put_right` answers which were not. Each is a call that was lost: counted as done, logged
        as an error with its id, kept for the operator (`StepState.amiss`).
        """
        if self.reached is not None:
            behind = order(self.reached)
            rows = [row for row in rows if order(row) > behind]
        for start in range(0, len(rows), many):
            if self._until is not None and time.monotonic() >= self._until:
                self.is_cut_short = True
                log.info("sweep_step_cut_short", step=self.step, left=len(rows) - start)
                return
            batch = rows[start : start + many]
            self._tell(self._amiss_of(batch, put_right))
            if start + many < len(rows):
                self._remember(batch[-1])

    def _amiss_of(
        self, rows: Sequence[UUID], put_right: Callable[[Sequence[UUID]], Collection[UUID]]
    ) -> list[UUID]:
        found: list[UUID] = []
        done = self.done
        self.together(rows, lambda some: found.extend(put_right(some)))
        self.done = done + len(found)
        return found

    def _tell(self, amiss: Sequence[UUID]) -> None:
        if amiss:
            named = amiss[: max(MOST_NAMED - self.amiss, 0)]
            self.amiss += len(amiss)
            log.error(
                "sweep_found_amiss",
                step=self.step,
                rows=len(amiss),
                about=[str(row) for row in named],
            )

    def try_to(self, act: Callable[[], object], *, about: Any) -> bool:
        """False when it failed, which is counted and logged. Without a database all of it stops."""
        try:
            act()
        except SoftTimeLimitExceeded:
            raise
        except Exception as trouble:
            self._stop_without_database()
            self.failed += 1
            self.first_error = self.first_error or trouble
            if self.failed <= MOST_NAMED:
                log.error("sweep_row_failed", step=self.step, about=str(about), exc_info=trouble)
            return False
        self.done += 1
        return True

    def try_many(self, act: Callable[[], int], *, about: Any) -> None:
        """An act that does all of its rows in one statement, and says how many those were."""
        found: list[int] = []
        if self.try_to(lambda: found.append(act()), about=about):
            self.done += found[0] - 1

    @staticmethod
    def _stop_without_database() -> None:
        """Called for what failed: without a database every other row would fail as well."""
        if not (connection.connection and connection.is_usable()):
            raise


@dataclass(frozen=True)
class Step:
    """One thing that time makes due. The name is kept by queues and rows: it stays as it is."""

    name: str
    run: Callable[[Turn], None]
    nightly: bool = False

    @property
    def limit(self) -> timedelta:
        """After this a turn is asked to stop; what it did stands, the rest is the next one's."""
        return timedelta(minutes=30 if self.nightly else 4)


@dataclass(frozen=True)
class Outcome:
    """What came of a turn. `ended`: every row was tried, whatever came of it; not when it was
    stopped, or ran out of time. `skipped`: another one runs, or this night's was there already."""

    step: str
    done: int = 0
    failed: int = 0
    error: Exception | None = None
    ended: bool = False
    skipped: bool = False

    @property
    def is_well(self) -> bool:
        return not self.failed and self.error is None


class StepsFailed(Exception):
    """Some steps did not do all of their work; the others did. Names and numbers, no people."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self.outcomes = outcomes
        told = ", ".join(
            f"{one.step} ({type(one.error).__name__}, {one.failed} rows)" for one in outcomes
        )
        super().__init__(f"Steps that failed: {told}")


def take_turns(steps: Iterable[Step], day: date | None = None) -> list[Outcome]:
    """Every step, the nightly ones as well, in this order. Raises StepsFailed after the last."""
    outcomes = [take_turn(step, day=day, forced=True) for step in steps]
    if failed := [one for one in outcomes if not one.is_well]:
        raise StepsFailed(failed) from failed[0].error
    return outcomes


def take_turn(step: Step, *, day: date | None = None, forced: bool = False) -> Outcome:
    """Run this step once; never raises for what goes wrong in it. `forced`: at any hour.

    Where somebody plays another moment (`run_due --at`, a world that is made) or asks about
    another day, nothing is claimed and no mark is moved: those are of the real time.
    """
    now = clock.now()
    if day is not None or clock.is_travelled():
        return _run(step, Turn(step.name, now=now, since=now - OVERLAP, day=day or clock.today()))
    held = _claim(step, now, forced=forced)
    if held is None:
        return Outcome(step.name, skipped=True)
    claim, state = held
    since = min(state.looked_until, now) - OVERLAP if state.looked_until else now - FIRST_LOOK
    ours = StepState.objects.filter(pk=step.name, claim=claim)
    turn = Turn(
        step.name,
        now=now,
        since=since,
        day=clock.day_of(now),
        reached=state.reached,
        remember=lambda reached: ours.update(reached=reached),
        until=time.monotonic() + (step.limit - 2 * GRACE).total_seconds(),
    )
    outcome = _run(step, turn, failing_since=state.failing_since)
    failing = None if outcome.is_well else state.failing_since or now
    ends: dict[str, Any] = {"claim": None, "claimed_until": None, "failing_since": failing}
    if outcome.ended:
        ends |= {"looked_until": now, "reached": None}
    if turn.amiss:
        ends |= {"amiss_at": now, "amiss": turn.amiss}
    ours.update(**ends)
    return outcome


def last_night(now: datetime) -> datetime:
    """The moment since which this night's turn is due."""
    today = clock.day_of(now)
    tonight = clock.at(today, NIGHT)
    return tonight if tonight <= now else clock.at(today - timedelta(days=1), NIGHT)


def _run(step: Step, turn: Turn, *, failing_since: datetime | None = None) -> Outcome:
    error: Exception | None = None
    try:
        step.run(turn)
    except Exception as trouble:
        error = trouble
    outcome = Outcome(
        step.name,
        turn.done,
        turn.failed,
        error or turn.first_error,
        ended=error is None and not turn.is_cut_short,
    )
    if not outcome.is_well:
        log.error(
            "sweep_step_failed",
            step=step.name,
            done=turn.done,
            failed=turn.failed,
            failing_since=clock.local(failing_since or turn.now).isoformat(),
            exc_info=error,
        )
    return outcome


def _claim(step: Step, now: datetime, *, forced: bool) -> tuple[UUID, StepState] | None:
    """The step's row as it was, and our claim on it; None when it is not our turn."""
    state = StepState.objects.filter(pk=step.name).first()
    if state is None:
        state = StepState(name=step.name)
        StepState.objects.bulk_create([state], ignore_conflicts=True)
    lease = step.limit + 2 * GRACE
    # Clocks differ a little; one that was put back leaves a longer claim.
    latest = now + lease + GRACE
    if state.claimed_until is not None and now < state.claimed_until <= latest:
        return None
    looked = state.looked_until
    if step.nightly and not forced and looked is not None and last_night(now) <= looked <= now:
        return None
    claim, died = uuid4(), state.claim is not None
    as_read = Q(claim=state.claim) if died else Q(claim__isnull=True)
    if died:
        state.failing_since = state.failing_since or now
    ours = StepState.objects.filter(as_read, pk=step.name).update(
        claim=claim, claimed_until=now + lease, failing_since=state.failing_since
    )
    if not ours:
        return None
    if died:
        failing = clock.local(state.failing_since or now).isoformat()
        log.error("sweep_step_died", step=step.name, failing_since=failing)
    return claim, state
