"""Who stands on a sheet without a place, and who may walk in: people of this group only."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from groups.evenings.meetings import on_sheet
from groups.evenings.over import CORRECTED_WITHIN
from groups.models import Meeting, Visitor
from participants.models import Trajectory
from participants.person.shown_name import by_call_name
from participants.stay.follow_up import newer_stay

Phase = Trajectory.Phase


@dataclass(frozen=True)
class Seen:
    """A visitor as the sheet shows them: a call name and nothing else."""

    id: UUID
    stay: UUID | None
    name: str


@dataclass(frozen=True)
class WalksIn:
    """Somebody who may walk in tonight. `was_here`: took part before."""

    stay: Trajectory
    name: str
    was_here: bool

    @property
    def word(self) -> str:
        if self.was_here:
            return _("took part before")
        return _("waiting list") if self.stay.waiting_since else _("signed up")


def seen(row: dict[str, Any]) -> Seen:
    """A visitor as the database tells it."""
    stay = UUID(row["stay"]) if row["stay"] else None
    return Seen(UUID(row["id"]), stay, row["shown"] or row["name"])


def who_may_walk_in(meeting: Meeting, user: Viewer) -> list[WalksIn]:
    """Who signed up for this group and who took part in it; who waits longest stands first, and
    of who took part whoever left it last.

    Less whoever stands on the sheet, and whoever this worker stays out of.
    """
    left = F("ended_on").desc(nulls_last=True)
    rows = _known(meeting, user).order_by("waiting_since", left, *by_call_name())
    found = [WalksIn(row, row.shown_name, row.phase == Phase.FORMER) for row in rows]
    return sorted(found, key=lambda one: one.was_here)


def walks_in(meeting: Meeting, user: Viewer, stay_id: UUID) -> Trajectory | None:
    """One of these; also who stands there already, so that a second tap is no mistake."""
    return _known(meeting, user, anew=False).filter(pk=stay_id).first()


def _known(meeting: Meeting, user: Viewer, *, anew: bool = True) -> QuerySet[Trajectory]:
    stays = Trajectory.objects.visible_to(user).filter(
        Q(phase__in=Phase.ARRIVING) | Q(phase=Phase.FORMER) & ~newer_stay(),
        group=meeting.group_id,
    )
    if not anew:
        return stays
    here = Visitor.objects.here().filter(meeting=meeting.pk, trajectory=OuterRef("pk"))
    placed = on_sheet(meeting).filter(trajectory=OuterRef("pk"))
    return stays.exclude(Exists(here)).exclude(Exists(placed))


def named_too_long() -> list[UUID]:
    """Friends known by a call name only, of evenings whose sheet is settled."""
    before = clock.today() - CORRECTED_WITHIN
    rows = Visitor.objects.filter(meeting__date__lt=before).exclude(call_name="")
    return list(rows.order_by("pk").values_list("pk", flat=True))


def forget_name(visitor: UUID) -> None:
    """That somebody was there stays."""
    Visitor.objects.filter(pk=visitor).update(call_name="")
