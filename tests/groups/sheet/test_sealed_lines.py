"""Timed lines of a phone that was without a connection: sealed for one worker and one evening."""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.urls import reverse

from core import clock
from core.accounts.assignments import end_role
from core.accounts.roles import Role
from core.audit.models import ReadEntry
from core.ids import uuid7
from core.organisations.models import Group
from groups.models import Meeting, TimedLine
from groups.sheet.sealed_lines import happened_at, key_of
from participants.recusal.recusal import recuse
from tests import world
from tests.groups.sheet.conftest import EVENING, SINCE

WROTE = clock.at(EVENING, 19, 42)
LATER = clock.at(EVENING, 23, 10)
ItIs = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def _that_evening(it_is: ItIs) -> None:
    it_is(LATER)


def sealed(key: str, text: str, client_id: str) -> str:
    """As the phone seals it (static/js/lines.js)."""
    key_id, raw = key.split(":")
    nonce = os.urandom(12)
    box = AESGCM(b64decode(raw)).encrypt(nonce, text.encode(), client_id.encode())
    return f"{key_id}:{b64encode(nonce + box).decode()}"


def line(key: str, text: str = "", at: datetime = WROTE, client_id: str = "") -> dict[str, str]:
    name = client_id or str(uuid7())
    return {"client_id": name, "at": at.isoformat(), "sealed": sealed(key, text, name)}


def send(user: Any, meeting: Meeting, told: Any, **more: Any) -> Any:
    address = reverse("groups:lines_api", args=[meeting.pk])
    body = json.dumps(told)
    return world.eyes(user).post(address, body, content_type="application/json", **more)


@pytest.mark.req("R-129")
def test_a_line_sent_thrice_is_one_with_the_time_at_which_it_was_written(
    worker: Any, meeting: Meeting
) -> None:
    kept = world.eyes(worker).get(reverse("groups:attendance_api", args=[meeting.pk])).json()
    told = [line(kept["seal"], "Yara rende naar buiten")]
    found = [send(worker, meeting, told).json()[0]["outcome"] for _time in range(3)]
    assert found == ["saved", "already", "already"]
    one = TimedLine.objects.get()
    assert (one.text, one.by, one.at, one.written_at) == (
        "Yara rende naar buiten",
        worker,
        WROTE,
        LATER,
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("Viel van de fiets 🚲", "Viel van de fiets 🚲"),
        ("سقط عن الدراجة", "سقط عن الدراجة"),
        ("x\x00y", "xy"),
        ("€" * 10_000, "€" * 10_000),
    ],
    ids=["nothing", "emoji", "right to left", "NUL", "the longest"],
)
def test_every_word_that_fits_on_a_phone_arrives(
    worker: Any, meeting: Meeting, text: str, kept: str
) -> None:
    assert send(worker, meeting, [line(key_of(worker, meeting), text)]).status_code == 200
    assert TimedLine.objects.get().text == kept


@pytest.mark.parametrize(
    ("told", "at"),
    [
        (WROTE, WROTE),
        (LATER + timedelta(minutes=1), LATER),
        (LATER + timedelta(days=1), LATER),
        (WROTE - timedelta(days=1), LATER),
    ],
    ids=["earlier", "a minute to come", "a day ahead", "a day behind"],
)
def test_a_time_that_cannot_be_is_the_moment_it_arrived(told: datetime, at: datetime) -> None:
    assert happened_at(Meeting(date=EVENING), told, LATER) == at


def test_a_line_opens_for_its_own_worker_and_evening_alone(
    group: Group, worker: Any, meeting: Meeting
) -> None:
    other = world.make_worker(group, "Daan Smit")
    elsewhere = world.make_meeting(group, EVENING - timedelta(days=14))
    mine = line(key_of(worker, meeting), "Geheim")
    swapped = {**mine, "client_id": str(uuid7())}
    torn = {**mine, "sealed": mine["sealed"][:-8]}
    cases = (
        (other, meeting, mine),
        (worker, elsewhere, mine),
        (worker, meeting, swapped),
        (worker, meeting, torn),
        *((worker, meeting, {**mine, "sealed": wrong}) for wrong in ("x", "1:", "9:AAAA", "::")),
    )
    for user, evening, told in cases:
        answer = send(user, evening, [told])
        (one,) = answer.json()
        assert (one["outcome"], one["http"], one["participant"]) == (
            "refused",
            422,
            one["client_id"],
        )
    assert not TimedLine.objects.exists()
    assert send(other, meeting, [mine], headers={"X-Queue-Of": "0" * 16}).status_code == 403
    assert send(None, meeting, [mine]).status_code == 401
    stranger = world.make_worker(world.make_group(), "Ruben de Vries")
    assert send(stranger, meeting, [mine]).status_code == 404


