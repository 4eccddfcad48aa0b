"""A parent takes the yes back around an evening: it counts by what was in force at its start."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from core import clock
from core.ids import uuid7
from core.organisations.models import Group
from groups.models import Meeting
from groups.sheet.attendance import Tap, record
from joinus.home.run_due import run_due
from participants.models import Hold, ParentalConsent, Trajectory
from participants.parents.question import withdraw_by_parent
from questionnaires.cycle import attended_meetings, backstop, facts
from questionnaires.models import CycleState, Invitation
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument")]
DAY = timedelta(days=1)
SINCE = date(2026, 1, 6)
SIXTH = SINCE + timedelta(weeks=10)
AGAIN = SIXTH + 5 * DAY


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return clock.at(day, hour, minute)


@pytest.fixture
def group() -> Group:
    return world.make_group()


@pytest.fixture
def stay(group: Group) -> Trajectory:
    """Fourteen, with a parent's yes; five evenings attended, the sixth is this Tuesday at seven."""
    with clock.travel(at(SINCE - 10 * DAY, 12)):
        stay = world.make_participating(group, since=SINCE, age=14, screened_on=clock.today())
        world.give_own_agreements(stay)
        world.give_parental_yes(stay)
    for n in range(5):
        meeting = world.make_meeting(group, SINCE + timedelta(weeks=2 * n))
        with clock.travel(at(meeting.date, 22)):
            came(stay, meeting)
    return stay


@pytest.fixture
def sixth(group: Group, stay: Trajectory) -> Meeting:
    return world.make_meeting(group, SIXTH)


def came(stay: Trajectory, meeting: Meeting) -> None:
    tap = Tap(uuid7(), stay.pk, "present", 0)
    record(meeting=meeting, taps=[tap], by=world.worker_of(stay))


def parent_withdraws() -> None:
    withdraw_by_parent(consent=ParentalConsent.objects.get(withdrawn_at=None))


def parent_agrees(stay: Trajectory) -> None:
    """Asked anew: the question of before is revoked."""
    before = ParentalConsent.objects.latest("released_at")
    ParentalConsent.objects.update(revoked_at=clock.now())
    world.give_parental_yes(Trajectory.objects.get(pk=stay.pk), guardian=before.guardian)


def swept(moment: datetime) -> None:
    with clock.travel(moment):
        run_due()


def interim(stay: Trajectory) -> Invitation | None:
    return Invitation.objects.standing().filter(trajectory=stay, wave="interim").first()


def attended(stay: Trajectory) -> int:
    return CycleState.objects.get(pk=stay.pk).attended


def why_not(stay: Trajectory) -> Any:
    judged = attended_meetings.judged(facts.load([stay.pk])[0])
    return next(why for evening, why in judged if evening.day == SIXTH)


@pytest.mark.req("R-353")
@pytest.mark.parametrize(
    ("withdrawn", "recorded"),
    [
        (at(SIXTH, 22), at(SIXTH, 21)),
        (at(SIXTH, 22), at(SIXTH + DAY, 8)),
        (at(SIXTH, 19), at(SIXTH, 21)),
        (at(SIXTH, 20), at(SIXTH, 19, 30)),
    ],
)
def test_a_yes_taken_back_at_or_after_the_start_takes_nothing_away(
    stay: Trajectory, sixth: Meeting, withdrawn: datetime, recorded: datetime
) -> None:
    """It was their sixth. The questionnaire waits for the yes, and then says what it waited for."""
    if withdrawn == sixth.starts_at:
        withdrawn += timedelta(minutes=1)
    acts = [(withdrawn, parent_withdraws), (recorded, lambda: came(stay, sixth))]
    for moment, act in sorted(acts, key=lambda one: one[0]):
        with clock.travel(moment):
            act()
    for moment in (at(SIXTH, 23), at(SIXTH + DAY, 9), at(SIXTH + 4 * DAY, 9)):
        swept(moment)
        assert (attended(stay), interim(stay)) == (6, None), "nobody is asked without a yes"
    with clock.travel(at(AGAIN, 10)):
        parent_agrees(stay)
    found = interim(stay)
    assert found is not None
    assert (found.state, found.earned_on, found.opened_on) == ("open", SIXTH, AGAIN)
    assert found.reason["waited_for"] == ["blocked"]
    assert len(found.reason["counted"]) == 6
    swept(at(AGAIN + DAY, 9))
    before = list(Invitation.objects.order_by("pk").values())
    with clock.travel(at(AGAIN + DAY, 10)):
        backstop.rebuild()
    assert list(Invitation.objects.order_by("pk").values()) == before


@pytest.mark.req("R-353")
@pytest.mark.parametrize("again", [at(SIXTH, 21), at(SIXTH + DAY, 9)])
def test_without_a_yes_at_the_start_the_evening_does_not_count(
    stay: Trajectory, sixth: Meeting, again: datetime
) -> None:
    """Six to nine: such a wait covers no day, and an evening's start all the same."""
    with clock.travel(at(SIXTH, 18)):
        parent_withdraws()
    with clock.travel(at(SIXTH, 20)):
        came(stay, sixth)
    with clock.travel(again):
        parent_agrees(stay)
    swept(at(SIXTH + 2 * DAY, 9))
    assert (attended(stay), interim(stay)) == (5, None)
    assert why_not(stay) == "blocked"


@pytest.mark.req("R-353")
def test_between_two_waits_of_one_day_there_was_a_yes(stay: Trajectory, sixth: Meeting) -> None:
    Meeting.objects.filter(pk=sixth.pk).update(starts_at=at(SIXTH, 14), ends_at=at(SIXTH, 17))
    sixth.refresh_from_db()
    for hour, act in ((10, parent_withdraws), (12, lambda: parent_agrees(stay))):
        with clock.travel(at(SIXTH, hour)):
            act()
    with clock.travel(at(SIXTH, 18)):
        came(stay, sixth)
        parent_withdraws()
    assert Hold.objects.filter(trajectory=stay, kind="blocked").count() == 2
    assert (attended(stay), why_not(stay)) == (6, "")
    swept(at(SIXTH, 23))
    assert interim(stay) is None
    with clock.travel(at(AGAIN, 10)):
        parent_agrees(stay)
    found = interim(stay)
    assert found is not None
    assert (found.earned_on, found.opened_on) == (SIXTH, AGAIN)


@pytest.mark.req("R-353")
def test_a_day_is_still_the_measure_of_what_time_alone_brings(
    stay: Trajectory, sixth: Meeting
) -> None:
    """The day of settlement is free: an evening of that day asks at once, waits of hours or not."""
    with clock.travel(at(SIXTH, 10)):
        parent_withdraws()
    with clock.travel(at(SIXTH, 12)):
        parent_agrees(stay)
    with clock.travel(at(SIXTH, 21)):
        came(stay, sixth)
    swept(at(SIXTH, 23))
    found = interim(stay)
    assert found is not None
    assert (found.state, found.opened_on) == ("open", SIXTH)
    assert "waited_for" not in found.reason
