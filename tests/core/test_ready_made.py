"""Statements that are put together once: the same rows as the queryset gives, at every moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import QuerySet

from core import clock
from core.months import add_months
from core.ready_made import NotReadyMade, ReadyMade, ReadyRows, many
from groups.models import Meeting
from participants.models import Trajectory
from tests import world

pytestmark = pytest.mark.django_db


def one(*columns: Any) -> tuple[Any, ...]:
    return columns


def upcoming(*, group: UUID, day: date) -> QuerySet[Meeting, Any]:
    found = Meeting.objects.upcoming(clock.now()).filter(group=group, date__gte=day)
    return found.values_list("pk", "date")


def test_values_and_the_clock_are_those_of_the_moment_it_is_asked() -> None:
    ask = ReadyMade(one, upcoming, group=UUID, day=date)
    group, other = world.make_group(), world.make_group()
    today = clock.today()
    first, second = (world.make_meeting(group, today + timedelta(days=n)) for n in (1, 8))
    world.make_meeting(other, today + timedelta(days=1))
    assert ask(group=group.pk, day=today) == [(first.pk, first.date), (second.pk, second.date)]
    assert ask(group=group.pk, day=second.date) == [(second.pk, second.date)]
    with clock.travel(today + timedelta(days=5)):
        assert ask(group=group.pk, day=today) == [(second.pk, second.date)]


def test_any_number_of_ids_is_one_text(django_assert_num_queries: Any) -> None:
    group = world.make_group()
    stays = [world.make_trajectory(group=group) for _n in range(3)]
    ask = ReadyRows(
        Trajectory, ("phase", "id"), lambda ids: Trajectory.objects.filter(pk__in=ids), ids=many
    )
    for wanted in ([], stays[:1], stays):
        with django_assert_num_queries(1):
            found = ask(ids=[stay.pk for stay in wanted])
        assert {row.pk for row in found} == {row.pk for row in wanted}
    assert found[0].phase == "participating"


def test_the_day_and_its_midnight_move_along() -> None:
    group = world.make_group()
    meeting = world.make_meeting(group, clock.today())

    def tonight() -> QuerySet[Meeting, Any]:
        midnight = clock.at(clock.today())
        found = Meeting.objects.filter(date=clock.today(), starts_at__gte=midnight)
        return found.values_list("pk")

    ask = ReadyMade(one, tonight)
    assert ask() == [(meeting.pk,)]
    with clock.travel(clock.today() + timedelta(days=1)):
        assert ask() == []


def test_what_cannot_be_asked_again_is_refused() -> None:
    """A text that would answer for the moment at which it was made."""

    def a_month_ago() -> QuerySet[Meeting, Any]:
        return Meeting.objects.filter(date=add_months(clock.today(), -1)).values_list("pk")

    def of_one_kind(*, group: UUID) -> QuerySet[Meeting, Any]:
        found = Meeting.objects.filter(group=group)
        return (found.held() if str(group).endswith("1") else found).values_list("pk")

    with pytest.raises(NotReadyMade):
        ReadyMade(one, a_month_ago)()
    with pytest.raises(NotReadyMade):
        ReadyMade(one, of_one_kind, group=UUID)(group=world.make_group().pk)


def test_what_looks_at_the_data_while_it_is_put_together_is_refused() -> None:
    """What it found would have been written into the text, for as long as the process lives."""
    group = world.make_group()

    def of_the_first(*, group: UUID) -> QuerySet[Meeting, Any]:
        first = Meeting.objects.filter(group=group).order_by("date").first()
        return Meeting.objects.filter(pk=first.pk if first else None).values_list("pk")

    def of_all(*, group: UUID) -> QuerySet[Meeting, Any]:
        ids = list(Meeting.objects.filter(group=group).values_list("pk", flat=True))
        return Meeting.objects.filter(pk__in=ids).values_list("pk")

    for rows in (of_the_first, of_all):
        with pytest.raises(NotReadyMade, match="SELECT"):
            ReadyMade(one, rows, group=UUID)(group=group.pk)
    assert Meeting.objects.filter(group=group).count() == 0, "afterwards everybody may ask again"


def test_several_threads_may_put_one_text_together_at_once_each_on_a_new_connection() -> None:
    """A new connection asks things of its own before it is used; those are no look at the data."""
    ask = ReadyMade(one, upcoming, group=UUID, day=date)
    ready, day = Barrier(3), clock.today()

    def asked() -> list[tuple[Any, ...]]:
        ready.wait(10)
        try:
            return ask(group=uuid4(), day=day)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        found = [pool.submit(asked) for _n in range(3)]
        assert [one.result() for one in found] == [[], [], []]


def test_a_time_of_day_moves_along_to_the_second() -> None:
    group = world.make_group()
    meeting = world.make_meeting(group, clock.today())
    last = clock.at(clock.today(), 23, 59) + timedelta(seconds=59)
    Meeting.objects.filter(pk=meeting.pk).update(ends_at=last)

    def until_the_end() -> QuerySet[Meeting, Any]:
        end = datetime.combine(clock.today(), time(23, 59, 59), clock.AMSTERDAM)
        return Meeting.objects.filter(ends_at__lte=end).values_list("pk")

    assert ReadyMade(one, until_the_end)() == [(meeting.pk,)]


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    """25 October, half past two: the second time is an hour later, for a kept text as well."""
    group = world.make_group()
    meeting = world.make_meeting(group, date(2026, 10, 25))
    begin, end = clock.at(meeting.date, 1), clock.at(meeting.date, 2, 45)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=begin, ends_at=end)

    def over() -> QuerySet[Meeting, Any]:
        return Meeting.objects.filter(ends_at__lt=clock.now()).values_list("pk")

    ask = ReadyMade(one, over)
    for fold, found in ((0, []), (1, [(meeting.pk,)])):
        with clock.travel(datetime(2026, 10, 25, 2, 30, tzinfo=clock.AMSTERDAM, fold=fold)):
            assert ask() == list(over()) == found


def test_what_is_stored_encrypted_is_read() -> None:
    from challenges.models import Challenge

    stay = world.make_trajectory(group=world.make_group())
    row = Challenge.objects.create(
        trajectory=stay,
        text="Bellen met Sem",
        chosen_on=clock.today(),
        noted_by=stay.participant.user,
    )
    ask = ReadyRows(
        Challenge, ("id", "text"), lambda stay: Challenge.objects.filter(trajectory=stay), stay=UUID
    )
    (found,) = ask(stay=stay.pk)
    assert (found, found.text) == (row, "Bellen met Sem")
