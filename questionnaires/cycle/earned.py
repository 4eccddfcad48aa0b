"""Which waves the facts of one stay have earned (design.md 4.1-4.4, C-38, C-42); pure.

What stands of them, and since when, is the affair of `questionnaires.cycle.waves`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.conf import settings

from core import clock
from core.months import add_months
from participants.models import Trajectory
from questionnaires.cycle.attended_meetings import Judged, covering, meetings_as_participant
from questionnaires.cycle.facts import Evening, Standing, StayFacts

BASELINE: Final = "baseline"
INTERIM: Final = "interim"
EXIT: Final = "exit"
FOLLOW_UP: Final = "follow_up"

MEETINGS_PER_INTERIM: Final = 6
MONTHS_TO_FOLLOW_UP: Final = 3

Waived = Trajectory.Waived


@dataclass(frozen=True, slots=True)
class Earned:
    """A wave the facts have earned; it stands from the first day nothing holds it up.

    `known_on`: the last day on which a fact it rests on was recorded, when that is known.
    `ready_at`: the end of the evening it is inferred from (C-44); None: its day will do.
    """

    wave: str
    sequence: int
    earned_on: date
    known_on: date
    reason: dict[str, Any]
    ready_at: datetime | None = None

    @property
    def key(self) -> tuple[str, int]:
        return (self.wave, self.sequence)


def earned(facts: StayFacts, evenings: Sequence[Judged]) -> list[Earned]:
    """Every wave the facts earn, those of a day still to come included."""
    leaving = _exit(facts, evenings)
    found = [_baseline(facts), *_interims(facts, evenings, leaving), leaving, _follow_up(facts)]
    return [wave for wave in found if wave]


def _baseline(facts: StayFacts) -> Earned | None:
    """C-13: a positive first talk, and every yes the policy asks for."""
    if facts.screened_on is None or facts.consent_complete_on is None:
        return None
    day = max(facts.screened_on, facts.consent_complete_on)
    meetings = [*meetings_as_participant(facts)[:2], None, None]
    reason = {
        "text": "baseline",
        "talked_on": iso(facts.screened_on),
        "consent_complete_on": iso(facts.consent_complete_on),
        "first_meeting": iso(meetings[0]),
        "second_meeting": iso(meetings[1]),
    }
    return Earned(BASELINE, 1, day, day, reason)


# ---- In between ----------------------------------------------------------------------------


def _interims(facts: StayFacts, evenings: Sequence[Judged], leaving: Earned | None) -> list[Earned]:
    """C-02: every sixth attended meeting, by its number; not the one an exit takes the place of."""
    attended = [e for e, why in evenings if not why]
    instead = set(_replaced(facts, attended, leaving))
    found: list[Earned] = []
    for number in range(1, len(attended) // MEETINGS_PER_INTERIM + 1):
        if number not in instead:
            until = number * MEETINGS_PER_INTERIM
            sixth = attended[until - 1]
            known = _known_on(attended[:until], facts)
            reason = {"text": "interim"} | _six(evenings, attended, number)
            found.append(Earned(INTERIM, number, sixth.day, known, reason, sixth.over_at))
    return found


def _replaced(
    facts: StayFacts, attended: Sequence[Evening], leaving: Earned | None
) -> dict[int, date]:
    """Numbers of the interims that an exit takes the place of -> the day of that exit.

    C-38: the sixth is the last meeting. C-42: it comes on the day of an answered exit, or within
    four weeks of it. An interim that was answered keeps its place.
    """
    answered = [w.earned_on for w in facts.invitations if w.wave == EXIT and w.answered_on]
    new = leaving is not None and not _is_answered(facts, leaving.key)
    found: dict[int, date] = {}
    for number, sixth in enumerate(attended[MEETINGS_PER_INTERIM - 1 :: MEETINGS_PER_INTERIM], 1):
        exits = [day for day in answered if day <= sixth.day < day + _quiet_weeks()]
        if leaving is not None and new and leaving.earned_on == sixth.day:
            exits.append(leaving.earned_on)
        if exits and not _is_answered(facts, (INTERIM, number)):
            found[number] = max(exits)
    return found


def _quiet_weeks() -> timedelta:
    return timedelta(days=settings.DAYS_AFTER_AN_EXIT)


def _is_answered(facts: StayFacts, key: tuple[str, int]) -> bool:
    return any(w.answered_on and w.key == key for w in facts.invitations)


def _six(evenings: Sequence[Judged], attended: Sequence[Evening], number: int) -> dict[str, Any]:
    """ "6 of 6: ..." as data: this interim's six, and what lay between and did not count.

    An evening of the sixth's own day that nobody wrote down yet tells nothing.
    """
    until = number * MEETINGS_PER_INTERIM
    six = [e.day for e in attended[until - MEETINGS_PER_INTERIM : until]]
    after = attended[until - MEETINGS_PER_INTERIM - 1].day if number > 1 else date.min
    return {
        "counted": [iso(day) for day in six],
        "not_counted": [
            {"date": iso(e.day), "why": why}
            for e, why in evenings
            if why
            and after < e.day <= six[-1]
            and (e.day < six[-1] or why not in ("not_written", "not_recorded"))
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


# ---- Leaving -------------------------------------------------------------------------------


def _exit(facts: StayFacts, evenings: Sequence[Judged]) -> Earned | None:
    """The goodbye of now, by its number: one that was answered is counted on from (C-42)."""
    goodbye = _goodbye(facts)
    if goodbye is None:
        return None
    day, reason = goodbye
    answered = [w for w in facts.invitations if w.wave == EXIT and w.answered_on]
    last = max(answered, key=_sequence, default=None)
    number = 1 if last is None else last.sequence + _is_another(facts, last, day)
    found = Earned(EXIT, number, day, day, reason)
    attended = [e for e, why in evenings if not why]
    for interim, by in _replaced(facts, attended, found).items():
        if by == day:
            found.reason.update(
                _six(evenings, attended, interim) | {"instead_of": interim},
            )
    return found


def _goodbye(facts: StayFacts) -> tuple[date, dict[str, Any]] | None:
    """On the day of the agreed last meeting, else on the closing day; never for a drop-out.

    `groups.goodbye.leaving` keeps that day true: it moves with the meeting, goes when that is
    cancelled, and becomes later when somebody comes again after it. A closing without it names
    the day on which somebody stopped, which may lie before it. Refusing contact at the closing
    keeps it from opening; refused later it leaves what stands as it is (R-352).
    """
    if facts.exit_kind == "drop_out":
        return None
    agreed = facts.last_meeting_on
    closed_on = facts.ended_on if facts.phase == "former" else None
    if agreed is not None and (closed_on is None or agreed <= closed_on):
        return agreed, {"text": "exit", "last_meeting_on": iso(agreed)}
    if closed_on is not None and (
        facts.follow_up_waived != Waived.CONTACT_REFUSED or _stands(facts, closed_on)
    ):
        return closed_on, {"text": "exit_closed", "closed_on": iso(facts.exited_on or closed_on)}
    return None


def _stands(facts: StayFacts, closed_on: date) -> bool:
    """An exit stands that this closing may have opened."""
    exits = [w for w in facts.invitations if w.wave == EXIT]
    return any(w.answered_on is None or w.earned_on == closed_on for w in exits)


def _is_another(facts: StayFacts, last: Standing, day: date) -> bool:
    """C-42: agreed after the last exit was answered, or closed on a later day than it measured.

    A date that moved is the same goodbye.
    """
    if day <= last.earned_on:
        return False
    answered_at = last.answered_at or clock.at(last.answered_on or last.opened_on)
    agreed_anew = facts.agreed_at is not None and facts.agreed_at > answered_at
    return facts.phase == "former" or agreed_anew


def _sequence(wave: Standing) -> int:
    return wave.sequence


def _follow_up(facts: StayFacts) -> Earned | None:
    """R-190, R-199: three calendar months after the exit, unless it is waived.

    What was answered or missed before the waiver stays; erasing takes nothing back.
    """
    if facts.phase != "former" or facts.exited_on is None:
        return None
    if facts.follow_up_waived:
        erased = facts.follow_up_waived == Waived.ERASED
        stood = [w for w in facts.invitations if w.wave == FOLLOW_UP]
        if not any(erased or w.answered_on or w.state == "missed" for w in stood):
            return None
    day = add_months(facts.exited_on, MONTHS_TO_FOLLOW_UP)
    return Earned(FOLLOW_UP, 1, day, day, {"text": "follow_up", "exited_on": iso(facts.exited_on)})


def after_an_exit(facts: StayFacts, evenings: Sequence[Judged]) -> dict[date, dict[str, Any]]:
    """Day of an answered exit -> what its reason says of the interim it took the place of."""
    attended = [e for e, why in evenings if not why]
    return {
        day: {"instead_of": number} | _six(evenings, attended, number)
        for number, day in _replaced(facts, attended, None).items()
    }


def iso(day: date | None) -> str | None:
    """A day as a reason keeps it."""
    return day.isoformat() if day else None
