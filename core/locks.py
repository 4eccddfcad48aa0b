"""The lock verbs, and the one order in which they are used (R-357, docs/adr/0014).

Two acts that lock the same rows in the same order wait for each other; in two orders they kill
each other. So every row is locked through a verb of this room, first what stands high in ORDER,
rows of one model by their id. While the suite runs a `Watch` raises OutOfOrder for whoever does
otherwise; in production nothing is remembered. A row that this transaction holds already may be
asked for again at any time, and so may a row that it has just made: nobody else can want it yet.

The lock is FOR NO KEY UPDATE: it waits for every other lock and every change of the row, but not
for somebody who only writes a row that points here (their foreign key asks for the key's share).
Every verb needs a transaction.
"""

import contextlib
from collections.abc import Callable, Collection, Iterable, Sequence
from hashlib import blake2b
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, transaction
from django.db.models import Model, QuerySet

from core.ready_made import ReadyRows

M = TypeVar("M", bound=Model)
R = TypeVar("R")

#: How often we start over before we give up.
ATTEMPTS = 5

#: From first to last, by the name of the model: this floor knows no floor above it.
ORDER: tuple[tuple[str, ...], ...] = (
    ("organisations.Municipality",),
    ("participants.Trajectory",),
    ("participants.Participant",),
    ("messaging.Contact",),
    ("accounts.User",),
    ("accounts.RoleAssignment", "accounts.OneTimeCode"),
    ("organisations.Organisation", "organisations.Location"),
    ("organisations.Group",),
    ("groups.Meeting",),
    ("groups.Activity",),
    ("groups.Placement",),
    ("groups.Attendance",),
    ("groups.Post",),
    ("groups.FarewellCard",),
    (
        "participants.ParentalConsent",
        "participants.FeedbackConsent",
        "participants.Intake",
        "participants.Consultation",
        "participants.Worry",
        "participants.CareConcern",
        "participants.Recusal",
        "participants.Complaint",
        "participants.InterestRegistration",
        "participants.SignUpReceipt",
        "participants.HomeSilence",
        "participants.ParentAtWork",
        "groups.FundingRequest",
    ),
    ("questionnaires.Invitation",),
    ("questionnaires.Response",),
    ("messaging.Message",),
    ("texts.TextVersion", "organisations.RetentionRule"),
)
RANKS = {label: rank for rank, labels in enumerate(ORDER) for label in labels}


class _Moved(Exception):
    """Somebody joined while we waited."""


class OutOfOrder(AssertionError):
    """A lock was asked for after one that stands behind it in ORDER. Raised by the suite only."""


class NotHeld(AssertionError):
    """Somebody relies on a lock that was never taken. Raised by the suite only."""


def lock_again(row: M, rows: QuerySet[M] | None = None) -> M:
    """Lock this row and read it afresh into this very object, from `rows` when they are given."""
    found = _rows_like(row) if rows is None else rows
    row.refresh_from_db(from_queryset=_for_update(found))
    _asked([row])
    return row


def lock_copy(row: M) -> M:
    """The same row, locked and read afresh into an object of its own; also behind a lazy proxy."""
    return lock_one(_rows_like(row).filter(pk=row.pk))


def lock_one(rows: QuerySet[M]) -> M:
    """The one row of these, locked; raises what `get` raises."""
    found = _for_update(rows).get()
    _asked([found])
    return found


def lock_first(rows: QuerySet[M]) -> M | None:
    """The first of these rows, locked, or None."""
    found = _for_update(rows).first()
    if found is not None:
        _asked([found])
    return found


def lock_all(rows: QuerySet[M]) -> list[M]:
    """All of these rows by id, locked one after the other."""
    found = list(_for_update(rows).order_by("pk"))
    _asked(found)
    return found


class ReadyLock(Generic[M]):
    """Locks of rows that are asked for often, by id, with a text that is put together once.

    `rows` gives the rows for the values (`core.ready_made`); of each only `columns` are read, the
    rest when somebody asks.
    """

    def __init__(
        self,
        model: type[M],
        columns: Collection[str],
        rows: Callable[..., QuerySet[M]],
        **kinds: Any,
    ) -> None:
        def found(**values: Any) -> QuerySet[M]:
            return rows(**values).select_for_update(no_key=True).order_by("pk")

        self._ask = ReadyRows(model, columns, found, **kinds)

    def __call__(self, **values: Any) -> list[M]:
        found = self._ask(**values)
        _asked(found)
        return found


