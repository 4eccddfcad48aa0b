"""Which waves should stand: a pure function of the facts of one stay and a day (design.md 4).

No database, no clock. `standing` is the whole cycle: what facts earn, when it may open, what the
waves that stand make of each other. Undoing a fact therefore undoes what followed from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from core.months import add_months
from participants.models import Trajectory
from questionnaires.cycle.attended_meetings import (
    Judged,
    counted,
    covering,
    first_free_day,
    is_held,
    judged,
    meetings_as_participant,
)
from questionnaires.cycle.facts import Evening, Standing, StayFacts

Phase = Trajectory.Phase

BASELINE: Final = "baseline"
INTERIM: Final = "interim"
EXIT: Final = "exit"
FOLLOW_UP: Final = "follow_up"
RANK: Final = {BASELINE: 0, INTERIM: 1, EXIT: 2, FOLLOW_UP: 3}

MEETINGS_PER_INTERIM: Final = 6
MONTHS_TO_FOLLOW_UP: Final = 3
DAYS_TO_ANSWER: Final = {INTERIM: 14, EXIT: 7, FOLLOW_UP: 60}


@dataclass(frozen=True, slots=True)
class Earned:
    """A wave the facts have earned; it stands from the first day nothing holds it up.

    `known_on`: the last day on which a fact it rests on was recorded, when that is known.
    """

    wave: str
    sequence: int
    earned_on: date
    known_on: date
    reason: dict[str, Any]

    @property
    def key(self) -> tuple[str, int]:
        return (self.wave, self.sequence)


# ---- What facts earn ------------------------------------------------------


def earned(facts: StayFacts) -> list[Earned]:
    """Every wave the facts earn, those of a day still to come included."""
    return _earned(facts, judged(facts))


def _earned(facts: StayFacts, evenings: Sequence[Judged]) -> list[Earned]:
    leaving = _exit(facts, evenings)
    found = [_baseline(facts), *_interims(facts, evenings, leaving), leaving, _follow_up(facts)]
    return [wave for wave in found if wave]


def _baseline(facts: StayFacts) -> Earned | None:
    """C-13: a positive first talk, and every yes the policy asks for."""
    if facts.screened_on is None or facts.consent_complete_on is None:
        return None
    day = max(facts.screened_on, facts.consent_complete_on)
    meetings = [*meetings_as_participant(facts)[:2], None, None]
    return Earned(
        BASELINE,
        1,
        day,
        day,
        {
            "text": "baseline",
            "talked_on": _iso(facts.screened_on),
            "consent_complete_on": _iso(facts.consent_complete_on),
            "first_meeting": _iso(meetings[0]),
            "second_meeting": _iso(meetings[1]),
        },
    )


def _interims(facts: StayFacts, evenings: Sequence[Judged], leaving: Earned | None) -> list[Earned]:
    """C-02: every sixth attended meeting; C-38: not the one that is the last meeting."""
    attended = [e for e, why in evenings if not why]
    found: list[Earned] = []
    for number in range(1, len(attended) // MEETINGS_PER_INTERIM + 1):
        until = number * MEETINGS_PER_INTERIM
        sixth = attended[until - 1].day
        if leaving is None or leaving.earned_on != sixth:
            known = _known_on(attended[:until], facts)
            found.append(Earned(INTERIM, number, sixth, known, _six(evenings, attended, number)))
    return found


def _six(evenings: Sequence[Judged], attended: Sequence[Evening], number: int) -> dict[str, Any]:
    """ "6 of 6: ..." as data: this interim's six, and what lay between and did not count."""
    until = number * MEETINGS_PER_INTERIM
    six = [e.day for e in attended[until - MEETINGS_PER_INTERIM : until]]
    after = attended[until - MEETINGS_PER_INTERIM - 1].day if number > 1 else date.min
    return {
        "text": "interim",
        "counted": [_iso(day) for day in six],
        "not_counted": [
            {"date": _iso(e.day), "why": why}
            for e, why in evenings
            if why and after < e.day <= six[-1]
        ],
    }


def _known_on(attended: Sequence[Evening], facts: StayFacts) -> date:
    known = max(e.recorded_on or e.day for e in attended)
    placed = [
        s.placed_on
        for s in facts.seats
        if s.placed_on and s.placed_on > known and any(covering([s], e) for e in attended)
    ]
    return max([known, *placed])


