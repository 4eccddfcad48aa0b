"""The waves of one stay in its file: state and reason, never an answer."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.ports import Act, Panel, Place, TimeLineEntry
from core.ready_made import ReadyMade, as_tuple
from participants.models import Trajectory
from questionnaires.answers.answers_table import heading
from questionnaires.cycle import on_hold
from questionnaires.cycle.reasons import render, wave_name
from questionnaires.models import Invitation
from questionnaires.permissions import SEE_ANSWERS, SEE_RESPONSE

TONES = {"answered": "done", "open": "info"}


def file_panels(trajectory: Trajectory, user: Viewer) -> list[Panel]:
    """Answer to the port: the newest wave and those before it; the way to the answers for the
    group's workers only."""
    group = trajectory.group
    if group is None or not reach(user, SEE_RESPONSE).covers(group.pk, group.location.region_id):
        return []
    waves = [
        {
            "name": heading(wave, sequence),
            "state": state,
            "day": answered_on or due_on,
            "tone": TONES.get(state, "neutral"),
            "reason": render(reason),
            "left_alone_on": left_alone_on if state == Invitation.State.OPEN else None,
            "waits": state == Invitation.State.OPEN and not on_hold.has_a_yes(trajectory),
        }
        for wave, sequence, state, answered_on, due_on, reason, left_alone_on in _WAVES(
            stay=trajectory.pk
        )
    ]
    over = trajectory.phase in Trajectory.Phase.OVER
    may_read = trajectory.group_id in reach(user, SEE_ANSWERS).groups
    answered = any(wave["state"] == Invitation.State.ANSWERED for wave in waves)
    page = reverse("questionnaires:answers", args=[trajectory.pk])
    context = {"stay": trajectory, "waves": waves, "newest": waves[-1] if waves else None}
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


def _waves(stay: UUID) -> QuerySet[Any, Any]:
    rows = Invitation.objects.standing().filter(trajectory=stay).order_by("earned_on", "opened_on")
    return rows.values_list(
        "wave", "sequence", "state", "answered_on", "due_on", "reason", "left_alone_on"
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
