"""The challenges' piece of a participant's file and time line (R-099)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from challenges.models import Challenge, PracticeNote
from challenges.observations.observers import why_not
from challenges.permissions import NOTE, OBSERVE
from challenges.register import choosing, ending
from core.accounts.actors import Actor, Viewer
from core.accounts.models import User
from core.accounts.rights import reach
from core.ports import Act, Mark, Panel, Place, TimeLineEntry
from core.ready_made import ReadyMade, as_tuple
from participants.models import Trajectory
from participants.permissions import SEE_JOURNEY

State = Challenge.State
SHOWN = (*ending.MAY_END, Trajectory.Phase.FORMER)
ENDS: dict[str, Promise] = {
    State.REACHED: gettext_lazy("A challenge worked out"),
    State.LAID_ASIDE: gettext_lazy("Laid a challenge aside"),
    State.WITH_STAY: gettext_lazy("A challenge ended with the stay"),
}


def file_panels(trajectory: Trajectory, user: Viewer) -> list[Panel]:
    """Answer to the port: from taking part on, what goes on now and what was before; from the trial
    on the way to what was seen, for the group's workers alone (R-154)."""
    return [*_seen(trajectory, user), *_tried(trajectory, user)]


def _seen(trajectory: Trajectory, user: Viewer) -> list[Panel]:
    if trajectory.group_id not in reach(user, OBSERVE).groups:
        return []
    stay, code = [trajectory.pk], why_not(trajectory)[1]
    new = reverse("challenges:observe", args=stay) + "?van=persoon"
    acts: tuple[Act, ...] = ()
    if not code:
        acts = (Act(_("Add an observation"), new, order=5),)
    there = trajectory.phase in (*Trajectory.Phase.PLACED, Trajectory.Phase.FORMER)
    if there:
        support = reverse("challenges:support_of_stay", args=stay)
        acts += (
            Act(_("Observations"), reverse("challenges:observations", args=stay), order=45),
            Act(_("Hypotheses"), reverse("challenges:hypotheses", args=stay), order=46),
            Act(_("Support over time"), support, order=47),
        )
    return [
        Panel(template="", context={}, order=40, acts=acts),
        Panel(
            template="challenges/panels/thread.html" if there else "",
            context={"url": reverse("home:thread", args=stay)},
            place=Place.WAYS,
        ),
    ]


def _tried(trajectory: Trajectory, user: Viewer) -> list[Panel]:
    if trajectory.phase not in SHOWN or not _reads(trajectory, user):
        return []
    rows = [_row(*row) for row in _CHOSEN(stay=trajectory.pk)]
    leads = trajectory.group_id in reach(user, NOTE).groups
    page = reverse("challenges:of_stay", args=[trajectory.pk])
    context = {
        "stay": trajectory,
        "name": trajectory.shown_name,
        "going": [row for row in rows if row.state == State.GOING],
        "earlier": [row for row in rows if row.state != State.GOING],
        "page": page,
    }
    label = _("Propose a challenge") if choosing.may_choose(trajectory) else _("Challenges")
    talk = Act(_("Note a talk"), reverse("challenges:talk", args=[trajectory.pk]), order=15)
    runs = trajectory.phase in ending.MAY_END
    acts = (*((talk,) if runs else ()), Act(label, page, order=20)) if leads else ()
    practised = tuple(
        Mark(note.on, _("Practised"), f"{note.outcome}, {note.where}", "sparkles")
        for row in rows
        for note in row.practised  # type: ignore[attr-defined]
    )
    reached = tuple(
        Mark(row.ended_on, _("Reached"), f"“{row.text}”", "star")
        for row in rows
        if row.state == State.REACHED and row.ended_on is not None
    )
    now = "challenges/panels/now.html" if trajectory.phase in ending.MAY_END else ""
    return [
        Panel(template=now, context=context, order=10, acts=acts, marks=practised + reached),
        Panel(
            template="challenges/panels/earlier.html" if context["earlier"] else "",
            context=context,
            order=30,
            place=Place.MORE,
        ),
    ]


def _reads(trajectory: Trajectory, user: Viewer) -> bool:
    """As `Challenge.visible_to`, of a stay that is in sight already."""
    group = trajectory.group
    return group is not None and reach(user, SEE_JOURNEY).covers(group.pk, group.location.region_id)


def _chosen(stay: UUID) -> QuerySet[Any, Any]:
    """With each time it was practised, the newest first."""
    rows = Challenge.objects.filter(trajectory=stay)
    notes = PracticeNote.objects.in_force().filter(challenge=OuterRef("pk")).order_by("-on", "-id")
    practised = notes.values(row=JSONObject(on="on", where="where", outcome="outcome"))
    names = ("noted_by__name", "ended_by__name")
    return rows.values_list(ArraySubquery(practised), *names, *COLUMNS)


COLUMNS = ("id", "text", "chosen_on", "state", "ended_on")
_CHOSEN = ReadyMade(as_tuple, _chosen, stay=UUID)


@dataclass(frozen=True)
class Practised:
    """Once: on which day, and where and how it went in words."""

    on: date
    where: str
    outcome: str


def _row(notes: list[dict[str, str]], noted_by: str, ended_by: str | None, *own: Any) -> Challenge:
    row = Challenge.from_db(None, COLUMNS, own)
    where, outcome = PracticeNote.Where, PracticeNote.Outcome
    row.practised = [  # type: ignore[attr-defined]
        Practised(
            date.fromisoformat(one["on"]),
            str(where(one["where"]).label),
            str(outcome(one["outcome"]).label),
        )
        for one in notes
    ]
    row.noted_by = User(name=noted_by)
    row.ended_by = User(name=ended_by) if ended_by else None
    return row


def time_line(trajectory: Trajectory) -> list[TimeLineEntry]:
    """Answer to the port: chosen and ended, by whom, in the own words."""
    rows = Challenge.objects.filter(trajectory=trajectory).select_related("noted_by", "ended_by")
    found = []
    for row in rows:
        found.append(_entry(row.chosen_on, _("Chose a challenge"), row.noted_by, row.text))
        if row.ended_on is not None:
            found.append(_entry(row.ended_on, str(ENDS[row.state]), row.ended_by, row.text))
    return found


def _entry(day: date, text: str, by: Actor, words: str) -> TimeLineEntry:
    return TimeLineEntry(
        at=day, text=text, kind="challenge", who=by.first_name if by else "", why=words
    )
