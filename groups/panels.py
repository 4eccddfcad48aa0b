"""The group's piece of a participant's file and time line."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import first_name_of
from core.accounts.rights import Reach, reach
from core.dates import in_full
from core.ports import Act, Mark, Panel, Place, TimeLineEntry
from core.ready_made import ReadyMade, as_tuple
from groups.models import (
    Attendance,
    AttendanceTap,
    LastMeeting,
    Meeting,
    Placement,
    Talk,
)
from groups.models.moments import has_ended
from groups.permissions import PLACE, SEE_MEETINGS
from groups.seats.role_models import (
    LONGER,
    Example,
    along,
    along_all,
    evenings_here,
    examples,
)
from participants.models import Trajectory

STRIP = 11


def file_panels(trajectory: Trajectory, user: Viewer) -> list[Panel]:
    """Answers the port: the last evenings by their dates, the place, and what can be done."""
    far = reach(user, SEE_MEETINGS)
    (found,) = _HERE(stay=trajectory.pk, day=clock.today())
    seats, during, recorded, talked, was_here, told, skills = found
    places = [_place(row) for row in seats if _in_reach(far, row)]
    if not places:
        return []
    current = next((p for p in places if p.last_day is None), None)
    evenings = _evenings(
        [row for row in during if _in_reach(far, row)],
        [row for row in recorded if _in_reach(far, row)],
    )
    talks = [_talk(row) for row in talked if _in_reach(far, row)]
    leads = trajectory.group_id in reach(user, PLACE).groups
    context = {
        "stay": trajectory,
        "current": current,
        "earlier": [p for p in places if p.last_day is not None],
        "evenings": evenings,
        "last_talk": talks[-1] if talks else None,
        "days": [evening.day for evening in evenings],
        "came": sum(evening.state == Attendance.State.PRESENT for evening in evenings),
        "of": sum(evening.state != CANCELLED for evening in evenings),
        "legend": [*(s for s in Attendance.State if s != NOT_RECORDED), CANCELLED],
        "leads": leads,
        "examples": (shown := examples(told, skills) if leads else []),
    }
    return [
        Panel(
            template="groups/panels/strip.html",
            context=context,
            place=Place.STRIP,
            marks=tuple(
                Mark(
                    talk.day,
                    _("Talk"),
                    _("Talk with {who}, {day}").format(who=talk.who, day=in_full(talk.day)),
                    "message-square",
                )
                for talk in talks
            ),
        ),
        Panel(
            template="groups/panels/place.html",
            context=context,
            order=10,
            place=Place.MORE,
            acts=_acts(trajectory, current, example=bool(shown) or (was_here or 0) >= LONGER)
            if leads and current is not None
            else (),
        ),
    ]


CANCELLED, NOT_RECORDED = Meeting.Status.CANCELLED.value, Attendance.State.NOT_RECORDED


class Evening(NamedTuple):
    """One column of the strip: the date, and how it was for this person."""

    id: UUID
    day: date
    state: str


def _evenings(during: list[dict[str, Any]], recorded: list[dict[str, Any]]) -> list[Evening]:
    """The last STRIP evenings of the groups somebody had a place in, while that lasted, and every
    other one at which they were written down; oldest first."""
    found = {row["id"]: Evening(_id(row), _day(row["date"]), row["status"]) for row in during}
    for row in recorded:
        state = row["status"] if row["status"] == CANCELLED else row["state"]
        found[row["id"]] = Evening(_id(row), _day(row["date"]), state)
    held = (
        e._replace(state=NOT_RECORDED) if e.state == Meeting.Status.HELD else e
        for e in found.values()
    )
    return sorted(held, key=lambda evening: evening.day)[-STRIP:]


class Seat(NamedTuple):
    """A place of this stay, as the file tells it."""

    pk: UUID
    group: str
    trial: bool
    first_day: date
    last_day: date | None
    in_chat_on: date | None
    without_chat_on: date | None
    out_of_chat_on: date | None


def _place(row: dict[str, Any]) -> Seat:
    days = (date.fromisoformat(row[n]) if row[n] else None for n in ("last", *CHAT))
    return Seat(_id(row), row["name"], row["trial"], _day(row["first"]), *days)


CHAT = ("in_chat", "without_chat", "out_of_chat")


class Spoken(NamedTuple):
    """A talk at a meeting: whose logbook it stands in, when, and with which worker (R-125)."""

    meeting: UUID
    day: date
    who: str


def _talk(row: dict[str, Any]) -> Spoken:
    return Spoken(_id(row), _day(row["date"]), first_name_of(row["who"]))


def _in_reach(far: Reach, row: dict[str, Any]) -> bool:
    return far.covers(UUID(row["group"]), UUID(row["region"]))


def _id(row: dict[str, Any]) -> UUID:
    return UUID(row["id"])


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _here(stay: UUID, day: date) -> QuerySet[Any, Any]:
    """The places of a stay, the evenings of its groups meanwhile, and what was written down:
    tonight's when it is over."""
    of = OuterRef("pk")
    places = Placement.objects.filter(trajectory=of).order_by("first_day")
    over = (Meeting.Status.HELD, Meeting.Status.CANCELLED)
    during = Placement.objects.filter(
        has_ended(clock.now(), "group__meetings__") | Q(group__meetings__status=CANCELLED),
        Q(last_day=None) | Q(group__meetings__date__lte=F("last_day")),
        trajectory=of,
        group__meetings__status__in=over,
        group__meetings__date__gte=F("first_day"),
        group__meetings__date__lte=day,
    ).order_by("-group__meetings__date")
    recorded = Attendance.objects.filter(
        has_ended(clock.now(), "meeting__"), trajectory=of, meeting__status__in=over
    )
    recorded = recorded.order_by("-meeting__date")
    talked = Talk.objects.in_force().filter(trajectory=of).order_by("meeting__date", "written_at")
    here = evenings_here().filter(trajectory=of).order_by().values("trajectory")
    here_count = Subquery(here.values(n=Count("pk")))
    return Trajectory.objects.filter(pk=stay).values_list(
        ArraySubquery(
            places.values(
                row=JSONObject(
                    id="pk",
                    group="group_id",
                    region="group__location__region_id",
                    name="group__name",
                    trial="trial",
                    first="first_day",
                    last="last_day",
                    in_chat="in_chat_on",
                    without_chat="without_chat_on",
                    out_of_chat="out_of_chat_on",
                )
            )
        ),
        ArraySubquery(during.values(row=_evening("group__meetings__"))[:STRIP]),
        ArraySubquery(recorded.values(row=_evening("meeting__", state="state"))[:STRIP]),
        ArraySubquery(talked.values(row=_evening("meeting__", who="by__name"))),
        here_count,
        *along("pk"),
    )


