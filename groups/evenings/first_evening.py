"""*Your first evening*: who is there, which door, what happens, and *wait for me at the door*.

Twice somebody comes for the first time: to get to know the group, and as a participant (R-144:
just watching is fine, presence is all that is written down). Nothing of it before every yes that
is needed: no time, no place (trust.md 6). *Wait for me at the door* is one tap, can be taken back,
and reaches the workers of that evening: to-do, start page and sheet. It is gone once the person
is written down, told us they cannot come, or took it back.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import User
from core.accounts.rights import reach
from core.errors import RuleBroken
from core.facts import Asked, Facts
from core.organisations.doors import door_picture_of
from core.organisations.models import DoorPicture, Group, Location
from core.ports import Part, Todo, each
from groups.evenings.absence import is_recorded, notice_of
from groups.evenings.meetings import on_sheet
from groups.models import AbsenceNotice, Attendance, DoorWait, Meeting, Placement
from groups.models.moments import can_come, has_ended
from groups.permissions import DESCRIBE_DOOR, PLACE
from groups.todo_kinds import Kind
from participants.models import Trajectory
from participants.models.recusal import not_recused
from participants.recusal.who_works_here import workers_of
from participants.stay.lock import lock

FIRST = (Trajectory.Phase.TRIAL, Trajectory.Phase.PARTICIPATING)
DOOR_WITHIN = timedelta(days=14)
State = Attendance.State


@dataclass(frozen=True)
class FirstEvening:
    """What the page shows. `others`: how many come, never who. `recorded`: they are written down,
    so that nobody waits any more; `next_one`: what they come to after it; `was_there`: present, and
    may say already what they want."""

    meeting: Meeting
    trial: bool
    workers: list[User]
    others: int
    waits: bool
    told: bool
    picture: DoorPicture | None
    next_one: Meeting | None = None
    recorded: bool = False
    was_there: bool = False

    @property
    def location(self) -> Location:
        return self.meeting.group.location


def coming(user: Viewer, stay: Trajectory) -> Meeting | None:
    """The evening that is a first one for this person; None when there is none to come."""
    if not may_be_first(stay):
        return None
    meetings = Meeting.objects.visible_to(user).upcoming(clock.now())
    found: Meeting | None = meetings.select_related("group__location").first()
    if found is None:
        return None
    seats = Placement.objects.visible_to(user).on(found.date)
    seat = seats.filter(trajectory=stay, group=found.group_id).first()
    if seat is None or came_since(stay.pk, seat.group_id, seat.first_day).exists():
        return None
    return found


def first_evening_of(user: Viewer, stay: Trajectory) -> FirstEvening | None:
    """The whole page; a fixed number of queries whatever the group's size."""
    meeting = coming(user, stay)
    if meeting is None:
        return None
    others = on_sheet(meeting).active().exclude(trajectory=stay)
    row = Attendance.objects.filter(meeting=meeting, trajectory=stay).first()
    state = row.state if row else State.NOT_RECORDED
    trial = stay.phase == Trajectory.Phase.TRIAL
    after = Meeting.objects.visible_to(user).upcoming(clock.now())
    return FirstEvening(
        meeting=meeting,
        trial=trial,
        workers=workers_of(meeting.group_id),
        others=others.count(),
        waits=_wait_of(meeting, stay) is not None,
        told=notice_of(meeting, stay) is not None,
        picture=door_picture_of(meeting.group.location),
        next_one=None if trial else after.filter(starts_at__gt=meeting.starts_at).first(),
        recorded=state != State.NOT_RECORDED,
        was_there=state == State.PRESENT,
    )


def door_pictures_visible_to(user: Viewer, stay: Trajectory | None) -> QuerySet[DoorPicture]:
    """Who may read the page of the first evening, and who describes the door; `stay`: the own."""
    if stay is None:
        far = reach(user, DESCRIBE_DOOR)
        places = Group.objects.filter(far.as_q()).values("location")
        return DoorPicture.objects.filter(location__in=places)
    meeting = coming(user, stay)
    if meeting is None:
        return DoorPicture.objects.none()
    return DoorPicture.objects.filter(location=meeting.group.location_id)


def may_be_first(stay: Trajectory) -> bool:
    """Can an evening of this stay be a first one now? So when they have a seat and never came."""
    return not (stay.blocked_reason or stay.stopped_on) and stay.phase in FIRST


def came_since(stay: Any, group: Any, first_day: Any) -> QuerySet[Attendance]:
    """When this person was there since the first day of a seat; values, or columns of a query.

    Tonight's evening is the first one until it is over, whoever is written down.
    """
    return Attendance.objects.filter(
        has_ended(clock.now(), "meeting__"),
        trajectory=stay,
        state=State.PRESENT,
        meeting__group=group,
        meeting__date__gte=first_day,
    )


@transaction.atomic
def ask_to_wait(*, trajectory: Trajectory, by: User) -> DoorWait:
    """*Wait for me at the door*; asking twice is asking once. Locks the stay.

    Raises RuleBroken: "no_first_evening".
    """
    stay = lock(trajectory)
    meeting = coming(by, stay)
    if meeting is None or is_recorded(meeting, stay):
        raise RuleBroken(_("There is no first evening to wait for now."), "no_first_evening")
    found = _wait_of(meeting, stay)
    if found is None:
        found = DoorWait.objects.create(meeting=meeting, trajectory=stay, asked_at=clock.now())
    return found


