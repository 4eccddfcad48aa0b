"""Which evenings of a stay count, and why the others do not (design.md 4.2); pure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from core import clock
from questionnaires.cycle.facts import BY_DAY, Evening, OnHold, Seat, StayFacts

Judged = tuple[Evening, str]


def is_held(holds: Iterable[OnHold], day: date) -> bool:
    return any(hold.covers(day) for hold in holds)


def first_free_day(holds: Sequence[OnHold], day: date) -> date | None:
    """The first day from `day` on without a hold; None while one has no end."""
    while covering := [hold for hold in holds if hold.covers(day)]:
        if any(hold.until is None for hold in covering):
            return None
        day = max(hold.until for hold in covering if hold.until)
    return day


def was_blocked(holds: Iterable[OnHold], moment: datetime) -> bool:
    """No yes in force at that moment (C-43)."""
    return any(hold.kind == "blocked" and hold.covers_moment(moment) for hold in holds)


def covering(seats: Iterable[Seat], evening: Evening) -> list[Seat]:
    """The seats in the group of this evening, on its day. Groups are the same object as a rule:
    to compare their keys costs more than all the rest."""
    group, day = evening.group, evening.day
    return [
        s
        for s in seats
        if s.first <= day
        and (s.until is None or day <= s.until)
        and (s.group is group or s.group == group)
    ]


def why_not_counted(evening: Evening, facts: StayFacts) -> str:
    """Why this evening does not count, as a code; empty when it does (R-202, R-130, R-353)."""
    if evening.status == "cancelled":
        return "cancelled"
    if evening.status != "held":
        return "not_written"
    if evening.attendance != "present":
        return evening.attendance
    seats = covering(facts.seats, evening)
    if not seats:
        return "no_place"
    if all(seat.trial for seat in seats):
        return "trial"
    if facts.holds and was_blocked(facts.holds, evening.starts_at or clock.at(evening.day, 12)):
        return "blocked"
    return ""


def judged(facts: StayFacts) -> list[Judged]:
    """Every evening in order, with why it does not count ("" when it does)."""
    evenings = sorted(facts.evenings, key=BY_DAY)
    return [(e, why_not_counted(e, facts)) for e in evenings]


def counted(facts: StayFacts) -> list[Evening]:
    """The attended meetings that count, in order: over groups and pauses of one stay."""
    return [e for e, why in judged(facts) if not why]


def meetings_as_participant(facts: StayFacts) -> list[date]:
    """Days of the meetings after the definitive decision, cancelled ones left out."""
    since = facts.definitive_on
    if since is None:
        return []
    seats = [seat for seat in facts.seats if not seat.trial]
    days = [
        e.day
        for e in facts.evenings
        if e.day >= since and e.status != "cancelled" and covering(seats, e)
    ]
    return sorted(days)
