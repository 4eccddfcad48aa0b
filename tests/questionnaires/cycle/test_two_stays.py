"""Coming back and "send nothing more" open no older questionnaire (R-352); closing twice (C-42)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from core.messaging.models import Contact
from core.organisations.models import Group
from groups.evenings.last_meeting import agree_last_meeting
from groups.goodbye.leaving import close_stay, reopen_stay, stay_after_all, stop_myself
from joinus.home.run_due import run_due
from participants import sweep
from participants.consent import needed
from participants.exit import exit_talk
from participants.journey import journey
from participants.journey.route_map import route_of
from participants.models import Agreement, ReturnException, Trajectory
from participants.stay import follow_up, no_messages
from participants.stay.no_messages import send_nothing_more
from questionnaires.answers import answering
from questionnaires.cycle import backstop, cycle
from questionnaires.cycle import follow_up as asked_later
from questionnaires.models import Invitation
from tests import world
from tests.questionnaires.build import make_invitation
from tests.world import broken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument")]
DAY = timedelta(days=1)
SINCE = date(2026, 1, 8)
LAST = date(2026, 1, 20)


@pytest.fixture
def group() -> Group:
    return world.make_group(age_from=12, age_until=30)


@pytest.fixture
def stay(group: Group) -> Trajectory:
    """Seventeen, with every yes, in the group since January; nothing was asked yet."""
    with clock.travel(clock.at(SINCE - 10 * DAY, 12)):
        stay = world.make_participating(group, since=SINCE, age=17, screened_on=clock.today())
        world.give_own_agreements(stay)
    return stay


def at(day: date, hour: int = 12) -> Any:
    return clock.travel(clock.at(day, hour))


def goodbye(stay: Trajectory, day: date = LAST) -> None:
    """The last evening is agreed a week ahead, and the stay closed on the day after it."""
    worker = world.worker_of(stay)
    with at(day - 7 * DAY):
        agree_last_meeting(trajectory=stay, meeting=world.make_meeting(stay.group, day), by=worker)
    with at(day + DAY):
        closed(stay)


def closed(stay: Trajectory, kind: str = "other", reason: str = "own_wish") -> None:
    close_stay(trajectory=stay, exit_kind=kind, exit_reason=reason, by=world.worker_of(stay))


def came_back(stay: Trajectory) -> Trajectory:
    """Signs up once more, as was discussed."""
    person = Trajectory.objects.get(pk=stay.pk).participant
    ReturnException.objects.create(
        participant=person,
        by=world.make_staff(),
        discussed_with=world.make_staff(),
        at=clock.now(),
        reason="terugval",
    )
    return journey.open_stay(
        participant=person, group=stay.group, region=stay.region, first_contact_by="app"
    )


def refused(stay: Trajectory) -> None:
    person = Trajectory.objects.get(pk=stay.pk).participant
    send_nothing_more(participant=person, by=person.user, reason="own_wish")


def waves(stay: Trajectory) -> dict[str, str]:
    rows = Invitation.objects.filter(trajectory=stay).order_by("earned_on", "sequence", "opening")
    return {f"{row.wave} {row.sequence}": row.state for row in rows}


def waived(stay: Trajectory) -> str:
    stay.refresh_from_db()
    return stay.follow_up_waived


def everything(day: date) -> None:
    with at(day):
        run_due()


@pytest.fixture
def late(stay: Trajectory) -> Trajectory:
    """Left on 20 January; without a yes until 28 June: only then the follow-up opened."""
    goodbye(stay)
    with at(LAST + 2 * DAY):
        Agreement.objects.update(withdrawn_at=clock.now())
        needed.settle(trajectory=stay)
    with at(date(2026, 6, 28)):
        world.give_own_agreements(Trajectory.objects.get(pk=stay.pk))
        run_due()
    assert waves(stay)["follow_up 1"] == "open"
    return stay


ENDS: dict[str, tuple[Callable[[Trajectory], object], str]] = {
    "came back": (came_back, "returned"),
    "send nothing more": (refused, "contact_refused"),
}


@pytest.mark.req("R-352")
@pytest.mark.parametrize("what", ENDS)
def test_a_follow_up_that_opened_late_is_waived_like_any_other(late: Trajectory, what: str) -> None:
    """163 days after the exit it stands, so it is waived: no constant knows how long waits last."""
    act, why = ENDS[what]
    with at(date(2026, 7, 2)):
        act(late)
        assert waived(late) == why
        assert waves(late)["follow_up 1"] == "withdrawn"
        assert waves(late)["exit 1"] == "missed", "no older questionnaire opens"
    everything(date(2026, 7, 3))
    assert "open" not in waves(late).values()


@pytest.mark.req("R-352")
def test_how_to_be_asked_can_be_chosen_as_long_as_something_is_asked(late: Trajectory) -> None:
    with at(date(2026, 7, 2)):
        chosen = exit_talk.choose_afterwards(trajectory=late, how="call", by=late.participant.user)
        assert chosen.afterwards_by == "call"
        assert "maanden" in route_of(chosen).now
    for state, day in (("answered", date(2026, 7, 2)), ("missed", None)):
        rows = Invitation.objects.filter(trajectory=late, wave="follow_up")
        rows.update(state=state, answered_on=day)
        with at(date(2026, 7, 3)), broken("nothing_comes"):
            exit_talk.choose_afterwards(trajectory=late, how="call", by=late.participant.user)
        with at(date(2026, 7, 3)):
            assert "maanden" not in route_of(late).now


@pytest.mark.req("R-352")
@pytest.mark.parametrize("state", ["answered", "missed"])
@pytest.mark.parametrize("what", ENDS)
def test_what_was_answered_or_missed_is_not_waived(late: Trajectory, what: str, state: str) -> None:
    """A reason why it never came would not be true of what did come."""
    rows = Invitation.objects.filter(trajectory=late, wave="follow_up")
    if state == "answered":
        with at(date(2026, 6, 29), 17):
            wave = rows.get()
            answering.save_answers(
                invitation=wave,
                values={q.number: -2 for q in answering.asked(wave)},
                by=late.participant.user,
            )
            answering.submit(invitation=wave, by=late.participant.user)
        day = date(2026, 7, 2)
    else:
        day = date(2026, 6, 28) + 61 * DAY
        everything(day)
    assert waves(late)["follow_up 1"] == state
    with at(day):
        ENDS[what][0](late)
    assert waived(late) == ""
    assert waves(late)["follow_up 1"] == state
    assert "open" not in waves(late).values()


def test_of_many_stays_it_is_asked_in_one_statement(group: Group) -> None:
    stays = [
        world.make_trajectory(
            group=group, phase="former", exited_on=LAST, exit_kind="goal", ended_on=LAST
        )
        for _n in range(4)
    ]
    for stay, state in zip(stays, ("open", "missed", "answered", "withdrawn"), strict=True):
        answered_on = LAST if state == "answered" else None
        make_invitation(stay, "follow_up", opened_on=LAST, state=state, answered_on=answered_on)
    with CaptureQueriesContext(connection) as asked:
        assert follow_up.stands_or_lies_ahead(stays) == {stays[0].pk, stays[3].pk}
    assert len(asked) == 1
    assert asked_later.settled([stay.pk for stay in stays[1:3]]) == {s.pk for s in stays[1:3]}
    running = world.make_trajectory(group=group)
    with CaptureQueriesContext(connection) as asked:
        assert follow_up.stands_or_lies_ahead([running]) == {running.pk}
    assert len(asked) == 0


# ---- The sweep is the backstop of both ------------------------------------------------------


@pytest.mark.req("R-352", "R-355")
def test_a_return_that_waived_nothing_is_found_at_night(
    late: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journey, "_waive_for_return", lambda earlier: None)
    with at(date(2026, 7, 2)):
        came_back(late)
    monkeypatch.undo()
    assert waived(late) == ""
    with at(date(2026, 7, 3)):
        assert sweep.back_not_waived() == [late]
        run_due()
        assert sweep.back_not_waived() == []
    assert waived(late) == "returned"
    assert "open" not in waves(late).values()


@pytest.mark.req("R-352", "R-355")
def test_send_nothing_more_that_waived_nothing_is_found_at_night(
    late: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(no_messages.follow_up, "waive", lambda trajectory, why: None)
    with at(date(2026, 7, 2)):
        refused(late)
    monkeypatch.undo()
    assert waived(late) == ""
    with at(date(2026, 7, 3)):
        run_due()
        assert sweep.stopped_not_waived() == []
    assert waived(late) == "contact_refused"
    assert "open" not in waves(late).values()


@pytest.mark.req("R-352")
def test_a_stay_that_was_reopened_after_a_newer_sign_up_was_taken_back_is_asked_again(
    stay: Trajectory,
) -> None:
    """That newer stay is older than this closing: nobody came back after it."""
    goodbye(stay)
    with at(LAST + 3 * DAY):
        again = came_back(stay)
        assert waived(stay) == "returned"
        journey.withdraw_sign_up(trajectory=again, by=again.participant.user)
    with at(LAST + 5 * DAY):
        stay.refresh_from_db()
        reopen_stay(trajectory=stay, by=world.worker_of(stay), reason="Vergissing")
    with at(LAST + 9 * DAY):
        closed(stay)
        assert waives_nothing(stay)
    everything(LAST + 10 * DAY)
    assert waived(stay) == ""
    assert waves(stay)["exit 1"] == "open"


def waives_nothing(stay: Trajectory) -> bool:
    return waived(stay) == "" and sweep.back_not_waived() == []


# ---- One person, two stays ------------------------------------------------------------------


def screened(stay: Trajectory) -> None:
    """The newer stay's own first questionnaire opens."""
    Trajectory.objects.filter(pk=stay.pk).update(
        phase="intake", suitable=True, screened_on=clock.today()
    )
    world.give_own_agreements(Trajectory.objects.get(pk=stay.pk))
    cycle.refresh([stay.pk])
    assert waves(stay) == {"baseline 1": "open"}


