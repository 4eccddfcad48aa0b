"""A step of the sweep stands alone, runs once at a time, and counts what fails (style 16)."""

import io
import json
import logging
from collections.abc import Callable, Iterator, Sequence, Set
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, connections, transaction

from core import clock, logs
from core.organisations.models import Region
from core.sweep import steps
from core.sweep.models import StepState
from core.sweep.steps import OVERLAP, Outcome, Step, StepsFailed, Turn, take_turn, take_turns
from tests.world import make_region

pytestmark = pytest.mark.django_db

NOON = clock.at(datetime(2026, 5, 6).date(), 12)
MINUTE = timedelta(minutes=1)
CANARY = "canary@example.org"


@pytest.fixture
def log_lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.formatter())
    logging.root.addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.root.removeHandler(handler)


class Looks:
    """A step that remembers where each of its turns began."""

    def __init__(self, *, nightly: bool = False) -> None:
        self.turns: list[Turn] = []
        self.trouble: BaseException | None = None
        self.step = Step("looks", self, nightly=nightly)

    def __call__(self, turn: Turn) -> None:
        self.turns.append(turn)
        if self.trouble is not None:
            raise self.trouble

    @property
    def since(self) -> datetime:
        return self.turns[-1].since


def rename(region: Region) -> None:
    """An act with a transaction of its own, which fails halfway for one of them."""
    with transaction.atomic():
        Region.objects.filter(pk=region.pk).update(name=f"{region.name} nieuw")
        if "slecht" in region.name:
            raise ValueError(CANARY)


# ---- What fails ----------------------------------------------------------------------


def test_a_row_that_fails_leaves_the_others_and_is_named_by_its_id_alone(log_lines):
    regions = [make_region("a"), make_region("slecht"), make_region("c")]
    done = take_turn(Step("names", lambda turn: turn.each(regions, rename)))
    assert (done.done, done.failed, done.is_well) == (2, 1, False)
    assert {r.name for r in Region.objects.all()} >= {"a nieuw", "slecht", "c nieuw"}
    row, step = log_lines()
    assert (row["event"], row["step"], row["about"]) == (
        "sweep_row_failed",
        "names",
        str(regions[1].pk),
    )
    assert (step["event"], step["level"], step["failed"], step["done"]) == (
        "sweep_step_failed",
        "error",
        1,
        2,
    )
    assert row["exception"] == "ValueError"
    assert CANARY not in json.dumps([row, step])


def test_of_a_flood_of_failures_some_are_named_and_all_are_counted(log_lines):
    def fail(_number: int) -> None:
        raise ValueError

    done = take_turn(Step("flood", lambda turn: turn.each(range(50), fail)))
    assert done.failed == 50
    assert len(log_lines()) == steps.MOST_NAMED + 1


def test_what_is_done_together_is_tried_one_by_one_when_one_of_it_fails():
    tried: list[list[int]] = []

    def act(rows: Any) -> None:
        tried.append(list(rows))
        if 2 in rows:
            raise ValueError

    done = take_turn(Step("together", lambda turn: turn.together([1, 2, 3], act)))
    assert tried == [[1, 2, 3], [1], [2], [3]]
    assert (done.done, done.failed) == (2, 1)


def test_a_step_that_raises_does_not_stop_the_others_and_is_told_at_the_end():
    one, two, three = Looks(), Looks(), Looks()
    two.trouble = ValueError("a bug")
    named = [Step(str(n), looks) for n, looks in enumerate((one, two, three))]
    with pytest.raises(StepsFailed, match=r"^Steps that failed: 1 \(ValueError, 0 rows\)$") as told:
        take_turns(named)
    assert told.value.__cause__ is two.trouble
    assert [len(looks.turns) for looks in (one, two, three)] == [1, 1, 1]


def test_a_step_that_keeps_failing_says_since_when(it_is, log_lines):
    looks = Looks()
    looks.trouble = ValueError()
    for minutes in (0, 5, 10):
        it_is(NOON + minutes * MINUTE)
        take_turn(looks.step)
    assert {line["failing_since"] for line in log_lines()} == {NOON.isoformat()}
    looks.trouble = None
    take_turn(looks.step)
    assert StepState.objects.get().failing_since is None


def test_asked_to_stop_it_stops_at_once_and_lets_go(it_is):
    it_is(NOON)
    tried = []

    def slow(number: int) -> None:
        tried.append(number)
        raise SoftTimeLimitExceeded

    done = take_turn(Step("slow", lambda turn: turn.each([1, 2, 3], slow)))
    assert (tried, type(done.error), done.ended) == ([1], SoftTimeLimitExceeded, False)
    state = StepState.objects.get()
    assert (state.claim, state.looked_until, state.failing_since) == (None, None, NOON)


def test_without_a_database_not_every_row_is_tried(monkeypatch):
    tried = []

    def act(number: int) -> None:
        tried.append(number)
        raise OSError

    monkeypatch.setattr(connection, "is_usable", lambda: False)
    turn = Turn("alone", now=NOON, since=NOON, day=NOON.date())
    with pytest.raises(OSError):
        turn.each([1, 2, 3], act)
    with pytest.raises(OSError):
        turn.together([1, 2, 3], lambda rows: act(len(rows)))
    assert tried == [1, 3]


