"""Who stands on the sheet of an evening and what is recorded of them: one statement, for the page
and, under its locks, for every act."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import JSONObject

from core.accounts.actors import Viewer
from core.accounts.models import User, first_name_of
from core.accounts.rights import Reach
from core.organisations.models import Group
from core.ready_made import ReadyMade, as_tuple, many, row_of
from groups.evenings.first_evening import waiting_for
from groups.evenings.meetings import on_sheet
from groups.models import (
    AbsenceNotice,
    ActivityStop,
    Attendance,
    AttendanceTap,
    Meeting,
    Visitor,
)
from groups.sheet.visitors import Seen, seen
from groups.sheet.whereabouts import Stop, stop_of
from participants.models import Recusal, Trajectory

State = Attendance.State
NOBODY = UUID(int=0)


@dataclass(slots=True)
class OnSheet:
    """One person of the sheet as this worker may see it.

    `trial` None: no longer on it, but recorded there. `told`: said beforehand not to come.
    `placed_here`: has a place in this group now, and nothing to arrange first.
    `before`: taps that were applied with a client id or act that comes again.
    """

    trajectory_id: UUID
    name: str
    phase: str
    blocked_reason: str
    last_meeting_on: date | None
    placed_here: bool
    attendance_id: UUID | None
    state: str
    version: int
    recorded_at: datetime | None
    by_name: str
    name_only: bool
    trial: bool | None
    told: bool
    at_the_door: bool
    left_at: datetime | None = None
    before: Sequence[dict[str, Any]] = ()

    def __post_init__(self) -> None:
        self.state = self.state or State.NOT_RECORDED
        self.version = self.version or 0
        self.by_name = first_name_of(self.by_name or "")

    @property
    def is_recorded(self) -> bool:
        return self.state != State.NOT_RECORDED


def rows_of(meeting: Meeting, user: Viewer) -> dict[UUID, OnSheet]:
    """Everybody on the sheet, by stay, and whoever was recorded there and left it since."""
    return _by_stay(_READ, meeting, user)


def rows_to_change(
    meeting: Meeting, user: Viewer, ids: Collection[UUID], act: UUID | None = None
) -> dict[UUID, OnSheet]:
    """As `rows_of`, with the taps that were applied with these client ids or this act."""
    return _by_stay(_CHANGE, meeting, user, ids=list(ids), act=act or NOBODY)


def _by_stay(
    ask: ReadyMade[OnSheet], meeting: Meeting, user: Viewer, **more: Any
) -> dict[UUID, OnSheet]:
    found = ask(
        meeting=meeting.pk,
        group=meeting.group_id,
        day=meeting.date,
        user=user.pk or NOBODY,
        **more,
    )
    return {row.trajectory_id: row for row in found}


def _rows(*before: Any, meeting: UUID, group: UUID, day: date, user: UUID) -> QuerySet[Any, Any]:
    evening = Meeting(pk=meeting, group_id=group, date=day)
    here = {"meeting": meeting, "trajectory": OuterRef("trajectory")}
    placed = on_sheet(evening).annotate(
        row=FilteredRelation(
            "trajectory__attendance", condition=Q(trajectory__attendance__meeting=meeting)
        )
    )
    left = Attendance.objects.filter(meeting=meeting).exclude(
        Exists(on_sheet(evening).filter(trajectory=OuterRef("trajectory")))
    )
    facts = (
        F("trial"),
        Exists(AbsenceNotice.objects.filter(**here, taken_back_at__isnull=True)),
        Exists(waiting_for(User(pk=user)).filter(**here)),
    )
    nothing = (Value(None, BooleanField()), Value(False), Value(False))
    on_it = _columns(placed, group, user, "row__", *facts, F("row__left_at"), *before)
    gone = _columns(left, group, user, "", *nothing, F("left_at"), *before)
    return on_it.union(gone, all=True)


def _columns(rows: Any, group: UUID, user: UUID, row: str, *more: Any) -> QuerySet[Any, Any]:
    out = Recusal.objects.in_force().filter(
        worker=user, participant=OuterRef("trajectory__participant")
    )
    placed_here = Q(
        trajectory__group=group,
        trajectory__phase__in=Trajectory.Phase.PLACED,
        trajectory__blocked_reason="",
    )
    found: QuerySet[Any, Any] = rows.values_list(
        "trajectory_id",
        "trajectory__shown_name",
        "trajectory__phase",
        "trajectory__blocked_reason",
        "trajectory__last_meeting_on",
        ExpressionWrapper(placed_here, BooleanField()),
        f"{row}id",
        f"{row}state",
        f"{row}version",
        f"{row}recorded_at",
        f"{row}recorded_by__name",
        Exists(out),
        *more,
    )
    return found


def _with_before(*, ids: list[UUID], act: UUID, **values: Any) -> QuerySet[Any, Any]:
    taps = AttendanceTap.objects.filter(Q(client_id__in=ids) | Q(act=act)).order_by()
    names = ("client_id", "act", "attendance_id", "to_state", "by_id")
    one = taps.values(found=JSONObject(**{name: name for name in names}))
    return _rows(ArraySubquery(one), **values)


_KINDS: dict[str, Any] = {"meeting": UUID, "group": UUID, "day": date, "user": UUID}
_READ = ReadyMade(OnSheet, _rows, **_KINDS)
_CHANGE = ReadyMade(OnSheet, _with_before, **_KINDS, ids=many, act=UUID)


# ---- The evening itself ---------------------------------------------------------------------


@dataclass(frozen=True)
class Beside:
    """What stands on a sheet beside its rows: visitors, where the group went, and who closed it."""

    visitors: tuple[Seen, ...] = ()
    stops: tuple[Stop, ...] = ()
    closed_by: str = ""


def evening_within(far: Reach, meeting_id: UUID) -> Meeting | None:
    """This evening with the name of its group, when a permission reaches it."""
    found = _MEETING(
        meeting=meeting_id,
        groups=list(far.groups),
        organisations=list(far.organisations),
        regions=list(far.regions),
    )
    return found[0] if found else None


def beside(meeting: Meeting) -> Beside:
    """Read with the evening by `evening_within`; else now."""
    found: Beside | None = meeting.__dict__.get("beside_its_rows")
    if found is None:
        ((visitors, stops, closed_by),) = _BESIDE(meeting=meeting.pk)
        found = _beside(visitors, stops, closed_by)
    return found


def _within(
    *, meeting: UUID, groups: list[UUID], organisations: list[UUID], regions: list[UUID]
) -> QuerySet[Meeting, Any]:
    far = Reach(
        groups=frozenset(groups),
        organisations=frozenset(organisations),
        regions=frozenset(regions),
    )
    one = Meeting.objects.within(far).filter(pk=meeting)
    found: QuerySet[Meeting, Any] = one.values_list(*_COLUMNS, "group__name", *_beside_columns())
    return found


def _beside_of(*, meeting: UUID) -> QuerySet[Meeting, Any]:
    found: QuerySet[Meeting, Any] = Meeting.objects.filter(pk=meeting).values_list(
        *_beside_columns()
    )
    return found


def _beside_columns() -> tuple[ArraySubquery, ArraySubquery, F]:
    here = Visitor.objects.here().filter(meeting=OuterRef("pk")).order_by("added_at", "pk")
    stops = ActivityStop.objects.filter(meeting=OuterRef("pk")).order_by("at")
    one = JSONObject(
        id="pk", stay="trajectory_id", shown="trajectory__shown_name", name="call_name"
    )
    names = ("at", "what", "place", "is_back", "counted")
    where = JSONObject(**{name: name for name in names})
    visitors = ArraySubquery(here.values(row=one))
    return visitors, ArraySubquery(stops.values(row=where)), F("closed_by__name")


def _beside(
    visitors: list[dict[str, Any]], stops: list[dict[str, Any]], closed_by: str | None
) -> Beside:
    who = first_name_of(closed_by or "")
    return Beside(tuple(map(seen, visitors)), tuple(map(stop_of, stops)), who)


def _with_group(*columns: Any) -> Meeting:
    *own, name, visitors, stops, closed_by = columns
    meeting = _meeting_of(*own)
    meeting.group = _group_of(meeting.group_id, name)
    meeting.__dict__["beside_its_rows"] = _beside(visitors, stops, closed_by)
    return meeting


_COLUMNS, _meeting_of = row_of(
    Meeting,
    (
        "id",
        "group_id",
        "date",
        "starts_at",
        "ends_at",
        "status",
        "cancel_reason",
        "activity",
        "closed_at",
        "guests",
    ),
)
_, _group_of = row_of(Group, ("id", "name"))
#: One evening within a reach; nobody's permission to see evenings is national.
_MEETING = ReadyMade(
    _with_group, _within, meeting=UUID, groups=many, organisations=many, regions=many
)
_BESIDE = ReadyMade(as_tuple, _beside_of, meeting=UUID)
