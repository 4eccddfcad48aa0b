"""Who was there: per tap, never twice, never silently over somebody else's value."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from core import clock, ports
from core.ids import uuid7
from core.organisations.models import Group
from core.ports import Consequence
from groups.evenings import absence
from groups.models import Attendance, AttendanceTap, Meeting
from groups.sheet.attendance import Tap, everyone_here, preview, record
from groups.sheet.undo import undo
from participants.models import Trajectory
from tests import world
from tests.groups.sheet.conftest import EVENING, SINCE
from tests.world import broken


@pytest.fixture
def told() -> Iterator[list[Any]]:
    """Which stays the floors above were told about."""
    heard: list[Any] = []
    with ports.trajectory_changed.answering(heard.extend):
        yield heard


@pytest.fixture(autouse=True)
def _that_evening() -> Any:
    with clock.travel(clock.at(EVENING, 19, 30)):
        yield


def people(group: Group, count: int) -> list[Trajectory]:
    return [world.make_participating(group, since=SINCE) for _n in range(count)]


def tap(stay: Trajectory, state: str = "present", version: int = 0, client_id: Any = None) -> Tap:
    return Tap(client_id or uuid7(), stay.pk, state, version)


def states(meeting: Meeting) -> dict[Any, str]:
    return dict(Attendance.objects.filter(meeting=meeting).values_list("trajectory_id", "state"))


@pytest.mark.req("R-130")
@pytest.mark.req_part("R-129")
def test_each_person_is_here_told_us_or_did_not_come(
    group: Group, worker: Any, meeting: Meeting
) -> None:
    a, b, c = people(group, 3)
    wanted = {a.pk: "present", b.pk: "absent_with_notice", c.pk: "absent_without_notice"}
    record(meeting=meeting, taps=[tap(s, wanted[s.pk]) for s in (a, b, c)], by=worker)
    assert states(meeting) == wanted
    row = Attendance.objects.get(trajectory=a)
    assert (row.version, row.recorded_by, row.recorded_at) == (1, worker, clock.now())
    with broken("unknown_state"):
        record(meeting=meeting, taps=[tap(a, "late", 1)], by=worker)


@pytest.mark.req_part("R-129")
def test_the_first_row_makes_the_meeting_held_the_last_undone_plans_it_again(
    group: Group, worker: Any, meeting: Meeting
) -> None:
    (a,) = people(group, 1)
    record(meeting=meeting, taps=[tap(a)], by=worker)
    meeting.refresh_from_db()
    assert meeting.status == "held"
    record(meeting=meeting, taps=[tap(a, "not_recorded", 1)], by=worker)
    meeting.refresh_from_db()
    assert meeting.status == "planned"


@pytest.mark.req("R-131")
def test_a_resend_changes_nothing_and_tells_nobody(
    group: Group, worker: Any, meeting: Meeting, told: list[Any]
) -> None:
    a, b = people(group, 2)
    first = tap(a)
    record(meeting=meeting, taps=[first], by=worker)
    record(meeting=meeting, taps=[tap(a, "absent_with_notice", 1)], by=worker)
    told.clear()
    sheet = record(meeting=meeting, taps=[first], by=worker)
    assert (sheet.saved, sheet.conflicts, told) == ([a.pk], [], [])
    row = Attendance.objects.get(trajectory=a)
    assert (row.state, row.version) == ("absent_with_notice", 2)
    assert AttendanceTap.objects.count() == 2
    with broken("client_id_used"):
        record(meeting=meeting, taps=[tap(b, client_id=first.client_id)], by=worker)


def test_a_stale_version_is_reported_and_overwrites_nothing(
    group: Group, worker: Any, meeting: Meeting
) -> None:
    a, b = people(group, 2)
    other = world.make_worker(group, "Daan Smit")
    record(meeting=meeting, taps=[tap(a, "absent_with_notice")], by=other)
    sheet = record(meeting=meeting, taps=[tap(a, "present"), tap(b)], by=worker)
    assert sheet.saved == [b.pk]
    (conflict,) = sheet.conflicts
    assert (conflict.state, conflict.version, conflict.by_name) == ("absent_with_notice", 1, "Daan")
    assert states(meeting)[a.pk] == "absent_with_notice"


def test_two_workers_who_agree_do_not_conflict(group: Group, worker: Any, meeting: Meeting) -> None:
    (a,) = people(group, 1)
    record(meeting=meeting, taps=[tap(a)], by=world.make_worker(group, "Daan Smit"))
    sheet = record(meeting=meeting, taps=[tap(a)], by=worker)
    assert (sheet.saved, sheet.conflicts) == ([a.pk], [])
    assert Attendance.objects.get(trajectory=a).version == 1


def test_everyone_here_fills_only_what_is_not_recorded(
    group: Group, worker: Any, meeting: Meeting
) -> None:
    a, b, c, d = people(group, 4)
    with clock.travel(clock.at(EVENING, 12)):
        absence.tell(meeting=meeting, trajectory=d)
    record(meeting=meeting, taps=[tap(a, "absent_without_notice")], by=worker)
    act = uuid7()
    everyone_here(meeting=meeting, client_id=act, by=worker)
    expected = {
        a.pk: "absent_without_notice",
        b.pk: "present",
        c.pk: "present",
        d.pk: "absent_with_notice",
    }
    assert states(meeting) == expected
    record(meeting=meeting, taps=[tap(b, "not_recorded", 1)], by=worker)
    everyone_here(meeting=meeting, client_id=act, by=worker)
    assert states(meeting)[b.pk] == "not_recorded", "a resend of the same act fills nothing again"


def test_undo_takes_back_the_own_last_act_then_the_one_before(
    group: Group, worker: Any, meeting: Meeting
) -> None:
    a, b = people(group, 2)
    record(meeting=meeting, taps=[tap(a, "absent_with_notice")], by=worker)
    everyone_here(meeting=meeting, client_id=uuid7(), by=worker)
    first_undo = uuid7()
    undo(meeting=meeting, client_id=first_undo, by=worker)
    assert states(meeting) == {a.pk: "absent_with_notice", b.pk: "not_recorded"}
    undo(meeting=meeting, client_id=first_undo, by=worker)
    assert states(meeting)[a.pk] == "absent_with_notice", "a resend undoes nothing more"
    undo(meeting=meeting, client_id=uuid7(), by=worker)
    assert set(states(meeting).values()) == {"not_recorded"}
    assert undo(meeting=meeting, client_id=uuid7(), by=worker).saved == []


def test_undo_leaves_what_a_colleague_changed_since(
    group: Group, worker: Any, meeting: Meeting
) -> None:
    (a,) = people(group, 1)
    record(meeting=meeting, taps=[tap(a)], by=worker)
    record(
        meeting=meeting,
        taps=[tap(a, "absent_with_notice", 1)],
        by=world.make_worker(group, "Daan Smit"),
    )
    sheet = undo(meeting=meeting, client_id=uuid7(), by=worker)
    assert [c.state for c in sheet.conflicts] == ["absent_with_notice"]
    assert states(meeting)[a.pk] == "absent_with_notice"


def test_undo_walks_back_over_one_row_as_often_as_it_was_tapped(
    group: Group, worker: Any, meeting: Meeting
) -> None:
    """Everyone here, then two taps on one of them: three undos, and none of them is a conflict."""
    a, b = people(group, 2)
    everyone_here(meeting=meeting, client_id=uuid7(), by=worker)
    record(meeting=meeting, taps=[tap(a, "absent_with_notice", 1)], by=worker)
    record(meeting=meeting, taps=[tap(a, "absent_without_notice", 2)], by=worker)
    for then in ("absent_with_notice", "present", "not_recorded"):
        sheet = undo(meeting=meeting, client_id=uuid7(), by=worker)
        assert sheet.conflicts == [], "nobody else was there"
        assert states(meeting)[a.pk] == then
    assert states(meeting)[b.pk] == "not_recorded"


def test_the_second_undo_of_a_row_leaves_what_a_colleague_wrote_in_between(
    group: Group, worker: Any, meeting: Meeting
) -> None:
    (a,) = people(group, 1)
    daan = world.make_worker(group, "Daan Smit")
    record(meeting=meeting, taps=[tap(a)], by=worker)
    record(meeting=meeting, taps=[tap(a, "absent_with_notice", 1)], by=worker)
    undo(meeting=meeting, client_id=uuid7(), by=worker)
    record(meeting=meeting, taps=[tap(a, "absent_without_notice", 3)], by=daan)
    sheet = undo(meeting=meeting, client_id=uuid7(), by=worker)
    assert [c.by_name for c in sheet.conflicts] == ["Daan"]
    assert states(meeting)[a.pk] == "absent_without_notice"


def test_only_who_stands_on_the_sheet_of_an_evening_that_has_come(
    group: Group, worker: Any, meeting: Meeting
) -> None:
    (a,) = people(group, 1)
    (stranger,) = people(world.make_group(), 1)
    with broken("not_on_sheet"):
        record(meeting=meeting, taps=[tap(stranger)], by=worker)
    later = world.make_meeting(group, EVENING + timedelta(days=14))
    with broken("meeting_to_come"):
        record(meeting=later, taps=[tap(a)], by=worker)
    off = world.make_meeting(group, EVENING - timedelta(days=14), status="cancelled")
    with broken("meeting_cancelled"):
        record(meeting=off, taps=[tap(a)], by=worker)
    assert Attendance.objects.count() == 0


@pytest.mark.req("R-144")
def test_somebody_who_is_blocked_or_only_watches_stands_on_the_sheet(
    group: Group, worker: Any, meeting: Meeting
) -> None:
    stay = world.make_participating(group, since=SINCE, blocked_reason="parent_withdrew")
    record(meeting=meeting, taps=[tap(stay)], by=worker)
    assert states(meeting) == {stay.pk: "present"}
    fields = {f.name for f in Attendance._meta.get_fields()}
    assert not fields & {"mark", "grade", "score", "participation"}


@pytest.mark.req("R-131")
def test_a_change_after_the_day_is_a_correction_recording_late_is_none(
    group: Group, worker: Any, meeting: Meeting, told: list[Any]
) -> None:
    a, b = people(group, 2)
    record(meeting=meeting, taps=[tap(a)], by=worker)
    with clock.travel(clock.at(EVENING + timedelta(days=1), 9)):
        record(meeting=meeting, taps=[tap(b)], by=worker)
        record(meeting=meeting, taps=[tap(a, "absent_with_notice", 1)], by=worker)
    flags = AttendanceTap.objects.order_by("at").values_list(
        "attendance__trajectory_id", "correction"
    )
    assert set(flags) == {(a.pk, False), (b.pk, False), (a.pk, True)}
    assert told == [a.pk, b.pk, a.pk]


@pytest.mark.req("R-131")
def test_what_a_correction_does_is_asked_beforehand(
    group: Group, worker: Any, meeting: Meeting
) -> None:
    (a,) = people(group, 1)
    record(meeting=meeting, taps=[tap(a)], by=worker)
    seen: list[str] = []

    def look(ids: Any) -> Any:
        assert list(ids) == [a.pk]
        seen.append(states(meeting)[a.pk])
        return lambda: [Consequence(a.pk, "withdraws", states(meeting)[a.pk])]

    with ports.cycle_preview.answering(look):
        found = preview(meeting=meeting, taps=[tap(a, "absent_with_notice", 1)], by=worker)
    assert seen == ["absent_with_notice"], "it is looked at while it stands"
    assert [c.text for c in found] == ["present"], "and said when it was taken back"
    assert [c.kind for c in found] == ["withdraws"]
    assert states(meeting)[a.pk] == "present", "asking changes nothing"


@pytest.mark.django_db(transaction=True)
def test_two_phones_at_the_same_moment_leave_one_value_and_one_report() -> None:
    group = world.make_group()
    workers = [world.make_worker(group, "Fleur Jansen"), world.make_worker(group, "Daan Smit")]
    meeting = world.make_meeting(group, EVENING)
    (a,) = people(group, 1)
    gate, sheets = threading.Barrier(2), []

    def phone(worker: Any, state: str) -> None:
        try:
            with clock.travel(clock.at(EVENING, 19, 30)):
                gate.wait(10)
                sheets.append(record(meeting=meeting, taps=[tap(a, state)], by=worker))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=phone, args=args)
        for args in zip(workers, ("present", "absent_with_notice"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(len(s.conflicts) for s in sheets) == [0, 1]
    row = Attendance.objects.get()
    assert row.version == 1
    assert [c.state for s in sheets for c in s.conflicts] == [row.state]


def test_fifteen_at_once_cost_a_fixed_number_of_queries(
    group: Group, worker: Any, meeting: Meeting, django_assert_num_queries: Any
) -> None:
    other = world.make_meeting(group, EVENING - timedelta(days=14))
    people(group, 5)
    with django_assert_num_queries(QUERIES):
        everyone_here(meeting=other, client_id=uuid7(), by=worker)
    people(group, 10)
    with django_assert_num_queries(QUERIES):
        everyone_here(meeting=meeting, client_id=uuid7(), by=worker)


QUERIES = 10
"""Two of them are savepoints of the test, so 8 in a request; 2 are the cycle's."""
