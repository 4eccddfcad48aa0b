"""What a correction would do, said before it is made (R-131)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.utils.translation import override

from core import clock
from core.organisations.models import Group
from groups.models import Attendance, Meeting
from participants.models import Trajectory
from questionnaires.cycle import cycle, preview
from questionnaires.models import CycleState, Invitation
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("instrument")]

FIRST = date(2026, 1, 8)


def nth(number: int) -> date:
    return FIRST + timedelta(weeks=2 * (number - 1))


@dataclass(frozen=True)
class Change:
    trajectory_id: UUID
    meeting_id: UUID
    to_state: str


@pytest.fixture
def casey() -> Trajectory:
    """Seven evenings; at six of them there, at the third not."""
    with clock.travel(FIRST - timedelta(days=30)):
        group: Group = world.make_group()
        stay = world.make_trajectory(
            group=group,
            suitable=True,
            screened_on=FIRST - timedelta(days=30),
            consent_complete_on=FIRST - timedelta(days=30),
            definitive_on=FIRST,
        )
        world.seat(stay, group, first_day=FIRST)
        cycle.refresh([stay.pk])
    for number in range(1, 8):
        with clock.travel(clock.at(nth(number), 23)):
            meeting = world.make_meeting(group, nth(number), status="held")
            world.attend(stay, meeting, "present" if number != 3 else "absent_with_notice")
            cycle.refresh([stay.pk])
    return stay


@pytest.fixture
def ask(casey: Trajectory) -> Callable[..., list[tuple[str, str]]]:
    def consequences(number: int, to_state: str, day: date) -> list[tuple[str, str]]:
        meeting = Meeting.objects.get(date=nth(number))
        with clock.travel(day), override("en"):
            found = preview.consequences([Change(casey.pk, meeting.pk, to_state)])
        assert all(c.trajectory_id == casey.pk for c in found)
        return [(c.kind, c.text) for c in found]

    return consequences


@pytest.mark.req("R-131")
def test_taking_back_one_of_six_says_what_it_takes_back_and_what_opens_again(
    ask: Callable[..., list[tuple[str, str]]],
) -> None:
    assert ask(5, "absent_with_notice", nth(7) + timedelta(days=1)) == [
        ("withdraws", "This takes back questionnaire 1 in between."),
        ("opens", "This opens the first questionnaire again."),
    ]


@pytest.mark.req("R-131")
def test_an_evening_more_says_that_the_wave_moves(
    ask: Callable[..., list[tuple[str, str]]],
) -> None:
    assert ask(3, "present", nth(7) + timedelta(days=1)) == [
        ("moves", "This moves questionnaire 1 in between to 19 Mar."),
    ]


@pytest.mark.req("R-131")
def test_the_same_state_or_nothing_has_no_consequence(
    ask: Callable[..., list[tuple[str, str]]],
) -> None:
    assert ask(4, "present", nth(7)) == []
    assert preview.consequences([]) == []


@pytest.mark.req("R-131")
def test_the_preview_is_what_then_happens_and_writes_nothing(
    casey: Trajectory, ask: Callable[..., list[tuple[str, str]]]
) -> None:
    day = nth(7) + timedelta(days=1)
    before = list(Invitation.objects.order_by("pk").values()), list(CycleState.objects.values())
    ask(5, "not_recorded", day)
    after = list(Invitation.objects.order_by("pk").values()), list(CycleState.objects.values())
    assert after == before
    Attendance.objects.filter(meeting__date=nth(5)).update(state="not_recorded", recorded_at=None)
    with clock.travel(day):
        cycle.refresh([casey.pk])
    states = dict(Invitation.objects.values_list("wave", "state"))
    assert states == {"baseline": "open", "interim": "withdrawn"}


@pytest.mark.req("R-131")
def test_dutch_sentences_name_the_wave(casey: Trajectory) -> None:
    meeting = Meeting.objects.get(date=nth(5))
    with clock.travel(clock.at(nth(7), 23)), override("nl"):
        first, *_rest = preview.consequences([Change(casey.pk, meeting.pk, "not_recorded")])
    assert first.text == "Hiermee vervalt tussenvragenlijst 1."
