"""The waves of one stay in its file: state and reason, never an answer."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.ports import Act, Panel, Place, TimeLineEntry
from core.ready_made import ReadyMade, as_tuple
from participants.models import Trajectory
from questionnaires.answers.answers_table import heading
from questionnaires.answers.went_away import told_of
from questionnaires.cycle import on_hold
from questionnaires.cycle.facts import Standing
from questionnaires.cycle.reasons import render, wave_name
from questionnaires.cycle.waves import is_late
from questionnaires.models import Invitation
from questionnaires.permissions import SEE_ANSWERS, SEE_RESPONSE

State = Invitation.State
TONES = {"answered": "done", "open": "info"}


def file_panels(trajectory: Trajectory, user: Viewer) -> list[Panel]:
    """Answer to the port: the newest wave and those before it; the way to the answers for the
    group's workers only."""
    group = trajectory.group
    if group is None or not reach(user, SEE_RESPONSE).covers(group.pk, group.location.region_id):
        return []
    waits = not on_hold.has_a_yes(trajectory)
    waves = [_shown(*row, waits=waits) for row in _WAVES(stay=trajectory.pk)]
    over = trajectory.phase in Trajectory.Phase.OVER
    may_read = trajectory.group_id in reach(user, SEE_ANSWERS).groups
    standing = [wave for wave in waves if wave["state"] != State.WITHDRAWN]
    answered = any(wave["state"] == State.ANSWERED for wave in waves)
    page = reverse("questionnaires:answers", args=[trajectory.pk])
    context = {"stay": trajectory, "waves": waves, "newest": standing[-1] if standing else None}
    context |= {"may_read": may_read, "page": page if may_read and answered else ""}
    return [
        Panel(
            template="" if over and not waves else "questionnaires/panels/now.html",
            context=context,
            order=30,
            acts=(Act(_("Read the answers"), page, order=30),) if context["page"] else (),
        ),
        Panel(
            template="questionnaires/panels/waves.html" if waves else "",
            context=context,
            order=20,
            place=Place.MORE,
        ),
    ]


def _shown(
    wave: str,
    sequence: int,
    opening: int,
    state: str,
    earned_on: date,
    opened_on: date,
    answered_on: date | None,
    due_on: date | None,
    reason: dict[str, Any],
    left_alone_on: date | None,
    *,
    waits: bool,
) -> dict[str, Any]:
    """`again`: the day of an opening that is not the first; `late`: C-13."""
    known = Standing(wave, sequence, earned_on, opened_on, due_on, answered_on, reason=reason)
    may_be_late = state in (State.OPEN, State.ANSWERED)
    return {
        "name": heading(wave, sequence),
        "state": state,
        "day": answered_on or due_on,
        "tone": TONES.get(state, "neutral"),
        "reason": render(reason, state),
        "left_alone_on": left_alone_on if state == State.OPEN else None,
        "waits": state == State.OPEN and waits,
        "opened_on": opened_on,
        "again": opened_on if opening > 1 and state != State.WITHDRAWN else None,
        "late": may_be_late and is_late(known, clock.today()),
    }


def _waves(stay: UUID) -> QuerySet[Any, Any]:
    """In the order in which they came; what was taken back before anybody could see it, not."""
    rows = told_of(Invitation.objects.filter(trajectory=stay))
    return rows.order_by("earned_on", "opened_on", "opening").values_list(
        "wave",
        "sequence",
        "opening",
        "state",
        "earned_on",
        "opened_on",
        "answered_on",
        "due_on",
        "reason",
        "left_alone_on",
    )


_WAVES = ReadyMade(as_tuple, _waves, stay=UUID)


def time_line(trajectory: Trajectory) -> list[TimeLineEntry]:
    """Answer to the port: when a wave was answered."""
    return [
        TimeLineEntry(
            at=w.answered_on,
            text=_("Filled in %(wave)s") % {"wave": wave_name(w.wave, w.sequence)},
            kind="questionnaire",
        )
        for w in Invitation.objects.standing().filter(trajectory=trajectory)
        if w.answered_on is not None
    ]
