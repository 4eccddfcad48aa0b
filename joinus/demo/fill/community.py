"""Who is in a group and who was: seat by seat, one after another, back into the past."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core import clock
from core.organisations.models import LARGEST_GROUP, Group
from groups.models import Meeting
from joinus.demo.fill import beside, daring, evenings, mailed, papers, stays
from joinus.demo.fill.block import Block
from joinus.demo.fill.stays import AHEAD, Stay

#: Evenings from the first one as a participant to the goodbye, the own absences included.
LONG = (13, 14)
#: Evenings that one occupant of a seat takes: the trial, the stay, and one in between.
SPAN = LONG[-1] + 2
#: In a small group of the fill three of five are there now.
SMALL = 40


@dataclass(frozen=True)
class Numbers:
    """How many of each in a group of `people`."""

    people: int
    sign_ups: int = 2

    @property
    def running(self) -> int:
        room = self.people - self.sign_ups - self.arriving - self.ended_early
        return min(LARGEST_GROUP, room if self.people >= SMALL else self.people * 3 // 5)

    @property
    def arriving(self) -> int:
        return 2

    @property
    def ended_early(self) -> int:
        return 2

    @property
    def former(self) -> int:
        taken = self.sign_ups + self.arriving + self.ended_early + self.running
        return max(0, self.people - taken)

    @property
    def evenings(self) -> int:
        """As many as the oldest stay needs, cancelled ones included."""
        generations = 1 + -(-self.former // max(1, self.running))
        return (SPAN * generations + 4) * 9 // 8 + 2


def settle_in(block: Block, numbers: Numbers) -> None:
    """Write everybody. The group's own row gets its places and its state at the end."""
    held = block.held()
    seats = range(1, numbers.running + 1)
    if block.variant % 4 == 3:
        seats = seats[:-1]
    before = {seat: _here_now(block, seat, numbers.running, held) for seat in seats}
    left = numbers.people - numbers.sign_ups - numbers.arriving - numbers.ended_early - len(seats)
    order = block.dice.sample(list(seats), len(seats))
    for n in range(left):
        seat = order[n % len(order)]
        before[seat] = _was_here(block, seat, before[seat], held)
    taken = sum(1 for row in block.rows if _holds_a_seat(row))
    block.row.places_taken = taken
    full = taken >= block.row.capacity
    block.row.state = Group.State.FULL if full else Group.State.OPEN
    _arriving(block, full)
    for n in range(numbers.sign_ups):
        _signed_up(block, n, full)
    evenings.write_evenings(block)


def _holds_a_seat(row: object) -> bool:
    return type(row).__name__ == "Placement" and getattr(row, "last_day", 1) is None


# ---- Now -----------------------------------------------------------------------


def _here_now(block: Block, seat: int, running: int, held: list[Meeting]) -> int:
    """Whoever has this seat today; returns the index of the evening before theirs began."""
    left = running - seat
    soon = next(m for m in block.meetings if m.status == "planned")
    if left == 0:
        _comes_soon(block, seat, soon)
        return len(held) - 1
    if left == 1:
        _decides_now(block, seat, held)
        return len(held) - 2
    evenings = {2: 8, 3: LONG[0], 4: 6}.get(left, seat * 5 % 13)
    begin = len(held) - 1 - evenings
    stay = _took_part(block, seat, held[begin], held[begin + 1 :])
    day = block.today
    if left == 2:
        stays.paused(stay, day - timedelta(days=10))
    if left == 3:
        stays.leaves(stay, soon, told_on=day - timedelta(days=5))
    _beside(stay, left, soon)
    daring.dares(stay, soon, left)
    stays.settled(stay, keep_open=left == 4 or block.dice.random() < 0.3)
    return begin - 1


def _beside(stay: Stay, left: int, soon: Meeting) -> None:
    """What some have and others do not."""
    block, day = stay.block, stay.block.today
    beside.looked(stay, day - timedelta(days=3))
    beside.looked(stay, day - timedelta(days=40))
    if left == 5:
        stays.told_us(stay, soon)
    if left == 6 and block.variant % 2:
        beside.worried(stay, day - timedelta(days=4))
    if left == 7:
        beside.pointed_here(stay, stay.row.definitive_on)
    if left == 8 and block.variant % 3 == 1:
        beside.care_concern(stay, day - timedelta(days=9))
    if left == 9 and block.variant % 4 == 1:
        beside.recused(stay, day - timedelta(days=50))
    if left == 10 and block.variant % 2:
        beside.asked_for_data(stay, day - timedelta(days=30))
    if left == 11 and block.variant % 5 == 1:
        beside.told_elsewhere(stay, day - timedelta(days=40))


def _came_in(block: Block, trial_on: date, *, light: bool = False) -> Stay:
    """From the sign-up to the yes of everybody, in time for that first evening."""
    stay = stays.sign_up(block, clock.at(trial_on - AHEAD, 16, 20))
    stays.tried(stay, clock.at(trial_on - timedelta(days=23), 16), spoken=True)
    stays.talked(stay, trial_on - timedelta(days=16), decision="suitable", judged=not light)
    stays.agreed(stay, trial_on - timedelta(days=15))
    return stay


