"""What waits about somebody new in a group: a place, the first evening, both sides, the chat."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.facts import Asked, Facts
from core.organisations.models import Group
from core.ports import Part, Todo, each
from groups.models import PERSON, Attendance, Placement
from groups.models.moments import has_ended
from groups.permissions import PLACE
from groups.seats.glance import first_in_line, is_ready
from groups.todo_kinds import Kind
from participants.models import Trajectory
from participants.models.recusal import not_recused

# ---- After the first evening: the workers' judgements, the own wish, then the decision -----


@dataclass(frozen=True)
class Trial:
    """Who came to get to know the group, and what each side has said."""

    id: UUID
    name: str
    came_on: date
    judged_at: datetime | None
    own_wish_at: datetime | None


def _trials(user: Viewer) -> QuerySet[Placement]:
    came = _first_evenings()
    return (
        Placement.objects.open()
        .filter(
            reach(user, PLACE).as_q("group__"), not_recused(user, PERSON), Exists(came), trial=True
        )
        .annotate(came_on=Subquery(came.order_by("-meeting__date").values("meeting__date")[:1]))
    )


def _of_trials(rows: list[Trial], asked: Asked) -> list[Todo]:
    return [todo for row in rows for todo in _of_trial(row, asked)]


def _of_trial(row: Trial, asked: Asked) -> list[Todo]:
    """What each side still has to say, or the decision."""
    day = date_format(row.came_on, "j F")
    found = []
    if row.judged_at is None:
        found.append(
            _trial(
                row,
                asked,
                kind=Kind.TRIAL_JUDGE,
                title=_("Does it fit for {name}?").format(name=row.name),
                reason=_(
                    "Came to get to know you on {day}. Two questions for the two of you."
                ).format(day=day),
                action=_("Answer the questions"),
            )
        )
    if row.own_wish_at is None:
        found.append(
            _trial(
                row,
                asked,
                kind=Kind.TRIAL_WISH,
                title=_("Ask what {name} wants").format(name=row.name),
                reason=_("Came on {day}; the own wish is not written down yet.").format(day=day),
                action=_("Write down"),
            )
        )
    return found or [
        _trial(
            row,
            asked,
            kind=Kind.TRIAL_DECIDE,
            title=_("Decide together about {name}").format(name=row.name),
            reason=_("Both sides have answered after the evening of {day}.").format(day=day),
            action=_("Decide"),
        )
    ]


def _trial(row: Trial, asked: Asked, **fields: Any) -> Todo:
    return Todo(
        about=row.id,
        urgency=1,
        when=ago(row.came_on, asked.day),
        url=reverse("groups:trial", args=[row.id]),
        since=row.came_on,
        **fields,
    )


# ---- A place is free: first in line is proposed, and who is ready for a first evening ------


@dataclass(frozen=True)
class InLine:
    """Somebody who signed up for a group with a place. The fields that `is_ready` and
    `first_in_line` ask for."""

    id: UUID
    name: str
    group: UUID
    group_name: str
    phase: str
    signed_up_at: datetime
    waiting_since: date | None
    decision: str | None
    enthusiastic: bool | None


def _in_line(user: Viewer) -> QuerySet[Trajectory]:
    return Trajectory.objects.filter(
        reach(user, PLACE).as_q("group__"),
        not_recused(user),
        phase__in=[Trajectory.Phase.SIGNED_UP, Trajectory.Phase.INTAKE],
        group__state=Group.State.OPEN,
    )


def _waiting(rows: list[InLine], _asked: Asked) -> list[Todo]:
    """Of those who wait and are ready the first one, also behind somebody whose talk is still to
    come."""
    by_group: dict[UUID, list[InLine]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.signed_up_at):
        by_group[row.group].append(row)
    found = []
    for line in by_group.values():
        first = first_in_line(line)
        ready = [row for row in line if is_ready(row.phase, row.decision, row.enthusiastic)]
        first_ready = first_in_line(ready)
        for row in line:
            if row in ready and (row.waiting_since is None or row is first_ready):
                found.append(_invite(row, row is first))
            elif row is first:
                found.append(_first_in_line(row))
    return found


def _invite(row: InLine, first: bool) -> Todo:
    reason = _("First in line, and there is a place.") if first else _("The first talk went well.")
    return Todo(
        kind=Kind.INVITE,
        about=row.id,
        urgency=2,
        when=_("this week"),
        title=_("Invite {name} for an evening").format(name=row.name),
        reason=reason,
        action=_("Choose the evening"),
        url=reverse("groups:invite", args=[row.id]),
        since=row.waiting_since,
    )


def _first_in_line(row: InLine) -> Todo:
    assert row.waiting_since is not None  # noqa: S101
    return Todo(
        kind=Kind.FIRST_IN_LINE,
        about=row.id,
        urgency=2,
        when=_("this week"),
        title=_("A place for {name}").format(name=row.name),
        reason=_("{group} has a place again. First in line, waits since {day}.").format(
            group=row.group_name, day=date_format(row.waiting_since, "j F")
        ),
        action=_("Open"),
        url=reverse("participants:applicant", args=[row.id]),
        since=row.waiting_since,
    )


# ---- The participant after the first evening: what do you want? (R-077) --------------------


@dataclass(frozen=True)
class Unsaid:
    id: UUID


def _unsaid(user: Viewer) -> QuerySet[Placement]:
    return (
        Placement.objects.visible_to(user)
        .filter(Exists(_first_evenings()), trial=True, last_day__isnull=True)
        .exclude(trial_outcome__own_wish__isnull=False)
    )


def _own_wish(row: Unsaid, _asked: Asked) -> Todo:
    return Todo(
        kind=Kind.OWN_WISH,
        about=row.id,
        urgency=1,
        when=_("today"),
        title=_("Would you like to take part?"),
        reason=_("You have met the group. Tell us what you want."),
        action=_("Say it"),
        url=reverse("groups:wish"),
    )


def _first_evenings() -> QuerySet[Attendance]:
    """Evenings that are over, at which the person of the outer placement was there: what both
    sides found is asked after it, and can be written down during it (C-44)."""
    return Attendance.objects.filter(
        has_ended(clock.now(), "meeting__"),
        trajectory=OuterRef("trajectory"),
        state=Attendance.State.PRESENT,
        meeting__group=OuterRef("group"),
        meeting__date__gte=OuterRef("first_day"),
    )


def ago(day: date, today: date) -> str:
    days = (today - day).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return _("{n} days").format(n=days)


NAME = "trajectory__shown_name"
TRIALS = Part(
    Facts(
        Trial,
        _trials,
        {
            "name": NAME,
            "judged_at": "trial_outcome__judged_at",
            "own_wish_at": "trial_outcome__own_wish_at",
        },
    ),
    _of_trials,
)
WAITING = Part(
    Facts(
        InLine,
        _in_line,
        {
            "name": "shown_name",
            "group": "group_id",
            "group_name": "group__name",
            "decision": "intake__decision",
            "enthusiastic": "intake__enthusiastic",
        },
    ),
    _waiting,
)
OWN_WISH = Part(Facts(Unsaid, _unsaid), each(_own_wish))
