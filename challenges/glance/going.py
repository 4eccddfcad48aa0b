"""What each person tries now, in a line beside the name: the newest one, and how many more.

One `Line` for the worker's start page, where it is read in the statement of what waits, and for the
group's page, which asks for it through a port.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from challenges.models import Challenge
from challenges.permissions import NOTE
from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.facts import Facts
from core.organisations.models import Group
from core.ports import Tries
from core.ready_made import ReadyMade, as_tuple
from participants.permissions import SEE_JOURNEY


@dataclass(frozen=True)
class Going:
    """A challenge that goes on. `text` as the database writes it; `words` opens it."""

    id: UUID
    stay: UUID
    chosen_on: date
    text: str

    @property
    def words(self) -> str:
        sealed = bytes.fromhex(self.text.removeprefix("\\x"))
        field: Any = Challenge._meta.get_field("text")
        row = Challenge(pk=self.id, text=field.from_db_value(sealed, None, None))
        return row.text or ""


def _going(user: Viewer) -> QuerySet[Challenge]:
    """Of the groups this worker leads."""
    own = reach(user, NOTE).as_q("trajectory__group__")
    return Challenge.objects.visible_to(user).going().filter(own)


GOING = Facts(Going, _going, {"stay": "trajectory_id"})


def tried(rows: Iterable[Going]) -> Mapping[UUID, Tries]:
    """By stay. Pure but for the opening of the one line that is shown."""
    of: dict[UUID, list[Going]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.chosen_on, row.id), reverse=True):
        of[row.stay].append(row)
    return {stay: Tries(found[0].words, len(found) - 1) for stay, found in of.items()}


def of_group(group: Group, user: Viewer) -> Mapping[UUID, Tries]:
    """Answers the port: for the group's workers and the coordinator (R-004), one statement; for
    anybody else nothing is asked. Whom a worker stays out of is left out by who draws the line."""
    if not reach(user, SEE_JOURNEY).covers(group.pk, group.location.region_id):
        return {}
    found: dict[UUID, list[Challenge]] = defaultdict(list)
    for stay, *columns in _OF_GROUP(group=group.pk):
        found[stay].append(Challenge.from_db(None, COLUMNS, columns))
    return {stay: Tries(rows[0].text or "", len(rows) - 1) for stay, rows in found.items()}


def _of_group(group: UUID) -> QuerySet[Any, Any]:
    rows = Challenge.objects.going().filter(trajectory__group=group)
    return rows.order_by("-chosen_on", "-id").values_list("trajectory_id", *COLUMNS)


COLUMNS = ("id", "text")
_OF_GROUP = ReadyMade(as_tuple, _of_group, group=UUID)