def lock_value(what: str, value: bytes) -> None:
    """Whoever writes this value where no row has it yet waits for who did; until the transaction
    ends. The last lock of an act: behind it no row of another is asked for.
    """
    key = int.from_bytes(blake2b(value, key=what.encode(), digest_size=8).digest(), signed=True)
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def until_steady(who: Callable[[], QuerySet[Any]], take: Callable[[set[Any]], R]) -> R:
    """Lock a set that others may add to meanwhile, and what keeps them from adding to it.

    `who` says whom it concerns; `take` locks them (their keys are given), then the row without
    which nobody joins. Are there others by now, everything is let go and we start over, so that
    the order holds for them as well. Raises OperationalError when the set never comes to rest.
    """
    for _attempt in range(ATTEMPTS):
        with contextlib.suppress(_Moved), transaction.atomic():
            wanted = set(who().values_list("pk", flat=True))
            taken = take(wanted)
            if not set(who().values_list("pk", flat=True)) <= wanted:
                raise _Moved
            return taken
    raise OperationalError("The rows to lock never came to rest.")


def expect_held(model: type[Model], keys: Iterable[Any]) -> None:
    """Whoever calls has locked these rows in this transaction, so that nobody asks for them again.

    Proved while the suite runs, which raises NotHeld; in production nothing is remembered.
    """
    if watch is not None:
        watch.expect_held(model._meta.label, keys, connections[DEFAULT_DB_ALIAS])


_TURN = "SELECT pg_advisory_xact_lock(340, hashtext(%s))"


def take_turns(what: str) -> None:
    """Until this transaction ends nobody else is at the same thing, whatever rows it is made of.

    Asked for before any row, once, so that it stands above ORDER (R-340).
    """
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(_TURN, [what])


def claim_free(rows: QuerySet[M], most: int) -> list[M]:
    """At most so many of these rows, in their own order; what another process holds is skipped."""
    return list(rows.select_for_update(of=("self",), no_key=True, skip_locked=True)[:most])


def _rows_like(row: M) -> QuerySet[M]:
    rows: QuerySet[Any] = row._meta.model._base_manager.all()
    return rows


def _for_update(rows: QuerySet[M]) -> QuerySet[M]:
    return rows.select_for_update(of=("self",), no_key=True)


class Watch:
    """What the running transaction of each connection holds. Only the suite has one.

    The suite says when a transaction of the house begins (its own, around each test, is none),
    and when a savepoint was rolled back, which lets go of the locks that were taken in it.
    """

    def __init__(self) -> None:
        self._held: dict[int, dict[tuple[str, Any], int]] = {}
        self._made: dict[int, set[tuple[str, Any]]] = {}

    def begin(self, connection: Any) -> None:
        self._held[id(connection)], self._made[id(connection)] = {}, set()

    def end(self, connection: Any) -> None:
        self._held.pop(id(connection), None)
        self._made.pop(id(connection), None)

    def let_go(self, connection: Any, depth: int) -> None:
        """Everything that was locked at this depth of nested blocks, or deeper."""
        if held := self._held.get(id(connection)):
            self._held[id(connection)] = {row: at for row, at in held.items() if at < depth}

    def made(self, row: Model, connection: Any) -> None:
        """Just inserted: in nobody else's hands."""
        if id(connection) in self._made:
            self._made[id(connection)].add((row._meta.label, row.pk))

    def expect_held(self, label: str, keys: Iterable[Any], connection: Any) -> None:
        """Raises NotHeld, within a transaction of the house."""
        held = self._held.get(id(connection))
        if held is None:
            return
        for key in keys:
            if (label, key) not in held and (label, key) not in self._made[id(connection)]:
                raise NotHeld(f"{label} {key} is not locked.")

    def asked(self, rows: Iterable[Model], connection: Any) -> None:
        """Raises OutOfOrder; LookupError for a model that has no place in ORDER."""
        depth = len(connection.atomic_blocks)
        for row in rows:
            label = row._meta.label
            if label not in RANKS:
                raise LookupError(f"{label} has no place in core.locks.ORDER")
            held = self._held.get(id(connection))
            wanted = (label, row.pk)
            if held is None or wanted in held or wanted in self._made[id(connection)]:
                continue
            for other, pk in held:
                if RANKS[other] > RANKS[label] or (other == label and pk > row.pk):
                    raise OutOfOrder(f"{label} {row.pk} is asked for after {other} {pk}")
            held[wanted] = depth


#: Set while the suite runs (tests/fixtures/locks.py).
watch: Watch | None = None


def _asked(rows: Sequence[Model]) -> None:
    if watch is not None:
        watch.asked(rows, connections[DEFAULT_DB_ALIAS])
