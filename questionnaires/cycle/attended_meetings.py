"""Which evenings of a stay count, and why the others do not (design.md 4.2); pure."""

from collections.abc import Iterable, Sequence
from datetime import date

from questionnaires.cycle.facts import Evening, OnHold, StayFacts

Judged = tuple[Evening, str]


def is_held(holds: Iterable[OnHold], day: date, kind: str = "") -> bool:
    return any(hold.covers(day) for hold in holds if not kind or hold.kind == kind)


def first_free_day(holds: Sequence[OnHold], day: date) -> date | None:
    """The first day from `day` on without a hold; None while one has no end."""
    while covering := [hold for hold in holds if hold.covers(day)]:
        if any(hold.until is None for hold in covering):
            return None
        day = max(hold.until for hold in covering if hold.until)
    return day


def why_not_counted(evening: Evening, facts: StayFacts) -> str:
    """Why this evening does not count, as a code; empty when it does (R-202, R-130)."""
    seats = [s for s in facts.seats if s.group == evening.group and s.covers(evening.day)]
    if evening.status == "cancelled":
        return "cancelled"
    if evening.status != "held":
        return "not_held"
    if evening.attendance != "present":
        return evening.attendance
    if not seats:
        return "no_place"
    if all(seat.trial for seat in seats):
        return "trial"
    if is_held(facts.holds, evening.day, "blocked"):
        return "blocked"
    return ""


def judged(facts: StayFacts) -> list[Judged]:
    """Every evening in order, with why it does not count ("" when it does)."""
    evenings = sorted(facts.evenings, key=lambda e: (e.day, e.id))
    return [(e, why_not_counted(e, facts)) for e in evenings]


def counted(facts: StayFacts) -> list[Evening]:
    """The attended meetings that count, in order: over groups and pauses of one stay."""
    return [e for e, why in judged(facts) if not why]


def meetings_as_participant(facts: StayFacts) -> list[date]:
    """Days of the meetings after the definitive decision, cancelled ones left out."""
    if facts.definitive_on is None:
        return []
    return sorted(
        e.day
        for e in facts.evenings
        if e.status != "cancelled"
        and e.day >= facts.definitive_on
        and any(not s.trial and s.group == e.group and s.covers(e.day) for s in facts.seats)
    )
