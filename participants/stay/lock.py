"""The first lock of every action: the stay's own row (then group, then placement)."""

from datetime import date, timedelta

from participants.models import Trajectory

#: Three months until the follow-up, sixty days to answer it (design.md 4.4 and 4.5).
FOLLOW_UP_OVER = timedelta(days=92 + 61)


def lock(trajectory: Trajectory) -> Trajectory:
    """Lock the row and read it afresh into this very object. Needs a transaction."""
    trajectory.refresh_from_db(from_queryset=Trajectory.objects.select_for_update())
    return trajectory


def may_waive_follow_up(trajectory: Trajectory, day: date) -> bool:
    """Not waived yet, and still to come or to answer: what was missed long ago stays missed."""
    if trajectory.follow_up_waived:
        return False
    return trajectory.exited_on is None or day <= trajectory.exited_on + FOLLOW_UP_OVER