def _exit(facts: StayFacts, evenings: Sequence[Judged]) -> Earned | None:
    """On the day of the agreed last meeting, else on the closing day; never for a drop-out.

    `groups.goodbye.leaving` keeps that day true: it moves with the meeting, goes when that is
    cancelled, and becomes later when somebody comes again after it.
    """
    if facts.exit_kind == "drop_out":
        return None
    agreed = facts.last_meeting_on
    closed_on = facts.ended_on if facts.phase == "former" else None
    if agreed is not None and (closed_on is None or agreed <= closed_on):
        reason = {"text": "exit", "last_meeting_on": _iso(agreed)}
        day = agreed
    elif closed_on is not None and facts.follow_up_waived not in ("contact_refused", "erased"):
        reason = {"text": "exit_closed", "closed_on": _iso(closed_on)}
        day = closed_on
    else:
        return None
    attended = [e for e, why in evenings if not why]
    sixths = attended[MEETINGS_PER_INTERIM - 1 :: MEETINGS_PER_INTERIM]
    replaced = [n for n, sixth in enumerate(sixths, 1) if sixth.day == day]
    if replaced:
        reason |= _six(evenings, attended, replaced[0]) | {
            "text": reason["text"],
            "instead_of": replaced[0],
        }
    return Earned(EXIT, 1, day, day, reason)


def _follow_up(facts: StayFacts) -> Earned | None:
    """R-190, R-199: three calendar months after the exit, unless it is waived."""
    if facts.phase != "former" or facts.exited_on is None or facts.follow_up_waived:
        return None
    day = add_months(facts.exited_on, MONTHS_TO_FOLLOW_UP)
    return Earned(FOLLOW_UP, 1, day, day, {"text": "follow_up", "exited_on": _iso(facts.exited_on)})


# ---- What stands ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows from the facts of one stay: `standing`, `next_change` and what was counted."""

    stands: list[Standing]
    attended: int
    next_change: date | None


def outcome(facts: StayFacts, day: date, *, noticed_on: date | None = None) -> Outcome:
    """All three at once: the evenings are judged and the waves earned only once."""
    evenings = judged(facts)
    due = _earned(facts, evenings)
    stands = _stand(due, facts, day, noticed_on)
    attended = sum(not why for _evening, why in evenings)
    return Outcome(stands, attended, _next_change(due, facts, stands, day))


def standing(facts: StayFacts, day: date, *, noticed_on: date | None = None) -> list[Standing]:
    """The waves that should stand on `day`, oldest first; what is not in it is withdrawn.

    `noticed_on`: the day a changed fact was recorded. What that fact opens, opens then and not
    on the day the fact is about. Without it (time passed, rebuild) the opening day follows from
    the facts. A wave that stands already keeps the day it opened, an answered one keeps all.
    """
    return _stand(earned(facts), facts, day, noticed_on)


def _stand(
    due: Sequence[Earned], facts: StayFacts, day: date, noticed_on: date | None = None
) -> list[Standing]:
    kept = {wave.key: wave for wave in facts.invitations}
    rows: list[Standing] = []
    for wave in due:
        before = kept.pop(wave.key, None)
        if before is not None and before.answered_on is not None:
            rows.append(_answered(before, wave, facts))
        elif wave.earned_on <= day:
            opened_on = _opening_day(wave, before, facts, day, noticed_on)
            if opened_on is not None and opened_on <= day:
                rows.append(_opened(wave, opened_on, facts))
    rows += [_answered(b, None, facts) for b in kept.values() if b.answered_on is not None]
    return _states(sorted(rows, key=_order), facts, day)


def _order(row: Standing) -> tuple[bool, date, int, int]:
    return (row.wave != BASELINE, row.earned_on, RANK[row.wave], row.sequence)


def _opening_day(
    wave: Earned,
    before: Standing | None,
    facts: StayFacts,
    day: date,
    noticed_on: date | None,
) -> date | None:
    """None while something holds it up, or when the stay ended before it could open.

    A fact noticed during a hold is not kept anywhere, so a wave that is not there yet while its
    day is past waited for the hold that ended last.
    """
    free = first_free_day(facts.holds, wave.earned_on)
    if free is None:
        return None
    if facts.phase in Phase.ENDED_EARLY and (facts.ended_on is None or free > facts.ended_on):
        return None
    known = max(wave.earned_on, wave.known_on)
    if before is not None:
        if before.opened_on >= wave.earned_on and not is_held(facts.holds, before.opened_on):
            return before.opened_on
        return first_free_day(facts.holds, known)
    if noticed_on is None:
        if is_held(facts.holds, day):
            return None
        ends = [h.until for h in facts.holds if h.until and known < h.until <= day]
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
    reason = dict(wave.reason)
    if wave.known_on > wave.earned_on:
        reason["recorded_on"] = _iso(wave.known_on)
    waited = [h.kind for h in facts.holds if h.until == opened_on and opened_on > wave.earned_on]
    if waited:
        reason["waited_for"] = sorted(set(waited))
    return reason


