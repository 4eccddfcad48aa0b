"""Is a reason true? Recounted from the plain facts of a stay, without the rules that made it.

Shares no code with `questionnaires.cycle` (attributes of the facts are read, nothing is called):
what a reason says is data of text and days, and each of them is looked up in the facts anew.
`untruths` gives what is not so, in words for whoever reads a failing test.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY = timedelta(days=1)
WEEKS_AFTER_AN_EXIT = timedelta(days=28)
MIDNIGHT = time(0)


def read(iso: str) -> date:
    return date.fromisoformat(iso)


def midnight(day: date) -> datetime:
    return datetime.combine(day, MIDNIGHT, AMSTERDAM)


class Facts:
    """One stay at one moment, as somebody would count it on paper."""

    def __init__(self, stay: Any, at: datetime) -> None:
        self.stay, self.at = stay, at
        self.today = at.astimezone(AMSTERDAM).date()
        self.evenings = sorted(stay.evenings, key=lambda e: (e.day, e.id))
        self.counted = [e for e in self.evenings if not self.cause(e)]

    # -- evenings -------------------------------------------------------------

    def seats(self, evening: Any) -> list[Any]:
        return [
            s
            for s in self.stay.seats
            if s.group == evening.group
            and s.first <= evening.day
            and (s.until is None or s.until >= evening.day)
        ]

    def blocked_at(self, moment: datetime) -> bool:
        for hold in self.stay.holds:
            begins = hold.from_at or midnight(hold.first)
            ends = hold.until_at or (midnight(hold.until) if hold.until else None)
            if hold.kind == "blocked" and begins <= moment and (ends is None or moment < ends):
                return True
        return False

    def cause(self, evening: Any) -> str:
        """Why it does not count; "" when it does."""
        seats = self.seats(evening)
        starts = evening.starts_at or datetime.combine(evening.day, time(12), AMSTERDAM)
        steps = [
            (evening.status == "cancelled", "cancelled"),
            (evening.status == "planned", "not_written"),
            (evening.attendance != "present", evening.attendance),
            (not seats, "no_place"),
            (all(seat.trial for seat in seats), "trial"),
            (self.blocked_at(starts), "blocked"),
        ]
        return next((code for so, code in steps if so), "")

    def six(self, number: int) -> list[Any]:
        return self.counted[number * 6 - 6 : number * 6]

    def left_out(self, number: int) -> set[tuple[date, str]]:
        """Between the sixth before and this one; the last day tells only what was written down."""
        six = self.six(number)
        after = self.counted[number * 6 - 7].day if number > 1 else date.min
        found = {
            (e.day, self.cause(e))
            for e in self.evenings
            if self.cause(e) and after < e.day <= six[-1].day
        }
        nothing = ("not_written", "not_recorded")
        return {(day, why) for day, why in found if day < six[-1].day or why not in nothing}

    def recorded_on(self, number: int) -> date:
        """The last day on which somebody wrote down what made these evenings count."""
        attended = self.counted[: number * 6]
        days = [e.recorded_on or e.day for e in attended]
        days += [s.placed_on for e in attended for s in self.seats(e) if s.placed_on]
        return max(days)

    # -- the rest -------------------------------------------------------------

    def held_on(self, day: date) -> set[str]:
        return {
            h.kind for h in self.stay.holds if h.first <= day and (h.until is None or day < h.until)
        }

    def agreed(self) -> date | None:
        """The last meeting, unless the stay was closed before it or without a goodbye."""
        stay = self.stay
        if stay.exit_kind == "drop_out":
            return None
        if stay.phase == "former" and stay.last_meeting_on and stay.last_meeting_on > stay.ended_on:
            return None
        last: date | None = stay.last_meeting_on
        return last

    def exit_day(self) -> date | None:
        stay = self.stay
        if self.agreed() or stay.exit_kind == "drop_out":
            return self.agreed()
        refused = stay.follow_up_waived == "contact_refused"
        stands = any(w.wave == "exit" for w in stay.invitations)
        asked = stay.phase == "former" and (stands or not refused)
        return stay.ended_on if asked else None

    def meetings(self) -> list[date]:
        since = self.stay.definitive_on
        return sorted(
            e.day
            for e in self.evenings
            if since
            and e.day >= since
            and e.status != "cancelled"
            and any(not s.trial for s in self.seats(e))
        )

    def earned_on(self, wave: str, sequence: int) -> date | None:
        """The day that wave is of by the facts of now."""
        stay = self.stay
        if wave == "baseline":
            both = (stay.screened_on, stay.consent_complete_on)
            return max(both) if all(both) else None
        if wave == "interim":
            six = self.six(sequence)
            return six[-1].day if len(six) == 6 else None
        if wave == "exit":
            return self.exit_day()
        return in_three_months(stay.exited_on) if stay.exited_on else None


def in_three_months(day: date) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + 3, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# ---- What is not so ---------------------------------------------------------------------------


def untruths(stay: Any, at: datetime) -> Iterator[str]:
    """Of every wave that stands at this moment."""
    facts = Facts(stay, at)
    for row in stay.invitations:
        reason = row.reason
        said = [
            *_why(row, reason, facts),
            *_recorded(row, reason, facts),
            *_waited(row, reason, facts),
            *_missed(row, reason, facts),
            *_since(row, reason, facts),
            *(["a standing wave says that it was withdrawn"] if "withdrawn" in reason else []),
        ]
        yield from (f"{row.wave} {row.sequence}: {flaw}: {reason}" for flaw in said)


def gone_untruths(row: Any, stay: Any, at: datetime) -> Iterator[str]:
    """Of a wave that was withdrawn at this very moment."""
    facts, gone = Facts(stay, at), row.reason["withdrawn"]
    flaws = []
    if gone["on"] != (at.astimezone(AMSTERDAM) - timedelta(hours=4)).date().isoformat():
        flaws.append("not the evening on which it went")
    if not _SO[gone["why"]](row, gone, facts):
        flaws.append("not the cause")
    if extra := set(gone) - {"on", "why", "to", "kinds"}:
        flaws.append(f"says more than anybody reads: {extra}")
    yield from (f"{row.wave} {row.sequence}: {flaw}: {gone}" for flaw in flaws)


def _why(row: Any, reason: Any, facts: Facts) -> Iterator[str]:
    """What it is asked for, by the facts of today; an answered one whose facts went says since."""
    stay = facts.stay
    if "since" not in reason and facts.earned_on(row.wave, row.sequence) != row.earned_on:
        yield "not of that day"
    if reason.get("since"):
        return
    kind = reason["text"]
    if kind == "baseline":
        first, second, *_rest = [*facts.meetings(), None, None]
        days = [reason["talked_on"], reason["consent_complete_on"]]
        if [read(day) for day in days] != [stay.screened_on, stay.consent_complete_on]:
            yield "not the days of the talk and the yes"
        told = [reason["first_meeting"], reason["second_meeting"]]
        if told != [day.isoformat() if day else None for day in (first, second)]:
            yield "not the first two meetings"
    elif kind == "interim":
        yield from _counted(row.sequence, reason, facts)
    elif kind == "exit" and read(reason["last_meeting_on"]) != facts.agreed():
        yield "not the last meeting"
    elif kind == "exit_closed" and (
        facts.agreed() is not None
        or stay.phase != "former"
        or read(reason["closed_on"]) != stay.exited_on
    ):
        yield "not the day on which they stopped"
    elif kind == "follow_up" and read(reason["exited_on"]) != stay.exited_on:
        yield "not the day of leaving"
    if "instead_of" in reason:
        yield from _counted(reason["instead_of"], reason, facts)
        sixth = read(reason["counted"][-1])
        near = row.earned_on <= sixth < row.earned_on + WEEKS_AFTER_AN_EXIT
        if not (near if row.answered_on else sixth == row.earned_on):
            yield "takes the place of a sixth of another day"
        if any(
            w.wave == "interim" and w.sequence == reason["instead_of"] for w in stay.invitations
        ):
            yield "takes the place of one that stands"


def _counted(number: int, reason: Any, facts: Facts) -> Iterator[str]:
    if [read(day) for day in reason["counted"]] != [e.day for e in facts.six(number)]:
        yield "not the six that count"
        return
    told = {(read(one["date"]), one["why"]) for one in reason["not_counted"]}
    if told != facts.left_out(number):
        yield f"not what lay between: {facts.left_out(number)}"


def _recorded(row: Any, reason: Any, facts: Facts) -> Iterator[str]:
    if row.wave != "interim" or "since" in reason:
        return
    last = facts.recorded_on(row.sequence)
    late = row.earned_on < last <= row.opened_on
    if ("recorded_on" in reason) != late:
        yield f"recorded on {last}, which is {'not ' if late else ''}said"
    elif late and read(reason["recorded_on"]) != last:
        yield f"recorded on {last}"


def _waited(row: Any, reason: Any, facts: Facts) -> Iterator[str]:
    if "since" in reason:
        return
    ended = {h.kind for h in facts.stay.holds if h.until == row.opened_on > row.earned_on}
    if set(reason.get("waited_for", ())) != ended:
        yield f"what ended that day: {ended or 'nothing'}"


def _missed(row: Any, reason: Any, facts: Facts) -> Iterator[str]:
    if (row.state == "missed") != ("missed" in reason):
        yield f"{row.state}, and says {'nothing' if row.state == 'missed' else 'missed'}"
    if "missed" not in reason:
        if "never_open" in reason:
            yield "was never open, and not missed"
        return
    missed = reason["missed"]
    if "days" in missed:
        if row.wave != "follow_up" or facts.today <= row.opened_on + missed["days"] * DAY:
            yield "its days have not passed"
        return
    stay = facts.stay
    waived = [w for w in stay.withdrawn if w.wave == "follow_up" and stay.follow_up_waived]
    later = [
        w for w in (*stay.invitations, *waived) if w.row != row.row and w.earned_on >= row.earned_on
    ]
    by = [w for w in later if (w.wave, w.sequence) == (missed["wave"], missed["sequence"])]
    if not by:
        yield "the one that came does not stand, or is not later"
    came_first = any(w.opened_on <= row.opened_on for w in later)
    if reason.get("never_open") and not came_first:
        yield "it had been open before"


def _since(row: Any, reason: Any, facts: Facts) -> Iterator[str]:
    if "since" not in reason:
        return
    if row.answered_on is None:
        yield "says what came after an answer, and there is none"
    if (reason["since"] == "goes_on") != (row.wave == "exit"):
        yield "only a goodbye changes by going on"
    same_day = facts.earned_on(row.wave, row.sequence) == row.earned_on
    newer = any(w.wave == "exit" and w.sequence > row.sequence for w in facts.stay.invitations)
    if row.wave == "interim":
        six = [e.day.isoformat() for e in facts.six(row.sequence)]
        replaced = any(
            w.wave == "exit" and w.earned_on == row.earned_on for w in facts.stay.invitations
        )
        if same_day and six == reason["counted"] and not replaced:
            yield "nothing was corrected"
    elif same_day and not newer and not facts.stay.follow_up_waived:
        yield "nothing changed"


# ---- Why it went ------------------------------------------------------------------------------


def _not_six(row: Any, _gone: Any, facts: Facts) -> bool:
    return len(facts.counted) < 6 * row.sequence


def _exit_instead(row: Any, _gone: Any, facts: Facts) -> bool:
    six = facts.six(row.sequence)
    days = [w.earned_on for w in facts.stay.invitations if w.wave == "exit" and w.answered_on]
    near = [day for day in days if day <= six[-1].day < day + WEEKS_AFTER_AN_EXIT]
    return len(six) == 6 and (bool(near) or facts.exit_day() == six[-1].day)


def _moved(row: Any, gone: Any, facts: Facts) -> bool:
    now = facts.earned_on(row.wave, row.sequence)
    return now is not None and read(gone["to"]) == now > row.opened_on


def _on_hold(row: Any, gone: Any, facts: Facts) -> bool:
    now = facts.earned_on(row.wave, row.sequence) or row.earned_on
    kinds = facts.held_on(row.opened_on) | facts.held_on(now)
    return bool(kinds) and set(gone["kinds"]) == kinds


def _not_over(row: Any, _gone: Any, facts: Facts) -> bool:
    six = facts.six(row.sequence)
    return len(six) == 6 and six[-1].over_at > facts.at


def _goodbye_off(row: Any, _gone: Any, facts: Facts) -> bool:
    if row.wave == "follow_up":
        return bool(facts.stay.phase != "former")
    return bool(facts.stay.phase != "former" and facts.agreed() is None)


def _refused(row: Any, _gone: Any, facts: Facts) -> bool:
    return bool(facts.stay.follow_up_waived == "contact_refused" and row.wave != "interim")


_SO = {
    "not_six": _not_six,
    "exit_instead": _exit_instead,
    "moved": _moved,
    "on_hold": _on_hold,
    "not_over": _not_over,
    "drop_out": lambda row, _gone, facts: row.wave == "exit" and facts.stay.exit_kind == "drop_out",
    "stays": _goodbye_off,
    "not_complete": lambda row, _gone, facts: (
        row.wave == "baseline" and facts.earned_on("baseline", 1) is None
    ),
    "contact_refused": _refused,
    "returned": lambda row, _gone, facts: (
        row.wave == "follow_up" and facts.stay.follow_up_waived == "returned"
    ),
    "erased": lambda row, _gone, facts: (
        row.wave == "follow_up" and facts.stay.follow_up_waived == "erased"
    ),
}


# ---- What a sentence must hold ------------------------------------------------------------------

MONTHS = "januari februari maart april mei juni juli augustus september oktober november december"
SHORT = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]


def in_full(iso: str) -> str:
    return f"{read(iso).day} {MONTHS.split()[read(iso).month - 1]}"


def in_short(iso: str) -> str:
    return f"{read(iso).day} {SHORT[read(iso).month - 1]}"


def days_of(reason: Any) -> list[str]:
    """The days that anybody must read in it, as a reason of one that stands."""
    kind = reason["text"]
    days = {
        "interim": lambda: reason["counted"],
        "exit": lambda: [reason["last_meeting_on"]],
        "exit_closed": lambda: [reason["closed_on"]],
        "follow_up": lambda: [reason["exited_on"]],
        "baseline": list,
    }[kind]()
    return [*days, *([reason["recorded_on"]] if "recorded_on" in reason else [])]


def days_for_workers(reason: Any) -> list[str]:
    days = days_of(reason) + [one["date"] for one in reason.get("not_counted", ())]
    if reason["text"] == "baseline":
        days.append(max(reason["talked_on"], reason["consent_complete_on"]))
    return days + (reason["counted"] if "instead_of" in reason else [])


def days_for_the_young(reason: Any) -> list[str]:
    days = days_of(reason)
    if reason["text"] == "interim":
        days += [one["date"] for one in reason["not_counted"]]
    return days + ([reason["talked_on"]] if reason["text"] == "baseline" else [])
