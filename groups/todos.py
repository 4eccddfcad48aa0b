"""What waits for somebody about a group: computed from facts, never stored.

Each to-do has its reason and one button, and is gone as soon as its fact changes.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import may, reach
from core.ages import OLDEST, AgeOn, age_on, as_date
from core.facts import Asked, Facts, counted
from core.organisations.models import Group
from core.ports import Part, Todo, TodoRule, each
from groups.activities import funding
from groups.evenings import first_evening, ring_todos
from groups.farewell import todos as farewell
from groups.logbook import overdue
from groups.models import PERSON, Attendance, Meeting
from groups.models.moments import can_come, has_ended
from groups.permissions import PLACE, RECORD_ATTENDANCE
from groups.room import todos as room
from groups.seats import move_todos, newcomers, role_model_todos
from groups.seats.newcomers import ago
from groups.todo_kinds import Kind
from participants.models import ContactAttempt, Trajectory, Worry
from participants.models.recusal import not_recused

LOOK_BACK = timedelta(days=60)
TURNS_31_WITHIN = timedelta(days=92)
State = Attendance.State


# ---- A past evening on which nobody was written down ---------------------------------------


@dataclass(frozen=True)
class Unwritten:
    id: UUID
    day: date
    group: str


def _not_recorded(user: Viewer) -> QuerySet[Any]:
    return Meeting.objects.unwritten(clock.now()).filter(
        reach(user, RECORD_ATTENDANCE).as_q("group__"),
        date__gte=clock.today() - LOOK_BACK,
    )


def _who_was_there(row: Unwritten, asked: Asked) -> Todo:
    return Todo(
        kind=Kind.ATTENDANCE,
        about=row.id,
        urgency=0 if (asked.day - row.day).days > 2 else 1,
        when=ago(row.day, asked.day),
        title=_("Who was there on {day}?").format(day=date_format(row.day, "j F")),
        reason=_("{group}: nobody has been written down yet.").format(group=row.group),
        action=_("Fill in"),
        url=reverse("groups:meeting", args=[row.id]),
        since=row.day,
    )


# ---- not there, and no word ---------------------------------------------------------


@dataclass(frozen=True)
class Absent:
    """`missed`: how often without a word so far; `tried`: contacts since that evening."""

    id: UUID
    stay: UUID
    name: str
    day: date
    channels: tuple[str, ...]
    stopped_at: datetime | None
    missed: int
    tried: int


def _did_not_come(user: Viewer) -> QuerySet[Any]:
    """Gone once somebody spoke, met again, or an absence was agreed until later, and once the
    message was sent to who may only be written to. Who was tried and not reached today comes back
    tomorrow; a worry takes its place (participants.care.todos). Who said to be on the way and did
    not arrive is asked about all the same.
    """
    today = clock.today()
    tries = ContactAttempt.objects.filter(
        trajectory=OuterRef("trajectory"), at__gte=OuterRef("meeting__starts_at")
    ).exclude(conclusion=ContactAttempt.Conclusion.ON_WAY)
    agreed = ContactAttempt.objects.filter(
        trajectory=OuterRef("trajectory"), quiet_until__gte=OuterRef("meeting__date")
    )
    later = Attendance.objects.filter(
        trajectory=OuterRef("trajectory"), meeting__date__gt=OuterRef("meeting__date")
    ).exclude(state=State.NOT_RECORDED)
    missed = Attendance.objects.filter(
        has_ended(clock.now(), "meeting__"),
        trajectory=OuterRef("trajectory"),
        state=State.WITHOUT_NOTICE,
        meeting__date__lte=OuterRef("meeting__date"),
    )
    worry = Worry.objects.open().filter(trajectory=OuterRef("trajectory"))
    written_only = ~Q(trajectory__participant__contact__safe_channels__contains=["phone"])
    return (
        Attendance.objects.filter(
            has_ended(clock.now(), "meeting__"),
            reach(user, PLACE).as_q("meeting__group__"),
            not_recused(user, PERSON),
            state=State.WITHOUT_NOTICE,
            meeting__date__gte=today - LOOK_BACK,
        )
        .exclude(trajectory__phase__in=[*Trajectory.Phase.OVER, Trajectory.Phase.PAUSED])
        .exclude(Exists(tries.filter(outcome=ContactAttempt.Outcome.SPOKEN)))
        .exclude(written_only, Exists(tries.filter(outcome=ContactAttempt.Outcome.LEFT_MESSAGE)))
        .exclude(Exists(tries.filter(at__gte=clock.at(today))))
        .exclude(Exists(agreed))
        .exclude(Exists(later))
        .exclude(Exists(worry))
        .annotate(missed=counted(missed), tried=counted(tries))
    )


def _absence(row: Absent, asked: Asked) -> Todo:
    """The title says how it is safe to get in touch, the reason what is known."""
    reason = _("Was not there on {day}, without a word.")
    if row.missed > 1:
        reason = _("Was not there {times} times, without a word; the last time on {day}.")
    reason = reason.format(day=date_format(row.day, "j F"), times=row.missed)
    if row.tried:
        reason += " " + ngettext(
            "Tried {n} time, not reached.", "Tried {n} times, not reached.", row.tried
        ).format(n=row.tried)
    return Todo(
        kind=Kind.ABSENCE,
        about=row.id,
        urgency=0,
        when=_("today") if row.day >= asked.day or row.tried else ago(row.day, asked.day),
        title=_how(row).format(name=row.name),
        reason=reason,
        action=_("How do I reach this person?"),
        url=reverse("participants:reach", args=[row.stay]),
        since=row.day,
        stay_id=row.stay,
    )


def _how(row: Absent) -> str:
    if row.stopped_at is not None or not row.channels:
        return _("Talk with {name} at the next evening")
    return _("Call {name}") if "phone" in row.channels else _("Write to {name}")


# ---- A last evening to agree again, or a stay to close after it ----------------------------


@dataclass(frozen=True)
class Leaving:
    id: UUID
    name: str
    last_meeting_on: date | None
    stopped_on: date | None


def _leaving(user: Viewer) -> QuerySet[Any]:
    over = Q(last_meeting_on__isnull=True) | Q(last_meeting_on__lt=clock.today())
    return Trajectory.objects.filter(
        over,
        reach(user, PLACE).as_q("group__"),
        not_recused(user),
        phase=Trajectory.Phase.LEAVING,
    )


def _goodbye(row: Leaving, asked: Asked) -> Todo:
    url = reverse("groups:leave", args=[row.id])
    if row.stopped_on is not None:
        return _stopped(row, url)
    if row.last_meeting_on is None:
        return Todo(
            kind=Kind.LAST_MEETING,
            about=row.id,
            urgency=1,
            when=_("soon"),
            title=_("A new last evening for {name}").format(name=row.name),
            reason=_("The agreed evening was cancelled."),
            action=_("Agree"),
            url=url,
            stay_id=row.id,
        )
    return Todo(
        kind=Kind.CLOSE,
        about=row.id,
        urgency=2,
        when=ago(row.last_meeting_on, asked.day),
        title=_("Close the stay of {name}").format(name=row.name),
        reason=_("The last evening was on {day}.").format(
            day=date_format(row.last_meeting_on, "j F")
        ),
        action=_("Close"),
        url=reverse("home:close", args=[row.id]),
        since=row.last_meeting_on,
        stay_id=row.id,
    )


def _stopped(row: Leaving, url: str) -> Todo:
    """R-109: somebody under 16 stopped; the parents hear how it went before the stay closes."""
    return Todo(
        kind=Kind.STOPPED,
        about=row.id,
        urgency=1,
        when=_("soon"),
        title=_("{name} stopped: speak with the parents").format(name=row.name),
        reason=_("Under 16 the parents hear how it went, with tips. After that you close."),
        action=_("Open the goodbye"),
        url=url,
        since=row.stopped_on,
        stay_id=row.id,
    )


# ---- A running group without a coming evening ----------------------------------------------


@dataclass(frozen=True)
class Unplanned:
    id: UUID
    name: str


def _unplanned(user: Viewer) -> QuerySet[Any]:
    coming = Meeting.objects.filter(can_come(clock.now()), group=OuterRef("pk"))
    return Group.objects.filter(
        ~Exists(coming),
        reach(user, PLACE).as_q(),
        state__in=[Group.State.OPEN, Group.State.FULL],
    )


def _plan(row: Unplanned, _asked: Asked) -> Todo:
    return Todo(
        kind=Kind.PLAN,
        about=row.id,
        urgency=1,
        when=_("soon"),
        title=_("Plan the next evenings"),
        reason=_("{group} has no coming evening; nobody knows when to come.").format(
            group=row.name
        ),
        action=_("Plan"),
        url=reverse("groups:plan", args=[row.id]),
    )


# ---- turns 31 soon; talk about it well before, nobody is removed by a machine -------


@dataclass(frozen=True)
class Older:
    id: UUID
    name: str
    born: date


def _older(user: Viewer) -> QuerySet[Any]:
    by_then = as_date(clock.today() + TURNS_31_WITHIN)
    return (
        Trajectory.objects.filter(
            reach(user, PLACE).as_q("group__"),
            not_recused(user),
            phase__in=[Trajectory.Phase.PARTICIPATING, Trajectory.Phase.PAUSED],
        )
        .annotate(age_then=AgeOn("participant__birth_date", by_then))
        .filter(age_then__gt=OLDEST)
    )


def _turns_31(row: Older, asked: Asked) -> Todo:
    return Todo(
        kind=Kind.TURNS_31,
        about=row.id,
        urgency=3,
        when=_("later"),
        title=_("Talk with {name} about going on").format(name=row.name),
        reason=_("Turns 31 within three months. You decide together when the last evening is.")
        if age_on(row.born, asked.day) <= OLDEST
        else _("Is 31 by now. You decide together when the last evening is."),
        action=_("Agree on a last evening"),
        url=reverse("groups:leave", args=[row.id]),
        stay_id=row.id,
    )


# ---- Who is asked which ----------------------------------------------------------------


def _leads(user: Viewer) -> bool:
    """A group's own workers."""
    return may(user, PLACE)