def _took_part(
    block: Block, seat: int, trial: Meeting, evenings: list[Meeting], *, light: bool = False
) -> Stay:
    stay = _came_in(block, trial.date, light=light)
    placement = stays.invited(stay, seat, trial.date)
    stays.came(stay, [trial], always=True)
    stays.admitted(stay, placement)
    stays.came(stay, evenings)
    return stay


def _decides_now(block: Block, seat: int, held: list[Meeting]) -> None:
    """Had the one evening; both sides have yet to say what they think."""
    stay = _came_in(block, held[-1].date)
    stays.invited(stay, seat, held[-1].date)
    stays.came(stay, [held[-1]], always=True)
    stays.settled(stay, keep_open=True)


def _comes_soon(block: Block, seat: int, soon: Meeting) -> None:
    """Comes first at the next evening; where parents decide, they have not answered yet."""
    screened = soon.date - timedelta(days=16)
    if not block.parents_decide:
        stay = _came_in(block, soon.date)
        stays.invited(stay, seat, soon.date)
    else:
        stay = stays.sign_up(block, clock.at(soon.date - AHEAD, 16, 20))
        stays.tried(stay, clock.at(soon.date - timedelta(days=23), 16), spoken=True)
        stays.talked(stay, screened, decision="suitable")
        papers.own_yes(stay, screened + timedelta(days=1))
        papers.asked_parents(stay, block.today - timedelta(days=1))
        stay.row.blocked_reason = "parent_not_answered"
        stays.invited(stay, seat, soon.date)
        stays.waits(stay, "blocked", screened)
    stays.settled(stay, keep_open=True)


# ---- Before --------------------------------------------------------------------


def _was_here(block: Block, seat: int, last: int, held: list[Meeting]) -> int:
    """Whoever had this seat before: the last evening is `held[last]`."""
    begin = last - block.dice.choice(LONG)
    dropped = block.people % 8 == 5
    stay = _took_part(
        block, seat, held[begin], held[begin + 1 : last if not dropped else last - 2], light=True
    )
    day = held[last].date
    beside.looked(stay, day - timedelta(days=20))
    if dropped:
        stays.stayed_away(stay, held[last - 2 : last + 1])
        stays.ended(stay, day, kind="drop_out", reason="no_contact")
    else:
        stays.leaves(stay, held[last], told_on=held[last - 1].date)
        stays.came(stay, [held[last]], always=True)
        goal = block.people % 3 > 0
        stays.ended(
            stay,
            day,
            kind="goal" if goal else "other",
            reason="goal_reached" if goal else "own_wish",
        )
        if block.people % 12 == 7:
            stays.wants_no_more(stay, day)
        else:
            stays.called_after(stay)
    daring.dared(stay, day, dropped=dropped)
    stays.settled(stay, keep_open=block.people % 4 == 1)
    return begin - 2


# ---- On the way in -------------------------------------------------------------


def _arriving(block: Block, full: bool) -> None:
    """A talk that goes on, a talk that ended well, and two who went another way."""
    day = block.today
    for stay, since in _newcomers(block):
        if since == 12:
            intake = stays.talked(stay, day - timedelta(days=2))
            beside.first_idea(stay, day - timedelta(days=2))
            if block.variant % 3 == 0:
                beside.advice(stay, intake.pk, day - timedelta(days=1))
        elif since == 20:
            stays.talked(stay, day - timedelta(days=4), decision="suitable")
            stays.agreed(stay, day - timedelta(days=2))
        elif since == 90:
            stays.referred(stay, day - timedelta(days=70))
        else:
            stays.withdrew(stay, day - timedelta(days=100))
        if full and since < 90:
            stay.row.waiting_since = day - timedelta(days=since)
        stays.settled(stay, keep_open=True)


def _newcomers(block: Block) -> Iterator[tuple[Stay, int]]:
    for since in (12, 20, 90, 120):
        at = clock.at(block.today - timedelta(days=since), 16)
        stay = stays.sign_up(block, at)
        if since < 120:
            stays.tried(stay, at + timedelta(days=1), spoken=True)
        yield stay, since


def _signed_up(block: Block, number: int, full: bool) -> None:
    """Nobody has talked yet: fresh, late and reminded, tried in vain, or spoken."""
    kind = number % 4
    since = (1, 6, 2, 5)[kind]
    at = clock.at(block.today - timedelta(days=since), 15, number % 60)
    stay = stays.sign_up(block, at)
    if full:
        stay.row.waiting_since = clock.day_of(at)
    if kind == 1:
        mailed.reminded_workers(stay, at + timedelta(days=3, hours=2))
    if kind == 2:
        stays.tried(stay, block.now - timedelta(hours=20), spoken=False)
    if kind == 3:
        stays.tried(stay, at + timedelta(days=1), spoken=True)
    stays.settled(stay)
