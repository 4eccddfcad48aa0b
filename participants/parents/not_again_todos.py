"""What waits: home may not know (C-48), and a parent with a colleague's address (R-347)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import may
from core.facts import Asked, Facts
from core.ports import Part, Todo, TodoRule, each
from participants.models import HomeSilence, ParentAtWork, Trajectory
from participants.permissions import CONSULT, DECIDE
from participants.todo_kinds import Kind


@dataclass(frozen=True)
class Silence:
    """Somebody to talk with: who guides them sees it, without a group or too late the region."""

    id: UUID
    name: str
    group: UUID | None
    stay: UUID
    said_at: datetime
    talk_by: date


def _silences(user: Viewer) -> QuerySet[HomeSilence]:
    newest = Trajectory.objects.filter(participant=OuterRef("participant")).order_by(
        "-signed_up_at"
    )
    waits = HomeSilence.objects.in_force().visible_to(user).filter(talked_at__isnull=True)
    return waits.annotate(
        stay=Subquery(newest.values("pk")[:1]),
        of=Subquery(newest.values("group")[:1]),
        called=Subquery(newest.values("shown_name")[:1]),
    )


def _talk(row: Silence, asked: Asked) -> Todo:
    late = row.talk_by < asked.day
    return Todo(
        kind=Kind.HOME_SILENCE,
        about=row.id,
        urgency=-1,
        when=_("too late") if late else _("today"),
        title=_("Talk with %(name)s: home may not know this") % {"name": row.name},
        reason=_("Promised for %(day)s at the latest. Reach %(name)s only in the safe way.")
        % {"day": formats.date_format(row.talk_by, "l j F"), "name": row.name},
        action=_("Read what to do"),
        url=reverse("participants:silence", args=[row.id]),
        since=clock.day_of(row.said_at),
        group_id=row.group,
        stay_id=row.stay,
        lasts=True,
    )


@dataclass(frozen=True)
class AtWork:
    id: UUID
    name: str
    who: str
    group: UUID | None
    found_at: datetime


def _at_work(user: Viewer) -> QuerySet[ParentAtWork]:
    return ParentAtWork.objects.visible_to(user).filter(settled_at__isnull=True)


def _look(row: AtWork, _asked: Asked) -> Todo:
    return Todo(
        kind=Kind.PARENT_AT_WORK,
        about=row.id,
        urgency=1,
        when=_("waits"),
        title=_("%(name)s: a parent with the address of %(who)s")
        % {"name": row.name, "who": row.who},
        reason=_("The question waits until you know whether that is a parent."),
        action=_("Look"),
        url=reverse("participants:parent_at_work", args=[row.id]),
        since=clock.day_of(row.found_at),
        group_id=row.group,
    )


RULES = (
    TodoRule(
        (Kind.HOME_SILENCE,),
        parts=(
            Part(
                Facts(
                    Silence,
                    _silences,
                    {"name": "called", "group": "of"},
                ),
                each(_talk),
            ),
        ),
        asks=lambda user: may(user, DECIDE) or may(user, CONSULT),
        of_a_stay=True,
    ),
    TodoRule(
        (Kind.PARENT_AT_WORK,),
        parts=(
            Part(
                Facts(
                    AtWork,
                    _at_work,
                    {
                        "name": "trajectory__shown_name",
                        "who": "professional__name",
                        "group": "trajectory__group_id",
                    },
                ),
                each(_look),
            ),
        ),
        asks=lambda user: may(user, CONSULT),
    ),
)
