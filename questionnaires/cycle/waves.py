"""Which waves should stand: a pure function of the facts of one stay and a moment (design.md 4).

No database, no clock. `standing` is the whole cycle: what facts earn (`cycle.earned`), when it may
open, what the waves that stand make of each other. Undoing a fact therefore undoes what followed
from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from core import clock
from participants.models import Trajectory
from questionnaires.cycle.attended_meetings import (
    Judged,
    counted,
    first_free_day,
    is_held,
    judged,
)
from questionnaires.cycle.earned import (
    BASELINE,
    EXIT,
    FOLLOW_UP,
    INTERIM,
    MEETINGS_PER_INTERIM,
    Earned,
    after_an_exit,
    earned,
    iso,
)
from questionnaires.cycle.facts import Standing, StayFacts

Phase, Waived = Trajectory.Phase, Trajectory.Waived

RANK: Final = {BASELINE: 0, INTERIM: 1, EXIT: 2, FOLLOW_UP: 3}
DAYS_TO_ANSWER: Final = {INTERIM: 14, EXIT: 7, FOLLOW_UP: 60}
DAY: Final = timedelta(days=1)
WAIVERS: Final = frozenset(Waived.values)
#: What is found anew whenever the waves are; the rest of a reason is that of its opening.
OF_NOW: Final = ("missed", "never_open", "since", "answered_with", "kept", "withdrawn")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows from the facts of one stay: `standing`, `next_change` and what was counted."""

    stands: list[Standing]
    attended: int
    next_change: datetime | None


def outcome(facts: StayFacts, at: datetime, *, noticed_on: date | None = None) -> Outcome:
    """All three at once: the evenings are judged and the waves earned only once."""
    due = _Due(facts)
    stands = _stand(due, facts, at, noticed_on)
    return Outcome(stands, due.attended, _next_change(due, facts, stands, at))


def standing(facts: StayFacts, at: datetime, *, noticed_on: date | None = None) -> list[Standing]:
    """The waves that should stand at that moment, oldest first; what is not in it is withdrawn.

    `noticed_on`: the day a changed fact was recorded (`clock.evening_of`). What that fact opens,
    opens then and not on the day the fact is about. Without it (time passed, rebuild) the opening
    day follows from the facts. A wave that stands already keeps the day it opened, an answered one
    keeps all.
    """
    return _stand(_Due(facts), facts, at, noticed_on)


def next_change(facts: StayFacts, stands: Sequence[Standing], at: datetime) -> datetime | None:
    """The first moment after `at` at which time alone changes what stands; None when never."""
    return _next_change(_Due(facts), facts, stands, at)


class _Due:
    """What the facts earn, and what they say of answered exits: the same at every moment."""

    def __init__(self, facts: StayFacts) -> None:
        evenings: Sequence[Judged] = judged(facts)
        self.waves = earned(facts, evenings)
        self.attended = sum(not why for _evening, why in evenings)
        self.instead = after_an_exit(facts, evenings)


# ---- What stands ---------------------------------------------------------------------------


def _stand(
    due: _Due, facts: StayFacts, at: datetime, noticed_on: date | None = None
) -> list[Standing]:
    today = clock.day_of(at)
    answered = {w.key: w for w in facts.invitations if w.answered_on is not None}
    before = openings(facts, at)
    rows: list[Standing] = []
    for wave in due.waves:
        if known := answered.pop(wave.key, None):
            rows.append(_answered(known, wave, due, facts))
        elif wave.earned_on <= today and (wave.ready_at is None or wave.ready_at <= at):
            days = [row.opened_on for row in before.get(wave.key, ())]
            opened_on = _opening_day(wave, days, facts, today, noticed_on)
            if opened_on is not None and opened_on <= today:
                rows.append(_opened(wave, opened_on, facts))
    rows += [_answered(row, None, due, facts) for row in answered.values()]
    return _states(sorted(rows, key=_order), facts, today)


def openings(facts: StayFacts, at: datetime) -> Mapping[tuple[str, int], Sequence[Standing]]:
    """Of each wave the openings that may stand, the earliest first.

    Those that stand, and what was taken back on the evening of `at`: a slip and its undo leave
    everything as it was, in whatever order they came.
    """
    evening = clock.evening_of(at).isoformat()
    back = [w for w in facts.withdrawn if w.reason.get("withdrawn", {}).get("on") == evening]
    found: dict[tuple[str, int], list[Standing]] = {}
    for row in sorted((*facts.invitations, *back), key=_opened_on):
        found.setdefault(row.key, []).append(row)
    return found


