"""*Undo* takes back exactly the worker's own last act, whatever it was (R-378)."""

import random
from datetime import UTC, date, timedelta
from typing import Any
from uuid import UUID

import pytest

from core import clock
from core.ids import uuid7
from core.organisations.models import Group
from groups.models import Attendance, AttendanceTap, Meeting, Visitor
from groups.sheet.attendance import Tap, everyone_here, record
from groups.sheet.beside import add_visitor, count_guests, go_early
from groups.sheet.undo import undo
from participants.models import Trajectory
from tests import world

EVENING = date(2026, 3, 13)
STATES = list(Attendance.State.values)
pytestmark = pytest.mark.django_db


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group()


@pytest.fixture
def meeting(group: Group) -> Meeting:
    return world.make_meeting(group, EVENING)


@pytest.fixture
def fleur(group: Group) -> Any:
    return world.make_worker(group, "Fleur Jansen")


@pytest.fixture
def daan(group: Group) -> Any:
    return world.make_worker(group, "Daan Smit")


class Moments:
    """Every act has a moment of its own, as in life."""

    def __init__(self) -> None:
        self.at = clock.at(EVENING, 19, 30)

    def next(self) -> Any:
        self.at += timedelta(seconds=1)
        return clock.travel(self.at)


@pytest.fixture
def at() -> Moments:
    return Moments()


def people(group: Group, count: int) -> list[Trajectory]:
    since = EVENING - timedelta(days=400)
    with clock.travel(clock.at(EVENING, 12)):
        return [world.make_participating(group, since=since) for _n in range(count)]


def states(meeting: Meeting) -> dict[UUID, str]:
    return dict(Attendance.objects.filter(meeting=meeting).values_list("trajectory_id", "state"))


class Model:
    """What a sheet is: a state and whose it is per person; per worker the acts not taken back."""

    def __init__(self, ids: list[UUID]) -> None:
        self.rows: dict[UUID, tuple[str, str]] = dict.fromkeys(ids, ("not_recorded", ""))
        self.acts: dict[str, list[list[tuple[UUID, tuple[str, str], str]]]] = {}

    def tap(self, who: str, wishes: dict[UUID, str]) -> None:
        act = []
        for one, state in wishes.items():
            if self.rows[one][0] != state:
                act.append((one, self.rows[one], state))
                self.rows[one] = (state, who)
        if act:
            self.acts.setdefault(who, []).append(act)

    def undo(self, who: str) -> set[UUID]:
        """Whose row keeps what somebody else made of it since."""
        kept = set()
        for one, before, state in (self.acts.get(who) and self.acts[who].pop()) or ():
            if self.rows[one] == (state, who):
                self.rows[one] = before
            elif self.rows[one][0] != before[0]:
                kept.add(one)
        return kept


def play(meeting: Meeting, stays: list[Trajectory], workers: list[Any], seed: int, at: Any) -> int:
    """Two workers tap, fill in and take back at random; after each act all is as the model says."""
    chance, model = random.Random(seed), Model([stay.pk for stay in stays])
    conflicts = 0
    for _n in range(24):
        worker = chance.choice(workers)
        who = worker.first_name
        with at.next():
            match chance.choice(["tap", "tap", "tap", "everyone", "undo", "undo", "undo"]):
                case "tap":
                    one = chance.choice(stays).pk
                    state = chance.choice(STATES)
                    version = Attendance.objects.filter(meeting=meeting, trajectory=one)
                    seen = version.values_list("version", flat=True).first() or 0
                    record(meeting=meeting, taps=[Tap(uuid7(), one, state, seen)], by=worker)
                    model.tap(who, {one: state})
                case "everyone":
                    everyone_here(meeting=meeting, client_id=uuid7(), by=worker)
                    left = [one for one, row in model.rows.items() if row[0] == "not_recorded"]
                    model.tap(who, dict.fromkeys(left, "present"))
                case "undo":
                    sheet = undo(meeting=meeting, client_id=uuid7(), by=worker)
                    assert {c.trajectory_id for c in sheet.conflicts} == model.undo(who)
                    assert who not in {c.by_name for c in sheet.conflicts}, "never with oneself"
                    conflicts += len(sheet.conflicts)
        found = dict.fromkeys(model.rows, "not_recorded") | states(meeting)
        assert found == {one: row[0] for one, row in model.rows.items()}, seed
    return conflicts


@pytest.mark.req("R-378")
def test_whatever_two_workers_do_undo_takes_back_the_own_last_act_and_never_fights_oneself(
    group: Group, meeting: Meeting, fleur: Any, daan: Any, at: Moments
) -> None:
    stays, met = people(group, 3), 0
    for seed in range(3):
        evening = world.make_meeting(group, EVENING - timedelta(days=14 * (seed + 1)))
        moments = Moments()
        moments.at = clock.at(evening.date, 19, 30)
        met += play(evening, stays, [fleur, daan], seed, moments)
    assert met, "some of them met a colleague's value"


@pytest.mark.deep
@pytest.mark.req("R-378")
def test_hundreds_of_acts_of_two_workers(group: Group, fleur: Any, daan: Any, at: Moments) -> None:
    stays = people(group, 3)
    for seed in range(100, 130):
        evening = world.make_meeting(group, EVENING - timedelta(days=seed - 90))
        moments = Moments()
        moments.at = clock.at(evening.date, 19, 30)
        play(evening, stays, [fleur, daan], seed, moments)


