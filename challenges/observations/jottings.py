"""*Remember this*: a person and one line, of the writer alone, for a week.

It never asks for anything: no to-do, no count (R-152). Worked out it becomes an observation, once;
else it lapses, and the words are gone the same night. Dropped by hand it can be taken back until
then.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from challenges.models import Jotting
from challenges.observations.observers import require_observed
from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import User
from core.errors import NotYours, RuleBroken
from core.facts import Facts
from core.sent_twice import done_before
from groups.models import Meeting
from participants.models import Trajectory
from participants.stay.lock import lock

#: So many days at least; the last one to its end.
A_WEEK = timedelta(days=7)


def lapses_at(moment: datetime) -> datetime:
    """The end of the same day of next week, on the clock of Amsterdam: the night that wipes the
    words begins there."""
    return clock.at(clock.day_of(moment) + A_WEEK + timedelta(days=1))


def standing(user: Viewer) -> QuerySet[Jotting]:
    """The own ones that still stand, the newest first."""
    return _lines(user).select_related("trajectory", "meeting")


@dataclass(frozen=True)
class Line:
    """One that stands, without its words: the start page may lie open on a table."""

    id: UUID
    name: str
    at: datetime


def _lines(user: Viewer) -> QuerySet[Jotting]:
    return Jotting.objects.visible_to(user).waiting().filter(lapses_at__gt=clock.now())


#: For the start page, in the statement that it asks anyway.
LINES = Facts(Line, _lines, {"name": "trajectory__shown_name"})


def dropped(user: Viewer) -> QuerySet[Jotting]:
    """The own ones of which the dropping can still be taken back."""
    rows = Jotting.objects.visible_to(user).filter(
        observation__isnull=True, dropped_at__gte=clock.at(clock.today())
    )
    found = rows.exclude(text="").filter(lapses_at__gt=clock.now())
    return found.select_related("trajectory", "meeting")


@transaction.atomic
def remember(
    *, trajectory: Trajectory, text: str, client_id: UUID, by: User, meeting: Meeting | None = None
) -> Jotting:
    """Keep one line; sent twice it is kept once. Locks the stay.

    Raises NotYours("not_yours"); RuleBroken: not_in_the_group, waits_for_a_yes, text_needed,
    client_id_used.
    """
    lock(trajectory)
    require_observed(trajectory, by)
    sent = Jotting.objects.filter(client_id=client_id).first()
    if done := done_before(sent, trajectory_id=trajectory.pk, by_id=by.pk):
        return done
    if not text.strip():
        raise RuleBroken(_("Write down what you saw."), "text_needed", "behaviour")
    now = clock.now()
    return Jotting.objects.create(
        client_id=client_id,
        trajectory=trajectory,
        meeting=meeting,
        text=text.strip(),
        by=by,
        at=now,
        lapses_at=lapses_at(now),
    )


@transaction.atomic
def drop(*, jotting: Jotting, by: User) -> None:
    """Not needed after all; twice is once. Locks the stay. Raises NotYours("not_yours")."""
    _own(jotting, by)
    Jotting.objects.filter(pk=jotting.pk, dropped_at=None).update(dropped_at=clock.now())


@transaction.atomic
def put_back(*, jotting: Jotting, by: User) -> None:
    """Until the night; the week goes on as it ran. Locks the stay.

    Raises NotYours("not_yours"); RuleBroken("words_gone").
    """
    _own(jotting, by)
    if not jotting.text:
        raise RuleBroken(_("The words of this are gone already."), "words_gone")
    Jotting.objects.filter(pk=jotting.pk).update(dropped_at=None)


def wipe(*, now: datetime) -> int:
    """The words of what lapsed, and of what was dropped before today; how many."""
    gone = Q(lapses_at__lte=now) | Q(dropped_at__lt=clock.at(clock.day_of(now)))
    return Jotting.objects.filter(gone).exclude(text="").update(text="")


def _own(jotting: Jotting, by: User) -> None:
    lock(jotting.trajectory)
    if not Jotting.objects.visible_to(by).filter(pk=jotting.pk).exists():
        raise NotYours(_("Only who wrote this can change it."), "not_yours")
    jotting.refresh_from_db(fields=["text", "dropped_at", "observation"])