def _answered(before: Standing, wave: Earned | None, facts: StayFacts) -> Standing:
    """An answered wave stands for good. Its reason follows the facts as long as they explain
    the day it opened; after that it keeps the reason it was answered with."""
    if wave is None or wave.earned_on > before.opened_on:
        return replace(before, reason=_answered_reason(before.reason) | {"kept": True})
    return Standing(
        before.wave,
        before.sequence,
        wave.earned_on,
        before.opened_on,
        _due_on(wave, before.opened_on),
        before.answered_on,
        before.state,
        _with_delay(wave, before.opened_on, facts),
        before.row,
    )


def _answered_reason(reason: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in reason.items() if key not in ("missed", "never_open")}


def _states(rows: list[Standing], facts: StayFacts, day: date) -> list[Standing]:
    """R-218: of the waves that stand only the last can be open; an earlier one is missed."""
    found: list[Standing] = []
    for place, row in enumerate(rows):
        over = Phase.OVER if RANK[row.wave] < RANK[EXIT] else Phase.ENDED_EARLY
        if row.answered_on is not None:
            row = row if row.state == "answered" else replace(row, state="answered")
        elif later := rows[place + 1 :]:
            row = _missed_by(row, later)
        elif facts.phase in over or facts.follow_up_waived == "erased":
            row = replace(row, state="closed")
        elif _ran_out(row, facts, day):
            ran_out = {"missed": {"days": DAYS_TO_ANSWER[FOLLOW_UP]}}
            row = replace(row, state="missed", reason=row.reason | ran_out)
        found.append(row)
    return found


def _missed_by(row: Standing, later: Sequence[Standing]) -> Standing:
    reason = row.reason | {"missed": {"wave": later[0].wave, "sequence": later[0].sequence}}
    if row.opened_on >= min(wave.opened_on for wave in later):
        reason["never_open"] = True
    return replace(row, state="missed", reason=reason)


def _ran_out(row: Standing, facts: StayFacts, day: date) -> bool:
    """A follow-up is missed after its sixty days, on the first day that nothing holds it."""
    if row.wave != FOLLOW_UP or row.due_on is None:
        return False
    over = first_free_day(facts.holds, row.due_on + timedelta(days=1))
    return over is not None and over <= day


def next_change(facts: StayFacts, stands: Sequence[Standing], day: date) -> date | None:
    """The first day after `day` on which time alone changes what stands; None when never."""
    return _next_change(earned(facts), facts, stands, day)


def _next_change(
    due: Sequence[Earned], facts: StayFacts, stands: Sequence[Standing], day: date
) -> date | None:
    days = {h.until for h in facts.holds if h.until}
    for wave in due:
        days |= {wave.earned_on, wave.known_on}
    for row in stands:
        if row.wave == FOLLOW_UP and row.due_on:
            over = first_free_day(facts.holds, row.due_on + timedelta(days=1))
            days |= {over} if over else set()
    ahead = sorted(d for d in days if d > day)
    if not ahead:
        return None
    now = list(stands)
    facts = replace(facts, invitations=tuple(stands))
    return next((d for d in ahead if _stand(due, facts, d) != now), None)


def why_withdrawn(facts: StayFacts, wave: str, sequence: int) -> str:
    """Why this wave no longer stands, as a code for its reason."""
    due = {w.key: w for w in earned(facts)}
    if (wave, sequence) in due:
        return "on_hold" if is_held(facts.holds, due[wave, sequence].earned_on) else "moved"
    if wave == FOLLOW_UP and facts.follow_up_waived:
        return facts.follow_up_waived
    if wave == INTERIM:
        enough = len(counted(facts)) >= sequence * MEETINGS_PER_INTERIM
        return "exit_instead" if enough else "not_six"
    if wave == EXIT and facts.exit_kind == "drop_out":
        return "drop_out"
    return "stays" if wave in (EXIT, FOLLOW_UP) else "not_complete"


def is_late(wave: Standing, day: date) -> bool:
    """C-13: a baseline counts as late from the second meeting after the decision."""
    second = wave.reason.get("second_meeting") if wave.wave == BASELINE else None
    return second is not None and (wave.answered_on or day) >= date.fromisoformat(second)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
