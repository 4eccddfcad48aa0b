"""Holds of before get their moments: of the yeses where those are known, else midnight (C-43)."""

from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from core import clock
from participants.models import Agreement, Hold, Trajectory
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-353")]
MIGRATION: Any = import_module("participants.migrations.0017_moments_of_holds")
DAY, LATER = date(2026, 3, 10), date(2026, 3, 13)


def migrate() -> None:
    MIGRATION.fill(apps, connection.schema_editor())


def of_before(
    stay: Trajectory, kind: str = "blocked", *, until: date | None = None, since: date = DAY
) -> Hold:
    """As the program of before wrote it."""
    return Hold.objects.create(trajectory=stay, kind=kind, days=(since, until))


def moments(hold: Hold) -> tuple[datetime | None, datetime | None]:
    hold.refresh_from_db()
    return (hold.from_at, hold.until_at)


def with_a_yes(*, lost_at: datetime, again_at: datetime | None = None) -> Trajectory:
    """Seventeen: only their own yes is asked. Given a month ago, lost, and perhaps given again."""
    stay = world.make_trajectory(group=world.make_group(), age=17)
    with clock.travel(DAY - timedelta(days=30)):
        world.give_own_agreements(stay, settle=False)
    Agreement.objects.filter(trajectory=stay).update(withdrawn_at=lost_at)
    if again_at is not None:
        with clock.travel(again_at):
            world.give_own_agreements(stay, settle=False)
    return stay


def test_a_wait_for_a_yes_gets_the_moments_at_which_it_was_lost_and_given_again() -> None:
    lost_at, again_at = clock.at(DAY, 22), clock.at(LATER, 9)
    hold = of_before(with_a_yes(lost_at=lost_at, again_at=again_at), until=LATER)
    migrate()
    assert moments(hold) == (lost_at, again_at)


def test_one_that_runs_gets_its_beginning_only() -> None:
    hold = of_before(with_a_yes(lost_at=clock.at(DAY, 22)))
    migrate()
    assert moments(hold) == (clock.at(DAY, 22), None)


@pytest.mark.parametrize("kind", Hold.Kind.values)
def test_where_nothing_is_known_of_those_days_midnight_it_is(kind: str) -> None:
    never_agreed = world.make_trajectory(group=world.make_group(), age=17)
    other_days = with_a_yes(
        lost_at=clock.at(DAY - timedelta(days=3), 22),
        again_at=clock.at(LATER + timedelta(days=3), 9),
    )
    found = [of_before(stay, kind, until=LATER) for stay in (never_agreed, other_days)]
    migrate()
    assert [moments(hold) for hold in found] == [(clock.at(DAY), clock.at(LATER))] * 2


def test_the_clocks_change_and_midnight_is_that_of_amsterdam() -> None:
    stay = world.make_trajectory(group=world.make_group(), age=17)
    hold = of_before(stay, "paused", since=date(2026, 3, 28), until=date(2026, 3, 30))
    migrate()
    assert moments(hold) == (clock.at(date(2026, 3, 28)), clock.at(date(2026, 3, 30)))


def test_a_birthday_settles_at_midnight() -> None:
    """Sixteen on that day: the parent who said no is asked no more."""
    born = LATER.replace(year=LATER.year - 16)
    stay = world.make_trajectory(group=world.make_group(), birth_date=born)
    with clock.travel(DAY - timedelta(days=9)):
        world.give_own_agreements(stay, settle=False)
    hold = of_before(stay, until=LATER)
    migrate()
    assert moments(hold) == (clock.at(DAY), clock.at(LATER))


def test_it_goes_in_batches_passes_by_what_is_done_and_is_done_twice_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(MIGRATION, "AT_ONCE", 2)
    stays = [with_a_yes(lost_at=clock.at(DAY, 20 + n)) for n in range(3)]
    found = [of_before(stay) for stay in stays]
    found += [of_before(stay, "held", until=LATER) for stay in stays]
    kept = Hold.objects.create(
        trajectory=stays[0],
        kind="blocked",
        days=(DAY, DAY),
        from_at=clock.at(DAY, 1),
        until_at=clock.at(DAY, 2),
    )
    migrate()
    expected = [(clock.at(DAY, 20 + n), None) for n in range(3)]
    expected += [(clock.at(DAY), clock.at(LATER))] * 3
    for _twice in range(2):
        assert [moments(hold) for hold in found] == expected
        assert moments(kept) == (clock.at(DAY, 1), clock.at(DAY, 2))
        migrate()


def test_backwards_a_wait_of_hours_goes_before_the_index_of_before_is_made() -> None:
    """One hold of a kind without an upper end: so that index says, and an empty one has none."""
    stay = world.make_trajectory(group=world.make_group(), age=17)
    runs = of_before(stay)
    Hold.objects.create(
        trajectory=stay,
        kind="blocked",
        days=(DAY, DAY),
        from_at=clock.at(DAY, 9),
        until_at=clock.at(DAY, 11),
    )
    [apart] = import_module("participants.migrations.0016_one_hold_runs").Migration.operations
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for operation in reversed(apart.database_operations[1:]):
            back = operation.reverse_sql
            for statement in [back] if isinstance(back, str) else back:
                if statement:
                    cursor.execute(statement.replace(" CONCURRENTLY", ""))
    assert list(Hold.objects.values_list("pk", flat=True)) == [runs.pk]
