"""The first lock of every action: the stay's own row (then group, then placement)."""

from participants.models import Trajectory


def lock(trajectory: Trajectory) -> Trajectory:
    """Lock the row and read it afresh into this very object. Needs a transaction."""
    trajectory.refresh_from_db(from_queryset=Trajectory.objects.select_for_update())
    return trajectory