@transaction.atomic
def need_not_wait(*, trajectory: Trajectory, by: User) -> None:
    """Taken back; nothing happens when nobody waits."""
    stay = lock(trajectory)
    DoorWait.objects.filter(trajectory=stay, taken_back_at__isnull=True).update(
        taken_back_at=clock.now()
    )


def _wait_of(meeting: Meeting, stay: Trajectory) -> DoorWait | None:
    return DoorWait.objects.filter(
        meeting=meeting, trajectory=stay, taken_back_at__isnull=True
    ).first()


# ---- For the workers ---------------------------------------------------------


def waiting_for(user: Viewer) -> QuerySet[DoorWait]:
    """Requests that still hold: the person comes, is not written down yet, and is not blocked.

    Not for a worker who stays out of this person's file: the colleague goes to the door.
    """
    same = {"meeting": OuterRef("meeting"), "trajectory": OuterRef("trajectory")}
    seat = Placement.objects.filter(
        Q(last_day__isnull=True) | Q(last_day__gte=OuterRef("meeting__date")),
        group=OuterRef("meeting__group"),
        trajectory=OuterRef("trajectory"),
        first_day__lte=OuterRef("meeting__date"),
    )
    return (
        DoorWait.objects.filter(
            not_recused(user, "trajectory__participant"),
            taken_back_at__isnull=True,
            trajectory__blocked_reason="",
            trajectory__stopped_on__isnull=True,
            trajectory__phase__in=FIRST,
        )
        .filter(can_come(clock.now(), "meeting__"), Exists(seat))
        .exclude(Exists(AbsenceNotice.objects.filter(**same, taken_back_at__isnull=True)))
        .exclude(Exists(Attendance.objects.filter(**same).exclude(state=State.NOT_RECORDED)))
    )


@dataclass(frozen=True)
class Wait:
    """Somebody who asked to be met at the door, and the evening it is about."""

    id: UUID
    name: str
    meeting: UUID
    day: date
    starts_at: datetime
    place: str
    group: UUID
    asked_at: datetime


def _waits(user: Viewer) -> QuerySet[DoorWait]:
    """On the day itself and the day before."""
    soon = clock.today() + timedelta(days=1)
    groups = reach(user, PLACE).as_q("meeting__group__")
    return waiting_for(user).filter(groups, meeting__date__lte=soon)


def _wait(row: Wait, asked: Asked) -> Todo:
    today = row.day == asked.day
    return Todo(
        kind=Kind.DOOR,
        about=row.id,
        urgency=0 if today else 1,
        when=_("today") if today else _("tomorrow"),
        title=_("Wait for %(name)s at the door") % {"name": row.name},
        reason=_("First evening, %(day)s. %(name)s asked for it. %(place)s.")
        % {
            "name": row.name,
            "day": date_format(clock.local(row.starts_at), "D j M, H:i"),
            "place": row.place,
        },
        action=_("Open the sheet"),
        url=reverse("groups:meeting", args=[row.meeting]),
        since=clock.day_of(row.asked_at),
        group_id=row.group,
    )


@dataclass(frozen=True)
class Door:
    """A place without a described door, and an evening there that is somebody's first."""

    location: UUID
    place: str
    group: UUID
    day: date


def _doors(user: Viewer) -> QuerySet[Meeting]:
    """Somebody comes for the first time soon and nobody said which door."""
    day = clock.today()
    return Meeting.objects.filter(
        reach(user, PLACE).as_q("group__"),
        can_come(clock.now()),
        date__gte=day - timedelta(days=1),
        date__lte=day + DOOR_WITHIN,
        group__location__door="",
        group__placements__trial=True,
        group__placements__last_day__isnull=True,
    )


def _which_door(rows: list[Door], _asked: Asked) -> list[Todo]:
    """One for each place, about its first such evening."""
    first: dict[UUID, Door] = {}
    for row in sorted(rows, key=lambda row: (row.day, row.group)):
        first.setdefault(row.location, row)
    return [
        Todo(
            kind=Kind.DESCRIBE_DOOR,
            about=row.location,
            urgency=2,
            when=_("this week"),
            title=_("Which door is it at %(place)s?") % {"place": row.place},
            reason=_("Somebody comes for the first time on %(day)s and cannot find it in the app.")
            % {"day": date_format(row.day, "l j F")},
            action=_("Describe the door"),
            url=reverse("groups:door", args=[row.group]),
            group_id=row.group,
        )
        for row in first.values()
    ]


AT_THE_DOOR = Part(
    Facts(
        Wait,
        _waits,
        {
            "name": "trajectory__shown_name",
            "meeting": "meeting_id",
            "day": "meeting__date",
            "starts_at": "meeting__starts_at",
            "place": "meeting__group__location__name",
            "group": "meeting__group_id",
        },
    ),
    each(_wait),
)
DOORS = Part(
    Facts(
        Door,
        _doors,
        {
            "location": "group__location_id",
            "place": "group__location__name",
            "group": "group_id",
            "day": "date",
        },
    ),
    _which_door,
)
