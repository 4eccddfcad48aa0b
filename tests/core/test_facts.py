"""One statement for the facts of many rules: made once, asked at any moment by anybody."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import OuterRef
from django.test.utils import CaptureQueriesContext

from core import clock
from core.accounts import standing_in
from core.accounts.models import User
from core.accounts.rights import reach
from core.accounts.roles import SCOPE_OF, Role, Scope
from core.facts import Facts, ask, counted, nested
from core.facts_rows import reader_of
from core.months import add_months
from core.organisations.permissions import SEE_GROUPS
from core.ready_made import NotReadyMade
from groups.models import Meeting
from groups.permissions import PLACE, SEE_MEETINGS
from participants.models import Trajectory
from tests import world

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Evening:
    id: UUID
    date: date
    starts_at: datetime


def _of(user: Any, **filters: Any) -> Any:
    return Meeting.objects.filter(reach(user, PLACE).as_q("group__"), **filters)


OF_THE_GROUPS = Facts(Evening, _of)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_each_finds_the_rows_of_their_own_groups_with_one_text() -> None:
    texts = set()
    for _n in range(2):
        group = world.make_group()
        evening = world.make_meeting(group, clock.today())
        worker = world.make_worker(group)
        with CaptureQueriesContext(connection) as asked:
            (row,) = ask(worker, [OF_THE_GROUPS])[OF_THE_GROUPS]
        assert (row.id, row.date, row.starts_at) == (evening.pk, evening.date, evening.starts_at)
        texts.add(asked[-1]["sql"].split("WHERE")[0])
    assert len(texts) == 1


def test_who_leads_several_groups_finds_all_of_them_and_who_leads_none_nothing() -> None:
    groups = [world.make_group() for _n in range(3)]
    worker = world.make_worker(groups[0])
    evenings = {world.make_meeting(group, clock.today()).pk for group in groups}
    for group in groups[1:]:
        world.give_role(worker, Role.YOUTH_WORKER, group=group)
    assert {row.id for row in ask(fresh(worker), [OF_THE_GROUPS])[OF_THE_GROUPS]} == evenings
    coordinator = world.make_coordinator(groups[0].location.region)
    with CaptureQueriesContext(connection) as asked:
        assert ask(coordinator, [OF_THE_GROUPS]) == {OF_THE_GROUPS: []}
    assert len(asked) <= 1, "the roles; a place that cannot be found is not looked for"


def test_several_kinds_of_fact_come_in_one_statement() -> None:
    group = world.make_group()
    worker = world.make_worker(group)
    stay = world.make_participating(group, since=clock.today() - timedelta(days=20))

    @dataclass(frozen=True)
    class Somebody:
        name: str
        evenings: int
        seats: tuple[Evening, ...]

    evening = world.make_meeting(group, clock.today())
    here = Meeting.objects.filter(group=OuterRef("group")).order_by("date")
    somebody = Facts(
        Somebody,
        lambda user: Trajectory.objects.visible_to(user),
        {
            "name": "participant__call_name",
            "evenings": counted(here),
            "seats": nested(here, Evening),
        },
    )
    worker = fresh(worker)
    reach(worker, PLACE)
    with CaptureQueriesContext(connection) as asked:
        found = ask(worker, [OF_THE_GROUPS, somebody])
    assert len(asked) == 1
    assert [row.id for row in found[OF_THE_GROUPS]] == [evening.pk]
    (row,) = found[somebody]
    assert row == Somebody(stay.participant.call_name, 1, (found[OF_THE_GROUPS][0],))


def test_the_clock_moves_on_after_the_text_was_made() -> None:
    group = world.make_group()
    worker = world.make_worker(group)
    today = clock.today()
    made = [world.make_meeting(group, today + timedelta(days=n)) for n in range(4)]
    rules = {
        "today": Facts(Evening, lambda user: _of(user, date=clock.today())),
        "tomorrow": Facts(Evening, lambda user: _of(user, date=clock.today() + timedelta(days=1))),
        "midnight": Facts(Evening, lambda user: _of(user, starts_at__lt=clock.at(clock.today()))),
        "hour": Facts(
            Evening, lambda user: _of(user, ends_at__lt=clock.now() - timedelta(hours=1))
        ),
    }
    for days in range(3):
        with clock.travel(clock.at(today + timedelta(days=days), 23, 59)):
            found = ask(fresh(worker), list(rules.values()))
        ids = {name: {row.id for row in found[rule]} for name, rule in rules.items()}
        assert ids["today"] == {made[days].pk}
        assert ids["tomorrow"] == {made[days + 1].pk}
        assert ids["midnight"] == {one.pk for one in made[:days]}
        assert ids["hour"] == {one.pk for one in made[: days + 1]}


def test_a_role_of_the_whole_country_has_no_place_and_reaches_every_group() -> None:
    far = Facts(
        Evening, lambda user: Meeting.objects.filter(reach(user, SEE_GROUPS).as_q("group__"))
    )
    evenings = {world.make_meeting(world.make_group(), clock.today()).pk for _n in range(2)}
    for role in (Role.QUALITY_COORDINATOR, Role.FOUNDATION):
        assert {row.id for row in ask(world.make_national(role), [far])[far]} == evenings


def test_a_role_that_ends_between_two_looks_at_the_clock_reaches_nothing_any_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Asked a moment before midnight, put together after it."""
    group = world.make_group()
    worker = world.make_worker(group)
    world.make_meeting(group, clock.today())
    worker.role_assignments.update(valid_until=clock.today())
    last, first = clock.at(clock.today(), 23, 59), clock.at(clock.today() + timedelta(days=1))
    moments = iter([last])
    worker = fresh(worker)
    monkeypatch.setattr(clock, "now", lambda: next(moments, first))
    assert ask(worker, [OF_THE_GROUPS]) == {OF_THE_GROUPS: []}


