"""*Help* on the sheet, for the worker: whom to ring, a line with its moment (R-129, R-379)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.audit.models import ReadEntry
from core.ids import uuid7
from core.organisations.models import Group
from groups.models import Meeting, TimedLine
from groups.sheet.timed_lines import write_line
from participants.recusal.recusal import recuse
from tests import world
from tests.groups.sheet.conftest import EVENING, SINCE
from tests.world import broken


@pytest.fixture
def worker(group: Group, client: Client) -> Any:
    worker = world.make_worker(group)
    client.force_login(worker)
    return worker


@pytest.fixture(autouse=True)
def _that_evening() -> Any:
    with clock.travel(clock.at(EVENING, 19, 30)):
        yield


def url(name: str, *args: Any) -> str:
    return reverse(f"groups:{name}", args=args)


def rings_on(user: Any, phone: str) -> None:
    user.contact = world.create_contact(name=user.name, phone=phone)
    user.save(update_fields=["contact"])


def line(text: str = "", **more: Any) -> dict[str, str]:
    return {"client_id": str(uuid7()), "text": text} | more


@pytest.mark.req("R-129")
def test_help_is_one_tap_away_and_names_whom_to_ring_with_their_numbers(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    daan = world.make_worker(group, "Daan Smit")
    anouk = world.make_coordinator(group.location.region, "Anouk Vos")
    mirjam = world.make_manager(group.location.organisation, "Mirjam de Wit")
    world.make_worker(world.make_group(), "Iemand Anders")
    for user, phone in ((daan, "0612340001"), (anouk, "0612340002"), (mirjam, "0612340003")):
        rings_on(user, phone)
    sheet = client.get(url("meeting", meeting.pk)).content.decode()
    assert sheet.index(url("help", meeting.pk)) < sheet.index('id="counts"'), "at the top"
    page = client.get(url("help", meeting.pk)).content.decode()
    assert page.count("tel:112") == 1
    assert len(re.findall(r"\b112\b", page)) == 2, "once to read, once to ring"
    places = [page.index(f"tel:+3161234000{n}") for n in (1, 2, 3)]
    assert places == sorted(places), "colleague, coordinator, manager"
    assert "Iemand Anders" not in page
    assert "zelfmoord" not in page, "it speaks to the worker"
    assert 'name="draft"' in page, "a note is kept while it is typed"
    assert "Laat niemand buiten staan" in page


def test_who_has_no_number_is_rung_at_the_organisation(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    world.make_worker(group, "Daan Smit")
    organisation = group.location.organisation
    organisation.phone = "+31201234567"
    organisation.save(update_fields=["phone"])
    assert "tel:+31201234567" in client.get(url("help", meeting.pk)).content.decode()


@pytest.mark.req("R-004")
def test_emergency_contacts_are_behind_a_second_tap_and_opening_them_is_written_down(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    amir = world.make_participating(group, since=SINCE, call_name="Amir")
    bo = world.make_participating(group, since=SINCE, call_name="Bo")
    for stay, name in ((amir, "Oma Riet"), (bo, "Oom Jan")):
        stay.participant.emergency_name = name
        stay.participant.emergency_phone = "+31612345678"
        stay.participant.save()
    recuse(trajectory=bo, worker=worker, by=worker, said_by="worker")
    assert "Oma Riet" not in client.get(url("help", meeting.pk)).content.decode()
    assert not ReadEntry.objects.filter(record="emergency").exists()
    page = client.get(url("emergency_contacts", meeting.pk)).content.decode()
    assert "Oma Riet" in page
    assert "tel:+31612345678" in page
    assert "Oom Jan" not in page
    assert "Je collega heeft de nummers van de anderen" in page
    entry = ReadEntry.objects.get(record="emergency")
    assert (entry.user, entry.subject_ids) == (worker, [amir.pk])


def test_nobody_is_rung_unasked_where_home_may_not_know(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    from participants.models import HomeSilence

    amir = world.make_participating(group, since=SINCE, call_name="Amir")
    HomeSilence.objects.create(
        participant=amir.participant, said_at=clock.now(), talk_by=clock.today()
    )
    page = client.get(url("emergency_contacts", meeting.pk)).content.decode()
    assert "vraag het eerst aan Amir" in page
    assert "ouder" not in page


@pytest.mark.req("R-129")
@pytest.mark.parametrize("text", ["", "Viel van de fiets 🚲", "سقط عن الدراجة", "x" * 10_000])
def test_one_tap_writes_the_moment_the_words_are_optional_and_a_resend_is_one_line(
    client: Client, worker: Any, meeting: Meeting, text: str
) -> None:
    sent = line(text)
    for _n in range(2):
        assert client.post(url("timed_line", meeting.pk), sent).status_code == 302
    one = TimedLine.objects.get()
    assert (one.at, one.text, one.by) == (clock.now(), text, worker)
    page = client.get(url("help", meeting.pk)).content.decode()
    assert "<b>19:30</b> · Fleur" in page.replace("\u2068", "").replace("\u2069", "")


def test_what_cannot_be_kept_is_said_and_stays_in_the_field(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    answer = client.post(url("timed_line", meeting.pk), line("y" * 20_001))
    assert answer.status_code == 422
    assert "y" * 20_001 in answer.content.decode()
    assert client.post(url("timed_line", meeting.pk), line("\x00")).status_code == 422
    assert client.post(url("timed_line", meeting.pk), {"text": "x"}).status_code == 400
    foreign = world.make_meeting(world.make_group(), EVENING)
    assert client.post(url("timed_line", foreign.pk), line("x")).status_code == 404
    assert not TimedLine.objects.exists()


def test_an_id_that_was_another_line_is_refused(
    group: Group, worker: Any, meeting: Meeting
) -> None:
    mine = write_line(meeting=meeting, client_id=uuid7(), by=worker)
    with broken("client_id_used"):
        daan = world.make_worker(group, "Daan Smit")
        write_line(meeting=meeting, client_id=mine.client_id, by=daan)


@pytest.mark.req("R-379")
def test_on_the_sheet_nobody_sees_who_waits_for_a_consent_or_is_worried_about(
    client: Client, group: Group, worker: Any, meeting: Meeting
) -> None:
    from groups.evenings import absence
    from participants.models import Worry

    blocked = world.make_participating(
        group, since=SINCE, call_name="Riley", blocked_reason="parent_withdrew"
    )
    worried = world.make_participating(group, since=SINCE, call_name="Milan")
    told = world.make_participating(group, since=SINCE, call_name="Noor")
    Worry.objects.create(trajectory=worried, by=worker, at=clock.now(), note="Geheim")
    with clock.travel(clock.at(EVENING, 12)):
        absence.tell(meeting=meeting, trajectory=told, why="ziek")
    page = client.get(url("meeting", meeting.pk)).content.decode()
    for hidden in ("toestemming", "zorgen", "Geheim", "ouder", "voor vanavond"):
        assert hidden not in page.split("<main")[1], hidden
    row = {stay: page.split(f'id="row-{stay.pk}"')[1].split("</li>")[0] for stay in (blocked, told)}
    assert all("meer achter de naam" in one for one in row.values()), "one mark for both"
    with clock.travel(clock.at(EVENING + timedelta(days=14), 12)):
        assert "meer achter" not in client.get(url("meeting", meeting.pk)).content.decode()


def test_a_cancelled_meeting_shows_no_sheet(client: Client, group: Group, worker: Any) -> None:
    world.make_participating(group, since=SINCE, call_name="Amir")
    off = world.make_meeting(group, EVENING, status="cancelled", cancel_reason="weather")
    page = client.get(url("meeting", off.pk)).content.decode()
    for gone in ("Amir", "Elke tik", 'id="counts"', 'id="more"'):
        assert gone not in page


@pytest.mark.parametrize(
    ("days", "title"), [(-7, "Wie was er?"), (0, "Wie is er?"), (7, "Wie komt er?")]
)
def test_the_title_asks_what_the_page_asks(
    client: Client, group: Group, worker: Any, days: int, title: str
) -> None:
    meeting = world.make_meeting(group, EVENING + timedelta(days=days))
    page = client.get(url("meeting", meeting.pk)).content.decode()
    assert f"<title>{title} - Join Us</title>" in page
    assert f"<h1>{title}</h1>" in page
