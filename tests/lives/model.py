"""The cycle of questionnaires as one reads it in the design: a second opinion about every life.

Written from design.md 4 and the ledger (R-202..R-218, R-350..R-355, C-02, C-13, C-38, C-42..C-44),
not from the product: it imports nothing of the project. It is told what people did (`World`'s
verbs, one for each act that succeeded) and what time it is, derives the facts by itself (places,
holds, last meetings, closings), and says after each which openings of which waves stand and why.

What the design leaves free is left free here as well: `Opening.free` names the fields about which
the model has no opinion.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY = timedelta(days=1)
LENGTH = timedelta(hours=3)
AFTER_AN_EXIT = timedelta(days=28)  # C-42
DAYS_TO_ANSWER = 60  # 4.5
DUE_AFTER = {"interim": 14, "exit": 7, "follow_up": 60}  # 4.7
RANK = {"baseline": 0, "interim": 1, "exit": 2, "follow_up": 3}
IN_GROUP = ("participating", "paused", "leaving")
ENDED_EARLY = ("referred", "withdrawn")


def local(moment: datetime) -> datetime:
    return moment.astimezone(AMSTERDAM)


def day_of(moment: datetime) -> date:
    return local(moment).date()


def evening_of(moment: datetime) -> date:
    """The day; until four in the night the day before (C-44)."""
    there = local(moment)
    return there.date() - DAY if there.hour < 4 else there.date()


def months_later(start: date, months: int) -> date:
    """30 November plus three months is the last day of February (4.4)."""
    index = start.month - 1 + months
    year, month = start.year + index // 12, index % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


# ---- What people did -----------------------------------------------------------------------


@dataclass
class Evening:
    id: str
    group: str
    starts: datetime
    cancelled: bool = False
    closed_at: datetime | None = None
    recorded: set[str] = field(default_factory=set)

    @property
    def day(self) -> date:
        return day_of(self.starts)

    @property
    def held(self) -> bool:
        return bool(self.recorded) and not self.cancelled

    @property
    def over(self) -> datetime:
        """The worker's act, else the end (C-44)."""
        ends = self.starts + LENGTH
        return min(self.closed_at, ends) if self.closed_at else ends

    def recorded_on(self, moment: datetime) -> date:
        """The sheet's day ends at four in the night after it (C-44)."""
        closes = datetime.combine(self.day + DAY, time(4), tzinfo=AMSTERDAM)
        return self.day if moment < closes else day_of(moment)


@dataclass
class Row:
    state: str
    at: datetime | None


@dataclass
class Place:
    group: str
    first: date
    last: date | None
    trial: bool

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass
class Hold:
    """[begin, end): the day of settlement is free (4.9); an evening is judged at its start."""

    kind: str
    begin: datetime
    end: datetime | None = None

    def covers(self, day: date) -> bool:
        return day_of(self.begin) <= day and (self.end is None or day < day_of(self.end))

    def covers_moment(self, moment: datetime) -> bool:
        return self.begin <= moment and (self.end is None or moment < self.end)


@dataclass
class Opening:
    """One time that a wave opened: its messages, draft and choices are its own (R-351)."""

    wave: str
    sequence: int
    earned_on: date
    opened_on: date
    state: str = "open"
    answered_at: datetime | None = None
    withdrawn_on: date | None = None
    free: frozenset[str] = frozenset()

    @property
    def key(self) -> tuple[str, int]:
        return self.wave, self.sequence

    def __str__(self) -> str:
        answered = f", answered {self.answered_at:%d %b %H:%M}" if self.answered_at else ""
        return (
            f"{self.wave} {self.sequence} {self.state} (earned {self.earned_on}, "
            f"opened {self.opened_on}{answered})"
        )


@dataclass(frozen=True)
class Want:
    """A wave that the facts ask for. `known_on`: the last of its facts was written down then."""

    wave: str
    sequence: int
    earned_on: date
    known_on: date
    alternatives: tuple[date, ...] = ()


