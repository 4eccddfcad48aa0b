"""At which meeting something was seen: of those that this person came to, or could have."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from challenges.permissions import OBSERVE
from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import reach
from groups.models import Attendance, Meeting, Placement, Visitor
from groups.models.moments import OPENS_BEFORE
from participants.models import Trajectory

#: So many stand on the form.
SHOWN = 6
#: A meeting that lies so short ago is the one that is meant, until somebody says otherwise.
LATELY = timedelta(days=7)
#: Of what was seen elsewhere the form offers so many days; longer ago is no observation any more.
DAYS = 14


def meetings_of(stay: Trajectory | OuterRef, user: Viewer) -> QuerySet[Meeting]:
    """Whose sheet is open or was, the newest first: of the groups that this worker leads. `stay`:
    one, or that of a row two statements further out."""
    placed = Placement.objects.filter(
        Q(last_day__isnull=True) | Q(last_day__gte=OuterRef("date")),
        trajectory=stay,
        group=OuterRef("group"),
        first_day__lte=OuterRef("date"),
    )
    here = {"meeting": OuterRef("pk"), "trajectory": stay}
    came = Exists(Attendance.objects.filter(**here)) | Exists(Visitor.objects.here().filter(**here))
    return (
        Meeting.objects.filter(reach(user, OBSERVE).as_q("group__"))
        .exclude(status=Meeting.Status.CANCELLED)
        .filter(Exists(placed) | came, starts_at__lte=clock.now() + OPENS_BEFORE)
        .order_by("-starts_at")
    )


def offered(stay: Trajectory, user: Viewer, wanted: Iterable[UUID]) -> list[Meeting]:
    """The last ones, and those that are asked for where they are among them."""
    rows = meetings_of(stay, user)
    found = list(rows[:SHOWN])
    missing = set(wanted) - {meeting.pk for meeting in found}
    return [*found, *rows.filter(pk__in=missing)] if missing else found


def came_to(told: Iterable[UUID], user: Viewer) -> Exists:
    """For a list of stays: was it one of theirs? Of `told`, the meeting that is asked about."""
    rows = meetings_of(OuterRef(OuterRef("pk")), user)
    return Exists(rows.filter(pk__in=list(told)).order_by())


def lately(meetings: Iterable[Meeting]) -> Meeting | None:
    """The one that is meant when somebody opens the form from a file."""
    first = next(iter(meetings), None)
    return first if first is not None and first.date > clock.today() - LATELY else None


def days_elsewhere(stay: Trajectory) -> list[date]:
    """On which something can have been seen outside a meeting, today first."""
    today, since = clock.today(), clock.day_of(stay.signed_up_at)
    days = (today - timedelta(days=n) for n in range(DAYS))
    return [day for day in days if day >= since]
