"""No cohort, no curriculum, no dependence on the group chat (R-082, R-085, R-087, R-100)."""

import ast
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.errors import RuleBroken
from core.ids import uuid7
from core.organisations.models import Group
from core.ports import Todo
from groups.goodbye.leaving import close_stay, stop_myself
from groups.models import Meeting, Placement
from groups.room.chat import note_chat
from groups.seats.placement import place
from groups.seats.trial import judge, record_wish
from groups.sheet.attendance import everyone_here
from participants.models import Trajectory
from tests import world

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 3, 13)
SINCE = TODAY - timedelta(days=60)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.travel(clock.at(TODAY, 20)):
        yield


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group(
        age_from=12, age_until=30, capacity=15, chat_link="https://chat.example.org/x"
    )


@pytest.fixture
def worker(group: Group, client: Client) -> Any:
    worker = world.make_worker(group)
    client.force_login(worker)
    return worker


def chat_todos(worker: Any) -> list[Todo]:
    return world.waiting(worker, "chat")


def taken_in(group: Group, worker: Any, day: date, **fields: Any) -> Trajectory:
    """From a first talk that went well to taking part, all in the evening of `day`."""
    with clock.travel(clock.at(day, 20)):
        stay = world.make_suitable(group, age=17, **fields)
        evening = group.meetings.filter(date=day).first() or world.make_meeting(group, day)
        placement = place(trajectory=stay, group=group, trial=True, first_day=day, by=worker)
        everyone_here(meeting=evening, client_id=uuid7(), by=worker)
        judge(placement=placement, programme_fits=True, group_fits=True, by=worker)
        record_wish(placement=placement, wish=True, by=worker)
        place(
            trajectory=stay, group=group, trial=False, first_day=day + timedelta(days=1), by=worker
        )
    stay.refresh_from_db()
    return stay


@pytest.mark.req("R-082")
def test_people_come_and_go_on_any_day_each_for_themselves(group: Group, worker: Any) -> None:
    """Five begin on five days, between others; each ends on another day, after one day or many."""
    starts = [TODAY - timedelta(days=n) for n in (400, 233, 64, 9, 1)]
    stays = [taken_in(group, worker, day) for day in starts]
    assert [s.definitive_on for s in stays] == [d + timedelta(days=1) for d in starts]
    for n, stay in enumerate(stays):
        with clock.travel(clock.at(TODAY + timedelta(days=n * 17), 20)):
            if n % 2:
                stop_myself(trajectory=stay, later_contact=True, by=stay.participant.user)
            else:
                close_stay(trajectory=stay, exit_kind="other", exit_reason="moved", by=worker)
        stay.refresh_from_db()
        assert stay.exited_on == TODAY + timedelta(days=n * 17)
        running = [s.pk for s in stays[n + 1 :]]
        assert Trajectory.objects.running().filter(pk__in=running).count() == len(running)


@pytest.mark.req("R-082")
def test_nothing_ends_a_stay_by_itself(group: Group, worker: Any) -> None:
    from joinus.home.run_due import run_due

    stay = taken_in(group, worker, TODAY - timedelta(days=9))
    assert Placement.objects.get(trajectory=stay, trial=False).last_day is None
    with clock.travel(clock.at(TODAY + timedelta(days=900), 9)):
        run_due()
    stay.refresh_from_db()
    assert (stay.phase, stay.exited_on) == ("participating", None)


@pytest.mark.req("R-085")
def test_an_evening_has_a_day_and_an_activity_and_no_number(
    client: Client, group: Group, worker: Any
) -> None:
    """Any plan is fine: an evening put in between changes nothing about those around it."""
    names = {f.name for f in Meeting._meta.get_fields()}
    assert not names & {"number", "sequence", "session", "lesson", "week", "theme", "module"}
    first, third = (world.make_meeting(group, TODAY + timedelta(days=n)) for n in (14, 42))
    pages = [client.get(reverse("groups:meeting", args=[m.pk])).content for m in (first, third)]
    world.make_meeting(group, TODAY + timedelta(days=28), activity="Bowlen")
    for meeting, before in zip((first, third), pages, strict=True):
        after = client.get(reverse("groups:meeting", args=[meeting.pk])).content
        assert _without_tokens(after) == _without_tokens(before)