@pytest.mark.parametrize("months", [months for months in range(-47, 48) if months])
def test_a_rule_that_counts_in_months_is_refused(months: int) -> None:
    """Its days would have been those of the day on which the text was made."""
    assert _is_refused(lambda user: _of(user, date=add_months(clock.today(), months)))


@pytest.mark.parametrize("days", range(1, 11))
def test_a_rule_that_counts_in_working_days_is_refused(days: int) -> None:
    def on(user: Any, step: int) -> Any:
        day, left = clock.today(), days
        while left:
            day += timedelta(days=step)
            left -= day.weekday() < 5
        return _of(user, date=day)

    assert _is_refused(lambda user: on(user, 1))
    assert _is_refused(lambda user: on(user, -1))


@pytest.mark.parametrize(
    "begin",
    [
        lambda day: day - timedelta(days=day.weekday()),
        lambda day: day.replace(day=1),
        lambda day: day.replace(month=1, day=1),
        lambda day: date(day.year, 7, 1),
    ],
    ids=["of the week", "of the month", "of the year", "of the half year"],
)
def test_a_rule_that_goes_back_to_a_beginning_is_refused(begin: Any) -> None:
    assert _is_refused(lambda user: _of(user, date__gte=begin(clock.today())))


@pytest.mark.parametrize("hour", range(6, 22))
def test_a_rule_that_reads_something_else_from_some_hour_on_is_refused(hour: int) -> None:
    def by_hour(user: Any) -> Any:
        return _of(user) if clock.now().hour < hour else _of(user, status="held")

    assert _is_refused(by_hour)


def test_a_rule_that_reads_something_else_in_the_weekend_is_refused() -> None:
    assert _is_refused(lambda user: _of(user, group__weekday=clock.today().weekday()))


def _is_refused(rows: Any) -> bool:
    worker = world.make_worker(world.make_group())
    with pytest.raises(NotReadyMade):
        ask(worker, [Facts(Evening, rows)])
    return True


def test_two_roles_of_one_person_each_reach_as_far_as_they_do_alone() -> None:
    """A coordinator of one region who is a worker in another: reach is asked per permission."""
    near, far = world.make_group(), world.make_group()
    both = world.make_worker(far)
    world.give_role(both, Role.REGIONAL_COORDINATOR, region=near.location.region)
    leads, sees = (
        Facts(Evening, lambda user, p=p: Meeting.objects.filter(reach(user, p).as_q("group__")))
        for p in (PLACE, SEE_MEETINGS)
    )
    one, other = (world.make_meeting(group, clock.today()).pk for group in (near, far))
    found = ask(fresh(both), [leads, sees])
    assert {row.id for row in found[leads]} == {other}
    assert {row.id for row in found[sees]} == {one, other}


def test_a_row_has_only_types_that_json_gives_back() -> None:
    @dataclass(frozen=True)
    class Odd:
        weight: float

    with pytest.raises(TypeError):
        reader_of(Odd)
    assert reader_of(tuple[date, ...])(["2024-02-29"]) == (date(2024, 2, 29),)
    assert reader_of(UUID | None)(None) is None


@pytest.mark.parametrize("role", [role for role in Role if SCOPE_OF[role] == Scope.NATIONAL])
def test_a_role_for_the_whole_country_has_no_place_and_asks_like_any_other(role: Role) -> None:
    """Its holder may lead a group as well: that role still reaches its own group only."""
    group, elsewhere = world.make_group(), world.make_group()
    evening = world.make_meeting(group, clock.today())
    world.make_meeting(elsewhere, clock.today())
    user = world.make_national(role)
    assert ask(user, [OF_THE_GROUPS]) == {OF_THE_GROUPS: []}
    assert world.eyes(user).get("/vandaag/").status_code == 200
    world.give_role(user, Role.YOUTH_WORKER, group=group)
    assert [row.id for row in ask(fresh(user), [OF_THE_GROUPS])[OF_THE_GROUPS]] == [evening.pk]


def test_a_role_that_ends_at_midnight_between_two_looks_finds_nothing_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The text was chosen a moment before midnight, the places are read a moment after it."""
    group = world.make_group()
    world.make_meeting(group, clock.today())
    worker = world.make_worker(group)
    key = standing_in.key_of(worker)
    worker.role_assignments.update(valid_until=clock.today() - timedelta(days=1))
    monkeypatch.setattr("core.facts.key_of", lambda _user: key)
    assert ask(fresh(worker), [OF_THE_GROUPS]) == {OF_THE_GROUPS: []}
