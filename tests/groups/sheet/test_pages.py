"""The evening sheet over HTTP: plain POST, htmx, conflicts, corrections, bad input."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock, ports
from core.ids import uuid7
from core.organisations.models import Group
from core.ports import Consequence
from groups.evenings import absence
from groups.models import Attendance, LastMeeting, Meeting
from groups.sheet.attendance import Tap, record
from participants.models import Trajectory
from tests import world

EVENING = date(2026, 3, 13)
SINCE = EVENING - timedelta(days=60)
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group()


@pytest.fixture
def worker(group: Group, client: Client) -> Any:
    worker = world.make_worker(group)
    client.force_login(worker)
    return worker


@pytest.fixture
def meeting(group: Group) -> Meeting:
    return world.make_meeting(group, EVENING)


@pytest.fixture(autouse=True)
def _that_evening() -> Any:
    with clock.travel(clock.at(EVENING, 19, 4)):
        yield


def url(name: str, *args: Any) -> str:
    return reverse(f"groups:{name}", args=args)


def tap(
    client: Client, meeting: Meeting, stay: Trajectory, state: str, version: int = 0, **extra: Any
) -> Any:
    fields = {"client_id": str(uuid7()), "state": state, "version": version}
    fields |= extra.pop("fields", {})
    return client.post(url("tap", meeting.pk, stay.pk), fields, **extra)


def state_of(meeting: Meeting, stay: Trajectory) -> str:
    return str(Attendance.objects.get(meeting=meeting, trajectory=stay).state)


@pytest.mark.req_part("R-129")
def test_every_button_of_the_page_works_without_javascript(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    a, b = (world.make_participating(group, since=SINCE, call_name=n) for n in ("Amir", "Bo"))
    page = client.get(url("meeting", meeting.pk)).content.decode()
    form = re.search(rf'<form[^>]*action="({url("tap", meeting.pk, a.pk)})".*?</form>', page, re.S)
    assert form
    fields = dict(re.findall(r'name="(client_id|version)" value="([^"]+)"', form.group(0)))
    answer = client.post(form.group(1), fields | {"state": "present"})
    assert answer.status_code == 302
    assert answer["Location"] == f"{url('meeting', meeting.pk)}#row-{a.pk}"
    client.post(url("everyone", meeting.pk), {"client_id": str(uuid7())})
    page = client.get(url("meeting", meeting.pk)).content.decode()
    assert (state_of(meeting, a), state_of(meeting, b)) == ("present", "present")
    assert "19:04" in page
    assert "Fleur" in page
    client.post(url("undo", meeting.pk), {"client_id": str(uuid7())})
    assert (state_of(meeting, a), state_of(meeting, b)) == ("present", "not_recorded")


def test_htmx_gets_the_row_the_counts_and_the_quiet_line(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    stay = world.make_participating(group, since=SINCE, call_name="Layla")
    answer = tap(client, meeting, stay, "present", **HTMX)
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in body
    assert f'id="row-{stay.pk}"' in body
    assert body.count("hx-swap-oob") == 2
    assert "19:04 · Layla" in body


def test_the_sheet_shows_call_names_and_states_only(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    stay = world.make_participating(
        group, since=SINCE, call_name="Riley", blocked_reason="parent_withdrew"
    )
    with clock.travel(clock.at(EVENING, 12)):
        absence.tell(meeting=meeting, trajectory=stay, why="Geheim verhaal")
    page = client.get(url("meeting", meeting.pk)).content.decode()
    assert "Riley" in page
    for hidden in ("Geheim verhaal", "A parent took back", "ouder"):
        assert hidden not in page
    behind = client.get(url("person", meeting.pk, stay.pk)).content.decode()
    assert "Geheim verhaal" in behind


@pytest.mark.req("R-074")
def test_somebody_who_comes_to_meet_the_group_is_marked(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    stay = world.make_trajectory(group=group, phase="trial", call_name="Bo")
    world.seat(stay, first_day=EVENING, trial=True)
    page = client.get(url("meeting", meeting.pk), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "comes to get to know us" in page or "komt kennismaken" in page


def test_a_notice_is_a_proposal_that_one_tap_takes_over(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    stay = world.make_participating(group, since=SINCE)
    with clock.travel(clock.at(EVENING, 12)):
        absence.tell(meeting=meeting, trajectory=stay)
    page = client.get(url("meeting", meeting.pk)).content.decode()
    assert "attendance__state--proposed" in page
    assert f'id="tap-{stay.pk}" name="state" value="absent_with_notice"' in page
    assert not Attendance.objects.exists()


def test_a_conflict_is_409_and_shows_the_other_value(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    stay = world.make_participating(group, since=SINCE)
    other = world.make_worker(group, "Daan Smit")
    record(meeting=meeting, taps=[Tap(uuid7(), stay.pk, "absent_with_notice", 0)], by=other)
    for extra in (HTMX, {}):
        answer = tap(client, meeting, stay, "present", **extra)
        assert answer.status_code == 409
        assert "Daan" in answer.content.decode()
        assert 'name="version" value="1"' in answer.content.decode()
    assert state_of(meeting, stay) == "absent_with_notice"


@pytest.mark.req("R-131")
def test_a_correction_is_shown_before_it_is_made(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    stay = world.make_participating(group, since=SINCE)
    record(meeting=meeting, taps=[Tap(uuid7(), stay.pk, "present", 0)], by=worker)
    withdraws = Consequence(stay.pk, "withdraws", "De vragenlijst vervalt.")
    answered = ports.cycle_preview.answering(lambda ids: lambda: [withdraws])
    with answered, clock.travel(clock.at(EVENING + timedelta(days=2), 9)):
        shown = tap(client, meeting, stay, "absent_with_notice", 1)
        assert "De vragenlijst vervalt." in shown.content.decode()
        assert state_of(meeting, stay) == "present"
        fields = dict(
            re.findall(
                r'name="(client_id|version|state|confirm)" value="([^"]+)"', shown.content.decode()
            )
        )
        client.post(url("tap", meeting.pk, stay.pk), fields)
        assert state_of(meeting, stay) == "absent_with_notice"
        refused = client.post(url("undo", meeting.pk), {"client_id": str(uuid7())})
        assert refused.status_code == 409


@pytest.mark.req("R-131")
def test_a_correction_that_does_something_else_by_now_is_asked_once_more(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    stay = world.make_participating(group, since=SINCE)
    record(meeting=meeting, taps=[Tap(uuid7(), stay.pk, "present", 0)], by=worker)
    says = ["Vragenlijst 1 vervalt."]
    answered = ports.cycle_preview.answering(
        lambda ids: lambda: [Consequence(stay.pk, "withdraws", text) for text in says]
    )

    def read(shown: Any) -> dict[str, str]:
        found = r'name="(client_id|version|state|confirm)" value="([^"]+)"'
        return dict(re.findall(found, shown.content.decode()))

    with answered, clock.travel(clock.at(EVENING + timedelta(days=2), 9)):
        first = tap(client, meeting, stay, "absent_with_notice", 1)
        says[0] = "Vragenlijst 2 vervalt."
        again = client.post(url("tap", meeting.pk, stay.pk), read(first))
        assert "Vragenlijst 2 vervalt." in again.content.decode()
        assert "Er is net iets veranderd." in again.content.decode()
        assert state_of(meeting, stay) == "present"
        client.post(url("tap", meeting.pk, stay.pk), read(again))
        assert state_of(meeting, stay) == "absent_with_notice"


def test_bad_input_stores_nothing_and_is_never_ours_to_blame(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    stay = world.make_participating(group, since=SINCE)
    stranger = world.make_participating(world.make_group(), since=SINCE)
    foreign = world.make_meeting(stranger.group, EVENING)
    for fields in (
        {"state": "late"},
        {"version": "-1"},
        {"version": "9" * 30},
        {"version": ""},
        {"client_id": "x"},
        {"client_id": "\x00"},
        {"state": "\x00" * 100},
    ):
        assert tap(client, meeting, stay, "present", fields=fields).status_code == 400, fields
    for path in ("everyone", "undo"):
        assert client.post(url(path, meeting.pk), {"client_id": "no"}).status_code == 400
    assert tap(client, meeting, stranger, "present").status_code == 404
    assert tap(client, foreign, stranger, "present").status_code == 404
    assert client.get(url("meeting", foreign.pk)).status_code == 404
    assert client.get(url("person", meeting.pk, stranger.pk)).status_code == 404
    assert client.get(url("tap", meeting.pk, stay.pk)).status_code == 405
    assert client.get(url("meeting", uuid7())).status_code == 404
    tomorrow = world.make_meeting(group, EVENING + timedelta(days=1))
    assert tap(client, tomorrow, stay, "present").status_code == 409
    assert not Attendance.objects.exists()


def test_who_may_see_and_who_may_record(client: Client, group: Group, meeting: Meeting) -> None:
    stay = world.make_participating(group, since=SINCE)
    coordinator = world.make_coordinator(group.location.region)
    client.force_login(coordinator)
    page = client.get(url("meeting", meeting.pk))
    assert page.status_code == 200
    assert "hx-post" not in page.content.decode().split("<main")[1]
    assert "Elke tik" not in page.content.decode(), "she has nothing to tap"
    assert tap(client, meeting, stay, "present").status_code == 403
    client.force_login(stay.participant.user)
    assert client.get(url("meeting", meeting.pk)).status_code == 403
    assert tap(client, meeting, stay, "present").status_code == 403
    client.force_login(world.make_manager(group.location.organisation))
    assert client.get(url("meeting", meeting.pk)).status_code == 404
    client.logout()
    assert client.get(url("meeting", meeting.pk)).status_code == 302
    assert not Attendance.objects.exists()


def test_cancelling_is_a_tap_and_a_reason(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    world.make_participating(group, since=SINCE)
    page = client.get(url("meeting", meeting.pk)).content.decode()
    assert 'name="reason" value="weather"' in page
    assert client.post(url("cancel", meeting.pk), {"reason": "x"}).status_code == 409
    asked = client.post(url("cancel", meeting.pk), {"reason": "weather"}).content.decode()
    (read,) = re.findall(r'name="read" value="([^"]+)"', asked)  # who will hear it
    client.post(url("cancel", meeting.pk), {"reason": "weather", "read": read})
    meeting.refresh_from_db()
    assert (meeting.status, meeting.cancel_reason) == ("cancelled", "weather")
    assert client.get(url("meeting", meeting.pk)).status_code == 200


def test_who_comes_after_the_agreed_last_evening_has_it_now_and_the_answer_says_so(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    before = world.make_meeting(group, EVENING - timedelta(days=14))
    stay = world.make_participating(
        group, since=SINCE, phase="leaving", last_meeting_on=before.date
    )
    LastMeeting.objects.create(
        trajectory=stay, meeting=before, agreed_at=clock.now(), agreed_by=worker
    )
    assert "laatste bijeenkomst" not in client.get(url("meeting", meeting.pk)).content.decode()
    assert "laatste bijeenkomst" in tap(client, meeting, stay, "present", **HTMX).content.decode()


@pytest.mark.parametrize("people", [5, 15])
def test_every_act_costs_the_same_for_five_and_fifteen(
    client: Client, group: Group, worker: Any, people: int, django_assert_num_queries: Any
) -> None:
    """Whole requests; two of an act are the savepoint of the test, BEGIN and COMMIT elsewhere."""
    evening = world.make_meeting(group, EVENING)
    stays = [world.make_participating(group, since=SINCE) for _n in range(people)]
    act = lambda: {"client_id": str(uuid7())}  # noqa: E731
    with django_assert_num_queries(FIRST_TAP):
        tap(client, evening, stays[0], "present", **HTMX)
    with django_assert_num_queries(TAP):
        tap(client, evening, stays[0], "absent_with_notice", 1, **HTMX)
    with django_assert_num_queries(EVERYONE):
        body = client.post(url("everyone", evening.pk), act(), **HTMX).content
    assert body.count(b'id="row-') == people
    with django_assert_num_queries(UNDO):
        client.post(url("undo", evening.pk), act(), **HTMX)
    with django_assert_num_queries(PAGE):
        assert client.get(url("meeting", evening.pk)).content.count(b'id="row-') == people


PAGE, TAP, EVERYONE, UNDO = 6, 13, 13, 20
FIRST_TAP = TAP + 1
"""The first makes the evening held."""


@pytest.mark.usefixtures("worker")
def test_where_the_pressed_button_is_gone_the_focus_goes_to_what_was_saved(
    client: Client, group: Group, meeting: Meeting
) -> None:
    """With the keyboard one would be thrown back to the top of the page; htmx honours autofocus."""

    def press(name: str) -> bool:
        sent = {"client_id": str(uuid7())}
        answer = client.post(url(name, meeting.pk), sent, **HTMX).content.decode()
        foot = answer.split('id="saved"')[1].split(">")[0]
        return "autofocus" in foot

    for name in ("Amir", "Bo"):
        world.make_participating(group, since=SINCE, call_name=name)
    assert press("everyone"), "nobody is open any more: its button is gone"
    assert press("undo"), "there was one act to take back"
    stay = world.make_participating(group, since=SINCE, call_name="Casey")
    for state in ("present", "absent_with_notice"):
        version = Attendance.objects.filter(trajectory=stay).values_list("version", flat=True)
        answer = tap(client, meeting, stay, state, next(iter(version), 0), **HTMX)
    assert "autofocus" not in answer.content.decode(), "the row that was tapped keeps it"
    assert not press("undo"), "there is more to take back: its button stands there still"
    assert "autofocus" not in client.get(url("meeting", meeting.pk)).content.decode()
