"""Talking a thread over under another name (R-268): shared by a youth worker, for a while.

The coordinator opens this one thread and no other. The name is drawn by lot for each sharing, so
that two sharings of one person do not find each other, and nothing of the person is in it.
"""

import secrets
from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from challenges.models import ThreadSharing
from challenges.permissions import OBSERVE
from challenges.thread.masking import Known, Mask
from core import clock
from core.accounts.models import RoleAssignment, User
from core.accounts.rights import reach
from core.accounts.roles import Role
from core.errors import NotYours, RuleBroken
from core.organisations.models import Group
from groups.models import Placement
from participants.models import Trajectory
from participants.recusal import recusal
from participants.stay.lock import lock

Phase = Trajectory.Phase
#: How long can be chosen, in days; the first is offered. Coaching is once in so many weeks.
DAYS = (14, 7, 28)
#: Plants, none of which is anybody's name here.
PLANTS = """
    Berk Beuk Braam Brem Ceder Eik Esdoorn Gagel Haagbeuk Hulst Kastanje Klaver Kornoelje Lariks
    Lijsterbes Meidoorn Plataan Populier Sering Sleedoorn Spar Taxus Varen Vlier Vuurdoorn Wilg
    Zuring
"""


def draw_name() -> str:
    """By lot: one of more than two thousand."""
    return f"{secrets.choice(PLANTS.split())} {secrets.randbelow(90) + 10}"


@transaction.atomic
def share(*, trajectory: Trajectory, days: int, by: User) -> ThreadSharing:
    """Twice in a row is one sharing, with the name it has. Locks the stay.

    Raises NotYours("not_yours"); RuleBroken: how_long, waits_for_a_yes, not_in_the_group.
    """
    lock(trajectory)
    _require_worker(trajectory, by)
    if days not in DAYS:
        raise RuleBroken(_("Choose how long."), "how_long", "days")
    if trajectory.blocked_reason:
        raise RuleBroken(_("Something has to be arranged first."), "waits_for_a_yes")
    if trajectory.phase not in (*Phase.PLACED, Phase.FORMER):
        raise RuleBroken(_("This is for somebody who is or was in the group."), "not_in_the_group")
    now = clock.now()
    if standing := standing_of(trajectory):
        return standing
    return ThreadSharing.objects.create(
        trajectory=trajectory,
        pseudonym=_free_name(),
        by=by,
        at=now,
        until=now + timedelta(days=days),
    )


@transaction.atomic
def take_back(*, trajectory: Trajectory, by: User) -> None:
    """From now on nobody but the own workers reads it; nothing when it was over. Locks the stay.

    Raises NotYours("not_yours").
    """
    lock(trajectory)
    _require_worker(trajectory, by)
    if standing := standing_of(trajectory):
        standing.until, standing.taken_back_by = clock.now(), by
        standing.save(update_fields=["until", "taken_back_by"])


def standing_of(trajectory: Trajectory) -> ThreadSharing | None:
    rows = ThreadSharing.objects.standing(clock.now()).filter(trajectory=trajectory)
    return rows.order_by("-at").first()


def mask_for(stay: Trajectory, pseudonym: str) -> Mask:
    """Every name that is known around this stay: two statements."""
    person = stay.participant
    people, groups = _people(stay), _groups(stay)
    return Mask(
        pseudonym,
        Known(
            person=(person.call_name, person.full_name, stay.shown_name),
            others=tuple(name for name in people if name != person.call_name),
            workers=tuple(groups[1]),
            places=tuple(groups[0]),
        ),
    )


def _people(stay: Trajectory) -> list[str]:
    """The call names of everybody who has or had a place in a group this person was in."""
    with_them = Placement.objects.filter(trajectory=stay).values("group")
    rows = Placement.objects.filter(group__in=with_them) | Placement.objects.filter(
        group=stay.group_id
    )
    names = rows.exclude(trajectory__participant=stay.participant_id).values_list(
        "trajectory__participant__call_name", flat=True
    )
    return sorted(set(names))


def _groups(stay: Trajectory) -> tuple[list[str], list[str]]:
    """The names of their groups and where these are; those of who works or worked there."""
    with_them = Placement.objects.filter(trajectory=stay).values("group")
    groups = Group.objects.filter(Q(pk__in=with_them) | Q(pk=stay.group_id))
    places: set[str] = set()
    for row in groups.values_list(
        "name", "location__name", "location__organisation__name", "location__work_area__name"
    ):
        places |= {name for name in row if name}
    workers = RoleAssignment.objects.filter(
        role=Role.YOUTH_WORKER, group__in=groups.values("pk")
    ).values_list("user__name", flat=True)
    return sorted(places), sorted(set(workers))


def _free_name() -> str:
    """No two that can be read at the same time have one name."""
    taken = set(ThreadSharing.objects.standing(clock.now()).values_list("pseudonym", flat=True))
    return next(name for name in _draws() if name not in taken)


def _draws() -> Iterator[str]:
    while True:
        yield draw_name()


def _require_worker(trajectory: Trajectory, by: User) -> None:
    leads = trajectory.group_id in reach(by, OBSERVE).groups
    if not leads or trajectory.participant_id in recusal.out_of(by):
        raise NotYours(_("Only the youth workers of this group can do this."), "not_yours")
