"""The worker's start page in figures: tonight's meeting and the group at a glance."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.organisations.models import Group
from groups.evenings.first_evening import waiting_for
from groups.models import AbsenceNotice, Meeting, Placement
from groups.permissions import RECORD_ATTENDANCE
from groups.seats.glance import (
    last_held,
    note_of,
    repeatedly_missed,
    strip_of,
    with_contact,
    written_at,
)
from participants.recusal import recusal
from questionnaires.cycle.waves import MEETINGS_PER_INTERIM
from questionnaires.models import CycleState, Invitation, Wave


@dataclass(frozen=True)
class PersonRow:
    """One participant at a glance. `strip` has the states of the last meetings, oldest first."""

    trajectory_id: UUID
    name: str
    note: str  # "", "trial", "paused", "blocked", "leaving"
    strip: list[str]
    questionnaire: str  # answered | open | count
    counted: int
    missed: int = 0
    worried: bool = False
    agreed: bool = False
    name_only: bool = False  # this worker stays out of the person's stay


@dataclass(frozen=True)
class GroupCard:
    group: Group
    next_meeting: Meeting | None
    is_today: bool
    rows: list[PersonRow] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    newcomers: list[str] = field(default_factory=list)
    at_the_door: list[str] = field(default_factory=list)

    @property
    def expected(self) -> int:
        return len(self.rows) - len(self.told)


def group_cards(user: Viewer) -> list[GroupCard]:
    """The cards of every group this user leads; a fixed number of queries whatever their size."""
    day = clock.today()
    groups = list(
        Group.objects.filter(reach(user, RECORD_ATTENDANCE).as_q()).select_related("location")
    )
    placements = _placements(groups, day)
    upcoming = _next_meetings(groups)
    held = last_held(groups)
    written = written_at([evening for evenings in held.values() for evening in evenings])
    people = [p.trajectory_id for p in placements]
    counted = dict(
        CycleState.objects.filter(trajectory__in=people).values_list("trajectory_id", "attended")
    )
    newest: dict[UUID, Invitation] = {}
    for invitation in (
        Invitation.objects.standing().filter(trajectory__in=people).order_by("earned_on", "id")
    ):
        newest[invitation.trajectory_id] = invitation
    told = _told(upcoming)
    outside = set(
        waiting_for(user)
        .filter(meeting__in=upcoming.values())
        .values_list("meeting_id", "trajectory_id")
    )
    hidden = recusal.out_of(user)
    cards = []
    for group in groups:
        meeting = upcoming.get(group.pk)
        mine = [p for p in placements if p.group_id == group.pk]
        strips = {
            p.trajectory_id: strip_of(p, held.get(group.pk, []), written, gaps=False) for p in mine
        }
        rows = [
            PersonRow(
                trajectory_id=p.trajectory_id,
                name=p.trajectory.participant.call_name,
                note=note_of(p),
                strip=strips[p.trajectory_id],
                questionnaire=_questionnaire(newest.get(p.trajectory_id)),
                counted=counted.get(p.trajectory_id, 0) % MEETINGS_PER_INTERIM,
                missed=repeatedly_missed(strips[p.trajectory_id]),
                worried=p.worried,
                agreed=p.agreed,
                name_only=p.trajectory.participant_id in hidden,
            )
            for p in mine
        ]
        gone = told.get(meeting.pk, set()) if meeting else set()
        cards.append(
            GroupCard(
                group=group,
                next_meeting=meeting,
                is_today=meeting is not None and meeting.date == day,
                rows=rows,
                told=[r.name for r in rows if r.trajectory_id in gone],
                newcomers=[r.name for r in rows if r.note == "trial"],
                at_the_door=[
                    r.name for r in rows if meeting and (meeting.pk, r.trajectory_id) in outside
                ],
            )
        )
    return sorted(cards, key=lambda c: (c.next_meeting is None, _starts(c), c.group.name))


def _starts(card: GroupCard) -> datetime:
    return card.next_meeting.starts_at if card.next_meeting else clock.now()


def _placements(groups: list[Group], day: date) -> list[Any]:
    return list(
        with_contact(Placement.objects.on(day))
        .filter(group__in=groups)
        .select_related("trajectory__participant")
        .order_by("trajectory__participant__call_name", "pk")
    )


def _next_meetings(groups: list[Group]) -> dict[UUID, Meeting]:
    """The running or coming meeting of each group."""
    found: dict[UUID, Meeting] = {}
    for meeting in (
        Meeting.objects.filter(group__in=groups, ends_at__gte=clock.now())
        .exclude(status=Meeting.Status.CANCELLED)
        .order_by("starts_at")
    ):
        found.setdefault(meeting.group_id, meeting)
    return found


def _told(upcoming: dict[UUID, Meeting]) -> dict[UUID, set[UUID]]:
    told: dict[UUID, set[UUID]] = defaultdict(set)
    for meeting_id, trajectory_id in AbsenceNotice.objects.filter(
        meeting__in=upcoming.values(), taken_back_at__isnull=True
    ).values_list("meeting_id", "trajectory_id"):
        told[meeting_id].add(trajectory_id)
    return told


def _questionnaire(newest: Invitation | None) -> str:
    """What the chip says: the newest wave is open, or just answered, or count on to the next."""
    if newest is None:
        return "count"
    if newest.state == Invitation.State.OPEN:
        return "open"
    answered_lately = (
        newest.state == Invitation.State.ANSWERED
        and newest.answered_on is not None
        and (clock.today() - newest.answered_on).days <= 14
    )
    return "answered" if answered_lately and newest.wave != Wave.FOLLOW_UP else "count"
