"""What waits about coming in: whom no mailed code lets in, and a worker can (R-341, C-41)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import may, reach
from core.accounts.ways_in import Way, bounces, way
from core.facts import Asked, Facts
from core.ports import Part, Todo, TodoRule, each
from participants.models import Trajectory
from participants.permissions import HAND_CODE
from participants.todo_kinds import Kind

CONTACT, ACCOUNT = "participant__contact__", "participant__user__"


@dataclass(frozen=True)
class ShutOut:
    """Somebody with an account that no mailed code opens, who was not in since."""

    id: UUID
    name: str
    group: UUID | None
    since: datetime
    way: str


def _shut_out(user: Viewer) -> QuerySet[Trajectory]:
    """Never in yet and no code by mail; or the mailbox refused a mail after they were last in."""
    refused = bounces(CONTACT)
    after = refused.filter(written_at__gt=OuterRef(f"{ACCOUNT}last_login"))
    never = Q(**{f"{ACCOUNT}last_login__isnull": True})
    return (
        Trajectory.objects.visible_to(user)
        .filter(reach(user, HAND_CODE).as_q("group__"), **{f"{ACCOUNT}is_active": True})
        .exclude(phase__in=Trajectory.Phase.OVER)
        .annotate(way=way(ACCOUNT, CONTACT))
        .filter(never & (Q(way=Way.WORKER) | Exists(refused)) | Exists(after))
    )


def _give_code(row: ShutOut, _asked: Asked) -> Todo:
    by_mail = _("A code by mail does not let {name} in. Make one when you are together.")
    if row.way != Way.WORKER:
        by_mail = _("Mail to {name} does not arrive. Make a code when you are together.")
    day = clock.day_of(row.since)
    return Todo(
        kind=Kind.GIVE_CODE,
        about=row.id,
        urgency=2,
        when=_("this week"),
        title=_("Give {name} a code").format(name=row.name),
        reason=by_mail.format(name=row.name),
        action=_("Make a code"),
        url=reverse("participants:hand_code", args=[row.id]),
        since=day,
        group_id=row.group,
        stay_id=row.id,
    )


SHUT_OUT = Facts(
    ShutOut,
    _shut_out,
    {"name": "shown_name", "since": f"{ACCOUNT}joined_at"},
)
RULES = (
    TodoRule(
        (Kind.GIVE_CODE,),
        parts=(Part(SHUT_OUT, each(_give_code)),),
        asks=lambda user: may(user, HAND_CODE),
        of_a_stay=True,
    ),
)
