"""The waves of one stay in its file: state and reason, never an answer."""

from django.utils.translation import gettext as _

from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.ports import Panel, TimeLineEntry
from participants.models import Trajectory
from questionnaires.answers.answers_table import heading
from questionnaires.cycle.reasons import render, wave_name
from questionnaires.models import Invitation
from questionnaires.permissions import SEE_ANSWERS

TONES = {"answered": "done", "open": "info"}


def file_panels(trajectory: Trajectory, user: Viewer) -> list[Panel]:
    """Answer to the port: one panel; the link to the answers for the group's workers only."""
    waves = list(
        Invitation.objects.visible_to(user)
        .standing()
        .filter(trajectory=trajectory)
        .order_by("earned_on", "opened_on")
    )
    return [
        Panel(
            template="questionnaires/panel.html",
            context={
                "trajectory": trajectory,
                "waves": [
                    {
                        "name": heading(w.wave, w.sequence),
                        "state": w.state,
                        "day": w.answered_on or w.due_on,
                        "tone": TONES.get(w.state, "neutral"),
                        "reason": render(w.reason),
                    }
                    for w in waves
                ],
                "answered": any(w.answered_on for w in waves),
                "may_read": trajectory.group_id in reach(user, SEE_ANSWERS).groups,
            },
            order=40,
        )
    ]


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
