"""What asks attention in a group: the pure rule, and the same rule in SQL."""

import json
from dataclasses import asdict, fields, replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from django.db import connection

from core import clock
from core.accounts.rights import Reach
from groups.health.signs import CALM, SEEN, need
from joinus.home.attention import statement
from joinus.home.attention.facts import (
    GroupFacts,
    Wanted,
    count_groups,
    facts_of,
    page_of_groups,
    rule_bound,
)
from joinus.home.attention.signs import signs
from joinus.home.models import GroupFigures, SignSeen
from tests import world
from tests.questionnaires.build import make_invitation

DAY = date(2026, 3, 13)
SOUND = GroupFacts(
    id=UUID(int=1),
    name="Groep 12–16",
    region_id=UUID(int=2),
    organisation_id=UUID(int=3),
    organisation="Welzijn Oost",
    state="open",
    capacity=15,
    places_taken=8,
    workers=2,
    worker_left_on=None,
    seats=8,
    taking_part=8,
    seat_left_on=None,
    waiting=0,
    oldest=None,
    held=6,
    past=6,
    met=True,
    present=40,
    expected=48,
    last_on=DAY - timedelta(days=6),
    next_on=DAY + timedelta(days=8),
    evening=UUID(int=4),
    evening_on=DAY - timedelta(days=6),
    here=7,
    unkept=0,
    unkept_on=None,
    answered=3,
    asked=4,
)


def kinds(**other: object) -> list[str]:
    return [str(sign.kind) for sign in signs(replace(SOUND, **other), DAY)]  # type: ignore[arg-type]


class TestRule:
    def test_a_sound_group_asks_nothing(self) -> None:
        assert signs(SOUND, DAY) == []

    @pytest.mark.req("R-269")
    def test_no_worker_is_redder_than_one(self) -> None:
        nobody, alone = (signs(replace(SOUND, workers=n), DAY) for n in (0, 1))
        assert kinds(workers=1) == kinds(workers=0) == ["workers"]
        assert nobody[0].need < alone[0].need

    @pytest.mark.req("R-045")
    def test_a_list_is_long_from_two_weeks_on(self) -> None:
        assert kinds(waiting=1, oldest=DAY - timedelta(days=13)) == []
        assert kinds(waiting=1, oldest=DAY - timedelta(days=14)) == ["waiting_list"]

    @pytest.mark.req("R-117", "R-118")
    def test_below_five(self) -> None:
        assert kinds(taking_part=4) == ["small_group"]
        assert kinds(taking_part=5) == []
        assert kinds(here=4) == ["small_evening"]
        assert kinds(here=0) == ["small_evening"]
        assert kinds(here=None, evening=None) == []

    @pytest.mark.req("R-114")
    def test_more_than_three_weeks_without_a_meeting(self) -> None:
        def since(days: int, **other: object) -> list[str]:
            return kinds(last_on=DAY - timedelta(days=days), **other)

        assert since(21) == []
        assert since(22) == ["rhythm"]
        assert since(22, next_on=None) == ["rhythm"]
        assert since(22, next_on=DAY) == [], "tonight there is one"
        assert since(22, seats=0, taking_part=0) == ["small_group"], "nobody to meet"
        assert kinds(last_on=None) == [], "it did not begin yet"

    def test_the_greatest_need_stands_first_whoever_says_it(self) -> None:
        every = kinds(
            workers=1, waiting=1, oldest=date(2025, 1, 1), taking_part=1, here=1,
            last_on=date(2025, 1, 1),
        )  # fmt: skip
        assert every == ["workers", "waiting_list", "small_group", "rhythm", "small_evening"]

    def test_an_empty_group_that_was_just_opened_asks_nobody(self) -> None:
        fresh = {"seats": 0, "taking_part": 0, "met": False, "here": None, "evening": None}
        assert kinds(**fresh) == []
        assert replace(SOUND, **fresh).begins  # type: ignore[arg-type]
        assert kinds(**fresh | {"workers": 0}) == ["workers"], "but not without a worker"
        assert kinds(**fresh | {"seats": 1}) == ["small_group"], "somebody comes to see it"
        assert kinds(**fresh | {"met": True}) == ["small_group"], "everybody left it"

    def test_a_group_that_is_closed_for_sign_up_is_asked_only_for_its_evenings(self) -> None:
        assert kinds(state="closed", workers=0, taking_part=1, oldest=date(2025, 1, 1)) == []
        assert kinds(state="closed", here=2) == ["small_evening"]

    def test_what_was_seen_no_longer_counts_and_what_is_left_does(self) -> None:
        found = signs(replace(SOUND, workers=0, here=2), DAY)
        assert need(found, []) == 0
        assert need(found, ["workers"]) == 3
        assert need(found, ["workers", "small_evening"]) == SEEN
        assert need([], []) == CALM < SEEN

    def test_the_same_count_for_another_reason_is_another_fact(self) -> None:
        """Two workers, one, two, and one again: the second time is new."""
        once, again = (
            signs(replace(SOUND, workers=1, worker_left_on=day), DAY)[0].mark
            for day in (None, DAY - timedelta(days=1))
        )
        assert once != again


