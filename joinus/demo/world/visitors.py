"""What stands on a sheet of lately beside its rows: who was rung, a guest, a friend who came along,
somebody who went home early, and a line of the help card."""

from random import Random
from uuid import UUID, uuid4

from core.accounts.models import User
from groups.models import Attendance, Meeting
from groups.sheet import beside, not_arrived, timed_lines
from participants.models import Trajectory

FRIENDS = ("Kim", "Sefa", "Robin")
LINES = (
    "Even naar buiten met iemand, praten op het bankje.",
    "De brandmeldkast piept; beheerder gebeld.",
)


def ring_who_is_missing(meeting: Meeting, states: dict[UUID, str], by: User) -> None:
    """Before their rows are written down; nobody answers."""
    for stay, call in not_arrived.calls_of(meeting, by).items():
        if call.way and states.get(stay) == Attendance.State.WITHOUT_NOTICE:
            not_arrived.note_call(
                meeting=meeting,
                trajectory=Trajectory.objects.get(pk=stay),
                heard=not_arrived.Heard.NO_ANSWER,
                by=by,
                attempt_id=uuid4(),
            )


def beside_the_rows(meeting: Meeting, states: dict[UUID, str], by: User, dice: Random) -> None:
    """After the rows of this evening were written down."""
    for _n in range(dice.choice((0, 1, 1, 2))):
        beside.count_guests(meeting=meeting, change=1, client_id=uuid4(), by=by)
    if dice.random() < 0.5:
        friend = dice.choice(FRIENDS)
        beside.add_visitor(meeting=meeting, call_name=friend, client_id=uuid4(), by=by)
    here = [stay for stay, state in states.items() if state == Attendance.State.PRESENT]
    if here:
        beside.go_early(
            meeting=meeting, stay_id=dice.choice(here), left=True, client_id=uuid4(), by=by
        )
    if dice.random() < 0.5:
        timed_lines.write_line(meeting=meeting, client_id=uuid4(), text=dice.choice(LINES), by=by)