# ---- How far it looked ------------------------------------------------------------------


def test_a_turn_begins_where_the_last_one_began_and_a_little_before(it_is):
    looks = Looks()
    it_is(NOON)
    take_turn(looks.step)
    assert looks.since == NOON - steps.FIRST_LOOK
    it_is(NOON + 5 * MINUTE)
    take_turn(looks.step)
    assert looks.since == NOON - OVERLAP, "who commits late is still found"
    it_is(NOON + timedelta(days=30))
    take_turn(looks.step)
    assert looks.since == NOON + 5 * MINUTE - OVERLAP, "after a silence nothing is left out"


def test_a_turn_that_did_not_come_to_its_end_is_taken_again(it_is):
    looks = Looks()
    it_is(NOON)
    take_turn(looks.step)
    looks.trouble = ValueError()
    it_is(NOON + 5 * MINUTE)
    take_turn(looks.step)
    looks.trouble = None
    it_is(NOON + 10 * MINUTE)
    take_turn(looks.step)
    assert looks.since == NOON - OVERLAP


class Killed(BaseException):
    """Nothing gets a chance to tidy up."""


def test_a_worker_killed_between_the_work_and_the_mark_loses_nothing(it_is):
    looks = Looks()
    it_is(NOON)
    take_turn(looks.step)
    looks.trouble = Killed()
    it_is(NOON + 5 * MINUTE)
    with pytest.raises(Killed):
        take_turn(looks.step)
    looks.trouble = None
    it_is(NOON + 6 * MINUTE)
    assert take_turn(looks.step).skipped, "as far as anybody knows it still runs"
    it_is(NOON + 5 * MINUTE + looks.step.limit + 2 * steps.GRACE)
    assert not take_turn(looks.step).skipped
    assert looks.since == NOON - OVERLAP


def test_a_step_that_is_killed_time_and_again_is_told_by_who_comes_after(it_is, log_lines):
    looks = Looks()
    looks.trouble = Killed()
    lease = looks.step.limit + 2 * steps.GRACE
    for turn in range(3):
        it_is(NOON + turn * lease)
        with pytest.raises(Killed):
            take_turn(looks.step)
    told = [line for line in log_lines() if line["event"] == "sweep_step_died"]
    assert [(line["level"], line["step"]) for line in told] == [("error", "looks")] * 2
    assert {line["failing_since"] for line in told} == {clock.local(NOON + lease).isoformat()}
    assert StepState.objects.get().failing_since == NOON + lease
    looks.trouble = None
    it_is(NOON + 3 * lease)
    assert take_turn(looks.step).is_well
    assert StepState.objects.get().failing_since is None


def test_a_clock_that_was_put_back_leaves_no_gap(it_is):
    looks = Looks()
    it_is(NOON + timedelta(days=400))
    take_turn(looks.step)
    it_is(NOON)
    take_turn(looks.step)
    assert looks.since == NOON - OVERLAP
    it_is(NOON + 5 * MINUTE)
    take_turn(looks.step)
    assert looks.since == NOON - OVERLAP


def test_who_plays_another_moment_leaves_the_marks_of_the_real_time_alone(it_is):
    looks = Looks()
    it_is(NOON)
    take_turn(looks.step)
    before = list(StepState.objects.values())
    with clock.travel(NOON + timedelta(days=300)):
        take_turn(looks.step)
    take_turn(looks.step, day=NOON.date() + timedelta(days=3))
    assert looks.turns[-1].day == NOON.date() + timedelta(days=3)
    assert list(StepState.objects.values()) == before


def test_a_day_is_new_until_a_turn_began_in_it_and_nobody_can_still_be_under_way(it_is):
    looks = Looks()
    midnight = clock.at(NOON.date())
    new = {}
    for minutes in (-4, 1, 6, 11, 16, 21, 700):
        it_is(midnight + minutes * MINUTE)
        take_turn(looks.step)
        new[minutes] = looks.turns[-1].is_new_day
    assert new == {-4: True, 1: True, 6: True, 11: True, 16: False, 21: False, 700: False}


# ---- Once a night ---------------------------------------------------------------------


def test_a_nightly_step_runs_once_after_three_and_when_the_machine_slept_the_next_hour(it_is):
    looks = Looks(nightly=True)
    ran = []
    night = clock.at(NOON.date(), 3)
    for hours in (-2, 0, 1, 9, 23, 24, 30, 52):
        it_is(night + timedelta(hours=hours, minutes=8))
        if not take_turn(looks.step).skipped:
            ran.append(hours)
    assert ran == [-2, 0, 24, 52], "the very first turn at any hour"
    assert not take_turn(looks.step, forced=True).skipped, "by hand at any hour"


def test_a_night_that_failed_is_tried_again_an_hour_later(it_is):
    looks = Looks(nightly=True)
    looks.trouble = ValueError()
    it_is(clock.at(NOON.date(), 3))
    take_turn(looks.step)
    looks.trouble = None
    it_is(clock.at(NOON.date(), 4))
    assert not take_turn(looks.step).skipped
    it_is(clock.at(NOON.date(), 5))
    assert take_turn(looks.step).skipped