class Stay:
    def __init__(self, name: str, person: Person) -> None:
        self.name = name
        self.person = person
        self.phase = "signed_up"
        self.screened_on: date | None = None
        self.complete_on: date | None = None
        self.definitive_on: date | None = None
        self.places: list[Place] = []
        self.holds: list[Hold] = []
        self.rows: dict[str, Row] = {}
        self.agreed: Evening | None = None
        self.agreed_at: datetime | None = None
        self.last_meeting_on: date | None = None
        self.stopped_on: date | None = None
        self.exited_on: date | None = None
        self.ended_on: date | None = None
        self.exit_kind = ""
        self.waived = ""
        self.refused_at_closing = False
        self.newer = False
        self.openings: list[Opening] = []

    # -- holds ---------------------------------------------------------------------

    def held(self, day: date) -> list[str]:
        return sorted({hold.kind for hold in self.holds if hold.covers(day)})

    def first_free(self, day: date) -> date | None:
        """The first day from `day` on without a hold; None while one has no end."""
        while covering := [hold for hold in self.holds if hold.covers(day)]:
            if any(hold.end is None for hold in covering):
                return None
            day = max(day_of(hold.end) for hold in covering if hold.end)
        return day

    def blocked(self) -> bool:
        return any(hold.kind == "blocked" and hold.end is None for hold in self.holds)

    def reachable(self, day: date) -> bool:
        """May a message about a questionnaire be written today? (4.9, R-350)"""
        return not (
            self.held(day)
            or self.blocked()
            or self.person.stopped
            or self.newer
            or self.phase == "paused"
            or self.waived == "contact_refused"
            or (self.phase == "leaving" and self.stopped_on is not None)
        )

    # -- what counts (4.2, C-43) -----------------------------------------------------

    def evenings(self) -> list[Evening]:
        """Those of the own groups, and those at which something was written down."""
        world = self.person.world
        found = {key: world.evenings[key] for key in self.rows}
        for place in self.places:
            for evening in world.of_group.get(place.group, ()):
                if place.covers(evening.day):
                    found[evening.id] = evening
        return sorted(found.values(), key=lambda e: e.starts)

    def why_not(self, evening: Evening, at: datetime) -> str:
        """Why this evening does not count; empty when it does."""
        row = self.rows.get(evening.id)
        if evening.cancelled:
            return "cancelled"
        if not evening.held:
            return "not_written" if evening.over <= at else "to_come"
        if row is None or row.state == "not_recorded":
            return "not_recorded"
        if row.state != "present":
            return row.state
        places = [p for p in self.places if p.group == evening.group and p.covers(evening.day)]
        if not places:
            return "no_place"
        if all(place.trial for place in places):
            return "trial"
        if any(h.kind == "blocked" and h.covers_moment(evening.starts) for h in self.holds):
            return "blocked"
        return ""

    def counted(self, at: datetime) -> list[Evening]:
        return [e for e in self.evenings() if not self.why_not(e, at)]

    def sixths(self, at: datetime) -> Iterator[tuple[int, list[Evening]]]:
        """The number of the interim and its six evenings, when the last of them is over."""
        found = self.counted(at)
        for n in range(1, len(found) // 6 + 1):
            six = found[6 * n - 6 : 6 * n]
            if six[-1].over > at:
                return
            yield n, six

    # -- what the facts ask for (4.1..4.4, C-38, C-42) ----------------------------------

    def exits_answered(self) -> list[Opening]:
        found = [o for o in self.openings if o.wave == "exit" and o.state == "answered"]
        return sorted(found, key=lambda o: o.sequence)

    def exit_day(self, today: date) -> tuple[date, tuple[date, ...]] | None:
        """The day of the goodbye that is not answered yet, and other days it may be called."""
        if self.exit_kind == "drop_out" or self.phase in ENDED_EARLY:
            return None
        answered = self.exits_answered()
        last = answered[-1] if answered else None
        closed = self.phase == "former"
        if self.last_meeting_on is not None:
            day, others = self.last_meeting_on, ()
            agreed_anew = (
                last is None
                or last.answered_at is None
                or (self.agreed_at is not None and self.agreed_at > last.answered_at)
            )
            if not agreed_anew and not (closed and last and day > last.earned_on):
                return None
        elif closed and self.exited_on and not self.refused_at_closing:
            day = self.exited_on
            others = (self.ended_on,) if self.ended_on else ()
            if last is not None and day <= last.earned_on:
                return None
        else:
            return None
        return (day, others) if day <= today else None

    def replaced(self, day: date, today: date) -> bool:
        """Is this sixth also a goodbye, or just after one that was answered?"""
        if any(o.earned_on <= day < o.earned_on + AFTER_AN_EXIT for o in self.exits_answered()):
            return True
        leaving = self.exit_day(max(today, day))
        return leaving is not None and day in (leaving[0], *leaving[1])

    def wants(self, at: datetime) -> list[Want]:
        today, found = day_of(at), []
        if self.screened_on is None or self.complete_on is None:
            return []
        ready = max(self.screened_on, self.complete_on)
        found.append(Want("baseline", 1, ready, ready))
        rank = [e.id for e in self.counted(at)]
        for n, six in self.sixths(at):
            earned = six[-1].day
            if self.replaced(earned, today):
                continue
            upto = [self.person.world.evenings[key] for key in rank[: 6 * n]]
            known = max(e.recorded_on(self.rows[e.id].at or e.starts) for e in upto)
            found.append(Want("interim", n, earned, max(earned, known)))
        leaving = self.exit_day(today)
        if leaving is not None:
            number = len(self.exits_answered()) + 1
            found.append(Want("exit", number, leaving[0], leaving[0], leaving[1]))
        if self.phase == "former" and self.exited_on and not self.waived:
            asked = months_later(self.exited_on, 3)
            if asked <= today:
                found.append(Want("follow_up", 1, asked, asked))
        return found

    # -- what stands (4.5, 4.8, R-351, R-352) -------------------------------------------

    def standing(self) -> list[Opening]:
        found = [o for o in self.openings if o.state != "withdrawn"]
        return sorted(found, key=lambda o: (o.earned_on, RANK[o.wave], o.sequence))

    def settle(self, at: datetime, *, noticed: bool) -> None:
        """Bring the openings to what the facts ask for. `noticed`: a fact changed just now."""
        today = evening_of(at) if noticed else day_of(at)
        if self.newer:
            for opening in self.standing():
                if opening.state == "open" and opening.wave == "follow_up":
                    self._withdraw(opening, today)  # waived, with the reason kept (4.4)
                elif opening.state == "open":
                    opening.state = "closed"
            return
        wants = {(w.wave, w.sequence): w for w in self.wants(at)}
        for opening in self.standing():
            if (
                opening.state != "answered"
                and opening.key not in wants
                and not self._stays(opening)
            ):
                self._withdraw(opening, today)
        for want in wants.values():
            self._follow(want, today, noticed)
        self._states(today)

    def _stays(self, opening: Opening) -> bool:
        """A waiver opens and withdraws no exit; and a missed follow-up is no longer waived."""
        if opening.wave == "exit":
            return bool(self.waived) and self.phase == "former" and self.exit_kind != "drop_out"
        return opening.wave == "follow_up" and opening.state == "missed" and bool(self.waived)

    def _withdraw(self, opening: Opening, today: date) -> None:
        opening.state, opening.withdrawn_on = "withdrawn", today

    def _follow(self, want: Want, today: date, noticed: bool) -> None:
        key = (want.wave, want.sequence)
        old = next((o for o in self.standing() if o.key == key), None)
        if old is not None and old.state == "answered":
            return
        since = max(want.earned_on, want.known_on, today) if noticed else want.known_on
        opens = self.first_free(max(since, want.earned_on))
        going_on = [o for o in self.openings if o.key == key and self._goes_on(o, want, today)]
        again = min(going_on, key=lambda o: o.opened_on, default=None)
        if old is not None and old is not again:
            self._withdraw(old, today)
        if again is not None:
            if again.state == "withdrawn":
                again.state, again.withdrawn_on = "open", None
            if again.earned_on not in (want.earned_on, *want.alternatives):
                again.earned_on = want.earned_on
            return
        if opens is None or opens > today or self.held(today) or self.phase in ENDED_EARLY:
            return  # on hold nothing opens (4.9)
        new = Opening(want.wave, want.sequence, want.earned_on, opens)
        new.free = frozenset({"presence"}) if self._too_late(want, opens) else frozenset()
        self.openings.append(new)

    def _goes_on(self, opening: Opening, want: Want, today: date) -> bool:
        """It stands, or did this very evening, and it can have opened on that day (4.6: a slip and
        its undo leave everything as it was)."""
        if opening.state == "withdrawn" and opening.withdrawn_on != today:
            return False
        return opening.opened_on >= want.earned_on and not self.held(opening.opened_on)

    def _too_late(self, want: Want, opens: date) -> bool:
        """Written down after the closing: whether it is kept as never asked is left free."""
        if want.wave not in ("baseline", "interim"):
            return False
        return self.phase == "former" and self.ended_on is not None and opens >= self.ended_on

    def _states(self, today: date) -> None:
        rows = self.standing()
        for place, opening in enumerate(rows):
            if opening.state != "answered":
                opening.state = self._state(opening, rows[place + 1 :], today)

    def _state(self, opening: Opening, later: list[Opening], today: date) -> str:
        before = opening.state
        if self.phase in ENDED_EARLY:
            return "closed" if before == "open" else before
        if later:
            ended = self.ended_on if self.phase == "former" and opening.wave != "exit" else None
            if ended is not None and all(o.opened_on > ended for o in later):
                return "closed"  # it was open at the closing, whatever was written down later
            return "missed"
        if opening.wave == "follow_up":
            over = self.first_free(opening.opened_on + timedelta(days=DAYS_TO_ANSWER) + DAY)
            return "missed" if over is not None and over <= today else "open"
        if opening.wave == "exit":
            return "missed" if before == "missed" and self.waived else "open"
        return "closed" if self.phase == "former" else "open"

    # -- what else is said about an opening -----------------------------------------------

    def due_on(self, opening: Opening) -> set[date | None]:
        """Which days it may be due. Baseline: the first meeting after the decision (C-13)."""
        if opening.wave != "baseline":
            after = timedelta(days=DUE_AFTER[opening.wave])
            return {opening.opened_on + after, opening.earned_on + after}
        since = self.definitive_on
        places = [p for p in self.places if not p.trial]
        days = [
            e.day
            for e in self.evenings()
            if since is not None
            and e.day >= since
            and not e.cancelled
            and any(p.group == e.group and p.covers(e.day) for p in places)
        ]
        return {min(days, default=None)}

    def six_of(self, opening: Opening, at: datetime) -> tuple[list[date], dict[date, str]]:
        """The six days of an interim, and why the evenings between did not count."""
        found = self.counted(at)
        n = opening.sequence
        six = found[6 * n - 6 : 6 * n]
        begins = found[6 * n - 7].starts if n > 1 else None
        between = [
            e
            for e in self.evenings()
            if e.starts <= six[-1].starts and (begins is None or e.starts > begins)
        ]
        whys = {e.day: self.why_not(e, at) for e in between}
        return [e.day for e in six], {day: why for day, why in whys.items() if why}


class Person:
    def __init__(self, name: str, world: World) -> None:
        self.name = name
        self.world = world
        self.stopped = False
        self.stays: list[Stay] = []


class World:
    """The verbs: each is told after the act succeeded, with the moment at which it was done."""

    def __init__(self) -> None:
        self.evenings: dict[str, Evening] = {}
        self.of_group: dict[str, list[Evening]] = {}
        self.stays: dict[str, Stay] = {}
        self.people: dict[str, Person] = {}

    def settle(self, at: datetime, *stays: Stay) -> None:
        for stay in stays:
            stay.settle(at, noticed=True)

    def time(self, at: datetime) -> None:
        """The sweep: what time alone changes."""
        for stay in self.stays.values():
            stay.settle(at, noticed=False)

    # -- evenings ---------------------------------------------------------------------

    def plan(self, at: datetime, evening: str, group: str, starts: datetime) -> None:
        self.evenings[evening] = Evening(evening, group, starts)
        self.of_group.setdefault(group, []).append(self.evenings[evening])
        self._concerned(at, self.evenings[evening])

    def move_evening(self, at: datetime, evening: str, starts: datetime) -> None:
        row = self.evenings[evening]
        before = [s for s in self.stays.values() if row in s.evenings()]
        row.starts = starts
        self._follow_last(*before)
        self.settle(at, *before)
        self._concerned(at, row)

    def cancel(self, at: datetime, evening: str) -> None:
        row = self.evenings[evening]
        row.cancelled = True
        for stay in self.stays.values():
            if stay.agreed is row and stay.phase == "leaving":
                stay.agreed, stay.last_meeting_on = None, None
        self._concerned(at, row)

    def plan_again(self, at: datetime, evening: str, starts: datetime) -> None:
        row = self.evenings[evening]
        row.cancelled, row.starts = False, starts
        self._concerned(at, row)

    def close_evening(self, at: datetime, evening: str) -> None:
        self.evenings[evening].closed_at = at
        self._concerned(at, self.evenings[evening])

    def tap(self, at: datetime, evening: str, stay: str, state: str) -> None:
        row, here = self.evenings[evening], self.stays[stay]
        here.rows[evening] = Row(state, None if state == "not_recorded" else at)
        (row.recorded.discard if state == "not_recorded" else row.recorded.add)(stay)
        self._follow_last(here)
        self.settle(at, here)  # of the others on the sheet nothing was said: time settles them

    def _concerned(self, at: datetime, evening: Evening) -> None:
        self.settle(at, *(s for s in self.stays.values() if evening in s.evenings()))

    @staticmethod
    def _follow_last(*stays: Stay) -> None:
        """Attended after the agreed last meeting, its date moves (4.3)."""
        for stay in stays:
            if stay.phase != "leaving":
                continue
            if stay.agreed is None:
                stay.last_meeting_on = None
                continue
            world = stay.person.world
            came = [
                world.evenings[key].day
                for key, row in stay.rows.items()
                if row.state == "present" and world.evenings[key].held
            ]
            stay.last_meeting_on = max([stay.agreed.day, *came])

    # -- before the group ---------------------------------------------------------------

    def sign_up(self, at: datetime, stay: str, person: str) -> None:
        who = self.people.setdefault(person, Person(person, self))
        for earlier in who.stays:
            if earlier.phase == "former":
                self._waive(earlier, "returned")
                earlier.newer = True
        if who.stopped:
            who.stopped = False
            for earlier in who.stays:
                self._end_hold(at, earlier, "held")
        self.stays[stay] = new = Stay(stay, who)
        who.stays.append(new)
        self.settle(at, *who.stays)

    def screened(self, at: datetime, stay: str) -> None:
        here = self.stays[stay]
        here.phase, here.screened_on = "intake", day_of(at)
        self.settle(at, here)

    def yes(self, at: datetime, stay: str) -> None:
        """Every yes that is needed is in force from now on."""
        here = self.stays[stay]
        here.complete_on = here.complete_on or day_of(at)
        self._end_hold(at, here, "blocked")
        self.settle(at, here)

    def no(self, at: datetime, stay: str) -> None:
        """A needed yes is not there (any more)."""
        here = self.stays[stay]
        self._begin_hold(at, here, "blocked")
        self.settle(at, here)

    def trial(self, at: datetime, stay: str, group: str, first: date) -> None:
        here = self.stays[stay]
        here.phase = "trial"
        here.places.append(Place(group, first, None, trial=True))
        self.settle(at, here)

    def admit(self, at: datetime, stay: str, group: str, first: date) -> None:
        here = self.stays[stay]
        self._cut(here, first - DAY)
        here.places.append(Place(group, first, None, trial=False))
        here.phase, here.definitive_on = "participating", first
        self.settle(at, here)

    def end_early(self, at: datetime, stay: str, phase: str) -> None:
        here = self.stays[stay]
        here.phase, here.ended_on = phase, day_of(at)
        self._cut(here, day_of(at))
        self._end_hold(at, here, "blocked")
        self.settle(at, here)

    # -- in the group --------------------------------------------------------------------

    def move(self, at: datetime, stay: str, group: str, first: date) -> None:
        here = self.stays[stay]
        self._cut(here, first - DAY)
        here.places.append(Place(group, first, None, trial=False))
        self.settle(at, here)

    def pause(self, at: datetime, stay: str) -> None:
        here = self.stays[stay]
        here.phase = "paused"
        self._begin_hold(at, here, "paused")
        self.settle(at, here)

    def resume(self, at: datetime, stay: str) -> None:
        here = self.stays[stay]
        here.phase = "participating"
        self._end_hold(at, here, "paused")
        self.settle(at, here)

    def agree(self, at: datetime, stay: str, evening: str) -> None:
        here = self.stays[stay]
        if here.agreed is not self.evenings[evening]:  # the same once more is no new goodbye
            here.agreed, here.agreed_at = self.evenings[evening], at
        here.phase, here.last_meeting_on = "leaving", here.agreed.day
        self._end_hold(at, here, "paused")
        self.settle(at, here)

    def stay_after_all(self, at: datetime, stay: str) -> None:
        here = self.stays[stay]
        here.phase, here.agreed, here.agreed_at = "participating", None, None
        here.last_meeting_on = here.stopped_on = None
        self._waived_still(here)
        self._seat_again(here)
        self.settle(at, here)

    def close(self, at: datetime, stay: str, kind: str, *, refused: bool = False) -> None:
        here, today = self.stays[stay], day_of(at)
        agreed = here.last_meeting_on
        if agreed is not None and (agreed > today or kind == "drop_out"):
            here.agreed = here.agreed_at = here.last_meeting_on = agreed = None
        if refused or here.person.stopped:
            self._waive(here, "contact_refused")
        here.refused_at_closing = here.waived == "contact_refused"
        here.exit_kind, here.ended_on = kind, today
        here.exited_on = today if kind == "drop_out" else agreed or here.stopped_on or today
        self._cut(here, self._last_day(here, here.exited_on))
        here.phase = "former"
        self._end_hold(at, here, "paused")
        self.settle(at, here)

    def stop_and_wait(self, at: datetime, stay: str, *, refused: bool) -> None:
        """Under sixteen: the seat is free at once, a worker closes the stay later (R-109)."""
        here, today = self.stays[stay], day_of(at)
        if refused:
            self._waive(here, "contact_refused")
        here.agreed = here.agreed_at = here.last_meeting_on = None
        self._cut(here, self._last_day(here, today))
        here.phase, here.stopped_on = "leaving", today
        self._end_hold(at, here, "paused")
        self.settle(at, here)

    def reopen(self, at: datetime, stay: str) -> None:
        here = self.stays[stay]
        here.phase, here.exit_kind = "participating", ""
        here.exited_on = here.ended_on = here.last_meeting_on = here.stopped_on = None
        here.agreed = here.agreed_at = None
        here.refused_at_closing = False
        self._waived_still(here)
        self._seat_again(here)
        self.settle(at, here)

    def nothing_more(self, at: datetime, person: str) -> None:
        who = self.people[person]
        if who.stopped:
            return
        who.stopped = True
        for stay in who.stays:
            if stay.phase in ENDED_EARLY:
                continue
            if stay.phase in ("leaving", "former"):
                self._waive(stay, "contact_refused")
            self._begin_hold(at, stay, "held")
        self.settle(at, *who.stays)

    # -- answers ----------------------------------------------------------------------------

    def answer(self, at: datetime, stay: str, wave: str, sequence: int) -> None:
        here = self.stays[stay]
        opening = next(o for o in here.standing() if o.key == (wave, sequence))
        opening.state, opening.answered_at = "answered", at
        self.settle(at, here)

    # -- what these have in common ------------------------------------------------------------

    @staticmethod
    def _waive(stay: Stay, why: str) -> None:
        """No follow-up, while it still lies ahead or stands open (4.11)."""
        asked = [o for o in stay.standing() if o.wave == "follow_up"]
        if not stay.waived and not any(o.state in ("answered", "missed") for o in asked):
            stay.waived = why

    @staticmethod
    def _waived_still(stay: Stay) -> None:
        if not stay.person.stopped:
            stay.waived = ""

    @staticmethod
    def _cut(stay: Stay, last: date) -> None:
        """Every place ends then at the latest, also one that begins later (4.11)."""
        for place in stay.places:
            if place.last is None or place.last > last:
                place.last = max(last, place.first - DAY)

    @staticmethod
    def _last_day(stay: Stay, left: date) -> date:
        """The seat is theirs until they left, or until the last evening they came."""
        world = stay.person.world
        came = [
            world.evenings[key].day
            for key, row in stay.rows.items()
            if row.state == "present" and world.evenings[key].held
        ]
        return max([left, *came])

    @staticmethod
    def _seat_again(stay: Stay) -> None:
        """A reopened stay has its seat without a gap (4.11)."""
        places = [p for p in stay.places if not p.trial]
        if places and all(p.last is not None for p in places):
            old = max(places, key=lambda p: p.first)
            assert old.last is not None
            stay.places.append(Place(old.group, old.last + DAY, None, trial=False))

    @staticmethod
    def _begin_hold(at: datetime, stay: Stay, kind: str) -> None:
        if not any(h.kind == kind and h.end is None for h in stay.holds):
            stay.holds.append(Hold(kind, at))

    @staticmethod
    def _end_hold(at: datetime, stay: Stay, kind: str) -> None:
        for hold in stay.holds:
            if hold.kind == kind and hold.end is None:
                hold.end = at
