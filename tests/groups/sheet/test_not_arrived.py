"""Who has not arrived is rung from the row, in the safe way (R-090, C-44)."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.ids import uuid7
from core.messaging.models import Contact
from core.organisations.models import Group
from groups.evenings import absence
from groups.models import AbsenceNotice, Meeting
from groups.sheet.attendance import Tap, everyone_here, record
from groups.sheet.not_arrived import calls_of, note_call, ready_text, take_back_call
from participants.care.safe_ways import Way, way_now
from participants.models import ContactAttempt, Trajectory
from participants.recusal.recusal import recuse
from tests import world
from tests.world import broken

EVENING = date(2026, 3, 13)
SINCE = EVENING - timedelta(days=60)
HTMX = {"HTTP_HX_REQUEST": "true"}


# ---- The safe way, without a database ---------------------------------------------------------


def contact(*channels: str, **fields: Any) -> Contact:
    given = {"phone": "0612345678", "email": "jo@example.org"} | fields
    return Contact(safe_channels=list(channels), **given)


@pytest.mark.req("R-090")
@pytest.mark.parametrize(
    ("one", "way"),
    [
        (contact("phone", "email"), Way.CALL),
        (contact("whatsapp"), Way.WHATSAPP),
        (contact("email"), Way.EMAIL),
        (contact(), Way.NONE),
        (contact("phone", phone=""), Way.NONE),
        (contact("phone", stopped_at=clock.at(EVENING)), Way.NONE),
        (contact("phone", safe_from=time(15), safe_until=time(17)), Way.NONE),
        (contact("phone", safe_from=time(18), safe_until=time(20)), Way.CALL),
        (contact("email", held_since=clock.at(EVENING)), Way.NONE),
        (contact("phone", held_since=clock.at(EVENING)), Way.CALL),
    ],
)
def test_only_in_the_way_and_the_hours_this_person_called_safe(one: Contact, way: Way) -> None:
    assert way_now(one, clock.at(EVENING, 19, 18)) == way


@pytest.mark.req("R-090")
def test_the_ready_text_says_nothing_where_others_read_along() -> None:
    by = world.User(name="Fleur Jansen")
    plain = ready_text("Jordan", contact("email"), by, blocked=False)
    assert "we zijn begonnen" in plain
    for careful in (
        ready_text("Jordan", contact("email", shared_mailbox=True), by, blocked=False),
        ready_text("Jordan", contact("email", not_at_home=True), by, blocked=False),
        ready_text("Jordan", contact("email"), by, blocked=True),
    ):
        assert "begonnen" not in careful
        assert "terugbellen" in careful


# ---- On the sheet -----------------------------------------------------------------------------


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


@pytest.fixture
def jordan(group: Group) -> Trajectory:
    return reached_by(group, "phone", call_name="Jordan")


def reached_by(group: Group, *channels: str, **fields: Any) -> Trajectory:
    stay = world.make_participating(group, since=SINCE, **fields)
    one = stay.participant.contact
    one.phone, one.email, one.safe_channels = "0612345678", "jo@example.org", list(channels)
    one.save()
    return stay


@pytest.fixture(autouse=True)
def _that_evening() -> Any:
    with clock.travel(clock.at(EVENING, 19, 18)):
        yield


def url(name: str, meeting: Meeting, stay: Trajectory | None = None) -> str:
    return reverse(f"groups:{name}", args=[meeting.pk, *([stay.pk] if stay else [])])


def heard(client: Client, meeting: Meeting, stay: Trajectory, what: str, **extra: Any) -> Any:
    fields = {"attempt_id": str(extra.pop("attempt_id", uuid7())), "heard": what}
    return client.post(url("called", meeting, stay), fields, **extra)


@pytest.mark.req("R-090", "R-375")
def test_from_a_quarter_past_until_the_end_an_empty_row_offers_it(
    client: Client, group: Group, worker: Any, meeting: Meeting, jordan: Trajectory
) -> None:
    link = url("call", meeting, jordan)
    for hour, minute, offered in ((19, 14, False), (19, 15, True), (21, 59, True), (22, 0, False)):
        with clock.travel(clock.at(EVENING, hour, minute)):
            page = client.get(url("meeting", meeting)).content.decode()
            assert (link in page) is offered, (hour, minute)
            assert "0612345678" not in page, "no number stands on the sheet itself"
    record(meeting=meeting, taps=[Tap(uuid7(), jordan.pk, "present", 0)], by=worker)
    assert link not in client.get(url("meeting", meeting)).content.decode()


@pytest.mark.req("R-090")
def test_who_is_offered_what(group: Group, worker: Any, meeting: Meeting) -> None:
    texts = reached_by(group, "whatsapp")
    stopped = reached_by(group, "phone")
    Contact.objects.filter(pk=stopped.participant.contact_id).update(stopped_at=clock.now())
    told = reached_by(group, "phone")
    absence.tell(meeting=meeting, trajectory=told)
    out = reached_by(group, "phone")
    recuse(trajectory=out, worker=worker, said_by="worker", by=worker)
    paused = reached_by(group, "phone", phase="paused")
    blocked = reached_by(group, "phone", blocked_reason="parent_not_answered", age=14)
    parent = world.make_guardian(blocked, phone="0687654321")
    found = calls_of(meeting, worker)
    assert {stay: call.way for stay, call in found.items()} == {
        texts.pk: Way.WHATSAPP,
        blocked.pk: Way.CALL,
    }
    client = world.eyes(worker)
    shown = client.get(url("call", meeting, blocked)).content.decode()
    assert "612345678" in shown
    assert parent.contact.phone[1:] not in shown, "never a parent"
    for stay in (stopped, told, paused):
        assert client.get(url("call", meeting, stay)).status_code == 302
    assert client.get(url("call", meeting, out)).status_code == 404


@pytest.mark.req("R-090", "R-343")
def test_the_ready_text_calls_somebody_by_their_call_name(
    group: Group, worker: Any, meeting: Meeting
) -> None:
    """It leaves for their phone: not a word of what tells them apart from a namesake."""
    texts = reached_by(group, "whatsapp", call_name="Sam")
    world.make_participating(group, since=EVENING, call_name="Sam")
    texts.refresh_from_db()
    assert texts.shown_name != "Sam"
    page = world.eyes(worker).get(url("call", meeting, texts)).content.decode()
    assert "Hoi Sam," in page
    assert f"Hoi {texts.shown_name}" not in page


@pytest.mark.req("R-090", "R-091")
def test_what_came_of_it_is_one_tap_and_kept_with_its_time(
    client: Client, worker: Any, meeting: Meeting, jordan: Trajectory
) -> None:
    unfolded = client.get(url("call", meeting, jordan), **HTMX).content.decode()
    assert "tel:" in unfolded
    assert "Komt eraan" in unfolded
    assert "<html" not in unfolded
    same = uuid7()
    for _twice in range(2):
        row = heard(client, meeting, jordan, "coming", attempt_id=same, **HTMX).content.decode()
        assert "gebeld om 19:18: komt eraan" in row
    kept = ContactAttempt.objects.get()
    assert (kept.about, kept.outcome, kept.conclusion) == ("not_arrived", "spoken", "on_way")
    assert (kept.at, kept.by) == (clock.now(), worker)
    assert client.post(url("not_called", meeting, jordan)).status_code == 302
    assert not ContactAttempt.objects.exists()
    assert client.post(url("not_called", meeting, jordan)).status_code == 302, "nothing left"
    assert heard(client, meeting, jordan, "telepathy").status_code == 400


@pytest.mark.req("R-090")
def test_does_not_come_is_proposed_on_the_row_and_taken_back_with_it(
    client: Client, worker: Any, meeting: Meeting, jordan: Trajectory
) -> None:
    heard(client, meeting, jordan, "not_coming")
    page = client.get(url("meeting", meeting)).content.decode()
    assert "gebeld om 19:18: komt niet" in page
    assert "Afgemeld?" in page
    take_back_call(meeting=meeting, trajectory=jordan, by=worker)
    assert absence.notice_of(meeting, jordan) is None
    heard(client, meeting, jordan, "not_coming")
    absence.tell(meeting=meeting, trajectory=jordan, why="Ziek")
    take_back_call(meeting=meeting, trajectory=jordan, by=worker)
    assert AbsenceNotice.objects.filter(taken_back_at=None).exists(), "Jordan said it too"
    sheet = everyone_here(meeting=meeting, client_id=uuid7(), by=worker)
    assert sheet.rows[jordan.pk].state == "absent_with_notice"


@pytest.mark.req("R-090")
def test_on_the_way_and_never_arrived_is_asked_about_the_same_evening(
    worker: Any, meeting: Meeting, jordan: Trajectory
) -> None:
    def ring(what: str) -> None:
        note_call(meeting=meeting, trajectory=jordan, heard=what, by=worker, attempt_id=uuid7())

    ring("coming")
    record(meeting=meeting, taps=[Tap(uuid7(), jordan.pk, "absent_without_notice", 0)], by=worker)
    assert world.waiting(worker, "absence") == [], "it runs still"
    with clock.travel(meeting.ends_at):
        assert len(world.waiting(worker, "absence")) == 1


@pytest.mark.req("R-090")
def test_who_did_not_answer_is_tried_again_tomorrow(
    worker: Any, meeting: Meeting, jordan: Trajectory
) -> None:
    note_call(meeting=meeting, trajectory=jordan, heard="no_answer", by=worker, attempt_id=uuid7())
    record(meeting=meeting, taps=[Tap(uuid7(), jordan.pk, "absent_without_notice", 0)], by=worker)
    with clock.travel(clock.at(EVENING + timedelta(days=1), 9)):
        (todo,) = world.waiting(worker, "absence")
        assert "niet bereikt" in todo.reason


@pytest.mark.req("R-090")
def test_what_does_not_fit_is_refused(
    group: Group, worker: Any, meeting: Meeting, jordan: Trajectory
) -> None:
    def ring(**changed: Any) -> ContactAttempt:
        given = {"trajectory": jordan, "heard": "coming", "by": worker, "attempt_id": uuid7()}
        return note_call(meeting=meeting, **(given | changed))

    first = ring()
    with broken("already_kept"):
        ring(attempt_id=first.pk, trajectory=reached_by(group, "phone"))
    with broken("not_on_sheet"):
        ring(trajectory=world.make_participating(world.make_group(), since=SINCE))
    with clock.travel(clock.at(EVENING, 19, 14)), broken("not_now"):
        ring()
    with clock.travel(clock.at(EVENING + timedelta(days=1), 4)), broken("undo_over"):
        take_back_call(meeting=meeting, trajectory=jordan, by=worker)
    record(meeting=meeting, taps=[Tap(uuid7(), jordan.pk, "present", 0)], by=worker)
    with broken("written_down"):
        ring()


@pytest.mark.req("R-090")
def test_a_colleague_sees_who_rang_and_takes_back_only_the_own_call(
    client: Client, group: Group, worker: Any, meeting: Meeting, jordan: Trajectory
) -> None:
    heard(client, meeting, jordan, "no_answer")
    colleague = world.eyes(world.make_worker(group, "Daan Smit"))
    page = colleague.get(url("meeting", meeting)).content.decode()
    assert "gebeld om 19:18: geen gehoor · Fleur" in page
    assert url("not_called", meeting, jordan) not in page
    colleague.post(url("not_called", meeting, jordan))
    assert ContactAttempt.objects.count() == 1


def test_it_costs_one_statement_while_somebody_is_missing(
    group: Group, worker: Any, meeting: Meeting, django_assert_num_queries: Any
) -> None:
    for number in (2, 6):
        for _n in range(number):
            reached_by(group, "phone")
        calls_of(meeting, worker)
        with django_assert_num_queries(1):
            assert len(calls_of(meeting, worker)) >= number
    with clock.travel(clock.at(EVENING, 19)), django_assert_num_queries(0):
        assert calls_of(meeting, worker) == {}
