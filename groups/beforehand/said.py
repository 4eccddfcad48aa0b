"""What the evenings and the places themselves say of an act that stands on trial."""

from collections.abc import Callable, Collection
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.errors import RuleBroken
from core.ports import Consequence
from groups.models import Attendance, Placement
from participants.models import Trajectory
from participants.stay.rehearsal import rehearse


def what_it_changes(act: Callable[[], object]) -> list[Consequence] | None:
    """Beside itself. None when it is refused: whoever then does it hears why."""
    try:
        return rehearse(act, last_evenings, no_longer_counted)
    except RuleBroken:
        return None


def last_evenings(trajectory_ids: Collection[UUID]) -> Callable[[], list[Consequence]]:
    """Whose last evening moves or falls away, while taking leave goes on."""
    after = _agreed(trajectory_ids)

    def said() -> list[Consequence]:
        before = _agreed(trajectory_ids)
        return [
            Consequence(stay, "moves", _last_evening(after[stay]))
            for stay, day in before.items()
            if day is not None and stay in after and after[stay] != day
        ]

    return said


def _agreed(trajectory_ids: Collection[UUID]) -> dict[UUID, date | None]:
    leaving = Trajectory.objects.filter(pk__in=trajectory_ids, phase=Trajectory.Phase.LEAVING)
    return dict(leaving.order_by("pk").values_list("pk", "last_meeting_on"))


def _last_evening(day: date | None) -> str:
    if day is None:
        return _("The last evening falls away. Agree on another one.")
    return _("The last evening is then %(day)s.") % {"day": date_format(day, "l j F")}


def no_longer_counted(trajectory_ids: Collection[UUID]) -> Callable[[], list[Consequence]]:
    """Evenings somebody was at, and that lie outside their places from now on."""
    after = _counted(trajectory_ids)

    def said() -> list[Consequence]:
        found: dict[UUID, list[str]] = {}
        for _meeting, stay, day in sorted(_counted(trajectory_ids) - after, key=lambda row: row[2]):
            found.setdefault(stay, []).append(date_format(day, "j F"))
        text = _("Was there on %(days)s. That no longer counts.")
        return [
            Consequence(stay, "moves", text % {"days": ", ".join(days)})
            for stay, days in found.items()
        ]

    return said


def _counted(trajectory_ids: Collection[UUID]) -> set[tuple[UUID, UUID, date]]:
    place = Placement.objects.filter(
        Q(last_day__isnull=True) | Q(last_day__gte=OuterRef("meeting__date")),
        trajectory=OuterRef("trajectory"),
        group=OuterRef("meeting__group"),
        trial=False,
        first_day__lte=OuterRef("meeting__date"),
    )
    rows = Attendance.objects.filter(
        Exists(place), trajectory__in=trajectory_ids, state=Attendance.State.PRESENT
    )
    return set(rows.values_list("meeting", "trajectory", "meeting__date"))
