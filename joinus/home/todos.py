"""What waits for a regional coordinator about a group as a whole: facts of several apps."""

from datetime import timedelta
from enum import auto
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.accounts.actors import Viewer
from core.accounts.rights import reach
from core.accounts.roles import Role
from core.organisations.models import Group
from core.ports import Todo, TodoKind, TodoRule
from participants.models import Trajectory
from participants.permissions import CONSULT

LONG_WAIT = timedelta(days=14)
WORKERS = 2


class Kind(TodoKind):
    WORKERS = auto()
    WAITING_LIST = auto()


def todos(user: Viewer) -> list[Todo]:
    """Groups with fewer than two workers (R-269), waiting lists older than two weeks (R-045)."""
    far = reach(user, CONSULT)
    if not far:
        return []
    day = clock.today()
    in_force = Q(
        Q(role_assignments__valid_until__isnull=True) | Q(role_assignments__valid_until__gte=day),
        role_assignments__role=Role.YOUTH_WORKER,
        role_assignments__valid_from__lte=day,
    )
    waits = Q(trajectories__waiting_since__isnull=False) & Q(
        trajectories__phase__in=Trajectory.Phase.ARRIVING
    )
    groups = (
        Group.objects.filter(far.as_q())
        .exclude(state__in=[Group.State.PREPARING, Group.State.CLOSED])
        .annotate(
            workers=Count("role_assignments__user", filter=in_force, distinct=True),
            waiting=Count("trajectories", filter=waits, distinct=True),
            oldest=Min("trajectories__waiting_since", filter=waits),
        )
        .filter(Q(workers__lt=WORKERS) | Q(oldest__lte=day - LONG_WAIT))
        .order_by("name")
    )
    return [todo for group in groups for todo in _about(group)]


def _about(group: Any) -> list[Todo]:
    url = reverse("groups:group", args=[group.pk])
    found = []
    if group.workers < WORKERS:
        found.append(
            Todo(
                kind=Kind.WORKERS,
                about=group.pk,
                urgency=0,
                when=_("now"),
                title=_("%(group)s needs a youth worker") % {"group": group.name},
                reason=_("One youth worker; a group has two.")
                if group.workers
                else _("No youth worker; a group has two."),
                action=_("Open the group"),
                url=url,
                group_id=group.pk,
            )
        )
    if group.oldest and group.oldest <= clock.today() - LONG_WAIT:
        weeks = (clock.today() - group.oldest).days // 7
        found.append(
            Todo(
                kind=Kind.WAITING_LIST,
                about=group.pk,
                urgency=1,
                when=_("waiting list"),
                title=_("Long waiting list for %(group)s") % {"group": group.name},
                reason=_("%(n)s on the waiting list, the oldest for %(weeks)s weeks")
                % {"n": group.waiting, "weeks": weeks},
                action=_("A second group?"),
                url=url,
                since=group.oldest,
                group_id=group.pk,
            )
        )
    return found


RULES = (TodoRule((Kind.WORKERS, Kind.WAITING_LIST), todos),)