BEFORE: dict[str, Callable[[Trajectory], object]] = {
    "nothing": lambda _stay: None,
    "send nothing more": refused,
    "messages welcome again": lambda stay: (
        refused(stay),
        Contact.objects.filter(pk=stay.participant.contact_id).update(stopped_at=None),
        no_messages.contact_resumed(stay.participant.contact_id, clock.today()),
    ),
}


@pytest.mark.req("R-352")
@pytest.mark.parametrize("before", BEFORE)
def test_the_goodbye_of_the_older_stay_never_stands_beside_the_first_of_the_newer(
    stay: Trajectory, before: str
) -> None:
    """Whatever was said of the follow-up before: that reason stays, and the list ends."""
    goodbye(stay)
    assert waves(stay)["exit 1"] == "open"
    with at(LAST + 4 * DAY):
        BEFORE[before](stay)
        said = waived(stay)
        assert waves(stay)["exit 1"] == "open"
        again = came_back(stay)
        assert waived(stay) == (said or "returned")
        assert waves(stay)["exit 1"] == "closed"
        screened(again)
    for days in (1, 40, 120):
        everything(LAST + 4 * DAY + days * DAY)
        assert waves(stay)["exit 1"] == "closed"
        assert "follow_up 1" not in waves(stay)
    with at(LAST + 200 * DAY):
        kept = list(Invitation.objects.order_by("pk").values())
        backstop.rebuild()
        assert list(Invitation.objects.order_by("pk").values()) == kept


