"""What a page about somebody's challenges draws."""

from typing import Any

from challenges.models import Challenge
from challenges.register import choosing, ending
from challenges.register.forms import ChallengeForm
from challenges.register.practising import notes
from core.accounts.actors import Viewer
from participants.models import Trajectory

State = Challenge.State


def about(trajectory: Trajectory, user: Viewer, form: ChallengeForm) -> dict[str, Any]:
    """Going on and earlier, and what this user may do."""
    rows = list(
        Challenge.objects.visible_to(user)
        .filter(trajectory=trajectory)
        .select_related("noted_by", "ended_by")
    )
    notes.attach(row for row in rows if row.state == State.GOING)
    for row in rows:
        row.ended_today = ending.may_take_back(row)  # type: ignore[attr-defined]
    writes = choosing.may_write(trajectory, user)
    chooses = writes and choosing.may_choose(trajectory)
    return {
        "stay": trajectory,
        "name": trajectory.shown_name,
        "going": [row for row in rows if row.state == State.GOING],
        "earlier": [row for row in rows if row.state != State.GOING],
        "ends": writes and ending.may_end(trajectory),
        "practises": notes.may_practise(trajectory),
        "none_left": trajectory.phase == Trajectory.Phase.PARTICIPATING
        and chooses
        and ending.none_left(rows),
        "chooses": chooses,
        "examples": choosing.examples() if chooses else [],
        "form": form,
    }
