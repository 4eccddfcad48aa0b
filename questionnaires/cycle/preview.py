"""What a change of attendance would do to the questionnaires, said before it is made (R-131).

Answers the port `attendance_preview`. Nothing is written: the facts are read, the change is made
in them on paper, and the waves before and after are compared.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol
from uuid import UUID

from django.utils.translation import gettext as _

from core import clock
from core.ports import Consequence
from questionnaires.cycle import facts as known
from questionnaires.cycle.attended_meetings import counted
from questionnaires.cycle.facts import Evening, Standing, StayFacts
from questionnaires.cycle.reasons import short_day, wave_name
from questionnaires.cycle.waves import standing


class AttendanceChange(Protocol):
    """One row of one sheet as it would become (`groups.sheet.attendance.Change`)."""

    @property
    def trajectory_id(self) -> UUID: ...
    @property
    def meeting_id(self) -> UUID: ...
    @property
    def to_state(self) -> str: ...


def consequences(changes: Sequence[AttendanceChange]) -> list[Consequence]:
    """One sentence for every wave that would open, move or be withdrawn; six queries."""
    if not changes:
        return []
    now = clock.now()
    today = clock.evening_of(now)
    by_stay: dict[UUID, dict[UUID, str]] = defaultdict(dict)
    for change in changes:
        by_stay[change.trajectory_id][change.meeting_id] = change.to_state
    found: list[Consequence] = []
    for stay in known.load(list(by_stay)):
        before = standing(stay, now, noticed_on=today)
        changed = with_attendance(stay, by_stay[stay.trajectory], today)
        after = standing(changed, now, noticed_on=today)
        found += [
            Consequence(stay.trajectory, kind, text) for kind, text in differences(before, after)
        ]
    return found


def with_attendance(stay: StayFacts, states: dict[UUID, str], day: date) -> StayFacts:
    """The same stay with these states recorded on `day`; who came later said goodbye later."""
    evenings = tuple(
        _recorded(evening, states[evening.id], day) if evening.id in states else evening
        for evening in stay.evenings
    )
    changed = replace(stay, evenings=evenings)
    if stay.phase != "leaving" or stay.last_meeting_on is None:
        return changed
    last = max([stay.last_meeting_on, *(e.day for e in counted(changed))])
    return replace(changed, last_meeting_on=last)


def _recorded(evening: Evening, state: str, day: date) -> Evening:
    if state == evening.attendance:
        return evening
    recorded = state != "not_recorded"
    return evening._replace(
        attendance=state,
        status="held" if recorded and evening.status == "planned" else evening.status,
        recorded_on=day if recorded else None,
    )


def differences(before: Sequence[Standing], after: Sequence[Standing]) -> list[tuple[str, str]]:
    """(opens | moves | withdraws, the sentence), in the order of the waves."""
    old = {wave.key: wave for wave in before}
    new = {wave.key: wave for wave in after}
    found = [
        ("withdraws", _("This takes back %(wave)s.") % {"wave": wave_name(*key)})
        for key in old
        if key not in new
    ]
    for key, wave in new.items():
        said = _said(old.get(key), wave)
        if said:
            found.append(said)
    return found


def _said(old: Standing | None, new: Standing) -> tuple[str, str] | None:
    name = wave_name(new.wave, new.sequence)
    if new.state == "open" and (old is None or old.state != "open"):
        if old is None:
            return "opens", _("This opens %(wave)s.") % {"wave": name}
        return "opens", _("This opens %(wave)s again.") % {"wave": name}
    if old is None:
        text = _("This writes down %(wave)s as missed; nothing is sent.")
        return "opens", text % {"wave": name}
    if old.earned_on != new.earned_on:
        day = short_day(new.earned_on.isoformat())
        return "moves", _("This moves %(wave)s to %(day)s.") % {"wave": name, "day": day}
    return None
