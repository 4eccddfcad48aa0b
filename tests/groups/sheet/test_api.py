"""The queue of a phone that was without a connection: each tap is answered on its own."""

import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from structlog.testing import capture_logs

from core import clock
from core.ids import uuid7
from core.organisations.models import Group
from groups.evenings.meetings import cancel_meeting
from groups.models import Attendance, AttendanceTap, Meeting
from groups.sheet.attendance import Tap, record
from groups.sheet.sync import Item, sync
from groups.sheet.undo import undo
from participants.models import Trajectory
from participants.recusal.recusal import recuse
from tests import world
from tests.groups.sheet.conftest import EVENING, SINCE
from tests.races import at_once, left_behind

ItIs = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def _that_evening(it_is: ItIs) -> None:
    it_is(clock.at(EVENING, 19, 30))


@pytest.fixture
def bo(group: Group) -> Trajectory:
    return world.make_participating(group, since=SINCE, call_name="Bo")


@pytest.fixture
def noor(group: Group) -> Trajectory:
    return world.make_participating(group, since=SINCE, call_name="Noor")


def item(stay: Trajectory, status: str = "present", base: int = 0, **more: Any) -> dict[str, Any]:
    told = {"client_id": str(uuid7()), "participant": str(stay.pk)}
    return told | {"status": status, "base_version": base} | more


def send(user: Any, meeting: Meeting, told: Any, **more: Any) -> Any:
    body = told if isinstance(told, str | bytes) else json.dumps(told)
    address = reverse("groups:attendance_api", args=[meeting.pk])
    return world.eyes(user).post(address, body, content_type="application/json", **more)


def outcomes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["outcome"] for one in answer.json()]


def states(meeting: Meeting) -> dict[str, tuple[str, int]]:
    rows = Attendance.objects.filter(meeting=meeting).select_related("trajectory__participant")
    return {r.trajectory.participant.call_name: (r.state, r.version) for r in rows}


@pytest.mark.req("R-131")
def test_the_same_batch_three_times_is_one(
    worker: Any, meeting: Meeting, bo: Trajectory, noor: Trajectory
) -> None:
    batch = [item(bo), item(noor), item(bo, "absent_with_notice", 1)]
    told = [outcomes(send(worker, meeting, batch)) for _time in range(3)]
    assert told == [["saved"] * 3, ["already"] * 3, ["already"] * 3]
    assert states(meeting) == {"Bo": ("absent_with_notice", 2), "Noor": ("present", 1)}
    assert AttendanceTap.objects.count() == 3


@pytest.mark.req("R-130")
def test_each_tap_is_answered_on_its_own(
    group: Group, worker: Any, meeting: Meeting, bo: Trajectory, noor: Trajectory
) -> None:
    other = world.make_worker(group, "Daan Smit")
    stranger = world.make_participating(world.make_group(), since=SINCE)
    record(meeting=meeting, taps=[Tap(uuid7(), noor.pk, "absent_with_notice", 0)], by=other)
    found = send(worker, meeting, [item(bo), item(stranger), item(noor)]).json()
    assert [one["outcome"] for one in found] == ["saved", "refused", "stale"]
    assert [one["http"] for one in found] == [200, 422, 409]
    assert found[1]["code"] == "not_on_sheet"
    assert found[1]["status"] is None
    told = {key: found[2][key] for key in ("status", "version", "by", "at")}
    at = "2026-03-13T19:30:00+01:00"
    assert told == {"status": "absent_with_notice", "version": 1, "by": "Daan", "at": at}
    assert states(meeting) == {"Bo": ("present", 1), "Noor": ("absent_with_notice", 1)}


@pytest.mark.req("R-131")
def test_what_was_tapped_on_a_tap_that_came_too_late_overwrites_nobody(
    group: Group, worker: Any, meeting: Meeting, bo: Trajectory
) -> None:
    """Daan's tap makes version 1; the second tap of the phone is based on the phone's own first,
    which would have made version 1 as well."""
    other = world.make_worker(group, "Daan Smit")
    record(meeting=meeting, taps=[Tap(uuid7(), bo.pk, "absent_with_notice", 0)], by=other)
    batch = [item(bo), item(bo, "absent_without_notice", 1)]
    assert outcomes(send(worker, meeting, batch)) == ["stale", "stale"]
    assert states(meeting) == {"Bo": ("absent_with_notice", 1)}