def made_up(luck: Random) -> GroupFacts:
    def some_day() -> date | None:
        return luck.choice([None, DAY - timedelta(days=luck.choice([0, 1, 13, 14, 15, 60]))])

    evening = luck.choice([None, UUID(int=luck.getrandbits(128))])
    oldest = some_day()
    unkept = luck.choice([0, 0, 1, 3])
    return replace(
        SOUND,
        id=UUID(int=luck.getrandbits(128)),
        state=luck.choice(["open", "full", "closed"]),
        workers=luck.randrange(4),
        worker_left_on=some_day(),
        seats=luck.choice([0, 0, 1, 7]),
        taking_part=luck.choice([0, 0, 1, 4, 5, 6]),
        seat_left_on=some_day(),
        waiting=luck.randrange(1, 9) if oldest else 0,
        oldest=oldest,
        met=luck.choice([True, False]),
        last_on=luck.choice([None, *(DAY - timedelta(days=n) for n in (0, 20, 21, 22, 60))]),
        next_on=luck.choice([None, *(DAY + timedelta(days=n) for n in (0, 1, 14))]),
        evening=evening,
        evening_on=DAY if evening else None,
        here=luck.randrange(9) if evening else None,
        unkept=unkept,
        unkept_on=DAY - timedelta(days=luck.choice([3, 17])) if unkept else None,
    )


@pytest.mark.django_db
def test_the_rule_in_sql_says_of_made_up_facts_what_the_rule_in_python_says() -> None:
    """Two thousand groups; of some the person has seen something: this fact, or one of before."""
    luck = Random(16)
    user = world.make_staff()
    groups = [made_up(luck) for _n in range(2000)]
    real = world.make_group()
    groups[0] = replace(groups[0], id=real.pk, workers=1, here=3, evening=UUID(int=9), state="open")
    marks = {str(sign.kind): sign.mark for sign in signs(groups[0], DAY)}
    for kind, mark in (("workers", marks["workers"]), ("small_evening", "3:of another evening")):
        SignSeen.objects.create(user=user, group=real, kind=kind, mark=mark, at=clock.now())
    types = {"UUID": "uuid", "str": "text", "int": "int", "date": "date", "bool": "bool"}
    columns = ", ".join(
        f"{f.name} {types[getattr(f.type, '__name__', str(f.type).split(' ')[0])]}"
        if isinstance(f.type, type)
        else f"{f.name} {types[str(f.type).split(' | ')[0].split('.')[-1]]}"
        for f in fields(GroupFacts)
    )
    asked = (
        f"WITH facts AS (SELECT * FROM json_to_recordset(%(facts)s::json) AS f({columns})),"
        f"{statement.RULE} SELECT id, need, signs, seen, "
        "(SELECT json_object_agg(kind, mark) FROM signs s WHERE s.id = r.id) FROM ranked r"
    )
    with clock.travel(DAY), connection.cursor() as cursor:
        given = {"facts": json.dumps([asdict(g) for g in groups], default=str)}
        cursor.execute(asked, given | rule_bound(user))
        rows = cursor.fetchall()
    told = {row[0]: row[1:] for row in rows}
    assert len(told) == len(groups)
    for facts in groups:
        found = signs(facts, DAY)
        need_in_sql, left, seen, marks_in_sql = told[facts.id]
        if isinstance(marks_in_sql, str):
            marks_in_sql = json.loads(marks_in_sql)
        assert need_in_sql == need(found, seen), facts
        assert {*left, *seen} == {str(sign.kind) for sign in found}, facts
        assert (marks_in_sql or {}) == {str(sign.kind): sign.mark for sign in found}, facts
        assert seen == (["workers"] if facts.id == real.pk else []), facts


@pytest.mark.django_db
def test_the_country_as_it_was_counted_is_equal_to_the_digit() -> None:
    group = world.make_group()
    world.make_worker(group)
    day = clock.today()
    for n in range(3):
        stay = world.make_trajectory(group=group)
        world.seat(stay, first_day=day - timedelta(days=90))
        for weeks in (2, 4):
            held = group.meetings.filter(date=day - timedelta(weeks=weeks)).first()
            held = held or world.make_meeting(group, day - timedelta(weeks=weeks), "held")
            world.attend(stay, held, "present" if n else "absent_with_notice")
        make_invitation(stay, "interim", 1, state="answered", answered_on=day)
    world.make_trajectory(group=group, phase="intake", waiting_since=day - timedelta(days=20))
    user = world.make_staff()
    count_groups()
    _totals, counted = page_of_groups(user, Reach(national=True), Wanted())
    _totals, now = page_of_groups(user, Reach(groups=frozenset({group.pk})), Wanted())
    (before,) = [line for line in counted if line.facts.id == group.pk]
    assert before == now[0]
    facts = before.facts
    assert (facts.workers, facts.taking_part, facts.seats, facts.waiting) == (1, 3, 3, 1)
    assert (facts.held, facts.past, facts.present, facts.expected) == (2, 2, 4, 6)
    assert (facts.here, facts.answered, facts.asked) == (2, 3, 3)
    GroupFigures.objects.all().delete()
    count_groups()
    count_groups()
    assert page_of_groups(user, Reach(national=True), Wanted())[1] == counted


@pytest.mark.django_db
def test_nothing_of_an_evening_that_runs_and_nothing_of_long_ago() -> None:
    group = world.make_group()
    far = Reach(groups=frozenset({group.pk}))
    running = world.make_meeting(group, clock.today(), "held")
    world.make_meeting(group, clock.today() - timedelta(days=61), "held")
    with clock.travel(running.ends_at - timedelta(minutes=1)):
        assert facts_of(far)[0].evening is None
        assert facts_of(far)[0].met
    with clock.travel(running.ends_at):
        assert facts_of(far)[0].evening == running.pk
