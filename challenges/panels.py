"""The challenges' piece of a participant's file and time line (R-099)."""

from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from challenges import register
from challenges.forms import ChallengeForm
from challenges.models import Challenge
from core.accounts.actors import Actor, Viewer
from core.ports import Panel, TimeLineEntry
from participants.models import Trajectory

State = Challenge.State
SHOWN = (*register.MAY_END, Trajectory.Phase.FORMER)
ENDS: dict[str, Promise] = {
    State.REACHED: gettext_lazy("A challenge worked out"),
    State.LAID_ASIDE: gettext_lazy("Laid a challenge aside"),
}


def about(trajectory: Trajectory, user: Viewer, form: ChallengeForm) -> dict[str, Any]:
    """What a page or a panel about somebody's challenges draws."""
    rows = list(
        Challenge.objects.visible_to(user)
        .filter(trajectory=trajectory)
        .select_related("noted_by", "ended_by")
    )
    writes = register.may_write(trajectory, user)
    chooses = writes and register.may_choose(trajectory)
    return {
        "stay": trajectory,
        "name": trajectory.participant.call_name,
        "going": [row for row in rows if row.state == State.GOING],
        "earlier": [row for row in rows if row.state != State.GOING],
        "ends": writes and register.may_end(trajectory),
        "chooses": chooses,
        "examples": register.examples() if chooses else [],
        "form": form,
    }


def file_panels(trajectory: Trajectory, user: Viewer) -> list[Panel]:
    """Answer to the port: from taking part on."""
    if trajectory.phase not in SHOWN:
        return []
    form = ChallengeForm(name=trajectory.participant.call_name)
    context = about(trajectory, user, form)
    return [Panel(template="challenges/panel.html", context=context, order=25)]


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