@pytest.mark.req("R-131")
def test_nobody_claims_the_id_of_somebody_elses_tap(
    group: Group, worker: Any, meeting: Meeting, bo: Trajectory, noor: Trajectory
) -> None:
    other = world.make_worker(group, "Daan Smit")
    mine = item(bo)
    assert outcomes(send(worker, meeting, [mine])) == ["saved"]
    (found,) = send(other, meeting, [mine]).json()
    assert (found["outcome"], found["code"]) == ("refused", "client_id_used")
    elsewhere = world.make_meeting(group, EVENING - timedelta(days=7))
    assert outcomes(send(worker, elsewhere, [mine])) == ["refused"]
    # One id for two people in one batch: the first has it.
    twice = item(noor, client_id=(new := str(uuid7())))
    batch = [twice, item(bo, "absent_with_notice", 1, client_id=new)]
    assert outcomes(send(worker, meeting, batch)) == ["saved", "refused"]
    assert states(meeting) == {"Bo": ("present", 1), "Noor": ("present", 1)}


def test_everyone_tapped_without_a_connection_is_undone_as_one(
    worker: Any, meeting: Meeting, bo: Trajectory, noor: Trajectory
) -> None:
    act = str(uuid7())
    assert (
        outcomes(send(worker, meeting, [item(bo, act=act), item(noor, act=act)])) == ["saved"] * 2
    )
    undo(meeting=meeting, client_id=uuid7(), by=worker)
    assert {state for state, _version in states(meeting).values()} == {"not_recorded"}


@pytest.mark.req("R-131")
def test_a_tap_that_arrives_after_four_is_late_and_corrects_nothing_by_itself(
    worker: Any, meeting: Meeting, bo: Trajectory, noor: Trajectory, it_is: ItIs
) -> None:
    """The moment of the server counts: what the phone's clock says is not even sent. A first
    record is written down late; a change to what is recorded is looked at first; what was saved
    before four and is sent again is neither."""
    before = item(bo)
    night = clock.at(EVENING + timedelta(days=1), 3, 59)
    it_is(night)
    assert outcomes(send(worker, meeting, [before])) == ["saved"]
    record(meeting=meeting, taps=[Tap(uuid7(), bo.pk, "absent_with_notice", 1)], by=worker)
    it_is(night + timedelta(minutes=1))
    batch = [before, item(bo, "present", 2), item(noor)]
    found = send(worker, meeting, batch).json()
    assert [one["outcome"] for one in found] == ["already", "late", "saved"]
    assert [one["recorded_late"] for one in found] == [False, False, True]
    assert "bekijk" in found[1]["detail"].lower()
    assert states(meeting) == {"Bo": ("absent_with_notice", 2), "Noor": ("present", 1)}
    assert not AttendanceTap.objects.filter(correction=True).exists()


def test_a_cancelled_and_a_future_meeting_refuse_each_tap_in_words(
    group: Group, worker: Any, meeting: Meeting, bo: Trajectory
) -> None:
    coming = world.make_meeting(group, EVENING + timedelta(days=7))
    cancel_meeting(meeting=meeting, reason="weather", by=worker)
    for evening, code, why in (
        (meeting, "meeting_cancelled", "Deze bijeenkomst ging niet door."),
        (coming, "meeting_to_come", "Deze bijeenkomst moet nog komen."),
    ):
        (found,) = send(worker, evening, [item(bo)]).json()
        assert (found["outcome"], found["code"]) == ("refused", code)
        assert found["detail"]
        kept = world.eyes(worker).get(reverse("groups:attendance_api", args=[evening.pk]))
        assert (kept.status_code, kept.json()) == (409, {"code": "not_today", "detail": why})
    assert not Attendance.objects.exists()


def test_before_its_sheet_opens_a_queue_waits(
    worker: Any, meeting: Meeting, bo: Trajectory, it_is: ItIs
) -> None:
    """The phone may keep the names of today at noon; what comes too early is sent again later."""
    it_is(clock.at(EVENING, 14))
    address = reverse("groups:attendance_api", args=[meeting.pk])
    assert world.eyes(worker).get(address).json()["opens_at"] == "2026-03-13T17:00:00+01:00"
    told = [item(bo)]
    answer = send(worker, meeting, told)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_open_yet")
    assert not Attendance.objects.exists()
    it_is(clock.at(EVENING, 17))
    assert outcomes(send(worker, meeting, told)) == ["saved"]


