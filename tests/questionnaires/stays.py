"""Stays in the domain's words, as plain facts: no database, no clock."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from core import clock
from questionnaires.cycle import waves
from questionnaires.cycle.facts import Evening, OnHold, Seat, Standing, StayFacts

GROUP = UUID(int=1)
OTHER_GROUP = UUID(int=2)
STAY = UUID(int=100)
#: The first meeting as a participant; the meetings are every two weeks on Thursday.
FIRST = date(2026, 1, 8)


def nth(number: int) -> date:
    """Day of the n-th meeting after the definitive decision; 0 is the trial meeting."""
    return FIRST + timedelta(weeks=2 * (number - 1))


def evening(
    number: int,
    attendance: str = "present",
    *,
    status: str = "held",
    group: UUID = GROUP,
    recorded: date | None = None,
    day: date | None = None,
) -> Evening:
    day = day or nth(number)
    recorded_on = recorded or (day if attendance != "not_recorded" else None)
    return Evening(UUID(int=1000 + number), day, group, status, attendance, recorded_on)


def attended(*numbers: int) -> tuple[Evening, ...]:
    return tuple(evening(n) for n in numbers)


def stay(*evenings: Evening, **facts: Any) -> StayFacts:
    """A participant since the first meeting, who said yes and talked a month before."""
    defaults: dict[str, Any] = {
        "screened_on": nth(0) - timedelta(days=14),
        "consent_complete_on": nth(0) - timedelta(days=12),
        "definitive_on": FIRST,
        "seats": (
            Seat(GROUP, nth(0), nth(0), trial=True),
            Seat(GROUP, FIRST),
        ),
        "evenings": (evening(0), *evenings),
    }
    return StayFacts(STAY, **(defaults | facts))


def late(day: date) -> datetime:
    """Late in the evening of that day: what it brings is there."""
    return clock.at(day, 23)


def on(facts: StayFacts, day: date, **noticed: Any) -> list[Standing]:
    """What stands late on `day`; what had opened before the first meeting stands since then."""
    if not facts.invitations and day > FIRST:
        facts = keeps(facts, waves.standing(facts, late(FIRST - timedelta(days=1))))
    return waves.standing(facts, late(day), **noticed)


def next_day(facts: StayFacts, rows: list[Standing], day: date) -> date | None:
    """The day that begins with the next moment at which time alone changes something."""
    moment = waves.next_change(facts, rows, late(day))
    assert moment is None or moment == clock.at(clock.day_of(moment))
    return clock.day_of(moment) if moment else None


def why_gone(facts: StayFacts, rows: list[Standing], wave: str, day: date) -> str:
    """Why this wave of `rows` no longer stands."""
    return str(waves.why_withdrawn(facts, one(rows, wave), late(day))["why"])


def names(rows: list[Standing]) -> list[str]:
    """ "interim 2 open", in order."""
    return [f"{row.wave} {row.sequence} {row.state}" for row in rows]


def one(rows: list[Standing], wave: str, sequence: int = 1) -> Standing:
    return next(row for row in rows if row.key == (wave, sequence))


def keeps(facts: StayFacts, rows: list[Standing], **changes: Any) -> StayFacts:
    """The same stay with these waves standing and some facts changed."""
    return replace(facts, invitations=tuple(rows), **changes)


def answer(rows: list[Standing], wave: str, sequence: int, day: date) -> list[Standing]:
    return [
        replace(row, state="answered", answered_on=day, answered_at=clock.at(day, 20))
        if row.key == (wave, sequence)
        else row
        for row in rows
    ]


def hold(kind: str, first: date, until: date | None = None) -> OnHold:
    return OnHold(kind, first, until)


def goodbye(facts: StayFacts, last: date, **changes: Any) -> StayFacts:
    """Closed on the agreed last meeting, for a goal."""
    return replace(
        facts,
        **(
            {
                "phase": "former",
                "last_meeting_on": last,
                "exited_on": last,
                "ended_on": last,
                "exit_kind": "goal",
            }
            | changes
        ),
    )
