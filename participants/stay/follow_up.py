"""The follow-up that will not come, and why (design.md 4.4)."""

from participants.models import Trajectory


def waive(trajectory: Trajectory, why: Trajectory.Waived) -> None:
    """Keep why no follow-up comes; a reason that stood already stays, unless the data are erased.

    The caller holds the stay's lock and tells the port.
    """
    if trajectory.follow_up_waived and why != Trajectory.Waived.ERASED:
        return
    trajectory.follow_up_waived = why
    trajectory.save(update_fields=["follow_up_waived"])