def test_another_group_is_not_there_and_a_reader_is_told_why(
    group: Group, meeting: Meeting, bo: Trajectory
) -> None:
    elsewhere = world.make_worker(world.make_group(), "Ruben de Vries")
    coordinator = world.make_coordinator(group.location.region)
    for user, status, code in (
        (elsewhere, 404, "not_found"),
        (coordinator, 403, "not_yours"),
        (bo.participant.user, 403, "not_yours"),
        (None, 401, "signed_out"),
    ):
        answer = send(user, meeting, [item(bo)])
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Attendance.objects.exists()


def test_a_form_of_another_site_and_another_persons_phone_send_nothing(
    worker: Any, meeting: Meeting, bo: Trajectory
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(worker)
    address = reverse("groups:attendance_api", args=[meeting.pk])
    told = json.dumps([item(bo)])
    answer = client.post(address, told, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "check")
    answer = send(worker, meeting, [item(bo)], headers={"X-Queue-Of": "0" * 16})
    assert (answer.status_code, answer.json()["code"]) == (403, "somebody_else")
    assert not Attendance.objects.exists()


WRONG = {
    "no list": {"client_id": 1},
    "a word": "present",
    "nothing": None,
    "numbers": [1, 2],
    "an empty tap": [{}],
    "an unknown state": [{"status": "late"}],
    "a number as state": [{"status": 3}],
    "a negative version": [{"base_version": -1}],
    "beyond an integer": [{"base_version": 2**63}],
    "a broken version": [{"base_version": "1\x00"}],
    "an endless version": [{"base_version": 1e308}],
    "an id with NUL": [{"client_id": "\x00"}],
    "half a sign": [{"participant": "\ud800"}],
    "a state of half a sign": [{"status": "\ud800"}],
    "a list as id": [{"participant": []}],
    "a wrong act": [{"act": "x"}],
}


def test_who_runs_it_reads_how_many_taps_were_not_made_and_nobody_s_name(
    worker: Any, meeting: Meeting, bo: Trajectory, noor: Trajectory
) -> None:
    with capture_logs() as silence:
        send(worker, meeting, [item(bo)])
    with capture_logs() as told:
        send(worker, meeting, [item(bo, "absent_with_notice", 0), item(noor)])
    names = {"event": "taps_not_made", "meeting": str(meeting.pk), "of": 2, "stale": 1}
    assert [line for line in silence if line["event"] == "taps_not_made"] == []
    (line,) = [line for line in told if line["event"] == "taps_not_made"]
    assert line == names | {"log_level": "warning"}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_input_is_a_plain_no(
    name: str, worker: Any, meeting: Meeting, bo: Trajectory
) -> None:
    told: Any = WRONG[name]
    if isinstance(told, list) and told and isinstance(told[0], dict) and told[0]:
        told = [item(bo), item(bo) | told[0]]
    answer = send(worker, meeting, told)
    assert answer.status_code == 400, answer.content
    assert answer.json()["code"] == "not_understood"
    assert not Attendance.objects.exists()


def test_no_more_than_a_hundred_taps_and_64_kb(
    worker: Any, meeting: Meeting, bo: Trajectory
) -> None:
    for body, status in (
        ([item(bo) for _n in range(101)], 400),
        ("[" * 60_000, 400),
        ("[NaN]", 400),
        (b"[\xff]", 400),
        ("9" * 5000, 400),
        (" " * 64 * 1024 + "[]", 413),
    ):
        answer = send(worker, meeting, body)
        assert answer.status_code == status, answer.content
    address = reverse("groups:attendance_api", args=[meeting.pk])
    assert world.eyes(worker).post(address, {"a": "b"}).status_code == 400
    assert world.eyes(worker).put(address, "[]", "application/json").status_code == 405
    assert outcomes(send(worker, meeting, [])) == []
    assert not Attendance.objects.exists()


def test_what_a_phone_keeps_are_names_states_and_numbers_of_today(
    group: Group, worker: Any, meeting: Meeting, bo: Trajectory, noor: Trajectory
) -> None:
    """Never a parent's number, also when the young person named a parent; nobody whom this worker
    stays out of."""
    guardian = world.make_guardian(bo, name="Inge Visser", phone="06 11 11 11 11")
    for stay, name, phone in ((bo, "Mam", "0611111111"), (noor, "Oma Truus", "06 22 22 22 22")):
        stay.participant.emergency_name, stay.participant.emergency_phone = name, phone
        stay.participant.save()
    manager = world.make_manager(group.location.organisation, "Mirjam de Wit")
    manager.contact.phone = "06 33 33 33 33"
    manager.contact.save()
    record(meeting=meeting, taps=[Tap(uuid7(), noor.pk, "present", 0)], by=worker)
    answer = world.eyes(worker).get(reverse("groups:attendance_api", args=[meeting.pk]))
    assert answer["Cache-Control"] == "no-store, private"
    kept = answer.json()
    assert [(row["name"], row["status"], row["version"]) for row in kept["rows"]] == [
        ("Bo", "not_recorded", 0),
        ("Noor", "present", 1),
    ]
    assert (kept["until"], kept["now"]) == (
        "2026-03-14T04:00:00+01:00",
        "2026-03-13T19:30:00+01:00",
    )
    assert [(one["whose"], one["name"]) for one in kept["numbers"]] == [
        ("Manager", "Mirjam de Wit"),
        ("Noor", "Oma Truus"),
    ]
    assert guardian.contact.phone not in answer.content.decode().replace(" ", "")
    recuse(trajectory=noor, worker=worker, by=worker, said_by="worker")
    again = world.eyes(worker).get(reverse("groups:attendance_api", args=[meeting.pk])).json()
    assert [one["whose"] for one in again["numbers"]] == ["Manager"]


def test_a_shared_device_keeps_nothing(worker: Any, meeting: Meeting, bo: Trajectory) -> None:
    client = Client()
    client.force_login(worker)
    page = reverse("groups:meeting", args=[meeting.pk])
    assert "data-queue" in client.get(page).content.decode()
    session = client.session
    session["shared_device"] = True
    session.save()
    assert "data-queue" not in client.get(page).content.decode()
    answer = client.get(reverse("groups:attendance_api", args=[meeting.pk]))
    assert (answer.status_code, answer.json()["code"]) == (409, "shared_device")


def test_the_schema_names_the_taps(worker: Any) -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    assert schema["openapi"].startswith("3.1")
    address = "/api/v1/meetings/{meeting_id}/attendance"
    assert set(schema["paths"][address]) == {"get", "post"}
    tap = schema["components"]["schemas"]["TapIn"]
    assert tap["required"] == ["base_version", "client_id", "participant", "status"]
    assert world.eyes(worker).get(reverse("schema")).json()["openapi"] == schema["openapi"]
    assert world.eyes(None).get(reverse("schema")).status_code == 401


def test_a_session_that_ended_is_401_and_leaves_no_sentence(
    worker: Any, meeting: Meeting, bo: Trajectory
) -> None:
    client = Client()
    client.force_login(worker)
    session = client.session
    session["last_seen_at"] = session["signed_in_at"] = 0
    session.save()
    told = json.dumps([item(bo)])
    address = reverse("groups:attendance_api", args=[meeting.pk])
    answer = client.post(address, told, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
    assert "niet opgeslagen" not in client.get(reverse("account_login")).content.decode()
    assert not Attendance.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R-131")
def test_one_queue_from_three_tabs_and_a_colleague_at_once(
    group: Group, worker: Any, meeting: Meeting, bo: Trajectory, noor: Trajectory
) -> None:
    other = world.make_worker(group, "Daan Smit")
    mine = [
        Item(Tap(uuid7(), bo.pk, "present", 0)),
        Item(Tap(uuid7(), bo.pk, "absent_with_notice", 1)),
        Item(Tap(uuid7(), noor.pk, "present", 0)),
    ]
    theirs = [Item(Tap(uuid7(), noor.pk, "absent_without_notice", 0))]
    acts = [
        *[partial(sync, meeting=meeting, items=mine, by=worker)] * 3,
        partial(sync, meeting=meeting, items=theirs, by=other),
    ]
    assert at_once(acts, random.Random(11)) == ["done"] * 4
    assert states(meeting)["Bo"] == ("absent_with_notice", 2)
    assert states(meeting)["Noor"][1] == 1
    assert AttendanceTap.objects.count() == 3
    assert left_behind() == 0