NAME = "trajectory__shown_name"
UNWRITTEN = Facts(Unwritten, _not_recorded, {"day": "date", "group": "group__name"})
ABSENT = Facts(
    Absent,
    _did_not_come,
    {
        "stay": "trajectory_id",
        "name": NAME,
        "day": "meeting__date",
        "channels": "trajectory__participant__contact__safe_channels",
        "stopped_at": "trajectory__participant__contact__stopped_at",
    },
)
LEAVING = Facts(Leaving, _leaving, {"name": "shown_name"})
OLDER = Facts(Older, _older, {"name": "shown_name", "born": "participant__birth_date"})
GOODBYE = (Kind.LAST_MEETING, Kind.CLOSE, Kind.STOPPED)
TRIAL = (Kind.TRIAL_JUDGE, Kind.TRIAL_WISH, Kind.TRIAL_DECIDE)

#: Answers the port: what these find stands in one statement, whatever the size of the groups.
RULES = (
    TodoRule((Kind.OWN_WISH,), parts=(newcomers.OWN_WISH,), own=True),
    TodoRule(
        (Kind.ATTENDANCE,),
        parts=(Part(UNWRITTEN, each(_who_was_there)),),
        asks=lambda user: may(user, RECORD_ATTENDANCE),
    ),
    overdue.RULE,
    TodoRule((Kind.ABSENCE,), parts=(Part(ABSENT, each(_absence)),), asks=_leads, of_a_stay=True),
    TodoRule((Kind.RING,), parts=(ring_todos.RING,), asks=_leads),
    TodoRule((Kind.DOOR,), parts=(first_evening.AT_THE_DOOR,), asks=_leads),
    TodoRule((Kind.DESCRIBE_DOOR,), parts=(first_evening.DOORS,), asks=_leads),
    TodoRule(TRIAL, parts=(newcomers.TRIALS,), asks=_leads),
    TodoRule(GOODBYE, parts=(Part(LEAVING, each(_goodbye)),), asks=_leads, of_a_stay=True),
    TodoRule((Kind.INVITE, Kind.FIRST_IN_LINE), parts=(newcomers.WAITING,), asks=_leads),
    TodoRule((Kind.PLAN,), parts=(Part(Facts(Unplanned, _unplanned), each(_plan)),), asks=_leads),
    *room.RULES,
    TodoRule((Kind.TURNS_31,), parts=(Part(OLDER, each(_turns_31)),), asks=_leads, of_a_stay=True),
    TodoRule((Kind.FUNDING,), parts=(funding.FUNDING,), asks=funding.is_asked, of_a_stay=True),
    *move_todos.RULES,
    *role_model_todos.RULES,
    *farewell.RULES,
)