def _opened_on(row: Standing) -> tuple[date, int]:
    return (row.opened_on, row.opening)


def _order(row: Standing) -> tuple[bool, date, int, int]:
    return (row.wave != BASELINE, row.earned_on, RANK[row.wave], row.sequence)


def _opening_day(
    wave: Earned,
    before: Sequence[date],
    facts: StayFacts,
    today: date,
    noticed_on: date | None,
) -> date | None:
    """None while something holds it up, or when the stay ended before it could open.

    `before`: the days of the openings that may stand on. A fact noticed during a hold is not kept
    anywhere, so a wave that is not there yet while its day is past waited for the hold that ended
    last.
    """
    free = first_free_day(facts.holds, wave.earned_on)
    if free is None:
        return None
    if facts.phase in Phase.ENDED_EARLY and (facts.ended_on is None or free > facts.ended_on):
        return None
    for day in before:
        if day >= wave.earned_on and not is_held(facts.holds, day):
            return day
    if facts.came_back or facts.follow_up_waived == Waived.ERASED:
        return None
    known = max(wave.earned_on, wave.known_on)
    if noticed_on is None:
        if is_held(facts.holds, today):
            return None
        ends = [end for h in facts.holds if (end := h.ended_on) and known < end <= today]
        return first_free_day(facts.holds, max([known, *ends]))
    return first_free_day(facts.holds, max(known, noticed_on))


def _opened(wave: Earned, opened_on: date, facts: StayFacts) -> Standing:
    return Standing(
        wave.wave,
        wave.sequence,
        earned_on=wave.earned_on,
        opened_on=opened_on,
        due_on=_due_on(wave, opened_on),
        reason=_with_delay(wave, opened_on, facts),
    )


def _due_on(wave: Earned, opened_on: date) -> date | None:
    if wave.wave == BASELINE:
        first = wave.reason["first_meeting"]
        return date.fromisoformat(first) if first else None
    return opened_on + timedelta(days=DAYS_TO_ANSWER[wave.wave])


def _with_delay(wave: Earned, opened_on: date, facts: StayFacts) -> dict[str, Any]:
    """The reason with what came between: a recording before it opened, a hold that ended then."""
    reason = dict(wave.reason)
    if wave.earned_on < wave.known_on <= opened_on:
        reason["recorded_on"] = iso(wave.known_on)
    waited = [h.kind for h in facts.holds if h.ended_on == opened_on > wave.earned_on]
    if waited:
        reason["waited_for"] = sorted(set(waited))
    return reason


def _answered(before: Standing, wave: Earned | None, due: _Due, facts: StayFacts) -> Standing:
    """An answered wave stands for good, with its days and the reason it was answered with.

    Where the facts still explain it, its reason follows them; where not, it says what came since.
    The reason it was answered with is kept, so that the order of what came after does not matter.
    """
    first = before.reason.get("answered_with", before.reason)
    first = {key: value for key, value in first.items() if key not in OF_NOW}
    if wave is None or wave.earned_on != before.earned_on or _counts_others(wave, first):
        reason = first | {"since": "goes_on" if before.wave == EXIT else "corrected"}
    else:
        reason = _with_delay(wave, before.opened_on, facts)
    if before.wave == EXIT:
        reason |= due.instead.get(before.earned_on, {})
    if reason != first:
        reason["answered_with"] = first
    due_on = before.due_on if wave is None else _due_on(wave, before.opened_on)
    return replace(before, due_on=due_on, state="answered", reason=reason)


def _counts_others(wave: Earned, first: Mapping[str, Any]) -> bool:
    return wave.wave == INTERIM and wave.reason["counted"] != first.get("counted")


# ---- What the waves that stand make of each other --------------------------------------------


def _states(rows: list[Standing], facts: StayFacts, today: date) -> list[Standing]:
    """R-218: of the waves that stand only the last can be open; an earlier one is missed.

    What was open when the stay was closed stays closed, whatever comes later.
    """
    return [
        row if row.answered_on is not None else _state(row, rows[place + 1 :], facts, today)
        for place, row in enumerate(rows)
    ]