def _without_tokens(page: bytes) -> list[str]:
    return [
        line
        for line in page.decode().splitlines()
        if not any(word in line.lower() for word in ("csrf", "nonce", "client_id"))
    ]


@pytest.mark.req("R-087")
def test_membership_of_the_group_chat_is_noted_with_its_day(
    client: Client, group: Group, worker: Any
) -> None:
    stay = world.make_participating(group, since=SINCE, call_name="Noor")
    placement = Placement.objects.get(trajectory=stay)
    file = reverse("home:file", args=[stay.pk])
    (todo,) = chat_todos(worker)
    assert "Noor" in todo.title
    client.post(todo.url, {"what": "in"})
    placement.refresh_from_db()
    assert placement.in_chat_on == TODAY
    assert chat_todos(worker) == []
    assert _("Group chat") in client.get(file).content.decode()
    with clock.travel(clock.at(TODAY + timedelta(days=5), 20)):
        stop_myself(trajectory=stay, later_contact=True, by=stay.participant.user)
    with clock.travel(clock.at(TODAY + timedelta(days=6), 20)):
        (todo,) = chat_todos(worker)
        client.post(todo.url, {"what": "out"})
        assert chat_todos(worker) == []
    placement.refresh_from_db()
    assert placement.out_of_chat_on == TODAY + timedelta(days=6)


@pytest.mark.req("R-087", "R-100")
def test_who_has_no_whatsapp_takes_part_without_it_and_nobody_nags(
    client: Client, group: Group, worker: Any
) -> None:
    stay = world.make_participating(group, since=SINCE)
    placement = Placement.objects.get(trajectory=stay)
    client.post(reverse("groups:chat", args=[placement.pk]), {"what": "without"})
    assert chat_todos(worker) == []
    placement.refresh_from_db()
    assert (placement.in_chat_on, placement.without_chat_on) == (None, TODAY)
    assert (
        _("takes part without it")
        in client.get(reverse("home:file", args=[stay.pk])).content.decode()
    )
    note_chat(placement=placement, by=worker, what="in")
    placement.refresh_from_db()
    assert (placement.in_chat_on, placement.without_chat_on) == (TODAY, None)


def test_the_chat_comes_after_the_choice(group: Group, worker: Any, client: Client) -> None:
    stay = world.make_trajectory(group=group, phase="trial", age=15)
    trial = world.seat(stay, group, first_day=TODAY, trial=True)
    with pytest.raises(RuleBroken, check=lambda e: e.code == "chat_after_choice"):
        note_chat(placement=trial, by=worker, what="in")
    answer = client.post(reverse("groups:chat", args=[trial.pk]), {"what": "in"})
    assert answer.status_code == 302, "told on the page, no error"


@pytest.mark.req("R-100")
def test_nothing_but_its_own_note_and_to_do_reads_the_membership() -> None:
    """Whoever reads it elsewhere would make something depend on WhatsApp."""
    fields = {"in_chat_on", "out_of_chat_on", "without_chat_on", "stays_in_chat_at"}
    readers = set()
    for app in ("core", "participants", "groups", "questionnaires", "joinus"):
        for path in (ROOT / app).rglob("*.py"):
            if {"migrations", "fill"} & set(path.parts):  # the fill writes a made-up crowd
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                name = getattr(node, "attr", None) or getattr(node, "arg", None)
                if isinstance(name, str) and name.split("__")[0] in fields:
                    readers.add(path.relative_to(ROOT).as_posix())
    assert readers == {"groups/room/chat.py", "groups/room/todos.py"}


@pytest.mark.req("R-100")
def test_the_whole_path_goes_on_without_the_chat(group: Group, worker: Any) -> None:
    """Nobody of this group ever gets into it: they come in, come, and leave all the same."""
    stay = taken_in(group, worker, TODAY - timedelta(days=9))
    placement = Placement.objects.get(trajectory=stay, trial=False)
    evening = world.make_meeting(group, TODAY)
    everyone_here(meeting=evening, client_id=uuid7(), by=worker)
    assert stay.attendance.get(meeting=evening).state == "present"
    close_stay(trajectory=stay, exit_kind="other", exit_reason="moved", by=worker)
    placement.refresh_from_db()
    assert (placement.in_chat_on, placement.out_of_chat_on) == (None, None)
