"""CPU of this process and of its PostgreSQL backend, wall clock and statements of one act.

On a machine that others use as well wall times say little; CPU says what the act costs. The
kernel counts a backend's CPU in nanoseconds (`/proc/<pid>/schedstat`).
"""

import gzip
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from joinus.bench import floor

#: Rounds, requests a round, and how long one batch may take before it is made shorter.
ROUNDS, REQUESTS, SECONDS = 5, 20, 4.0
BOOKKEEPING = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@dataclass(frozen=True)
class Cost:
    """Milliseconds of one request."""

    python: float
    postgres: float
    wall: float

    @property
    def cpu(self) -> float:
        return self.python + self.postgres


@dataclass
class Act:
    """Something to be measured. `do` answers with what came back, a response or nothing.

    `undone`: the act changes something and is rolled back each time, so that rounds are alike.
    `before` puts things ready, outside the measurement. `yardstick`: "page" or "row".
    """

    row: str
    name: str
    do: Callable[[], Any]
    goal: float | None = None
    queries: int | None = None
    yardstick: str = "page"
    undone: bool = False
    before: Callable[[], Any] | None = None
    expect: tuple[int, ...] = (200,)
    most_ms: float | None = None
    rounds: int = ROUNDS
    requests: int = REQUESTS


@dataclass
class Measured:
    """All costs of one act and of its yardstick in the same rounds."""

    act: Act
    costs: list[Cost] = field(default_factory=list)
    bare: list[Cost] = field(default_factory=list)
    queries: int = 0
    size: int = 0
    packed: int = 0

    def as_facts(self) -> dict[str, Any]:
        """For the table: medians, and the tenth and ninetieth of a hundred."""
        cpu = sorted(c.cpu for c in self.costs)
        own, bare = statistics.median(cpu), statistics.median(c.cpu for c in self.bare)
        return {
            "row": self.act.row,
            "name": self.act.name,
            "ratio": own / bare,
            "cpu": own,
            "python": statistics.median(c.python for c in self.costs),
            "postgres": statistics.median(c.postgres for c in self.costs),
            "wall": statistics.median(c.wall for c in self.costs),
            "p10": cpu[len(cpu) // 10],
            "p90": cpu[-1 - len(cpu) // 10],
            "bare": bare,
            "yardstick": self.act.yardstick,
            "queries": self.queries,
            "goal": self.act.goal,
            "goal_queries": self.act.queries,
            "most_ms": self.act.most_ms,
            "bytes": self.size,
            "gzip": self.packed,
            "n": len(cpu),
        }


class Meter:
    """Reads the clocks around one act."""

    def __init__(self) -> None:
        self._clock = Path(f"/proc/{floor.backend()}/schedstat")

    def postgres(self) -> float:
        try:
            return int(self._clock.read_text().split()[0]) / 1e6
        except FileNotFoundError:  # another connection, or a system without it
            self._clock = Path(f"/proc/{floor.backend()}/schedstat")
            return int(self._clock.read_text().split()[0]) / 1e6 if self._clock.exists() else 0.0

    def cost(self, do: Callable[[], Any]) -> Cost:
        database, wall, python = self.postgres(), time.perf_counter(), time.process_time()
        do()
        used = time.process_time() - python
        took = time.perf_counter() - wall
        return Cost(used * 1000, self.postgres() - database, took * 1000)


def once(act: Act, watched: Callable[[], AbstractContextManager[Any]] = nullcontext) -> Any:
    """Do it once, undone where that belongs to it; the response. Raises AssertionError."""
    with _undone(act.undone):
        if act.before:
            act.before()
        with watched():
            answer = act.do()
        status = getattr(answer, "status_code", None)
        if status is not None and status not in act.expect:
            raise AssertionError(f"{act.row} {act.name}: {status}, not {act.expect}")
        return answer


def measure(acts: Sequence[Act], yardsticks: dict[str, Act]) -> Iterator[Measured]:
    """Warm everything, then rounds in which each act stands beside its yardstick."""
    meter = Meter()
    found = [_warmed(act) for act in acts]
    for number in range(max((act.rounds for act in acts), default=0)):
        for one in found:
            if number < one.act.rounds:
                one.bare += _batch(meter, yardsticks[one.act.yardstick], REQUESTS // 2)
                one.costs += _batch(meter, one.act, one.act.requests)
    yield from found


def _warmed(act: Act) -> Measured:
    for _ in range(3):
        started = time.perf_counter()
        once(act)
        took = time.perf_counter() - started
        if took > SECONDS:
            break
    if took * act.requests > SECONDS:
        act.requests = max(1, int(SECONDS / took))
        act.rounds = act.rounds if took < SECONDS else 3
    captured = CaptureQueriesContext(connection)
    answer = once(act, lambda: captured)
    found = Measured(act)
    found.queries = count(captured.captured_queries)
    content = getattr(answer, "content", b"")
    found.size, found.packed = len(content), len(gzip.compress(content)) if content else 0
    return found


def count(captured: Sequence[dict[str, Any]]) -> int:
    """Statements less what only opens and closes transactions."""
    return sum(not query["sql"].startswith(BOOKKEEPING) for query in captured)


def _batch(meter: Meter, act: Act, requests: int) -> list[Cost]:
    found = []
    for _ in range(requests):
        with _undone(act.undone):
            if act.before:
                act.before()
            found.append(meter.cost(act.do))
    return found


@contextmanager
def _undone(undone: bool) -> Iterator[None]:
    if not undone:
        yield
        return
    around: Any = transaction.atomic()
    around._from_testcase = True  # the transactions of the house begin within it, as in the suite
    with around:
        yield
        transaction.set_rollback(True)