def _evening(at: str, **more: str) -> JSONObject:
    return JSONObject(
        id=f"{at}pk",
        date=f"{at}date",
        status=f"{at}status",
        group=f"{at}group_id",
        region=f"{at}group__location__region_id",
        **more,
    )


_HERE = ReadyMade(as_tuple, _here, stay=UUID, day=date)


def _acts(stay: Trajectory, seat: Seat, *, example: bool) -> tuple[Act, ...]:
    """What the trial asks is asked first; a goodbye is rare until it is on its way."""
    leaving = stay.phase == Trajectory.Phase.LEAVING
    if seat.trial:
        return (Act(_("How was it?"), reverse("groups:trial", args=[seat.pk]), order=0),)
    role = Act(
        _("An example to others"), reverse("groups:role_model", args=[stay.pk]), order=25, rare=True
    )
    return (
        Act(_("To another group"), reverse("groups:move", args=[stay.pk]), order=20, rare=True),
        *((role,) if example else ()),
        Act(
            _("To the goodbye") if leaving else _("Say goodbye"),
            reverse("groups:leave", args=[stay.pk]),
            order=0 if leaving else 30,
            rare=not leaving,
        ),
    )


def time_line(trajectory: Trajectory) -> list[TimeLineEntry]:
    """Answers the port: places, the agreed last evening, and corrections of an evening."""
    found: list[TimeLineEntry] = []
    told, skills = along_all("trajectory")
    placements: QuerySet[Any] = (
        Placement.objects.filter(trajectory=trajectory)
        .select_related("group", "placed_by")
        .annotate(told=told, skills=skills)
    )
    for placement in placements:
        if not found:  # each has those of the whole stay
            found += _examples(examples(placement.told, placement.skills))
        text = (
            _("Came to get to know {group}") if placement.trial else _("Takes part in {group}")
        ).format(group=placement.group)
        found.append(
            TimeLineEntry(
                at=placement.first_day,
                text=text,
                kind="placement",
                who=placement.placed_by.first_name,
                why=placement.override_reason,
            )
        )
    agreed = LastMeeting.objects.filter(trajectory=trajectory, meeting__isnull=False)
    found += [
        TimeLineEntry(
            at=row.meeting.date,
            text=_("Last evening"),
            kind="last_meeting",
            who=row.agreed_by.first_name,
        )
        for row in agreed.select_related("meeting", "agreed_by")
        if row.meeting is not None
    ]
    return found + _corrections(trajectory)


def _examples(rows: list[Example]) -> list[TimeLineEntry]:
    """What was agreed on, and when that ended (R-145)."""
    found = []
    for row in rows:
        agreed = _("An example to others: {skill}").format(skill=row.skill)
        found.append(TimeLineEntry(row.agreed_on, agreed, "role_model", row.with_whom))
        if row.ended_on is not None:
            text = _("No longer an example to others: {skill}").format(skill=row.skill)
            found.append(TimeLineEntry(row.ended_on, text, "role_model", row.ended_by))
    return found


def _corrections(trajectory: Trajectory) -> list[TimeLineEntry]:
    """What was changed about an evening after its day: from what to what, and by whom."""
    taps = AttendanceTap.objects.filter(
        attendance__trajectory=trajectory, correction=True, undone=False
    ).select_related("attendance__meeting", "by")
    return [
        TimeLineEntry(
            at=clock.day_of(tap.at),
            text=_("Corrected, evening of {day}: “{before}” became “{after}”").format(
                day=date_format(tap.attendance.meeting.date, "j F"),
                before=_state(tap.from_state),
                after=_state(tap.to_state),
            ),
            kind="correction",
            who=tap.by.first_name,
            correction=True,
            moment=tap.at,
        )
        for tap in taps
    ]


def _state(value: str) -> str:
    return str(Attendance.State(value).label) if value in Attendance.State.values else value
