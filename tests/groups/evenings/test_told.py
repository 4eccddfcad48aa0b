"""Everybody concerned is told once when a meeting changes, in their safe way (R-376, C-49)."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils.translation import override

from core import clock
from core.messaging import outbox
from core.messaging.contacts import change_contact, create_contact, hold_messages, let_messages_go
from core.messaging.models import Contact, Message
from core.messaging.rendering import render
from core.messaging.sending import send_due
from core.organisations.models import Group, Organisation
from groups.evenings import absence
from groups.evenings.changes import Kind
from groups.evenings.first_evening import ask_to_wait, waiting_for
from groups.evenings.last_meeting import agree_last_meeting
from groups.evenings.meetings import cancel_meeting, move_meeting, plan_ahead, plan_meeting
from groups.evenings.ring_list import (
    say_nobody_tells,
    say_not_reached,
    say_not_told,
    say_sent,
    say_told,
    who_knows,
)
from groups.evenings.take_back import take_back
from groups.evenings.told import who_counts_on
from groups.models import Meeting, MeetingChange, Notice, NoticeLine, Placement
from participants.models import Trajectory
from participants.stay.no_messages import send_nothing_more
from tests import world
from tests.world import broken

FRIDAY = date(2026, 12, 11)
SINCE = FRIDAY - timedelta(days=200)
DAY = timedelta(days=1)
TWO_WEEKS = timedelta(days=14)
MORNING = clock.at(FRIDAY - 9 * DAY, 10, 12)  # a Wednesday: a fifteen-year-old is at school


@pytest.fixture(autouse=True)
def _some_morning() -> Any:
    with clock.travel(MORNING), override("en"):
        yield


@pytest.fixture
def group(db: None) -> Group:
    return world.make_group(age_from=12, age_until=30)


@pytest.fixture
def worker(group: Group) -> Any:
    return world.make_worker(group, "Daan Smit")


@pytest.fixture
def friday(group: Group) -> Meeting:
    return world.make_meeting(group, FRIDAY)


@pytest.fixture
def january(group: Group) -> Meeting:
    return world.make_meeting(group, FRIDAY + 2 * TWO_WEEKS)


def member(group: Group, name: str, **facts: Any) -> Trajectory:
    facts = {"age": 20, "call_name": name} | facts
    stay = world.make_participating(group, since=SINCE, **facts)
    came = Meeting.objects.filter(group=group, date=SINCE).first()
    world.attend(stay, came or world.make_meeting(group, SINCE, status="held"))
    return speaks_english(stay)


def speaks_english(stay: Trajectory) -> Trajectory:
    Contact.objects.filter(pk=stay.participant.contact_id).update(language="en")
    stay.participant.contact.refresh_from_db()
    return stay


def to(stay: Trajectory, *states: str) -> list[Message]:
    rows = Message.objects.filter(contact=stay.participant.contact_id, kind__startswith="groups.")
    return list(rows.filter(state__in=states or ["queued"]).order_by("written_at", "pk"))


def text_of(message: Message) -> str:
    return render(message).text


def leaves() -> None:
    send_due()


def change_of(meeting: Meeting) -> MeetingChange:
    found = MeetingChange.objects.filter(meeting=meeting).last()
    assert found is not None
    return found


def notice_of(stay: Trajectory) -> Notice:
    return Notice.objects.current().filter(trajectory=stay).latest("made_at", "pk")


# ---- Planning, moving, cancelling ----------------------------------------------------------


@pytest.mark.req("R-376")
def test_a_plan_of_eleven_days_is_one_message_to_each(group: Group, worker: Any) -> None:
    people = [member(group, name) for name in ("Amir", "Casey", "Robin")]
    days = [FRIDAY + n * TWO_WEEKS for n in range(11)]
    plan_ahead(group=group, dates=days, by=worker)
    for stay in people:
        (one,) = to(stay)
        text = text_of(one)
        assert text.count(" at 19:00.") == 11
        assert "Friday 11 December at 19:00." in text
    assert MeetingChange.objects.values("act").distinct().count() == 1


@pytest.mark.req("R-376")
def test_a_cancelled_meeting_reaches_everybody_with_a_place_once(
    group: Group, worker: Any, friday: Meeting, january: Meeting
) -> None:
    casey, absent = member(group, "Casey"), member(group, "Amir")
    absence.tell(meeting=friday, trajectory=absent)
    gone = world.make_trajectory()
    world.seat(gone, group, first_day=SINCE, last_day=FRIDAY - DAY)
    cancel_meeting(meeting=friday, reason="location", by=worker)
    cancel_meeting(meeting=friday, reason="weather", by=worker)  # a colleague, at the same time
    for stay in (casey, absent):
        (one,) = to(stay)
        text = text_of(one)
        assert "Friday 11 December does not go ahead." in text
        assert "The next time is Friday 8 January." in text
    assert not to(gone)
    friday.refresh_from_db()
    assert (friday.status, friday.cancel_reason, friday.sequence) == ("cancelled", "location", 1)
    assert friday.changed_at == MORNING
    leaves()
    assert len(mail.outbox) == 2


@pytest.mark.req("R-376")
def test_moved_and_cancelled_within_minutes_is_one_message_with_the_truth(
    group: Group, worker: Any, friday: Meeting
) -> None:
    casey = member(group, "Casey", age=15)  # at school: it leaves at four
    move_meeting(meeting=friday, date=FRIDAY + DAY, by=worker)
    assert "Friday 11 December becomes Saturday 12 December" in text_of(to(casey)[0])
    cancel_meeting(meeting=friday, reason="location", by=worker)
    (one,) = to(casey)
    assert "Friday 11 December does not go ahead." in text_of(one)
    assert "12 December" not in text_of(one)
    leaves()
    assert not mail.outbox
    with clock.travel(clock.at(clock.day_of(MORNING), 16, 1)):
        leaves()
    assert len(mail.outbox) == 1


@pytest.mark.req("R-376")
def test_a_plan_that_is_cancelled_before_it_left_is_told_to_nobody(
    group: Group, worker: Any
) -> None:
    casey = member(group, "Casey", age=15)
    meeting = plan_meeting(group=group, date=FRIDAY, by=worker)
    cancel_meeting(meeting=meeting, reason="holiday", by=worker)
    assert not to(casey)
    with clock.travel(clock.at(FRIDAY - DAY, 17)):
        leaves()
    assert not mail.outbox


@pytest.mark.req("R-376")
def test_what_lies_in_the_past_is_told_to_nobody(group: Group, worker: Any) -> None:
    casey = member(group, "Casey")
    past = plan_meeting(group=group, date=FRIDAY - 20 * DAY, by=worker)
    cancel_meeting(meeting=past, reason="weather", by=worker)
    assert not to(casey)
    assert not Notice.objects.exists()


def test_moving_it_to_where_it_is_changes_nothing(
    group: Group, worker: Any, friday: Meeting
) -> None:
    casey = member(group, "Casey")
    move_meeting(meeting=friday, date=FRIDAY, by=worker)
    assert not to(casey)
    assert not MeetingChange.objects.exists()


@pytest.mark.req("R-376")
def test_a_day_whose_meeting_was_cancelled_is_free_for_another(
    group: Group, worker: Any, friday: Meeting, january: Meeting
) -> None:
    casey = member(group, "Casey")
    cancel_meeting(meeting=friday, reason="location", by=worker)
    leaves()
    move_meeting(meeting=january, date=FRIDAY, by=worker)
    (one,) = to(casey)
    assert "Friday 8 January becomes Friday 11 December" in text_of(one)
    with broken("meeting_that_day"):
        take_back(change=MeetingChange.objects.get(meeting=friday), by=worker)
    friday.refresh_from_db()
    assert friday.status == "cancelled"


def test_a_moved_meeting_takes_along_what_they_do_and_drops_who_could_not_come(
    group: Group, worker: Any, friday: Meeting
) -> None:
    casey = member(group, "Casey")
    Meeting.objects.filter(pk=friday.pk).update(activity="Bowlen", activity_by="Amir")
    absence.tell(meeting=friday, trajectory=casey)
    move_meeting(meeting=friday, date=FRIDAY, starts_at=time(20), by=worker)
    assert absence.notice_of(friday, casey) is not None  # another hour is the same day
    with clock.travel(MORNING + timedelta(minutes=1)):
        move_meeting(meeting=friday, date=FRIDAY + DAY, by=worker)
        assert absence.notice_of(friday, casey) is None
        take_back(change=change_of(friday), by=worker)
    assert absence.notice_of(friday, casey) is not None
    friday.refresh_from_db()
    assert (friday.activity, friday.activity_by, friday.date) == ("Bowlen", "Amir", FRIDAY)


# ---- Taking back ---------------------------------------------------------------------------


@pytest.mark.req("R-376")
def test_what_is_taken_back_before_it_left_is_heard_by_nobody(
    group: Group, worker: Any, friday: Meeting
) -> None:
    casey = member(group, "Casey", age=15)
    cancel_meeting(meeting=friday, reason="weather", by=worker)
    take_back(change=change_of(friday), by=worker)
    take_back(change=change_of(friday), by=worker)  # twice changes nothing
    friday.refresh_from_db()
    assert (friday.status, friday.cancel_reason, friday.sequence) == ("planned", "", 2)
    assert not to(casey)
    with clock.travel(clock.at(clock.day_of(MORNING), 16, 1)):
        leaves()
    assert not mail.outbox


@pytest.mark.req("R-376")
def test_taking_back_is_a_second_message_to_exactly_those_who_heard(
    group: Group, worker: Any, friday: Meeting
) -> None:
    heard, at_school = member(group, "Casey"), member(group, "Noor", age=15)
    cancel_meeting(meeting=friday, reason="weather", by=worker)
    leaves()
    assert (len(to(heard, "sent")), len(to(at_school, "sent"))) == (1, 0)
    take_back(change=change_of(friday), by=worker)
    (second,) = to(heard)
    assert "Friday 11 December goes ahead after all, at 19:00." in text_of(second)
    assert not to(at_school)
    cancel_meeting(meeting=friday, reason="weather", by=worker)  # and not after all
    assert not to(heard), "what they know is what is true again"
    assert len(to(at_school)) == 1


@pytest.mark.req("R-376")
def test_a_plan_is_taken_back_whole_and_a_move_to_where_it_was(group: Group, worker: Any) -> None:
    casey = member(group, "Casey")
    first, second = plan_ahead(group=group, dates=[FRIDAY, FRIDAY + TWO_WEEKS], by=worker)
    leaves()
    with clock.travel(MORNING + timedelta(minutes=5)):
        move_meeting(meeting=second, date=FRIDAY + TWO_WEEKS + DAY, by=worker)
        take_back(change=change_of(second), by=worker)
        second.refresh_from_db()
        assert second.date == FRIDAY + TWO_WEEKS
        assert not to(casey)
        take_back(change=change_of(first), by=worker)
    assert {row.cancel_reason for row in Meeting.objects.filter(date__gte=FRIDAY)} == {"taken_back"}
    (one,) = to(casey)
    assert text_of(one).count("does not go ahead.") == 2
    assert plan_meeting(group=group, date=FRIDAY, by=worker).pk == first.pk


@pytest.mark.req("R-376")
def test_it_is_possible_the_same_day_and_while_nothing_else_happened(
    group: Group, worker: Any, friday: Meeting
) -> None:
    member(group, "Casey")
    cancel_meeting(meeting=friday, reason="weather", by=worker)
    with clock.travel(clock.at(clock.day_of(MORNING) + DAY, 3, 59)):
        assert who_knows(friday, worker).can_take_back
    with clock.travel(clock.at(clock.day_of(MORNING) + DAY, 4)), broken("another_day"):
        take_back(change=change_of(friday), by=worker)
    plan_meeting(group=group, date=FRIDAY, by=worker)
    cancelled = MeetingChange.objects.get(kind=Kind.CANCELLED)
    with broken("changed_since"):
        take_back(change=cancelled, by=worker)
    world.attend(world.make_trajectory(group=group), friday)
    Meeting.objects.filter(pk=friday.pk).update(status="held")
    with broken("already_recorded"):
        take_back(change=change_of(friday), by=worker)


@pytest.mark.req("R-376")
def test_tonight_that_is_over_is_not_called_back(group: Group, worker: Any) -> None:
    tonight = world.make_meeting(group, clock.today())
    cancel_meeting(meeting=tonight, reason="weather", by=worker)
    with clock.travel(clock.at(clock.today(), 22)), broken("is_over"):
        take_back(change=change_of(tonight), by=worker)


# ---- Tonight -------------------------------------------------------------------------------


@pytest.mark.req("R-376")
@pytest.mark.req_part("R-358")
def test_ten_minutes_before_the_start_it_leaves_at_once_after_codes_before_the_rest(
    group: Group, worker: Any
) -> None:
    young = member(group, "Noor", age=15)
    tonight = world.make_meeting(group, clock.today())
    with clock.travel(clock.at(clock.today(), 18, 50)):
        for name, urgency in (("later", outbox.SCHEDULED), ("code", outbox.IMMEDIATE)):
            outbox.write(
                contact=create_contact(name=name, email=f"{name}@example.org"),
                template="neutral",
                kind=name,
                dedupe_key=name,
                urgency=urgency,
            )
        cancel_meeting(meeting=tonight, reason="worker_ill", by=worker)
        (one,) = to(young)
        assert (one.urgency, one.not_before) == (outbox.TONIGHT, clock.now())
        leaves()
    subject = "Wednesday 2 December does not go ahead"
    assert [m.to[0].split("@")[0] for m in mail.outbox][0::2] == ["code", "later"]
    assert mail.outbox[1].subject == subject


@pytest.mark.req("R-376")
def test_tonight_minds_no_school_but_the_hours_that_are_safe_and_the_night(
    group: Group, worker: Any
) -> None:
    at_school = member(group, "Noor", age=15)
    careful = member(group, "Sam")
    change_contact(contact=careful.participant.contact, safe_from=time(21), by=worker)
    early = member(group, "Bo")
    tonight = world.make_meeting(group, clock.today())
    with clock.travel(clock.at(clock.today(), 6)):
        cancel_meeting(meeting=tonight, reason="worker_ill", by=worker)
        assert to(at_school)[0].not_before == clock.at(clock.today(), 7)
        assert to(early)[0].not_before == clock.at(clock.today(), 7)
        assert to(careful)[0].not_before == clock.at(clock.today(), 21)
        knows = who_knows(tonight, worker)
    assert [(row.name, row.why) for row in knows.to_ring] == [("Sam", "late")]
    assert knows.waiting == 2


@pytest.mark.req("R-376")
def test_tonights_mail_that_does_not_leave_stands_on_the_ring_list(
    group: Group, worker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    member(group, "Sam")
    tonight = world.make_meeting(group, clock.today())
    cancel_meeting(meeting=tonight, reason="weather", by=worker)
    assert not who_knows(tonight, worker).to_ring
    with clock.travel(MORNING + timedelta(minutes=11)):  # nobody sends: the outbox stands still
        assert [row.why for row in who_knows(tonight, worker).to_ring] == ["stuck"]
    Message.objects.update(state="dead", reason="smtp_550")
    assert [row.why for row in who_knows(tonight, worker).to_ring] == ["dead"]
    (todo,) = world.waiting(worker, "ring")
    assert (todo.urgency, todo.title) == (0, "1 person does not know it yet")
    assert not world.waiting(worker, "message"), "one to-do, not two"


# ---- Who is not written to -----------------------------------------------------------------


@pytest.mark.req("R-376")
def test_a_mail_that_never_left_stands_on_the_ring_list_a_day_before(
    group: Group, worker: Any, friday: Meeting
) -> None:
    """Workers and beat are down, so nothing was tried and nothing is dead: a person hears of it."""
    riley = member(group, "Riley")
    cancel_meeting(meeting=friday, reason="location", by=worker)
    assert to(riley)[0].urgency == Message.Urgency.SCHEDULED
    starts = clock.at(FRIDAY, 19)
    with clock.travel(starts - timedelta(hours=30)):
        assert not Notice.objects.by_hand(clock.now()).exists()
    with clock.travel(starts - timedelta(hours=20)):
        (row,) = who_knows(friday, worker).to_ring
        assert (row.name, row.why) == ("Riley", "stuck")
        leaves()
        assert not who_knows(friday, worker).to_ring


@pytest.mark.req("R-376")
def test_who_has_no_safe_channel_stands_on_the_ring_list_until_rung(
    group: Group, worker: Any, friday: Meeting
) -> None:
    member(group, "Amir")
    sam = member(group, "Sam", email="")
    change_contact(
        contact=sam.participant.contact, phone="+31612345678", safe_channels=["phone"], by=worker
    )
    cancel_meeting(meeting=friday, reason="location", by=worker)
    leaves()
    knows = who_knows(friday, worker)
    (row,) = knows.to_ring
    assert (knows.mailed, row.name, row.why) == (1, "Sam", "ring")
    assert "Friday 11 December does not go ahead." in row.text
    assert len(world.waiting(worker, "ring")) == 1
    say_not_reached(notice=row.notice, by=worker)
    assert who_knows(friday, worker).to_ring[0].notice.tried_at == MORNING
    say_told(notice=row.notice, by=worker)
    say_told(notice=row.notice, by=world.make_worker(group))  # the colleague rang as well
    knows = who_knows(friday, worker)
    assert [(one.name, one.said_by) for one in knows.by_hand] == [("Sam", "Daan")]
    assert not knows.to_ring
    assert not world.waiting(worker, "ring")
    assert not to(sam)


@pytest.mark.req("R-376")
def test_who_was_rung_is_rung_again_when_it_is_taken_back_and_a_wrong_tap_is_undone(
    group: Group, worker: Any, friday: Meeting
) -> None:
    sam = member(group, "Sam", email="")
    cancel_meeting(meeting=friday, reason="location", by=worker)
    say_told(notice=notice_of(sam), by=worker)
    say_not_told(notice=notice_of(sam), by=worker)
    assert [row.name for row in who_knows(friday, worker).to_ring] == ["Sam"]
    say_told(notice=notice_of(sam), by=worker)
    take_back(change=change_of(friday), by=worker)
    (row,) = who_knows(friday, worker).to_ring
    assert row.lines == ("Friday 11 December goes ahead after all, at 19:00.",)


@pytest.mark.req("R-376")
def test_a_ready_text_that_was_sent_is_off_the_list(
    group: Group, worker: Any, friday: Meeting
) -> None:
    sam = member(group, "Sam", email="")
    cancel_meeting(meeting=friday, reason="location", by=worker)
    say_sent(notice=notice_of(sam), by=worker)
    say_sent(notice=notice_of(sam), by=worker)
    assert [message.state for message in to(sam, "sent")] == ["sent"]
    assert [row.sent_by_hand for row in who_knows(friday, worker).by_hand] == [True]
    assert not world.waiting(worker, "ring")


@pytest.mark.req("R-376")
def test_nobody_is_written_to_who_waits_for_a_yes_or_wants_no_messages(
    group: Group, worker: Any, friday: Meeting, january: Meeting
) -> None:
    """Their workers decide what is said; a new time or place is not given to them (trust.md 6)."""
    blocked, stopped, held = (member(group, name) for name in ("Bo", "Mees", "Sam"))
    Trajectory.objects.filter(pk=blocked.pk).update(blocked_reason="no_consent")
    send_nothing_more(participant=stopped.participant, by=worker, reason="asked")
    hold_messages(contact=held.participant.contact)
    cancel_meeting(meeting=friday, reason="location", by=worker)
    leaves()
    assert not mail.outbox
    assert not to(blocked, "queued", "sent", "withdrawn")
    rows = {row.name: row for row in who_knows(friday, worker).to_ring}
    assert {name: row.why for name, row in rows.items()} == {
        "Bo": "blocked",
        "Mees": "stopped",
        "Sam": "held",
    }
    assert not any(row.text or row.contact for row in rows.values())
    plan_meeting(group=group, date=FRIDAY + TWO_WEEKS, by=worker)
    new = NoticeLine.objects.filter(meeting__date=FRIDAY + TWO_WEEKS, notice__superseded_at=None)
    assert {line.notice.trajectory_id for line in new} == {held.pk}
    let_messages_go(contact=held.participant.contact)
    leaves()
    assert len(mail.outbox) == 1


@pytest.mark.req("R-376")
def test_a_consent_withdrawn_after_it_was_written_stops_the_message(
    group: Group, worker: Any, friday: Meeting
) -> None:
    casey = member(group, "Casey", age=15)
    move_meeting(meeting=friday, date=FRIDAY + DAY, by=worker)
    Trajectory.objects.filter(pk=casey.pk).update(blocked_reason="no_consent")
    with clock.travel(clock.at(clock.day_of(MORNING), 16, 1)):
        leaves()
    assert not mail.outbox
    assert [row.why for row in who_knows(friday, worker).to_ring] == ["blocked"]


@pytest.mark.req("R-376")
def test_who_is_left_is_told_nothing_later_either(
    group: Group, worker: Any, friday: Meeting
) -> None:
    stopped = member(group, "Mees")
    send_nothing_more(participant=stopped.participant, by=worker, reason="asked")
    cancel_meeting(meeting=friday, reason="location", by=worker)
    say_nobody_tells(notice=notice_of(stopped), by=worker)
    assert not world.waiting(worker, "ring")
    take_back(change=change_of(friday), by=worker)
    assert not world.waiting(worker, "ring")


def test_who_pauses_does_not_come_and_is_not_told(
    group: Group, worker: Any, friday: Meeting
) -> None:
    paused = member(group, "Bo")
    Trajectory.objects.filter(pk=paused.pk).update(phase="paused")
    cancel_meeting(meeting=friday, reason="location", by=worker)
    assert not Notice.objects.exists()


@pytest.mark.req("R-376")
def test_a_worker_who_stays_out_reads_no_name(group: Group, worker: Any, friday: Meeting) -> None:
    from participants.models import Recusal

    sam = member(group, "Sam", email="")
    Recusal.objects.create(
        participant=sam.participant, worker=worker, said_by="worker", at=clock.now()
    )
    sam.participant.contact.hidden_from.add(worker)
    cancel_meeting(meeting=friday, reason="location", by=worker)
    knows = who_knows(friday, worker)
    assert (knows.to_ring, knows.elsewhere) == ([], 1)
    assert not world.waiting(worker, "ring")
    assert len(world.waiting(world.make_worker(group), "ring")) == 1


@pytest.mark.req("R-376")
def test_one_to_do_for_all_of_them(group: Group, worker: Any, friday: Meeting) -> None:
    for n in range(8):
        member(group, f"Sam {n}", email="")
    cancel_meeting(meeting=friday, reason="location", by=worker)
    (todo,) = world.waiting(worker, "ring")
    assert todo.title == "8 people do not know it yet"
    assert todo.reason.endswith("Friday 11 December does not go ahead.")


# ---- The first time, the last time ---------------------------------------------------------


@pytest.mark.req("R-376")
def test_who_would_come_for_the_first_time_hears_when_then(
    group: Group, worker: Any, friday: Meeting
) -> None:
    maan = world.make_trajectory(group=group, phase="trial", call_name="Maan", age=20)
    world.seat(maan, first_day=FRIDAY, trial=True)
    speaks_english(maan)
    ask_to_wait(trajectory=maan, by=maan.participant.user)
    january = world.make_meeting(group, FRIDAY + 2 * TWO_WEEKS)
    cancel_meeting(meeting=friday, reason="location", by=worker)
    assert "Your first time is then Friday 8 January." in text_of(to(maan)[0])
    assert waiting_for(worker).get().meeting_id == january.pk, "met at the door all the same"
    take_back(change=change_of(friday), by=worker)
    assert waiting_for(worker).get().meeting_id == friday.pk
    cancel_meeting(meeting=january, reason="location", by=worker)
    assert not to(maan), "that one was not hers"
    cancel_meeting(meeting=friday, reason="location", by=worker)
    assert "choose another day to come for the first time" in text_of(to(maan)[0])


@pytest.mark.req("R-376")
def test_a_wish_for_the_door_waits_for_the_next_meeting_that_is_planned(
    group: Group, worker: Any, friday: Meeting
) -> None:
    maan = world.make_trajectory(group=group, phase="trial", call_name="Maan", age=20)
    world.seat(maan, first_day=FRIDAY, trial=True)
    ask_to_wait(trajectory=maan, by=maan.participant.user)
    cancel_meeting(meeting=friday, reason="location", by=worker)
    assert not waiting_for(worker).exists(), "there is nothing to come to"
    late = plan_meeting(group=group, date=FRIDAY + 2 * TWO_WEEKS, by=worker)
    assert waiting_for(worker).get().meeting_id == late.pk
    (early,) = plan_ahead(group=group, dates=[FRIDAY + TWO_WEEKS], by=worker)
    assert waiting_for(worker).get().meeting_id == early.pk, "her first time is sooner now"
    move_meeting(meeting=early, date=FRIDAY + 3 * TWO_WEEKS, by=worker)
    assert waiting_for(worker).get().meeting_id == late.pk, "and later again"


def test_taking_back_brings_nobody_to_the_door_before_their_own_first_day(
    group: Group, worker: Any, friday: Meeting, january: Meeting
) -> None:
    noor = world.make_participating(group, since=january.date, call_name="Noor", age=20)
    ask_to_wait(trajectory=noor, by=noor.participant.user)
    with clock.travel(MORNING + timedelta(minutes=1)):
        cancel_meeting(meeting=friday, reason="location", by=worker)
        take_back(change=change_of(friday), by=worker)
        assert waiting_for(worker).get().meeting_id == january.pk


def test_nobody_is_waited_for_at_the_door_of_a_group_they_left(
    group: Group, worker: Any, friday: Meeting
) -> None:
    maan = world.make_trajectory(group=group, phase="trial", call_name="Maan", age=20)
    seat = world.seat(maan, first_day=FRIDAY, trial=True)
    ask_to_wait(trajectory=maan, by=maan.participant.user)
    assert waiting_for(worker).exists()
    Placement.objects.filter(pk=seat.pk).update(last_day=FRIDAY - DAY)
    assert not waiting_for(worker).exists()


@pytest.mark.req("R-376")
def test_who_would_say_goodbye_hears_that_another_day_is_agreed(
    group: Group, worker: Any, friday: Meeting, january: Meeting
) -> None:
    casey = member(group, "Casey")
    agree_last_meeting(trajectory=casey, meeting=friday, by=worker)
    cancel_meeting(meeting=friday, reason="location", by=worker)
    assert "It would have been your last time." in text_of(to(casey)[0])
    assert len(world.waiting(worker, "last_meeting")) == 1
    take_back(change=change_of(friday), by=worker)
    casey.refresh_from_db()
    assert casey.last_meeting_on == FRIDAY
    cancel_meeting(meeting=friday, reason="location", by=worker)
    agree_last_meeting(trajectory=casey, meeting=january, by=worker)
    take_back(change=change_of(friday), by=worker)
    casey.refresh_from_db()
    assert casey.last_meeting_on == january.date, "what was agreed since stays"


@pytest.mark.req("R-376", "R-180")
def test_whoever_says_goodbye_hears_of_no_meeting_after_their_last_day(
    group: Group, worker: Any, friday: Meeting, january: Meeting
) -> None:
    casey, amir = member(group, "Casey"), member(group, "Amir")
    spring = world.make_meeting(group, FRIDAY + 4 * TWO_WEEKS)
    agree_last_meeting(trajectory=casey, meeting=january, by=worker)
    assert {one.stay.pk for one in who_counts_on(spring)} == {amir.pk}
    plan_meeting(group=group, date=FRIDAY + 5 * TWO_WEEKS, by=worker)
    move_meeting(meeting=spring, date=spring.date + DAY, by=worker)
    cancel_meeting(meeting=spring, reason="location", by=worker)
    assert to(amir)
    assert not to(casey)
    cancel_meeting(meeting=friday, reason="location", by=worker)
    said = text_of(to(casey)[-1])
    assert "Friday 11 December does not go ahead." in said
    assert "The next time is Friday 8 January." in said
    move_meeting(meeting=january, date=january.date + 6 * TWO_WEEKS, by=worker)
    assert "Friday 8 January becomes Friday 2 April" in text_of(to(casey)[-1])


@pytest.mark.req("R-376", "R-180")
def test_who_heard_of_a_meeting_and_then_agreed_an_earlier_goodbye_hears_no_more_of_it(
    group: Group, worker: Any, friday: Meeting
) -> None:
    casey = member(group, "Casey")
    january = plan_meeting(group=group, date=FRIDAY + 2 * TWO_WEEKS, by=worker)
    with clock.travel(MORNING + timedelta(hours=7)):
        leaves()
        agree_last_meeting(trajectory=casey, meeting=friday, by=worker)
        move_meeting(meeting=january, date=january.date + DAY, by=worker)
        cancel_meeting(meeting=january, reason="location", by=worker)
        assert not to(casey)
        move_meeting(meeting=friday, date=FRIDAY - 2 * DAY, by=worker)
        assert "Friday 11 December becomes Wednesday 9 December" in text_of(to(casey)[0])


@pytest.mark.req("R-376")
def test_only_the_goodbye_itself_would_have_been_the_last_time(
    group: Group, worker: Any, friday: Meeting, january: Meeting
) -> None:
    last = "It would have been your last time."
    casey = member(group, "Casey")
    agree_last_meeting(trajectory=casey, meeting=january, by=worker)
    cancel_meeting(meeting=january, reason="location", by=worker)
    plan_meeting(group=group, date=FRIDAY + 3 * TWO_WEEKS, by=worker)
    assert last in text_of(to(casey)[-1]), "not heard yet, and said anew"
    with clock.travel(MORNING + timedelta(hours=7)):
        leaves()
        cancel_meeting(meeting=friday, reason="location", by=worker)
        said = text_of(to(casey)[-1])
        assert "Friday 11 December does not go ahead." in said
        assert last not in said


@pytest.mark.req("R-376")
def test_a_plan_that_was_to_be_the_last_time_and_is_taken_back_says_so(
    group: Group, worker: Any, friday: Meeting
) -> None:
    casey = member(group, "Casey")
    january = plan_meeting(group=group, date=FRIDAY + 2 * TWO_WEEKS, by=worker)
    with clock.travel(MORNING + timedelta(hours=7)):
        leaves()
        agree_last_meeting(trajectory=casey, meeting=january, by=worker)
        take_back(change=change_of(january), by=worker)
        assert "It would have been your last time." in text_of(to(casey)[0])
    casey.refresh_from_db()
    assert casey.last_meeting_on is None


# ---- Parents -------------------------------------------------------------------------------


@pytest.mark.req("R-376")
def test_parents_hear_it_only_where_the_organisation_says_so_and_after_their_yes(
    group: Group, worker: Any, friday: Meeting
) -> None:
    noor = member(group, "Noor", age=14)
    yes = world.give_parental_yes(noor, settle=False)
    world.make_guardian(noor)  # never asked
    cancel_meeting(meeting=friday, reason="location", by=worker)
    mine = Message.objects.filter(kind="groups.meetings_to_parents")
    assert not mine.exists()
    take_back(change=change_of(friday), by=worker)
    Organisation.objects.update(parents_hear_changes=True)
    cancel_meeting(meeting=friday, reason="location", by=worker)
    (one,) = mine
    assert one.contact_id == yes.guardian.contact_id
    seen = render(one)
    assert "Beste ouder of voogd" in seen.text
    assert "Vrijdag 11 december gaat niet door." in seen.text
    assert not {"Noor", "De Kegel", "Join Us"} & {*seen.subject.split(), *seen.text.split()}


@pytest.mark.req("R-376")
def test_a_parent_is_not_addressed_as_the_young_person(
    group: Group, worker: Any, friday: Meeting, january: Meeting
) -> None:
    Organisation.objects.update(parents_hear_changes=True)
    noor = member(group, "Noor", age=14)
    world.give_parental_yes(noor, settle=False)
    move_meeting(
        meeting=friday, date=FRIDAY + timedelta(days=1), starts_at=group.starts_at, by=worker
    )
    cancel_meeting(meeting=january, reason="location", by=worker)
    seen = render(Message.objects.filter(kind="groups.meetings_to_parents").latest("pk"))
    assert seen.subject == "Er is iets veranderd aan de bijeenkomsten"
    assert not {"je", "jij", "jouw"} & {*seen.subject.split(), *seen.text.split()}


@pytest.mark.req("R-376")
@pytest.mark.parametrize("how", ["silence", "withdrawn", "sixteen"])
def test_nothing_goes_home_once_it_may_not_whatever_was_written(
    group: Group, worker: Any, friday: Meeting, how: str
) -> None:
    from participants.parents.not_at_home import say_not_at_home

    Organisation.objects.update(parents_hear_changes=True)
    noor = member(group, "Noor", age=14)
    yes = world.give_parental_yes(noor, settle=False)
    cancel_meeting(meeting=friday, reason="location", by=worker)
    (one,) = Message.objects.filter(kind="groups.meetings_to_parents")
    if how == "silence":
        say_not_at_home(participant=noor.participant, by=noor.participant.user)
    elif how == "withdrawn":
        type(yes).objects.filter(pk=yes.pk).update(withdrawn_at=clock.now())
    else:
        type(noor.participant).objects.update(birth_date=date(2010, 1, 1))
    with clock.travel(clock.at(clock.day_of(MORNING), 17)):
        leaves()
    one.refresh_from_db()
    assert one.state == "withdrawn"


# ---- Words ---------------------------------------------------------------------------------


@pytest.mark.req("R-376")
@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("nl", "Vrijdag 11 december gaat niet door", "De volgende keer is vrijdag 8 januari."),
        ("en", "Friday 11 December does not go ahead", "The next time is Friday 8 January."),
    ],
)
def test_the_message_speaks_the_language_of_its_reader_and_names_nobody(
    group: Group,
    worker: Any,
    friday: Meeting,
    january: Meeting,
    language: str,
    subject: str,
    words: str,
) -> None:
    casey, other = member(group, "Casey"), member(group, "Zoubida")
    contact = change_contact(contact=casey.participant.contact, language=language, by=worker)
    cancel_meeting(meeting=friday, reason="worker_ill", by=worker)
    seen = render(to(casey)[0])
    assert seen.subject == subject
    assert words in seen.text
    assert contact.name in seen.text
    for hidden in (other.participant.call_name, "De Kegel", "Daan", group.name, "Join Us"):
        assert hidden not in seen.subject + seen.text.replace(contact.name, "")


@pytest.mark.req("R-376")
def test_others_in_the_mailbox_read_only_that_something_waits(
    group: Group, worker: Any, friday: Meeting
) -> None:
    casey = member(group, "Casey")
    change_contact(contact=casey.participant.contact, shared_mailbox=True, by=worker)
    cancel_meeting(meeting=friday, reason="worker_ill", by=worker)
    seen = render(to(casey)[0])
    assert "December" not in seen.subject + seen.text
    assert "go ahead" not in seen.subject + seen.text


# ---- Left, and home ------------------------------------------------------------------------


@pytest.mark.req("R-376")
def test_whoever_is_not_told_goes_on_thinking_what_they_thought(
    group: Group, worker: Any, friday: Meeting
) -> None:
    """Moved, and left; then cancelled: they still think of Friday, so that is what they hear."""
    layla = member(group, "Layla")
    Trajectory.objects.filter(pk=layla.pk).update(blocked_reason="own")
    move_meeting(meeting=friday, date=FRIDAY + DAY, by=worker)
    say_nobody_tells(notice=notice_of(layla), by=worker)
    assert not Notice.objects.by_hand(clock.now()).exists()
    with clock.travel(MORNING + timedelta(minutes=5)):
        cancel_meeting(meeting=friday, reason="location", by=worker)
        (row,) = Notice.objects.by_hand(clock.now())
        (line,) = row.lines.all()
        assert (line.was, line.now) == (clock.at(FRIDAY, 19), None)


@pytest.mark.req("R-376", "R-346")
@pytest.mark.parametrize("how", ["silence", "harm", "withdrawn", "blocked", "stopped"])
@pytest.mark.parametrize("by_mail", [True, False])
def test_no_parent_is_rung_once_nothing_may_go_home(
    group: Group, worker: Any, friday: Meeting, how: str, by_mail: bool
) -> None:
    from participants.models import Intake
    from participants.parents.not_at_home import say_not_at_home

    Organisation.objects.update(parents_hear_changes=True)
    noor = member(group, "Noor", age=14)
    yes = world.give_parental_yes(noor, settle=False)
    if not by_mail:
        Contact.objects.filter(pk=yes.guardian.contact_id).update(safe_channels=["phone"])
    cancel_meeting(meeting=friday, reason="location", by=worker)
    assert Notice.objects.filter(parent=True).exists()
    assert Notice.objects.by_hand(clock.now()).filter(parent=True).exists() != by_mail
    if how == "silence":
        say_not_at_home(participant=noor.participant, by=noor.participant.user)
    elif how == "harm":
        Intake.objects.filter(trajectory=noor).update(mail_can_harm=True)
    elif how == "withdrawn":
        type(yes).objects.filter(pk=yes.pk).update(withdrawn_at=clock.now())
    elif how == "blocked":
        Trajectory.objects.filter(pk=noor.pk).update(blocked_reason="parent")
    else:
        send_nothing_more(participant=noor.participant, by=worker, reason="asked")
    evening = clock.at(clock.day_of(MORNING), 17)
    for moment in (MORNING, evening):
        with clock.travel(moment):
            assert not Notice.objects.by_hand(moment).filter(parent=True).exists()
            leaves()
            assert not [one for one in mail.outbox if one.to == [yes.guardian.contact.email]]
    with clock.travel(evening):
        take_back(change=change_of(friday), by=worker)
        leaves()
        assert not Notice.objects.by_hand(evening).filter(parent=True).exists()
