"""Late corrections: labelled, previewed, the youth workers' for thirty days (R-131)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock, ports
from core.ids import uuid7
from core.organisations.models import Group
from core.ports import Consequence
from groups.models import Attendance, AttendanceTap, Meeting
from groups.sheet.attendance import Tap, everyone_here, record
from participants.models import Trajectory
from tests import world
from tests.groups.sheet.conftest import EVENING, SINCE
from tests.world import broken

LAST = clock.at(EVENING + timedelta(days=31), 3, 59)
SETTLED = clock.at(EVENING + timedelta(days=31), 4)


@pytest.fixture
def coordinator(group: Group) -> Any:
    return world.make_coordinator(group.location.region)


@pytest.fixture
def stay(group: Group, worker: Any, meeting: Meeting) -> Trajectory:
    """Amir, who was here."""
    with clock.travel(clock.at(EVENING, 19, 30)):
        stay = world.make_participating(group, since=SINCE, call_name="Amir")
        record(meeting=meeting, taps=[tap(stay, "present", 0)], by=worker)
    return stay


def tap(stay: Trajectory, state: str, version: int = 1) -> Tap:
    return Tap(uuid7(), stay.pk, state, version)


def url(name: str, *args: Any) -> str:
    return reverse(f"groups:{name}", args=args)


def fields(state: str, version: int = 1) -> dict[str, Any]:
    return {"client_id": str(uuid7()), "state": state, "version": version}


def hidden(page: Any) -> dict[str, str]:
    found = r'name="(client_id|version|state|confirm)" value="([^"]+)"'
    return dict(re.findall(found, page.content.decode()))


@pytest.mark.req("R-131")
def test_a_corrected_row_says_when_and_by_whom(
    client: Client, worker: Any, meeting: Meeting, stay: Trajectory
) -> None:
    client.force_login(worker)
    with clock.travel(clock.at(EVENING + timedelta(days=2), 9)):
        assert "gecorrigeerd" not in client.get(url("meeting", meeting.pk)).content.decode()
        shown = client.post(url("tap", meeting.pk, stay.pk), fields("absent_with_notice"))
        client.post(url("tap", meeting.pk, stay.pk), hidden(shown))
        page = client.get(url("meeting", meeting.pk)).content.decode()
    assert "gecorrigeerd op 15 mrt door Fleur" in page


@pytest.mark.req("R-131")
def test_the_youth_workers_correct_for_thirty_days_and_no_longer(
    client: Client, group: Group, worker: Any, meeting: Meeting, stay: Trajectory
) -> None:
    with clock.travel(LAST):
        record(meeting=meeting, taps=[tap(stay, "absent_with_notice")], by=worker)
    with clock.travel(SETTLED):
        with broken("sheet_settled"):
            record(meeting=meeting, taps=[tap(stay, "present", 2)], by=worker)
        client.force_login(worker)
        refused = client.post(url("tap", meeting.pk, stay.pk), fields("present", 2))
        assert refused.status_code == 409
        sheet = client.get(url("meeting", meeting.pk)).content.decode()
        assert "attendance__state--absent_with_notice" in sheet
        assert "Wijzigen" not in sheet, "no word for what cannot be done any more"
        behind = client.get(url("person", meeting.pk, stay.pk)).content.decode()
        assert "regiocoördinator" in behind
        assert 'name="state"' not in behind
    assert Attendance.objects.get(trajectory=stay).state == "absent_with_notice"


@pytest.mark.req("R-129")
def test_a_forgotten_sheet_is_filled_in_whenever_it_is_remembered(
    group: Group, worker: Any, meeting: Meeting
) -> None:
    with clock.travel(clock.at(EVENING, 12)):
        stay = world.make_participating(group, since=SINCE)
    with clock.travel(SETTLED + timedelta(days=9)):
        everyone_here(meeting=meeting, client_id=uuid7(), by=worker)
    assert Attendance.objects.get(trajectory=stay).state == "present"
    assert not AttendanceTap.objects.get().correction


@pytest.mark.req("R-131")
def test_then_the_coordinator_reads_what_it_does_and_corrects(
    client: Client, worker: Any, coordinator: Any, meeting: Meeting, stay: Trajectory
) -> None:
    client.force_login(coordinator)
    to = url("correct", meeting.pk, stay.pk)
    withdraws = Consequence(stay.pk, "withdraws", "De vragenlijst vervalt.")
    with clock.travel(SETTLED), ports.cycle_preview.answering(lambda ids: lambda: [withdraws]):
        assert f'href="{to}"' in client.get(url("meeting", meeting.pk)).content.decode()
        assert 'name="state"' in client.get(to).content.decode()
        shown = client.post(to, fields("absent_without_notice"))
        assert "De vragenlijst vervalt." in shown.content.decode()
        assert Attendance.objects.get().state == "present"
        assert client.post(to, hidden(shown)).status_code == 302
        page = client.get(url("meeting", meeting.pk)).content.decode()
    assert Attendance.objects.get().state == "absent_without_notice"
    assert "gecorrigeerd op 13 apr door" in page
    assert AttendanceTap.objects.get(version=2).correction


@pytest.mark.req("R-131")
def test_before_that_the_sheet_is_not_the_coordinators(
    client: Client, worker: Any, coordinator: Any, meeting: Meeting, stay: Trajectory
) -> None:
    client.force_login(coordinator)
    to = url("correct", meeting.pk, stay.pk)
    with clock.travel(LAST):
        assert to not in client.get(url("meeting", meeting.pk)).content.decode()
        assert 'name="state"' not in client.get(to).content.decode()
        assert client.post(to, fields("absent_without_notice")).status_code == 409
    with clock.travel(SETTLED):
        client.force_login(worker)
        assert client.get(to).status_code == 403
        elsewhere = world.make_coordinator(world.make_region())
        client.force_login(elsewhere)
        assert client.get(to).status_code == 404
        client.force_login(coordinator)
        for wrong in ({"state": "late"}, {"version": "-1"}, {"client_id": "\x00"}):
            answer = client.post(to, fields("absent_without_notice") | wrong)
            assert answer.status_code == 400, wrong
        nobody = world.make_participating(world.make_group(), since=SINCE)
        assert client.get(url("correct", meeting.pk, nobody.pk)).status_code == 404
    assert Attendance.objects.get(meeting=meeting).state == "present"