@pytest.mark.req("R-129")
def test_a_substitute_who_works_elsewhere_now_still_sends_what_was_written_and_reads_nothing(
    worker: Any, meeting: Meeting
) -> None:
    told = line(key_of(worker, meeting), "Yara belde haar moeder")
    ended = worker.role_assignments.get()
    world.give_role(worker, Role.YOUTH_WORKER, group=world.make_group())
    end_role(assignment=ended, last_day=EVENING - timedelta(days=1), by=worker)
    worker.refresh_from_db()
    (one,) = send(worker, meeting, [told]).json()
    assert (one["outcome"], TimedLine.objects.get().text) == ("saved", "Yara belde haar moeder")
    assert not TimedLine.objects.visible_to(worker).exists()
    elsewhere = world.make_meeting(meeting.group, EVENING - timedelta(days=14))
    assert send(worker, elsewhere, [told]).status_code == 404


@pytest.mark.req("R-359")
def test_a_line_still_opens_when_the_key_of_the_house_was_changed_meanwhile(
    worker: Any, meeting: Meeting, settings: Any
) -> None:
    told = line(key_of(worker, meeting), "Voor de wissel")
    new = "200:" + b64encode(b"n" * 32).decode()
    settings.FIELD_KEYS = [new, *settings.FIELD_KEYS]
    assert send(worker, meeting, [told]).status_code == 200
    assert TimedLine.objects.get().text == "Voor de wissel"


@pytest.mark.parametrize(
    "told",
    [{}, "x", None, [1], [{}], [{"client_id": "\x00"}], [{"at": "vandaag"}], [{"sealed": []}]],
)
def test_wrong_input_is_a_plain_no(worker: Any, meeting: Meeting, told: Any) -> None:
    if isinstance(told, list) and isinstance(told[0], dict) and told[0]:
        told = [line(key_of(worker, meeting)) | told[0]]
    answer = send(worker, meeting, told)
    assert answer.status_code == 400, answer.content
    assert not TimedLine.objects.exists()


@pytest.mark.req("R-020")
def test_who_got_the_numbers_on_the_phone_is_written_down(
    group: Group, worker: Any, meeting: Meeting
) -> None:
    """Those whose number went along, and nobody else; what others tap is asked without numbers."""
    noor, _bo = (
        world.make_participating(group, since=SINCE, call_name=name) for name in ("Noor", "Bo")
    )
    noor.participant.emergency_name, noor.participant.emergency_phone = "Oma", "0622222222"
    noor.participant.save()
    eyes = world.eyes(worker)
    eyes.get(reverse("groups:attendance_api", args=[meeting.pk]))
    entry = ReadEntry.objects.get(record="emergency_ready")
    assert (entry.user, entry.subject_ids) == (worker, [noor.pk])
    eyes.get(reverse("groups:meeting_now", args=[meeting.pk]), headers={"X-By-Itself": "1"})
    assert ReadEntry.objects.filter(record="emergency_ready").count() == 1
    recuse(trajectory=noor, worker=worker, by=worker, said_by="worker")
    eyes.get(reverse("groups:attendance_api", args=[meeting.pk]))
    assert ReadEntry.objects.filter(record="emergency_ready").count() == 1


def test_every_page_says_since_when_this_worker_stays_out_of_somebody(
    group: Group, worker: Any, meeting: Meeting
) -> None:
    """So that a browser lets go what it kept before (static/js/worker.js)."""
    noor = world.make_participating(group, since=SINCE, call_name="Noor")
    eyes = world.eyes(worker)
    goes = {"Sec-Fetch-Mode": "navigate"}

    def said() -> list[str]:
        page = eyes.get(reverse("groups:meeting", args=[meeting.pk]), headers=goes)
        return page["X-Phone-Of"].split(" ")

    mark, since = said()
    assert since == "0"
    recuse(trajectory=noor, worker=worker, by=worker, said_by="worker")
    assert said() == [mark, str(int(LATER.timestamp() * 1000))]
