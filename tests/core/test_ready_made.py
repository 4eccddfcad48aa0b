"""Statements that are put together once: the same rows as the queryset gives, at every moment."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
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
