"""Random but possible histories of one stay, played day by day on plain facts.

Every event does what the app does: it changes facts today, then asks what should stand. Between
events only the days on which `next_change` says that time changes something are looked at, unless
`every_day` asks for a sweep each day: both must come to the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from core import clock
from questionnaires.cycle import cycle
from questionnaires.cycle.facts import Evening, OnHold, Seat, Standing, StayFacts
from questionnaires.cycle.waves import next_change, standing
from tests.questionnaires.stays import FIRST, GROUP, OTHER_GROUP, nth

DAY = timedelta(days=1)
STATES = ("present", "present", "present", "absent_with_notice", "absent_without_notice")
KINDS = ("blocked", "paused", "held")
#: An evening is from seven to ten; things are done before, during and after it.
STARTS, ENDS = 19, 22
HOURS = (12, 21, 23)
BEGINS = clock.at(FIRST - timedelta(days=14), 12)

#: (what happens, days later, which)
Step = tuple[str, int, int]


@dataclass
class History:
    every_day: bool = False
    at: datetime = BEGINS

    def __post_init__(self) -> None:
        self.facts = StayFacts(UUID(int=7), phase="intake")
        self.agreed: date | None = None
        self.rows = 0
        self.seen: list[tuple[datetime, StayFacts]] = []

    @property
    def day(self) -> date:
        return clock.day_of(self.at)

    # -- time ---------------------------------------------------------------

    def play(self, steps: list[Step]) -> StayFacts:
        for what, days, which in steps:
            self.wait(max(self.at, clock.at(self.day + days * DAY, HOURS[which % 3])))
            event: Callable[[int], bool] = getattr(self, what)
            if event(which):
                self.look(clock.evening_of(self.at))
        self.wait(self.at)
        return self.facts

    def wait(self, until: datetime) -> None:
        for moment in self.sweeps(until):
            self.look(None, moment)
        self.at = until

    def sweeps(self, until: datetime) -> Iterator[datetime]:
        """Every midnight and every end of an evening, or only when something is due."""
        moment = self.at
        while moment < until:
            if self.every_day:
                day = clock.day_of(moment)
                end = clock.at(day, ENDS)
                moment = end if moment < end else clock.at(day + DAY)
                if moment > until:
                    return
            else:
                change = next_change(self.facts, self.facts.invitations, moment)
                if change is None or change > until:
                    return
                moment = change
            yield moment

    def look(self, noticed_on: date | None, at: datetime | None = None) -> None:
        at = at or self.at
        stands = standing(self.facts, at, noticed_on=noticed_on)
        self.facts = self.written(stands, at)
        self.seen.append((at, self.facts))

    def written(self, stands: list[Standing], at: datetime) -> StayFacts:
        """As `cycle._write` does: a row is one opening, what is gone stays as withdrawn."""
        difference = cycle.Difference()
        cycle._compare(self.facts, stands, at, difference)
        rows = {w.row: w for w in (*self.facts.invitations, *self.facts.withdrawn)}
        for wave in (*difference.gone, *difference.settled, *difference.opened):
            rows[wave.row] = replace(wave, opening=rows[wave.row].opening)
        for _stay, wave in difference.new:
            self.rows += 1
            rows[UUID(int=self.rows)] = replace(wave, row=UUID(int=self.rows))
        keys = [w.key for w in stands]
        now = [w for w in rows.values() if w.state != "withdrawn"]
        gone = [w for w in rows.values() if w.state == "withdrawn"]
        now.sort(key=lambda w: keys.index(w.key))
        return replace(self.facts, invitations=tuple(now), withdrawn=tuple(gone))

    # -- the path -------------------------------------------------------------

    @property
    def in_group(self) -> bool:
        return self.facts.phase in ("participating", "leaving")

    def change(self, **facts: object) -> bool:
        self.facts = replace(self.facts, **facts)
        self._follow_last_meeting()
        return True

    def _follow_last_meeting(self) -> None:
        """What `groups.goodbye.leaving` does: somebody who comes again has a later last meeting."""
        if self.facts.phase == "leaving" and self.agreed:
            came = (
                e.day
                for e in self.facts.evenings
                if e.status == "held" and e.attendance == "present"
            )
            self.facts = replace(self.facts, last_meeting_on=max([self.agreed, *came]))

    def talk(self, _which: int) -> bool:
        return not self.facts.screened_on and self.change(screened_on=self.day)

    def consent(self, _which: int) -> bool:
        if self.facts.consent_complete_on:
            return False
        return self.change(consent_complete_on=self.day)

    def start(self, which: int) -> bool:
        facts = self.facts
        if facts.phase != "intake" or not (facts.screened_on and facts.consent_complete_on):
            return False
        return self.change(
            phase="participating",
            definitive_on=self.day,
            seats=(Seat(GROUP if which % 2 else OTHER_GROUP, self.day, placed_on=self.day),),
        )

    def withdraw(self, which: int) -> bool:
        if self.facts.phase != "intake" or which % 4:
            return False
        return self.change(phase="withdrawn", ended_on=self.day)

    def move(self, _which: int) -> bool:
        if not self.in_group or self.facts.seats[-1].first >= self.day:
            return False
        *earlier, now = self.facts.seats
        there = OTHER_GROUP if now.group == GROUP else GROUP
        return self.change(
            seats=(
                *earlier,
                replace(now, until=self.day - DAY),
                Seat(there, self.day, placed_on=self.day),
            )
        )

    # -- evenings -------------------------------------------------------------

    def evening(self, which: int) -> bool:
        """The newest evening of the own group that lies behind us, recorded now if not yet."""
        number = (self.day - FIRST).days // 14 + 1
        return self._record(number, STATES[which % len(STATES)])

    def late(self, which: int) -> bool:
        """An evening some time ago, recorded only now."""
        number = (self.day - FIRST).days // 14 + 1 - which % 5
        return self._record(number, STATES[which % len(STATES)])

    def _record(self, number: int, state: str) -> bool:
        day = nth(number)
        seat = next((s for s in self.facts.seats if s.covers(day)), None)
        known = any(e.day == day for e in self.facts.evenings)
        if number < 1 or seat is None or known:
            return False
        if self.at < clock.at(day, STARTS):
            return False
        new = Evening(
            *(UUID(int=1000 + number), day, seat.group, "held", state, self.day),
            *(clock.at(day, STARTS), clock.at(day, ENDS)),
        )
        return self.change(evenings=tuple(sorted((*self.facts.evenings, new), key=_by_date)))

    def correct(self, which: int) -> bool:
        if not self.facts.evenings:
            return False
        rows = list(self.facts.evenings)
        place = which % len(rows)
        other = "absent_with_notice" if rows[place].attendance == "present" else "present"
        rows[place] = rows[place]._replace(attendance=other, recorded_on=self.day)
        return self.change(evenings=tuple(rows))

    def cancel(self, which: int) -> bool:
        if not self.facts.evenings:
            return False
        rows = list(self.facts.evenings)
        place = which % len(rows)
        status = "cancelled" if rows[place].status == "held" else "held"
        rows[place] = rows[place]._replace(status=status)
        return self.change(evenings=tuple(rows))

    # -- holds ------------------------------------------------------------------

    def hold(self, which: int) -> bool:
        kind = KINDS[which % len(KINDS)]
        if any(h.kind == kind and h.until is None for h in self.facts.holds):
            return False
        return self.change(holds=(*self.facts.holds, OnHold(kind, self.day, from_at=self.at)))

    def settle(self, which: int) -> bool:
        running = [h for h in self.facts.holds if h.until is None]
        if not running:
            return False
        one = running[which % len(running)]
        rest = tuple(h for h in self.facts.holds if h is not one)
        kept = one.first < self.day or one.kind == "blocked"
        ended = (replace(one, until=self.day, until_at=self.at),) if kept else ()
        return self.change(holds=(*rest, *ended))

    # -- leaving ------------------------------------------------------------------

    def agree(self, which: int) -> bool:
        if not self.in_group:
            return False
        number = (self.day - FIRST).days // 14 + 2 + which % 3
        self.agreed = nth(max(number, 1))
        return self.change(phase="leaving", last_meeting_on=self.agreed, agreed_at=self.at)

    def stay_after_all(self, _which: int) -> bool:
        if self.facts.phase != "leaving":
            return False
        return self.change(phase="participating", last_meeting_on=None, agreed_at=None)

    def close(self, which: int) -> bool:
        if not self.in_group:
            return False
        kind = ("goal", "other", "drop_out")[which % 3]
        agreed = self.facts.last_meeting_on
        if agreed and (agreed > self.day or kind == "drop_out"):
            agreed = None
        exited_on = agreed or self.day
        came = [e.day for e in self.facts.evenings if e.attendance == "present"]
        *earlier, now = self.facts.seats
        return self.change(
            phase="former",
            seats=(*earlier, replace(now, until=max([exited_on, *came]))),
            exit_kind=kind,
            last_meeting_on=agreed,
            exited_on=exited_on,
            ended_on=self.day,
            follow_up_waived="contact_refused" if which % 7 == 0 else "",
        )

    def reopen(self, _which: int) -> bool:
        facts = self.facts
        answered = any(
            w.wave == "follow_up" or (w.wave == "exit" and "since" not in w.reason)
            for w in facts.invitations
            if w.answered_on
        )
        if facts.phase != "former" or answered or facts.ended_on is None:
            return False
        if self.day > facts.ended_on + 30 * DAY:
            return False
        return self.change(
            phase="participating",
            seats=(*facts.seats, Seat(facts.seats[-1].group, self.day, placed_on=self.day)),
            exit_kind="",
            last_meeting_on=None,
            agreed_at=None,
            exited_on=None,
            ended_on=None,
            follow_up_waived="",
        )

    def waive(self, which: int) -> bool:
        settled = any(
            w.wave == "follow_up" and w.state in ("answered", "missed")
            for w in self.facts.invitations
        )
        if self.facts.phase != "former" or self.facts.follow_up_waived or settled or which % 3:
            return False
        return self.change(follow_up_waived="returned")

    # -- answering ------------------------------------------------------------------

    def answer(self, _which: int) -> bool:
        rows = [
            replace(w, state="answered", answered_on=self.day, answered_at=self.at)
            if w.state == "open"
            else w
            for w in self.facts.invitations
        ]
        return self.change(invitations=tuple(rows))

    def look_again(self, _which: int) -> bool:
        """A refresh without any new fact."""
        self.look(None)
        return False


def _by_date(evening: Evening) -> date:
    return evening.day


def scrambled(facts: StayFacts) -> StayFacts:
    """Nothing left of the unanswered waves but that they opened, and when."""
    return replace(
        facts,
        invitations=tuple(
            w
            if w.answered_on
            else Standing(w.wave, w.sequence, date.min, w.opened_on, row=w.row, opening=w.opening)
            for w in facts.invitations
        ),
    )