@pytest.mark.req("R-352")
@pytest.mark.parametrize("ends", ["withdrawn", "referred"])
def test_nothing_of_a_stay_that_ended_early_stands_beside_the_newer(
    group: Group, ends: str
) -> None:
    with at(SINCE):
        stay = world.make_suitable(group)
        cycle.refresh([stay.pk])
        assert waves(stay) == {"baseline 1": "open"}
        worker = world.make_worker(group)
        if ends == "withdrawn":
            journey.withdraw_sign_up(trajectory=stay, by=stay.participant.user)
        else:
            journey.refer_elsewhere(trajectory=stay, to="gp", reason="Huisarts", by=worker)
    with at(SINCE + 2 * DAY):
        again = journey.open_stay(
            participant=stay.participant, group=group, region=stay.region, first_contact_by="app"
        )
        Agreement.objects.all().delete()
        screened(again)
        assert waves(stay) == {"baseline 1": "closed"}


@pytest.mark.req("R-352")
def test_an_evening_written_down_after_the_return_opens_nothing_of_the_older_stay(
    stay: Trajectory,
) -> None:
    """Held back while it waited for a yes, and for the wait of the newer stay as well."""
    goodbye_held = LAST + DAY
    with at(LAST - 7 * DAY):
        worker = world.worker_of(stay)
        agree_last_meeting(trajectory=stay, meeting=world.make_meeting(stay.group, LAST), by=worker)
        refused(stay)
    with at(goodbye_held):
        closed(stay)
        assert "exit 1" not in waves(stay)
        came_back(stay)
    everything(goodbye_held + DAY)
    assert "open" not in waves(stay).values()