# ---- One at a time --------------------------------------------------------------------


def test_a_step_that_still_runs_is_left_out_by_the_next_tick(it_is):
    it_is(NOON)
    inside: list[Outcome] = []

    def slow(turn: Turn) -> None:
        if not inside:
            inside.append(take_turn(step))

    step = Step("slow", slow)
    assert take_turn(step).ended
    assert inside[0].skipped
    assert not take_turn(step).skipped, "it let go at its end"


def test_a_claim_from_another_time_holds_nobody_up(it_is):
    looks = Looks()
    it_is(NOON)
    for until in (NOON + timedelta(days=300), NOON - MINUTE):
        StepState.objects.update_or_create(
            name="looks", defaults={"claim": uuid4(), "claimed_until": until}
        )
        assert not take_turn(looks.step).skipped


def test_whose_claim_was_taken_over_moves_no_mark(it_is):
    it_is(NOON)

    def overtaken(_turn: Turn) -> None:
        StepState.objects.update(claim=uuid4())

    take_turn(Step("overtaken", overtaken))
    assert StepState.objects.get().looked_until is None


@pytest.mark.django_db(transaction=True)
def test_of_two_schedulers_at_the_same_moment_one_runs():
    together, running = Barrier(2, timeout=20), Barrier(2, timeout=20)
    outcomes: list[Outcome] = []

    def hold(_turn: Turn) -> None:
        running.wait()  # until the other one has its answer

    def schedule() -> None:
        together.wait()
        done = take_turn(step)
        outcomes.append(done)
        if done.skipped:
            running.wait()
        connections.close_all()

    step = Step("once", hold)
    threads = [Thread(target=schedule) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(done.skipped for done in outcomes) == [False, True]


@pytest.mark.django_db
def test_a_claim_of_a_moment_later_is_a_claim():
    """Two schedulers look at their clocks one after the other, and write the other way round."""
    step = Step("once", lambda _turn: None)
    now = clock.now()
    lease = step.limit + 2 * steps.GRACE
    StepState.objects.create(
        name="once", claim=uuid4(), claimed_until=now + lease + timedelta(seconds=2)
    )
    assert take_turn(step).skipped


# ---- Rows that should be right already ------------------------------------------------------


class Checks:
    """A nightly step that compares these rows, two at a time; some of them are not right."""

    def __init__(self, rows: list[UUID], amiss: Set[UUID] = frozenset()) -> None:
        self.rows, self.amiss = rows, amiss
        self.seen: list[UUID] = []
        self.step = Step("checks", lambda turn: turn.check(rows, self.put_right, many=2), True)

    def put_right(self, some: Sequence[UUID]) -> Set[UUID]:
        self.seen += some
        return self.amiss & set(some)


ROWS = [UUID(int=number) for number in range(1, 60)]


def test_what_was_not_right_is_counted_named_and_kept_for_the_operator(it_is, log_lines):
    it_is(NOON)
    amiss = set(ROWS[:50:2])
    done = take_turn(Checks(ROWS, amiss).step)
    assert (done.done, done.failed, done.is_well) == (25, 0, True)
    lines = log_lines()
    assert {(line["event"], line["level"]) for line in lines} == {("sweep_found_amiss", "error")}
    assert sum(line["rows"] for line in lines) == 25
    named = [row for line in lines for row in line["about"]]
    assert named == sorted(map(str, amiss))[: steps.MOST_NAMED]
    it_is(NOON + timedelta(days=1))
    assert take_turn(Checks(ROWS).step).done == 0
    state = StepState.objects.get()
    assert (state.amiss, state.amiss_at) == (25, NOON), "until something is found again"


def test_where_the_time_runs_out_the_next_call_goes_on_and_nothing_failed(it_is, monkeypatch):
    it_is(NOON)
    ticks = iter(range(1000))
    monkeypatch.setattr(steps.time, "monotonic", lambda: next(ticks))
    monkeypatch.setattr(Step, "limit", 2 * steps.GRACE + timedelta(seconds=4))
    checks = Checks(ROWS[:10])
    done = take_turn(checks.step)
    state = StepState.objects.get()
    assert (done.ended, done.is_well, len(checks.seen)) == (False, True, 6)
    assert (state.looked_until, state.failing_since, state.claim) == (None, None, None)
    assert state.reached == ROWS[5]
    assert take_turn(checks.step).ended
    assert checks.seen == ROWS[:10]
    state.refresh_from_db()
    assert (state.looked_until, state.reached) == (NOON, None)
    assert take_turn(checks.step).skipped


def test_who_asks_about_another_day_reads_and_leaves_no_mark(it_is):
    it_is(NOON)
    StepState.objects.create(name="checks", reached=ROWS[5])
    checks = Checks(ROWS[:10])
    take_turn(checks.step, day=NOON.date() - timedelta(days=1))
    assert checks.seen == ROWS[:10]
    assert StepState.objects.get().reached == ROWS[5]