def _state(row: Standing, later: Sequence[Standing], facts: StayFacts, today: date) -> Standing:
    closes = Phase.OVER if RANK[row.wave] < RANK[EXIT] else Phase.ENDED_EARLY
    over = facts.ended_on if facts.phase in closes else None
    by = next((wave for wave in later if over is None or wave.opened_on <= over), None)
    if by is not None:
        return _missed_by(row, by.wave, by.sequence, min(wave.opened_on for wave in later))
    if facts.phase in closes:
        return replace(row, state="closed")
    if asked := _asked_later(row, facts):
        return _missed_by(row, FOLLOW_UP, 1, asked)
    if _ran_out(row, facts, today):
        ran_out = {"missed": {"days": DAYS_TO_ANSWER[FOLLOW_UP]}}
        return replace(row, state="missed", reason=row.reason | ran_out)
    if facts.came_back or facts.follow_up_waived in (Waived.RETURNED, Waived.ERASED):
        return replace(row, state="closed")
    return row


def _missed_by(row: Standing, wave: str, sequence: int, opened_on: date) -> Standing:
    reason = row.reason | {"missed": {"wave": wave, "sequence": sequence}}
    if row.opened_on >= opened_on:
        reason["never_open"] = True
    return replace(row, state="missed", reason=reason)


def _asked_later(row: Standing, facts: StayFacts) -> date | None:
    """R-352: a follow-up that stood before it was waived leaves this wave missed. Its day."""
    if row.wave == FOLLOW_UP or not facts.follow_up_waived:
        return None
    gone = [w for w in facts.withdrawn if w.reason.get("withdrawn", {}).get("why") in WAIVERS]
    stood = [w.opened_on for w in (*facts.invitations, *gone) if w.wave == FOLLOW_UP]
    return max((day for day in stood if day >= row.opened_on), default=None)


def _ran_out(row: Standing, facts: StayFacts, today: date) -> bool:
    """A follow-up is missed after its sixty days, on the first day that nothing holds it.

    A hold that begins later on that day does not open it again (R-352).
    """
    if row.wave != FOLLOW_UP or row.due_on is None:
        return False
    if row.due_on < today and any(
        w.key == row.key and w.opened_on == row.opened_on and w.state == "missed"
        for w in facts.invitations
    ):
        return True
    over = first_free_day(facts.holds, row.due_on + DAY)
    return over is not None and over <= today


def _next_change(
    due: _Due, facts: StayFacts, stands: Sequence[Standing], at: datetime
) -> datetime | None:
    days = {h.until for h in facts.holds if h.until}
    for wave in due.waves:
        days |= {wave.earned_on, wave.known_on}
    for row in stands:
        if row.wave == FOLLOW_UP and row.due_on:
            over = first_free_day(facts.holds, row.due_on + DAY)
            days |= {over} if over else set()
    today = clock.day_of(at)
    moments = {clock.at(day) for day in days if day > today}
    moments |= {w.ready_at for w in due.waves if w.ready_at is not None and w.ready_at > at}
    if not moments:
        return None
    now = list(stands)
    facts = replace(facts, invitations=tuple(stands))
    return next((m for m in sorted(moments) if _stand(due, facts, m) != now), None)


# ---- What no longer stands -----------------------------------------------------------------


def why_withdrawn(facts: StayFacts, gone: Standing, at: datetime) -> dict[str, Any]:
    """Why this wave no longer stands, as data for its reason: `why`, and what it names."""
    wave = next((w for w in _Due(facts).waves if w.key == gone.key), None)
    if wave is None:
        return {"why": _not_earned(facts, gone)}
    if wave.ready_at is not None and wave.ready_at > at:
        return {"why": "not_over"}
    kinds = {
        h.kind for h in facts.holds for day in (gone.opened_on, wave.earned_on) if h.covers(day)
    }
    if kinds:
        return {"why": "on_hold", "kinds": sorted(kinds)}
    return {"why": "moved", "to": iso(wave.earned_on)}


def _not_earned(facts: StayFacts, gone: Standing) -> str:
    if gone.wave == FOLLOW_UP and facts.follow_up_waived:
        return facts.follow_up_waived
    if gone.wave == INTERIM:
        enough = len(counted(facts)) >= gone.sequence * MEETINGS_PER_INTERIM
        return "exit_instead" if enough else "not_six"
    if gone.wave == EXIT and facts.exit_kind == "drop_out":
        return "drop_out"
    if gone.wave == EXIT and facts.phase == "former":
        return "contact_refused"
    return "stays" if gone.wave in (EXIT, FOLLOW_UP) else "not_complete"


def is_late(wave: Standing, day: date) -> bool:
    """C-13: a baseline counts as late from the second meeting after the decision."""
    second = wave.reason.get("second_meeting") if wave.wave == BASELINE else None
    return second is not None and (wave.answered_on or day) >= date.fromisoformat(second)
