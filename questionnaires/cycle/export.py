"""The facts and waves of stays as plain rows: enough to recount the whole cycle from outside.

The shape is a public contract; `tests/recount` recounts it without importing anything of ours.
No name, contact or answer is in it.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from participants.models import Trajectory
from questionnaires.cycle import attended_meetings
from questionnaires.cycle.facts import Standing, StayFacts, load

BATCH = 500


def rows(trajectory_ids: Collection[UUID] | None = None) -> Iterator[dict[str, Any]]:
    """One JSON-ready row a stay, ordered by id; all stays unless some are named."""
    stays = Trajectory.objects.order_by("pk").values_list("pk", flat=True)
    if trajectory_ids is not None:
        stays = stays.filter(pk__in=trajectory_ids)
    ids = iter(list(stays))
    while batch := list(islice(ids, BATCH)):
        for stay in load(batch):
            yield row(stay)


def row(stay: StayFacts) -> dict[str, Any]:
    """Dates and moments are ISO or null; `until` of a placement is inclusive, of a hold exclusive.

    A hold that covers no day, and only moments, has one day as `from` and `until`.
    """
    return {
        "trajectory": str(stay.trajectory),
        "participant": str(stay.participant),
        "phase": stay.phase,
        "screened_on": _iso(stay.screened_on),
        "consent_complete_on": _iso(stay.consent_complete_on),
        "definitive_on": _iso(stay.definitive_on),
        "ended_on": _iso(stay.ended_on),
        "placements": [
            {
                "group": str(s.group),
                "from": _iso(s.first),
                "until": _iso(s.until),
                "trial": s.trial,
            }
            for s in stay.seats
        ],
        "on_hold": [
            {
                "from": _iso(h.first),
                "until": _iso(h.until),
                "from_at": _iso(h.from_at),
                "until_at": _iso(h.until_at),
                "kind": h.kind,
            }
            for h in stay.holds
        ],
        "last_meeting_on": _iso(stay.last_meeting_on),
        "exited_on": _iso(stay.exited_on),
        "exit_kind": stay.exit_kind or None,
        "follow_up_waived": stay.follow_up_waived or None,
        "meetings": [
            {
                "date": _iso(e.day),
                "starts_at": _iso(e.starts_at),
                "over_at": _iso(e.over_at),
                "group": str(e.group),
                "status": e.status,
                "attendance": e.attendance,
                "recorded_at": _iso(e.recorded_on),
                "counted": not attended_meetings.why_not_counted(e, stay),
            }
            for e in stay.evenings
        ],
        "invitations": [_wave(wave) for wave in (*stay.invitations, *stay.withdrawn)],
    }


def _wave(wave: Standing) -> dict[str, Any]:
    return {
        "wave": wave.wave,
        "sequence": wave.sequence,
        "opening": wave.opening,
        "earned_on": _iso(wave.earned_on),
        "opened_on": _iso(wave.opened_on),
        "due_on": _iso(wave.due_on),
        "answered_on": _iso(wave.answered_on),
        "state": wave.state,
        "reason": wave.reason,
    }


def _iso(day: date | datetime | None) -> str | None:
    return day.isoformat() if day else None
