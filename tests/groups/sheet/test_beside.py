"""Guests without a name, visitors without a place, who went home early, and where the group is."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from core import clock
from core.ids import uuid7
from core.organisations.models import Group
from groups.models import ActivityStop, Attendance, Meeting, SheetAct, Visitor
from groups.sheet.attendance import Tap, record
from groups.sheet.beside import MOST_GUESTS, add_visitor, count_guests, go_early, take_off
from groups.sheet.visitors import forget_name, named_too_long, who_may_walk_in
from groups.sheet.whereabouts import Stop, away
from participants.recusal.recusal import recuse
from questionnaires.models import CycleState
from tests import world
from tests.world import broken

EVENING = date(2026, 3, 13)
SINCE = EVENING - timedelta(days=60)


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group(name="Groep 12-16")


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
    with clock.travel(clock.at(EVENING, 19, 30)):
        yield


def url(name: str, *args: Any) -> str:
    return reverse(f"groups:{name}", args=args)


def act(**more: Any) -> dict[str, str]:
    return {"client_id": str(uuid7())} | {name: str(value) for name, value in more.items()}


def page_of(client: Client, meeting: Meeting) -> str:
    return client.get(url("meeting", meeting.pk)).content.decode()


# ---- Guests --------------------------------------------------------------------------------


@pytest.mark.req("R-129")
def test_a_guest_is_counted_once_whatever_is_sent_again(
    client: Client, worker: Any, meeting: Meeting
) -> None:
    more = act(change=1)
    for _n in range(2):
        assert client.post(url("guests", meeting.pk), more).status_code == 302
    client.post(url("guests", meeting.pk), act(change=1))
    meeting.refresh_from_db()
    assert meeting.guests == 2
    for _n in range(3):
        client.post(url("guests", meeting.pk), act(change=-1))
    meeting.refresh_from_db()
    assert meeting.guests == 0, "never fewer than none"
    assert not Attendance.objects.exists()


@pytest.mark.req("R-129")
@pytest.mark.django_db(transaction=True)
def test_two_phones_that_add_a_guest_at_once_both_count() -> None:
    group = world.make_group()
    meeting = world.make_meeting(group, EVENING)
    workers = [world.make_worker(group, name) for name in ("Fleur Jansen", "Daan Smit")]
    gate = threading.Barrier(2)

    def phone(worker: Any) -> None:
        try:
            with clock.travel(clock.at(EVENING, 19, 30)):
                gate.wait(10)
                count_guests(meeting=meeting, change=1, client_id=uuid7(), by=worker)
        finally:
            connection.close()

    threads = [threading.Thread(target=phone, args=[worker]) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    meeting.refresh_from_db()
    assert meeting.guests == 2


def test_a_guest_is_refused_where_nothing_is_written_down(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    off = world.make_meeting(group, EVENING - timedelta(days=14), status="cancelled")
    later = world.make_meeting(group, EVENING + timedelta(days=14))
    old = world.make_meeting(group, EVENING - timedelta(days=40))
    for which, code in ((off, "meeting_cancelled"), (later, "meeting_to_come")):
        with broken(code):
            count_guests(meeting=which, change=1, client_id=uuid7(), by=worker)
    with broken("sheet_settled"):
        count_guests(meeting=old, change=1, client_id=uuid7(), by=worker)
    Meeting.objects.filter(pk=meeting.pk).update(guests=MOST_GUESTS)
    with broken("too_many_guests"):
        count_guests(meeting=meeting, change=1, client_id=uuid7(), by=worker)
    for wrong in ({"change": "7"}, {"change": ""}, {"client_id": "x"}, {"client_id": "\x00"}):
        answer = client.post(url("guests", meeting.pk), act(change=1) | wrong)
        assert answer.status_code == 400, wrong
    foreign = world.make_meeting(world.make_group(), EVENING)
    assert client.post(url("guests", foreign.pk), act(change=1)).status_code == 404
    used = uuid7()
    count_guests(meeting=meeting, change=-1, client_id=used, by=worker)
    with broken("client_id_used"):
        daan = world.make_worker(group, "Daan Smit")
        count_guests(meeting=meeting, change=-1, client_id=used, by=daan)


def test_htmx_gets_the_count_the_chips_and_the_foot(
    client: Client, worker: Any, meeting: Meeting
) -> None:
    answer = client.post(url("guests", meeting.pk), act(change=1), HTTP_HX_REQUEST="true")
    body = answer.content.decode()
    assert body.count("hx-swap-oob") == 3
    assert "1 gast" in body
    assert "<html" not in body


# ---- Somebody else -------------------------------------------------------------------------


@pytest.mark.req("R-129")
def test_a_full_group_takes_somebody_from_the_waiting_list_in_two_taps_and_no_seat(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    for n in range(15):
        world.make_participating(group, since=SINCE, call_name=f"Naam{n}")
    zoe = world.make_suitable(group, call_name="Zoe", waiting_since=SINCE)
    first = url("walk_in", meeting.pk)
    assert f'href="{first}"' in page_of(client, meeting), "the first tap"
    assert f'value="{zoe.pk}"' in client.get(first).content.decode(), "the second"
    answer = client.post(first, act(stay=zoe.pk))
    assert answer.status_code == 302
    page = page_of(client, meeting)
    assert "Zoe" in page
    assert "loopt mee" in page
    assert "1 gast" in page
    group.refresh_from_db()
    assert (group.places_taken, group.capacity) == (15, 15)
    assert not zoe.placements.exists()


@pytest.mark.req("R-130")
def test_a_visit_counts_for_no_questionnaire(group: Group, worker: Any, meeting: Meeting) -> None:
    zoe = world.make_suitable(group, call_name="Zoe")
    add_visitor(meeting=meeting, stay=zoe, client_id=uuid7(), by=worker)
    assert not Attendance.objects.filter(trajectory=zoe).exists()
    assert not CycleState.objects.filter(trajectory=zoe, attended__gt=0).exists()


def test_who_may_walk_in_is_of_this_group_and_not_on_the_sheet(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    here = world.make_participating(group, since=SINCE, call_name="Amir")
    waits = world.make_suitable(group, call_name="Zoe", waiting_since=SINCE)
    former = world.make_trajectory(
        group=group,
        phase="former",
        call_name="Bo",
        ended_on=SINCE,
        exited_on=SINCE,
        exit_kind="goal",
    )
    gone = world.make_trajectory(group=group, phase="withdrawn", call_name="Casey")
    elsewhere = world.make_suitable(world.make_group(), call_name="Dani")
    unknown = world.make_suitable(group, call_name="Riley")
    recuse(trajectory=unknown, worker=worker, by=worker, said_by="worker")
    found = who_may_walk_in(meeting, worker)
    assert [one.stay for one in found] == [waits, former], "the waiting list first"
    for stay in (here, gone, elsewhere, unknown):
        answer = client.post(url("walk_in", meeting.pk), act(stay=stay.pk))
        assert answer.status_code == 404, stay
    assert not Visitor.objects.exists()


def test_added_twice_and_taken_off_and_put_back(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    zoe = world.make_suitable(group, call_name="Zoe")
    daan = world.make_worker(group, "Daan Smit")
    one = add_visitor(meeting=meeting, stay=zoe, client_id=uuid7(), by=worker)
    assert add_visitor(meeting=meeting, stay=zoe, client_id=uuid7(), by=daan) == one
    off = act()
    for _n in range(2):
        client.post(url("visitor_off", meeting.pk, one.pk), off)
    assert "loopt mee" not in page_of(client, meeting)
    assert add_visitor(meeting=meeting, stay=zoe, client_id=uuid7(), by=worker) != one
    assert Visitor.objects.here().count() == 1
    foreign = world.make_meeting(world.make_group(), EVENING)
    assert client.post(url("visitor_off", foreign.pk, one.pk), act()).status_code == 404


def test_who_got_a_place_meanwhile_stands_there_once(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    zoe = world.make_suitable(group, call_name="Zoe")
    add_visitor(meeting=meeting, stay=zoe, client_id=uuid7(), by=worker)
    world.seat(zoe, group, first_day=EVENING, trial=True)
    page = page_of(client, meeting)
    assert 'id="visitor-' not in page
    assert f'id="row-{zoe.pk}"' in page
    with broken("on_sheet_already"):
        add_visitor(meeting=meeting, stay=zoe, client_id=uuid7(), by=worker)


@pytest.mark.parametrize("name", ["Kim", "Zoë 🎳", "مريم"])
def test_a_friend_is_known_by_a_call_name_that_goes_after_thirty_days(
    client: Client, worker: Any, meeting: Meeting, name: str
) -> None:
    answer = client.post(url("walk_in", meeting.pk), act(call_name=name))
    assert answer.status_code == 302
    assert name in page_of(client, meeting)
    assert named_too_long() == []
    with clock.travel(clock.at(EVENING + timedelta(days=31), 5)):
        for one in named_too_long():
            forget_name(one)
    assert Visitor.objects.get().call_name == ""


@pytest.mark.parametrize("name", ["", "   ", "\x00", "a" * 41, "http://x.nl"])
def test_a_name_that_is_none_is_said_beside_the_field(
    client: Client, worker: Any, meeting: Meeting, name: str
) -> None:
    answer = client.post(url("walk_in", meeting.pk), act(call_name=name))
    assert answer.status_code == 422
    assert not Visitor.objects.exists()


# ---- Home early ----------------------------------------------------------------------------


@pytest.mark.req("R-144")
def test_who_goes_home_early_was_here_all_the_same(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    stay = world.make_participating(group, since=SINCE, call_name="Amir")
    answer = client.post(url("left_early", meeting.pk, stay.pk), act(left=1))
    assert answer.status_code == 409, "first here, then home"
    record(meeting=meeting, taps=[Tap(uuid7(), stay.pk, "present", 0)], by=worker)
    gone = act(left=1)
    for _n in range(2):
        assert client.post(url("left_early", meeting.pk, stay.pk), gone).status_code == 302
    row = Attendance.objects.get()
    assert (row.state, row.left_at, row.version) == ("present", clock.now(), 1)
    page = page_of(client, meeting)
    assert "weg om 19:30" in page
    assert "1 er" in page
    client.post(url("left_early", meeting.pk, stay.pk), act(left=0))
    assert Attendance.objects.get().left_at is None
    with clock.travel(clock.at(EVENING + timedelta(days=1), 4)), broken("day_is_over"):
        go_early(meeting=meeting, stay_id=stay.pk, left=True, client_id=uuid7(), by=worker)


def test_home_early_is_not_said_of_somebody_who_turns_out_not_to_have_been_there(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    stay = world.make_participating(group, since=SINCE, call_name="Amir")
    record(meeting=meeting, taps=[Tap(uuid7(), stay.pk, "present", 0)], by=worker)
    go_early(meeting=meeting, stay_id=stay.pk, left=True, client_id=uuid7(), by=worker)
    record(meeting=meeting, taps=[Tap(uuid7(), stay.pk, "absent_with_notice", 1)], by=worker)
    assert "weg om" not in page_of(client, meeting)


# ---- Where the group is --------------------------------------------------------------------


def stop(hour: int, minute: int, what: str, **more: Any) -> Stop:
    fields = {"place": "", "is_back": False, "counted": None} | more
    return Stop(clock.at(EVENING, hour, minute), what, **fields)


def test_the_group_is_away_from_the_first_stop_until_it_is_back() -> None:
    line = [
        stop(21, 45, "terug", is_back=True),
        stop(19, 15, "bowlen", place="De Kegel", counted=10),
        stop(20, 30, "patat"),
    ]
    assert away(line, clock.at(EVENING, 19)) is None
    bowling = away(line, clock.at(EVENING, 19, 15))
    assert bowling is not None
    assert (bowling.what, bowling.place, bowling.counted) == ("bowlen", "De Kegel", 10)
    assert bowling.back_at == clock.at(EVENING, 21, 45)
    after = away(line, clock.at(EVENING, 21))
    assert after is not None
    assert (after.what, after.counted) == ("patat", 10), "the last count stands"
    assert away(line, clock.at(EVENING, 21, 45)) is None
    assert away([], clock.at(EVENING, 21)) is None


def test_the_sheet_says_where_they_are(client: Client, worker: Any, meeting: Meeting) -> None:
    ActivityStop.objects.create(
        meeting=meeting,
        at=clock.at(EVENING, 19, 15),
        what="bowlen",
        place="De Kegel",
        counted=10,
    )
    ActivityStop.objects.create(
        meeting=meeting, at=clock.at(EVENING, 21, 45), what="terug", is_back=True
    )
    for name in ("meeting", "help"):
        page = client.get(url(name, meeting.pk)).content.decode()
        for said in ("Onderweg naar bowlen", "De Kegel", "terug om 21:45", "<b>10</b> samen"):
            assert said in page
    with clock.travel(clock.at(EVENING, 21, 50)):
        assert "Onderweg" not in page_of(client, meeting)


def test_every_act_beside_the_rows_is_written_down_with_who_did_it(
    worker: Any, meeting: Meeting
) -> None:
    one = add_visitor(meeting=meeting, call_name="Kim", client_id=uuid7(), by=worker)
    take_off(visitor=one, client_id=uuid7(), by=worker)
    kinds = SheetAct.objects.values_list("kind", "change", "by__name")
    assert sorted(kinds) == [("visitor", -1, "Fleur Jansen"), ("visitor", 1, "Fleur Jansen")]
