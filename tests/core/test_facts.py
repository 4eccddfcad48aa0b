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
from core.accounts.models import User
from core.accounts.rights import reach
from core.accounts.roles import SCOPE_OF, Role, Scope
from core.facts import Facts, ask, counted, nested
from core.facts_rows import reader_of
from core.months import add_months
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


@pytest.mark.parametrize("months", [-12, -6, -3, -1, 1, 3, 6, 12])
def test_a_rule_that_counts_in_months_is_refused(months: int) -> None:
    """Its days would have been those of the day on which the text was made."""
    worker = world.make_worker(world.make_group())
    by_month = Facts(Evening, lambda user: _of(user, date=add_months(clock.today(), months)))
    with pytest.raises(NotReadyMade):
        ask(worker, [by_month])


def test_a_rule_that_reads_something_else_in_the_morning_is_refused() -> None:
    worker = world.make_worker(world.make_group())

    def early(user: Any) -> Any:
        return _of(user) if clock.now().hour < 9 else _of(user, status="held")

    with pytest.raises(NotReadyMade):
        ask(worker, [Facts(Evening, early)])


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
def test_a_role_for_the_whole_country_has_no_place_and_an_answer(role: Role) -> None:
    evening = world.make_meeting(world.make_group(), clock.today())
    seen = Facts(Evening, lambda user: Meeting.objects.filter(pk=evening.pk))
    reached = Facts(Evening, lambda user: _of(user))
    found = ask(world.make_national(role), [seen, reached])
    assert [row.id for row in found[seen]] == [evening.pk]
    assert found[reached] == []
