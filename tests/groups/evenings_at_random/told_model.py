"""Who hears what when meetings change, as one reads it in R-376 and C-49: a second opinion.

Each person thinks of each meeting that it is then, or not at all. What was changed is told as the
difference between that and what stands, in one message that a newer change replaces for as long as
nobody heard it. It imports nothing of the project.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
LENGTH = timedelta(hours=3)
SOON = timedelta(hours=3)
WAITED = timedelta(minutes=10)
#: A mail of daytime is waited for until so long before it should be known.
A_DAY = timedelta(hours=24)
#: Weekdays without school in the months that are played.
HOLIDAYS = {date(2026, 4, 6), date(2026, 4, 27), date(2026, 5, 14), date(2026, 5, 25)}
Moment = datetime | None
Lines = dict[Any, tuple[Moment, Moment]]


def utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def day_of(moment: datetime) -> date:
    return moment.astimezone(AMSTERDAM).date()


def evening_of(moment: datetime) -> date:
    """Until four in the night it is still the day before (C-44)."""
    there = moment.astimezone(AMSTERDAM)
    return there.date() - timedelta(days=int(there.hour < 4))


def at(day: date, hour: time) -> datetime:
    return utc(datetime.combine(day, hour, tzinfo=AMSTERDAM))


@dataclass
class Letter:
    """What one person is to hear, and how it stands: waits, given (to a person to tell), told."""

    lines: Lines
    tonight: bool
    leaves: datetime
    before: datetime
    until: datetime
    again: frozenset[Any]
    by_mail: bool
    stands: str = "waits"
    last: bool = False

    @property
    def is_open(self) -> bool:
        return self.stands != "told"


@dataclass
class Person:
    """`way`: mail or hand. `first`, `last`: the days of their place. Who is `leaving` comes until
    the meeting of their `goodbye`; when that `fell` away, until another one is agreed.
    """

    name: str
    first: date
    last: date | None = None
    way: str = "mail"
    at_school: bool = False
    hours: tuple[time, time] | None = None
    shared: bool = False
    bounces: bool = False
    comes: bool = True
    trial: bool = False
    came: bool = False
    blocked: bool = False
    stopped: bool = False
    held: bool = False
    leaving: bool = False
    goodbye: Any = None
    fell: Any = None
    child: Person | None = None
    thinks: dict[Any, Moment] = field(default_factory=dict)
    told_of: set[Any] = field(default_factory=set)
    letter: Letter | None = None

    @property
    def of(self) -> Person:
        """Whose meetings these are: a parent hears about those of the child."""
        return self.child or self

    @property
    def needs_a_person(self) -> bool:
        return self.blocked or self.stopped

    def has_a_place(self, day: date) -> bool:
        who = self.of
        return who.first <= day and (who.last is None or day <= who.last)

    def slot(self, moment: datetime, *, tonight: bool) -> datetime:
        """The first moment from `moment` on at which a message may reach them (C-49)."""
        there = moment.astimezone(AMSTERDAM)
        for day in (there.date() + timedelta(days=n) for n in range(3)):
            begin, end = self._window(day, tonight)
            if day > there.date() or there.time() < begin:
                return at(day, begin)
            if there.time() < end:
                return moment
        raise AssertionError("there is a window on every day")

    def _window(self, day: date, tonight: bool) -> tuple[time, time]:
        daytime = (time(9), time(20))
        school = self.at_school and day.weekday() < 5 and day not in HOLIDAYS
        ours = (time(16), time(20)) if school else daytime
        if tonight:
            ours = daytime = (time(7), time(22))
        if self.hours is None:
            return ours
        for begin, end in (ours, daytime):
            both = max(begin, self.hours[0]), min(end, self.hours[1])
            if both[0] < both[1]:
                return both
        return self.hours


@dataclass
class Change:
    meeting: Any
    kind: str
    at: datetime
    was: Moment
    now: Moment
    taken_back: bool = False
    goodbyes: list[str] = field(default_factory=list)


class Plans:
    """One group, its meetings and its people."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.people = list(people)
        self.stands: dict[Any, Moment] = {}
        self.held_on: dict[date, Any] = {}
        self.acts: list[list[Change]] = []
        self.count: Counter[str] = Counter()

    # -- what workers do ---------------------------------------------------------------------

    def taken(self, day: date, but: Any = None) -> bool:
        return any(m != but and s is not None and day_of(s) == day for m, s in self.stands.items())

    def does(self, now: datetime, kind: str, changed: dict[Any, Moment]) -> None:
        """Plan, move or cancel; the meetings with what stands from now on."""
        act = [Change(m, kind, now, self.stands.get(m), new) for m, new in changed.items()]
        self.acts.append(act)
        for change in act:
            if change.now is None:
                self._falls_away(change)
        self._changed(now, act)

    def _falls_away(self, change: Change) -> None:
        for person in self.people:
            if person.goodbye == change.meeting:
                person.goodbye, person.fell = None, change.meeting
                change.goodbyes.append(person.name)

    def agrees(self, name: str, meeting: Any) -> None:
        person = self.named(name)
        person.goodbye, person.fell, person.leaving = meeting, None, True

    def why_it_stays(self, now: datetime, change: Change) -> bool:
        """May this one not be taken back? The same day, when nothing came after it (R-376)."""
        after = False
        newer = False
        for act in self.acts:
            for other in act:
                if other is change:
                    after = True
                elif after and other.meeting == change.meeting and not other.taken_back:
                    newer = True
        gone = change.kind != "planned" and change.was is not None and change.was + LENGTH <= now
        other_day = evening_of(change.at) != evening_of(now)
        return change.taken_back or other_day or newer or gone

    def takes_back(self, now: datetime, act: list[Change]) -> str:
        """Done, refused, or nothing (twice is once)."""
        to_do = [change for change in act if not self.why_it_stays(now, change)]
        if not to_do:
            return "nothing" if all(change.taken_back for change in act) else "refused"
        for change in to_do:
            if change.was is not None and self.taken(day_of(change.was), change.meeting):
                return "refused"
        for change in to_do:
            change.taken_back = True
            if change.kind == "planned":
                self._falls_away(change)
            for name in change.goodbyes if change.kind == "cancelled" else ():
                if self.named(name).goodbye is None:
                    self.agrees(name, change.meeting)
        back = [Change(one.meeting, "back", now, one.now, one.was) for one in to_do]
        self.count["taken back"] += 1
        self._changed(now, back)
        return "done"

    # -- what it comes to --------------------------------------------------------------------

    def _counts_on(self, person: Person, stands: dict[Any, Moment], now: datetime) -> Any:
        who = person.of
        theirs = sorted(
            (s, m)
            for m, s in stands.items()
            if s is not None and s + LENGTH > now and who.has_a_place(day_of(s))
        )
        if who.trial:
            theirs = [] if who.came else theirs[:1]
        last = self._last_day(who)
        theirs = [(s, m) for s, m in theirs if m == who.goodbye or day_of(s) <= last]
        return {m: s for s, m in theirs}

    def _last_day(self, who: Person) -> date:
        stands = self.stands.get(who.goodbye)
        return date.max if stands is None else day_of(stands)

    def _changed(self, now: datetime, act: list[Change]) -> None:
        before = dict(self.stands)
        for change in act:
            self.stands[change.meeting] = change.now
        moments = [m for change in act for m in (change.was, change.now) if m is not None]
        if all(moment + LENGTH <= now for moment in moments):
            return
        days = {day_of(moment) for moment in moments}
        for person in self.people:
            who = person.of
            if who.comes and any(who.has_a_place(day) for day in days):
                if person.child and who.needs_a_person:
                    continue
                self._tell(now, person, [change.meeting for change in act], before)

    def _tell(self, now: datetime, person: Person, about: list[Any], before: Any) -> None:
        counted = self._counts_on(person, before, now)
        truth = self._counts_on(person, self.stands, now)
        if person.letter and person.letter.is_open and person.letter.until <= now:
            self.left(person)  # nobody heard it in time
        waits = person.letter if person.letter and person.letter.is_open else None
        unheard = {m: was for m, (was, _now) in waits.lines.items()} if waits else {}
        if waits:
            person.letter = None
        lines: Lines = {}
        for m in {*unheard, *about}:
            was = unheard[m] if m in unheard else person.thinks.get(m, counted.get(m))
            moments = [one for one in (was, truth.get(m)) if one is not None]
            would_come = m == person.of.goodbye or day_of(was or now) <= self._last_day(person.of)
            if truth.get(m) is None and was is not None and not would_come:
                continue
            if was != truth.get(m) and max(moments) + LENGTH > now:
                lines[m] = (was, truth.get(m))
        if person.needs_a_person:
            lines = {m: line for m, line in lines.items() if line[0] is not None}
        if waits and not lines:
            self.count["nobody heard"] += 1
        if lines:
            person.letter = self._letter(now, person, lines)

    def _letter(self, now: datetime, person: Person, lines: Lines) -> Letter:
        moments = [one for line in lines.values() for one in line if one is not None]
        ahead = [one for one in moments if one + LENGTH > now]
        daytime = person.slot(now, tonight=False)
        tonight = any(day_of(m) == evening_of(now) or m - SOON < daytime for m in ahead)
        coming = [one for one in moments if one > now]
        return Letter(
            lines,
            tonight,
            leaves=person.slot(now, tonight=True) if tonight else daytime,
            before=min(coming) if coming else max(moments),
            until=max(moments) + LENGTH,
            again=frozenset(m for m in lines if m in person.told_of),
            by_mail=person.way == "mail",
            stands="given" if person.needs_a_person else "waits",
            last=not person.child and (lines.get(person.fell) or (None, now))[1] is None,
        )

    # -- what reaches people -----------------------------------------------------------------

    def sends(self, now: datetime) -> list[tuple[str, frozenset[str]]]:
        """The outbox hands over what is due: to whom, and the sentences."""
        left = []
        for person in self.people:
            letter = person.letter
            if not (letter and letter.stands == "waits" and letter.by_mail):
                continue
            if letter.leaves > now or person.held:
                continue
            if letter.until <= now or person.of.needs_a_person or person.stopped:
                letter.stands = "given"
            elif (slot := person.slot(now, tonight=letter.tonight)) > now:
                letter.leaves = slot
            elif person.way != "mail":
                letter.by_mail = False
            elif person.bounces:
                letter.stands = "given"
            else:
                self.hears(person, letter)
                sentences = {said(line, m in letter.again) for m, line in letter.lines.items()}
                if letter.last:
                    self.count["last time"] += 1
                    sentences.add("It would have been your last time.")
                left.append((person.name, frozenset() if person.shared else frozenset(sentences)))
        self.count["mails"] += len(left)
        return left

    def hears(self, person: Person, letter: Letter) -> None:
        letter.stands = "told"
        for m, (_was, now) in letter.lines.items():
            person.thinks[m] = now
            person.told_of.add(m)

    def ring_list(self, now: datetime) -> dict[str, Lines]:
        """Whom no message reaches, and who must be told by a person."""
        return {
            p.name: p.letter.lines
            for p in self.people
            if p.letter and self._rings(p, p.letter, now)
        }

    def _rings(self, person: Person, letter: Letter, now: datetime) -> bool:
        if not letter.is_open or letter.until <= now or not person.of.comes:
            return False
        if person.child and person.child.needs_a_person:
            return False  # home hears nothing while the young person may not be told of, or stopped
        stuck = letter.leaves < now - WAITED and (letter.tonight or letter.before < now + A_DAY)
        late = letter.leaves >= letter.before
        return (
            letter.stands == "given"
            or not letter.by_mail
            or person.stopped
            or person.held
            or late
            or stuck
        )

    # -- what a person does from the list ----------------------------------------------------

    def told(self, name: str) -> None:
        person = self.named(name)
        assert person.letter
        self.count["told by a person"] += 1
        self.hears(person, person.letter)

    def left(self, person: Person) -> None:
        """Nobody tells them: they go on thinking what they thought."""
        assert person.letter
        for m, (was, _now) in person.letter.lines.items():
            person.thinks[m] = was
        person.letter = None

    def named(self, name: str) -> Person:
        return next(person for person in self.people if person.name == name)


def said(line: tuple[Moment, Moment], again: bool) -> str:
    """The sentence, as an English reader reads it."""
    was, now = line
    if now is None:
        assert was is not None
        return f"{_day(was)} does not go ahead."
    hour = now.astimezone(AMSTERDAM).strftime("%H:%M")
    if was is None:
        after = f" goes ahead after all, at {hour}." if again else f" at {hour}."
        return _day(now) + after
    if day_of(was) == day_of(now):
        return f"On {_day(now)} we begin at {hour}."
    return f"{_day(was)} becomes {_day(now)}, at {hour}."


def _day(moment: datetime) -> str:
    there = moment.astimezone(AMSTERDAM)
    return f"{there:%A} {there.day} {there:%B}"