# ---- Closing twice (C-42) -------------------------------------------------------------------


def answer_exit(stay: Trajectory, number: int = 1) -> None:
    wave = Invitation.objects.open().get(trajectory=stay, wave="exit", sequence=number)
    values = {q.number: -2 for q in answering.asked(wave)}
    answering.save_answers(invitation=wave, values=values, by=stay.participant.user)
    answering.submit(invitation=wave, by=stay.participant.user)


@pytest.fixture
def goes_on(stay: Trajectory) -> Trajectory:
    """Said goodbye, answered about it, and stays after all."""
    worker = world.worker_of(stay)
    with at(LAST - 7 * DAY):
        agree_last_meeting(trajectory=stay, meeting=world.make_meeting(stay.group, LAST), by=worker)
    with at(LAST, 22):
        run_due()
        answer_exit(stay)
    with at(LAST + 3 * DAY):
        stay.refresh_from_db()
        stay_after_all(trajectory=stay, by=worker)
    assert waves(stay)["exit 1"] == "answered"
    return stay


@pytest.mark.req_part("R-195")
def test_a_second_closing_is_taken_back_whatever_was_answered_before_the_first(
    goes_on: Trajectory,
) -> None:
    second = LAST + 60 * DAY
    with at(second):
        closed(goes_on)
        assert waves(goes_on)["exit 2"] == "open"
    with at(second + 2 * DAY):
        again = reopen_stay(trajectory=goes_on, by=world.worker_of(goes_on), reason="Vergissing")
        assert again.phase == Trajectory.Phase.PARTICIPATING
    assert waves(goes_on)["exit 1"] == "answered"
    assert waves(goes_on)["exit 2"] == "withdrawn"
    third = second + 9 * DAY
    with at(third):
        goes_on.refresh_from_db()
        closed(goes_on)
        rows = Invitation.objects.filter(trajectory=goes_on, wave="exit", sequence=2)
        assert [(row.opening, row.state) for row in rows.order_by("opening")] == [
            (1, "withdrawn"),
            (2, "open"),
        ]
        answer_exit(goes_on, 2)
    with at(third + 2 * DAY), broken("exit_answered"):
        reopen_stay(trajectory=goes_on, by=world.worker_of(goes_on), reason="Vergissing")


@pytest.mark.req_part("R-195")
def test_i_stop_after_going_on_is_taken_back_as_well(goes_on: Trajectory) -> None:
    """The same door for who stops alone: no agreed evening, and still the second goodbye."""
    with at(LAST + 40 * DAY):
        world.make_guardian(goes_on)
        adult = goes_on.participant
        stop_myself(trajectory=goes_on, later_contact=True, by=adult.user)
        assert waves(goes_on)["exit 2"] == "open"
        goes_on.refresh_from_db()
        reopen_stay(trajectory=goes_on, by=world.worker_of(goes_on), reason="Toch niet")
    assert waves(goes_on)["exit 2"] == "withdrawn"