@pytest.mark.req("R-378")
def test_everyone_here_one_exception_and_two_undos_leave_nobody_present(
    group: Group, meeting: Meeting, fleur: Any, at: Moments
) -> None:
    stays = people(group, 3)
    with at.next():
        everyone_here(meeting=meeting, client_id=uuid7(), by=fleur)
    with at.next():
        away = Tap(uuid7(), stays[0].pk, "absent_without_notice", 1)
        record(meeting=meeting, taps=[away], by=fleur)
    for _n in range(2):
        with at.next():
            assert undo(meeting=meeting, client_id=uuid7(), by=fleur).conflicts == []
    assert set(states(meeting).values()) == {"not_recorded"}


@pytest.mark.req("R-378")
def test_the_last_act_may_be_a_guest_a_visitor_or_an_early_goodbye(
    group: Group, meeting: Meeting, fleur: Any, at: Moments
) -> None:
    (a,) = people(group, 1)
    with at.next():
        record(meeting=meeting, taps=[Tap(uuid7(), a.pk, "present", 0)], by=fleur)
    with at.next():
        count_guests(meeting=meeting, change=1, client_id=uuid7(), by=fleur)
    with at.next():
        add_visitor(meeting=meeting, call_name="Kim", client_id=uuid7(), by=fleur)
    with at.next():
        go_early(meeting=meeting, stay_id=a.pk, left=True, client_id=uuid7(), by=fleur)

    def seen() -> tuple[Any, ...]:
        meeting.refresh_from_db()
        row = Attendance.objects.get(trajectory=a)
        visitors = Visitor.objects.here().count()
        return (row.state, row.left_at is not None, visitors, meeting.guests)

    assert seen() == ("present", True, 1, 1)
    for then in (
        ("present", False, 1, 1),
        ("present", False, 0, 1),
        ("present", False, 0, 0),
        ("not_recorded", False, 0, 0),
        ("not_recorded", False, 0, 0),
    ):
        with at.next():
            undo(meeting=meeting, client_id=uuid7(), by=fleur)
        assert seen() == then


@pytest.mark.req("R-378")
def test_an_undo_that_is_sent_again_goes_no_further_back(
    group: Group, meeting: Meeting, fleur: Any, daan: Any, at: Moments
) -> None:
    a, b = people(group, 2)
    for one in (a, b):
        with at.next():
            record(meeting=meeting, taps=[Tap(uuid7(), one.pk, "present", 0)], by=fleur)
    with at.next():
        record(meeting=meeting, taps=[Tap(uuid7(), b.pk, "absent_with_notice", 1)], by=daan)
    again = uuid7()
    for _n in range(2):  # the first time nothing but a conflict comes of it
        with at.next():
            undo(meeting=meeting, client_id=again, by=fleur)
    assert states(meeting) == {a.pk: "present", b.pk: "absent_with_notice"}


@pytest.mark.req("R-378")
def test_an_undo_under_the_id_of_a_colleagues_act_leaves_that_act_to_the_colleague(
    group: Group, meeting: Meeting, fleur: Any, daan: Any, at: Moments
) -> None:
    a, b = people(group, 2)
    of_daan = uuid7()
    with at.next():
        record(meeting=meeting, taps=[Tap(of_daan, a.pk, "present", 0)], by=daan)
    with at.next():
        record(meeting=meeting, taps=[Tap(uuid7(), b.pk, "present", 0)], by=fleur)
    with at.next():
        undo(meeting=meeting, client_id=of_daan, by=fleur)
    assert states(meeting) == {a.pk: "present", b.pk: "not_recorded"}
    with at.next():
        undo(meeting=meeting, client_id=uuid7(), by=daan)
    assert states(meeting) == {a.pk: "not_recorded", b.pk: "not_recorded"}


@pytest.mark.req("R-378")
def test_what_stands_again_stands_under_the_name_of_who_wrote_it(
    group: Group, meeting: Meeting, fleur: Any, daan: Any, at: Moments
) -> None:
    (a,) = people(group, 1)
    with at.next():
        record(meeting=meeting, taps=[Tap(uuid7(), a.pk, "present", 0)], by=daan)
    with at.next():
        record(meeting=meeting, taps=[Tap(uuid7(), a.pk, "absent_with_notice", 1)], by=fleur)
    with at.next():
        sheet = undo(meeting=meeting, client_id=uuid7(), by=fleur)
    assert sheet.rows[a.pk].by_name == "Daan"
    row = Attendance.objects.get(trajectory=a)
    first = AttendanceTap.objects.get(attendance=row, version=1)
    assert (row.recorded_by, row.recorded_at) == (daan, first.at)


@pytest.mark.req("R-378")
def test_undo_finds_the_last_act_past_midnight_and_in_the_hour_that_comes_twice(
    group: Group, fleur: Any
) -> None:
    day = date(2026, 10, 24)
    late = Meeting.objects.create(
        group=group,
        date=day,
        starts_at=clock.at(day, 23),
        ends_at=clock.at(day + timedelta(days=1), 3),
    )
    with clock.travel(clock.at(day, 12)):
        a, b = people(group, 2)
    twice = clock.at(day + timedelta(days=1), 2, 30)
    assert twice.utcoffset() == timedelta(hours=2)
    again = clock.local(twice.astimezone(UTC) + timedelta(hours=1))
    assert again.replace(tzinfo=None) == twice.replace(tzinfo=None), "half past two, twice"
    with clock.travel(again - timedelta(minutes=50)):
        record(meeting=late, taps=[Tap(uuid7(), a.pk, "present", 0)], by=fleur)
    with clock.travel(again):
        record(meeting=late, taps=[Tap(uuid7(), b.pk, "present", 0)], by=fleur)
        undo(meeting=late, client_id=uuid7(), by=fleur)
    assert states(late) == {a.pk: "present", b.pk: "not_recorded"}
