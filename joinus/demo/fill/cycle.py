"""The waves of an invented stay, by the house's own rules, answered by some and not by others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

from core import clock
from groups.evenings import over
from groups.models import Attendance, Meeting, Placement, moments
from participants.models import Hold, Trajectory
from questionnaires.cycle import attended_meetings, waves
from questionnaires.cycle.facts import Evening, OnHold, Seat, Standing, StayFacts
from questionnaires.models import CycleState


def facts_of(
    stay: Trajectory,
    placements: Sequence[Placement],
    holds: Sequence[Hold],
    meetings: Sequence[Meeting],
    attendance: Sequence[Attendance],
) -> StayFacts:
    """As `questionnaires.cycle.facts.load` will read them from the rows."""
    recorded = {row.meeting_id: row for row in attendance}
    return StayFacts(
        trajectory=stay.pk,
        participant=stay.participant_id,
        phase=stay.phase,
        screened_on=stay.screened_on if stay.suitable else None,
        consent_complete_on=stay.consent_complete_on,
        definitive_on=stay.definitive_on,
        last_meeting_on=stay.last_meeting_on,
        ended_on=stay.ended_on,
        exited_on=stay.exited_on,
        exit_kind=stay.exit_kind,
        follow_up_waived=stay.follow_up_waived,
        seats=tuple(
            Seat(p.group_id, p.first_day, p.last_day, p.trial, clock.day_of(p.placed_at))
            for p in placements
        ),
        holds=tuple(OnHold(h.kind, h.days[0], h.days[1], h.from_at, h.until_at) for h in holds),
        evenings=tuple(_evenings(placements, meetings, recorded)),
    )


def _evenings(
    placements: Sequence[Placement],
    meetings: Sequence[Meeting],
    recorded: Mapping[UUID, Attendance],
) -> Iterator[Evening]:
    for meeting in meetings:
        row = recorded.get(meeting.pk)
        if row is None and not any(_covers(p, meeting.date) for p in placements):
            continue
        at = row.recorded_at if row else None
        yield Evening(
            meeting.pk,
            meeting.date,
            meeting.group_id,
            meeting.status,
            row.state if row else "not_recorded",
            over.sheet_day(meeting.date, at) if at else None,
            meeting.starts_at,
            moments.over_at(meeting),
        )


def _covers(placement: Placement, day: date) -> bool:
    last = placement.last_day
    return placement.first_day <= day and (last is None or day <= last)


def played(facts: StayFacts, day: date, dice: Random, keep_open: bool) -> list[Standing]:
    """What stands on `day` when most waves were answered some days after they opened.

    `keep_open`: the last one still waits. Raises ValueError when the rules would change it again.
    """
    stands: list[Standing] = []
    for until in _stages(facts, day):
        at = clock.at(until, 23)
        stands = waves.standing(replace(facts, invitations=tuple(stands)), at)
        answered = [_answered(facts, stands, n, until, dice, keep_open) for n in range(len(stands))]
        stands = waves.standing(replace(facts, invitations=tuple(answered)), at)
    if waves.standing(replace(facts, invitations=tuple(stands)), clock.at(day, 23)) != stands:
        raise ValueError(f"The cycle of an invented stay does not stand still: {facts}")
    return stands


def _stages(facts: StayFacts, day: date) -> list[date]:
    """Every last day before a hold, and the day itself: what stood then is known no other way."""
    return [*sorted(hold.first - timedelta(days=1) for hold in facts.holds), day]


def _answered(
    facts: StayFacts,
    stands: Sequence[Standing],
    place: int,
    day: date,
    dice: Random,
    keep_open: bool,
) -> Standing:
    wave = stands[place]
    when = wave.opened_on + timedelta(days=dice.randint(0, 4))
    until = stands[place + 1].opened_on if place + 1 < len(stands) else day
    last = place + 1 == len(stands)
    held = attended_meetings.is_held(facts.holds, when)
    if (
        wave.answered_on is not None
        or when >= until
        or held
        or (last and keep_open)
        or dice.random() < 0.2
    ):
        return wave
    return replace(wave, answered_on=when)


def counters(facts: StayFacts, stands: Sequence[Standing], day: date) -> CycleState:
    """As `questionnaires.cycle.cycle` counts."""
    answered = [wave.answered_on for wave in stands if wave.answered_on]
    return CycleState(
        trajectory_id=facts.trajectory,
        attended=len(attended_meetings.counted(facts)),
        last_answered_on=max(answered, default=None),
        next_due_at=waves.next_change(
            replace(facts, invitations=tuple(stands)), stands, clock.at(day, 23)
        ),
    )
