"""Facts in the database in, invitations out: refresh, the daily sweep, rebuild."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from threading import Thread
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from core.errors import RuleBroken
from core.ids import uuid7
from core.organisations.models import Group
from groups.models import Attendance, AttendanceTap, Meeting
from participants.journey import journey
from participants.models import Hold, Trajectory
from participants.stay import no_messages
from questionnaires.cycle import backstop, cycle
from questionnaires.models import CycleState, Draft, Invitation
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument")]

FIRST = date(2026, 1, 8)
DAY = timedelta(days=1)


def nth(number: int) -> date:
    return FIRST + timedelta(weeks=2 * (number - 1))


@pytest.fixture
def group() -> Group:
    return world.make_group()


@pytest.fixture
def evening(group: Group) -> Callable[..., Meeting]:
    """The n-th evening of the group, made once."""

    def make(number: int, status: str = "held") -> Meeting:
        start = clock.at(nth(number), 19)
        meeting, _new = Meeting.objects.get_or_create(
            group=group,
            date=nth(number),
            defaults={
                "starts_at": start,
                "ends_at": start + timedelta(hours=3),
                "status": status,
            },
        )
        return meeting

    return make


def participant(group: Group, **fields: object) -> Trajectory:
    """Somebody who takes part from the first evening on."""
    defaults: dict[str, object] = {
        "suitable": True,
        "screened_on": FIRST - timedelta(days=30),
        "consent_complete_on": FIRST - timedelta(days=28),
        "definitive_on": FIRST,
    }
    with clock.travel(FIRST - timedelta(days=30)):
        stay = world.make_trajectory(group=group, **(defaults | fields))
        world.seat(stay, group, first_day=FIRST)
    return stay


def came(stay: Trajectory, *meetings: Meeting, state: str = "present") -> None:
    """Recorded at the end of the evening itself, or today when the clock stands later."""
    for meeting in meetings:
        Attendance.objects.update_or_create(
            meeting=meeting,
            trajectory=stay,
            defaults={"state": state, "recorded_at": meeting.ends_at},
        )


def refreshed(stay: Trajectory, day: date, fact: str = "") -> list[str]:
    with clock.travel(clock.at(day, 23)):
        cycle.follow({stay.pk: {fact}})
    return standing(stay)


def standing(stay: Trajectory) -> list[str]:
    rows = Invitation.objects.filter(trajectory=stay).order_by("earned_on", "pk")
    return [f"{row.wave} {row.sequence} {row.state}" for row in rows]


def six(stay: Trajectory, evening: Callable[..., Meeting]) -> None:
    came(stay, *[evening(n) for n in range(1, 7)])


@pytest.mark.req("R-202", "R-205")
def test_the_sixth_attended_meeting_opens_the_interim_without_a_workers_action(
    group: Group, evening: Callable[..., Meeting]
) -> None:
    stay = participant(group)
    six(stay, evening)
    assert refreshed(stay, nth(6)) == ["baseline 1 missed", "interim 1 open"]
    row = Invitation.objects.open().get()
    assert (row.earned_on, row.opened_on, row.due_on) == (nth(6), nth(6), nth(6) + 14 * DAY)
    assert row.instrument_id
    state = CycleState.objects.get(pk=stay.pk)
    assert (state.attended, state.last_answered_on, state.next_due_at) == (6, None, None)


@pytest.mark.req("R-131")
def test_refreshing_again_writes_nothing(group: Group, evening: Callable[..., Meeting]) -> None:
    stay = participant(group)
    six(stay, evening)
    refreshed(stay, nth(6))
    before = list(Invitation.objects.order_by("pk").values())
    with CaptureQueriesContext(connection) as queries:
        refreshed(stay, nth(6) + 3 * DAY)
    written = [q["sql"] for q in queries if "questionnaires_invitation" in q["sql"]]
    assert all(sql.startswith("SELECT") for sql in written)
    assert list(Invitation.objects.order_by("pk").values()) == before


@pytest.mark.req("R-131")
def test_a_slip_undone_and_made_again_keeps_one_row_a_wave(
    group: Group, evening: Callable[..., Meeting]
) -> None:
    stay = participant(group)
    six(stay, evening)
    refreshed(stay, nth(6))
    interim = Invitation.objects.get(wave="interim")
    came(stay, evening(6), state="absent_with_notice")
    assert refreshed(stay, nth(6)) == ["baseline 1 open", "interim 1 withdrawn"]
    interim.refresh_from_db()
    assert interim.reason["withdrawn"] == {"on": nth(6).isoformat(), "why": "not_six"}
    came(stay, evening(6))
    assert refreshed(stay, nth(6)) == ["baseline 1 missed", "interim 1 open"]
    assert Invitation.objects.get(wave="interim").pk == interim.pk
    assert "withdrawn" not in Invitation.objects.get(wave="interim").reason


@pytest.mark.req("R-218")
def test_a_half_filled_list_of_a_missed_wave_is_kept_as_partial(
    group: Group, evening: Callable[..., Meeting]
) -> None:
    stay = participant(group)
    refreshed(stay, FIRST)
    draft = Draft.objects.create(
        invitation=Invitation.objects.get(), started_at=clock.now(), saved_at=clock.now(), a01=2
    )
    six(stay, evening)
    refreshed(stay, nth(6))
    draft.refresh_from_db()
    assert draft.partial
    came(stay, evening(6), state="not_recorded")
    refreshed(stay, nth(6))
    draft.refresh_from_db()
    assert not draft.partial


@pytest.mark.req("R-205")
def test_the_sweep_opens_what_time_makes_due_and_nothing_twice(group: Group) -> None:
    stay = participant(group, phase="leaving", last_meeting_on=nth(3))
    refreshed(stay, nth(2))
    assert CycleState.objects.get(pk=stay.pk).next_due_at == clock.at(nth(3))
    assert world.swept("waves", "waves_left", day=nth(3)) == 1
    assert standing(stay)[-1] == "exit 1 open"
    before = list(Invitation.objects.order_by("pk").values())
    world.swept("waves", "waves_left", day=nth(3))
    assert list(Invitation.objects.order_by("pk").values()) == before


@pytest.mark.req("R-205")
def test_a_sweep_that_slept_for_a_week_opens_on_the_day_it_was_due(group: Group) -> None:
    stay = participant(group, phase="leaving", last_meeting_on=nth(3))
    refreshed(stay, nth(2))
    world.swept("waves", "waves_left", day=nth(3) + 7 * DAY)
    assert Invitation.objects.get(wave="exit").opened_on == nth(3)


@pytest.mark.req("R-203", "R-190")
def test_the_sweep_opens_the_follow_up_three_months_later_and_misses_it_after_sixty_days(
    group: Group,
) -> None:
    stay = participant(group)
    Trajectory.objects.filter(pk=stay.pk).update(
        phase="former",
        exit_kind="goal",
        last_meeting_on=nth(3),
        exited_on=nth(3),
        ended_on=nth(3),
    )
    refreshed(stay, nth(3), "exit")
    opens = date(2026, 5, 5)
    assert CycleState.objects.get(pk=stay.pk).next_due_at == clock.at(opens)
    world.swept("waves", "waves_left", day=opens - DAY)
    assert standing(stay) == ["baseline 1 missed", "exit 1 open"]
    world.swept("waves", "waves_left", day=opens)
    assert standing(stay)[-1] == "follow_up 1 open"
    world.swept("waves", "waves_left", day=opens + 61 * DAY)
    assert standing(stay)[-1] == "follow_up 1 missed"


@pytest.mark.req("R-203", "R-218")
def test_nothing_more_takes_back_an_open_follow_up_but_not_one_missed_long_ago(
    group: Group,
) -> None:
    def former() -> Trajectory:
        stay = participant(group)
        Trajectory.objects.filter(pk=stay.pk).update(
            phase="former",
            exit_kind="goal",
            last_meeting_on=nth(3),
            exited_on=nth(3),
            ended_on=nth(3),
        )
        refreshed(stay, nth(3), "exit")
        return stay

    soon, later = former(), former()
    world.swept("waves", "waves_left", day=date(2026, 5, 5))
    with clock.travel(date(2026, 5, 20)):
        no_messages.contact_stopped(soon.participant.contact_id, clock.today())
    assert standing(soon)[-1] == "follow_up 1 withdrawn"
    world.swept("waves", "waves_left", day=date(2026, 7, 5))
    assert standing(later)[-1] == "follow_up 1 missed"
    with clock.travel(date(2026, 9, 1)):
        no_messages.contact_stopped(later.participant.contact_id, clock.today())
    assert standing(later)[-1] == "follow_up 1 missed"


@pytest.mark.req("R-205")
def test_the_sweep_finds_a_hold_that_ended_without_telling(
    group: Group, evening: Callable[..., Meeting]
) -> None:
    stay = participant(group)
    refreshed(stay, FIRST)
    hold = Hold.objects.create(trajectory=stay, kind="paused", days=(nth(5), None))
    six(stay, evening)
    refreshed(stay, nth(6))
    assert standing(stay) == ["baseline 1 open"]
    hold.days = (nth(5), nth(7))
    hold.save()
    world.swept("waves", "waves_left", day=nth(7) + 2 * DAY)
    assert Invitation.objects.get(wave="interim").opened_on == nth(7)


@pytest.mark.req("R-205")
def test_the_sweep_finds_a_complete_yes_that_nobody_told_about(group: Group) -> None:
    stay = participant(group)
    assert world.swept("waves", "waves_left", day=FIRST) == 1
    assert standing(stay) == ["baseline 1 open"]


@pytest.mark.req("R-205")
def test_the_sweep_finds_attendance_that_nobody_told_about(
    group: Group, evening: Callable[..., Meeting]
) -> None:
    stay = participant(group)
    refreshed(stay, FIRST)
    Invitation.objects.update(state="answered", answered_on=FIRST)
    refreshed(stay, FIRST)
    six(stay, evening)
    world.swept("waves", "waves_left", day=nth(6))
    assert standing(stay) == ["baseline 1 answered"], "nothing tells that a row was changed"
    sixth = Attendance.objects.get(trajectory=stay, meeting__date=nth(6))
    AttendanceTap.objects.create(
        client_id=uuid7(),
        attendance=sixth,
        from_state="not_recorded",
        to_state="present",
        by=world.make_worker(group),
        at=clock.at(nth(6), 20),
        version=1,
    )
    world.swept("waves", "waves_left", day=nth(6) + DAY)
    assert standing(stay)[-1] == "interim 1 open"


def test_a_closing_is_not_taken_back_once_its_questions_are_answered(group: Group) -> None:
    stay = participant(group)
    closed = {
        "phase": "former",
        "exit_kind": "goal",
        "last_meeting_on": nth(3),
        "exited_on": nth(3),
        "ended_on": nth(3),
    }
    Trajectory.objects.filter(pk=stay.pk).update(**closed)
    refreshed(stay, nth(3), "exit")
    Invitation.objects.filter(wave="exit").update(state="answered", answered_on=nth(3))
    Trajectory.objects.filter(pk=stay.pk).update(
        phase="participating", exit_kind="", last_meeting_on=None, exited_on=None, ended_on=None
    )
    with pytest.raises(RuleBroken) as broken:
        refreshed(stay, nth(4), "reopened")
    assert broken.value.code == "exit_answered"


def test_reopening_through_the_journey_gives_the_interim_back_or_is_refused_whole(
    group: Group, evening: Callable[..., Meeting]
) -> None:
    stays = [participant(group), participant(group)]
    worker = world.make_worker(group)
    for stay in stays:
        with clock.travel(FIRST - 28 * DAY):
            world.give_own_agreements(stay)
            world.give_parental_yes(stay)
        six(stay, evening)
        Hold.objects.filter(trajectory=stay).delete()
    with clock.travel(clock.at(nth(6), 23)):
        for stay in stays:
            journey.begin_leaving(trajectory=stay, last_meeting_on=nth(6), by=worker)
            journey.end_stay(
                trajectory=stay,
                exit_kind="goal",
                exit_reason="goal_reached",
                exited_on=nth(6),
                by=worker,
            )
            assert standing(stay)[-1] == "exit 1 open"
    back, answered = stays
    Invitation.objects.filter(trajectory=answered, wave="exit").update(
        state="answered", answered_on=nth(6)
    )
    with clock.travel(nth(6) + 5 * DAY):
        journey.reopen_exit(trajectory=back, by=worker, reason="te vroeg")
        with pytest.raises(RuleBroken) as broken:
            journey.reopen_exit(trajectory=answered, by=worker, reason="te vroeg")
    assert broken.value.code == "exit_answered"
    answered.refresh_from_db()
    assert (answered.phase, answered.exited_on) == ("former", nth(6))
    assert standing(answered)[-1] == "exit 1 answered"
    assert set(standing(back)) == {"baseline 1 missed", "interim 1 open", "exit 1 withdrawn"}
    assert Invitation.objects.get(wave="interim").opened_on == nth(6) + 5 * DAY


def test_a_closing_taken_back_in_time_withdraws_the_exit_wave(group: Group) -> None:
    stay = participant(group, phase="leaving", last_meeting_on=nth(3))
    assert refreshed(stay, nth(3)) == ["baseline 1 missed", "exit 1 open"]
    Trajectory.objects.filter(pk=stay.pk).update(phase="participating", last_meeting_on=None)
    assert refreshed(stay, nth(3) + DAY, "reopened") == ["baseline 1 open", "exit 1 withdrawn"]


@pytest.mark.req("R-131")
def test_rebuilding_changes_nothing_when_the_ports_did_their_work(
    group: Group, evening: Callable[..., Meeting]
) -> None:
    stay = participant(group)
    six(stay, evening)
    refreshed(stay, nth(6))
    waves = list(Invitation.objects.order_by("pk").values())
    CycleState.objects.all().delete()
    with clock.travel(nth(6) + DAY):
        assert backstop.rebuild() == 1
    assert list(Invitation.objects.order_by("pk").values()) == waves
    assert CycleState.objects.get(pk=stay.pk).attended == 6


@pytest.mark.req("R-131", "R-205")
def test_it_does_not_matter_in_which_order_or_how_together_stays_are_refreshed(
    group: Group, evening: Callable[..., Meeting]
) -> None:
    stays = [participant(group) for _ in range(3)]
    for stay in stays:
        six(stay, evening)
    with clock.travel(clock.at(nth(6), 23)):
        cycle.refresh([stays[0].pk])
        cycle.refresh([stays[2].pk, stays[1].pk])
        cycle.refresh([stay.pk for stay in reversed(stays)])
    assert [standing(stay) for stay in stays] == [["baseline 1 missed", "interim 1 open"]] * 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R-131")
def test_twenty_refreshes_at_the_same_moment_open_one_wave(
    group: Group, evening: Callable[..., Meeting]
) -> None:
    stay = participant(group)
    six(stay, evening)

    def refresh() -> None:
        try:
            with clock.travel(clock.at(nth(6), 23)):
                cycle.refresh([stay.pk])
        finally:
            connection.close()

    threads = [Thread(target=refresh) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert standing(stay) == ["baseline 1 missed", "interim 1 open"]


@pytest.mark.req("R-131")
def test_the_export_holds_every_fact_a_recount_needs(
    group: Group, evening: Callable[..., Meeting], capsys: pytest.CaptureFixture[str]
) -> None:
    stay = participant(group)
    Hold.objects.create(trajectory=stay, kind="paused", days=(nth(2), nth(3)))
    six(stay, evening)
    came(stay, evening(3), state="absent_with_notice")
    refreshed(stay, nth(6))
    call_command("export_cycle", "--json")
    [line] = capsys.readouterr().out.splitlines()
    row = json.loads(line)
    assert list(row) == [
        "trajectory",
        "participant",
        "phase",
        "screened_on",
        "consent_complete_on",
        "definitive_on",
        "ended_on",
        "placements",
        "on_hold",
        "last_meeting_on",
        "exited_on",
        "exit_kind",
        "follow_up_waived",
        "meetings",
        "invitations",
    ]
    assert row["trajectory"] == str(stay.pk)
    assert row["participant"] == str(stay.participant_id)
    assert row["placements"] == [
        {"group": str(group.pk), "from": FIRST.isoformat(), "until": None, "trial": False}
    ]
    assert row["on_hold"] == [
        {
            "from": nth(2).isoformat(),
            "until": nth(3).isoformat(),
            "from_at": None,
            "until_at": None,
            "kind": "paused",
        }
    ]
    assert [m["counted"] for m in row["meetings"]] == [True, True, False, True, True, True]
    assert row["meetings"][2] == {
        "date": nth(3).isoformat(),
        "starts_at": clock.at(nth(3), 19).isoformat(),
        "over_at": clock.at(nth(3), 22).isoformat(),
        "group": str(group.pk),
        "status": "held",
        "attendance": "absent_with_notice",
        "recorded_at": nth(3).isoformat(),
        "counted": False,
    }
    assert [w["wave"] for w in row["invitations"]] == ["baseline"]
    assert row["exit_kind"] is row["follow_up_waived"] is row["exited_on"] is None
    call_command("export_cycle")
    assert "de nulmeting: open" in capsys.readouterr().out


@pytest.mark.req("R-131")
def test_rebuild_cycle_says_how_many(group: Group, capsys: pytest.CaptureFixture[str]) -> None:
    participant(group)
    with clock.travel(FIRST):
        call_command("rebuild_cycle")
    assert capsys.readouterr().out == "1 stays are in line with their facts.\n"
    assert CycleState.objects.count() == Invitation.objects.open().count() == 1


def test_rebuild_cycle_does_not_say_so_of_a_stay_that_is_not_there(db: None) -> None:
    with pytest.raises(CommandError, match="There is no stay"):
        call_command("rebuild_cycle", trajectory=[uuid4()])


def _queries(stays: list[Trajectory], day: date) -> int:
    with CaptureQueriesContext(connection) as queries, clock.travel(clock.at(day, 23)):
        cycle.refresh([stay.pk for stay in stays])
    return len(queries)


def test_refreshing_one_or_fifty_stays_takes_the_same_number_of_queries(
    evening: Callable[..., Meeting], group: Group
) -> None:
    groups = [group, *(world.make_group() for _ in range(3))]
    stays = [participant(groups[number % 4]) for number in range(51)]
    for n in range(1, 7):
        for stay in stays[::4]:
            came(stay, evening(n))
    one = _queries(stays[:1], nth(6))
    assert one == _queries(stays[1:], nth(6)) <= 10
    assert _queries(stays[:1], nth(6)) == _queries(stays, nth(6)) == 2  # nothing to write
