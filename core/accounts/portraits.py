"""The face of a professional: whom a young person will meet (R-047).

What is uploaded is never kept: it is drawn anew as a small square without name, place or camera.
The bytes lie in the database, so every web process has them. Who may see a face: its owner, the
colleagues whose reach holds the group (here), and young people of that group
(`participants.recusal.who_works_here`).
"""

from datetime import date
from typing import BinaryIO

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core import clock, pictures
from core.accounts.actors import Viewer
from core.accounts.models import Portrait, RoleAssignment, User
from core.accounts.rights import reach
from core.accounts.roles import Role
from core.errors import NotYours, RuleBroken
from core.locks import lock_copy
from core.organisations.permissions import SEE_GROUPS

SIDE = 256


def redrawn(file: BinaryIO) -> bytes:
    """A square of 256 pixels; raises as `core.pictures.redrawn`."""
    return pictures.redrawn(file, (SIDE, SIDE))


@transaction.atomic
def change_portrait(*, user: User, image: bytes, by: User) -> Portrait:
    """Show this face from now on; `image` comes from `redrawn`. Locks the account.

    A new picture has a new address, so nobody keeps seeing the old one. Raises NotYours for
    somebody else's face, RuleBroken for a participant: their faces are not kept.
    """
    if user != by:
        raise NotYours(_("Everybody chooses their own photo."), code="portrait")
    locked = lock_copy(user)
    if locked.is_participant:
        raise RuleBroken(_("We keep no photos of young people."), code="portrait")
    Portrait.objects.filter(user=locked).delete()
    return Portrait.objects.create(user=locked, image=image, changed_at=clock.now())


@transaction.atomic
def remove_portrait(*, user: User, by: User) -> None:
    """From now on initials; taking away what is not there is fine."""
    if user != by:
        raise NotYours(_("Everybody chooses their own photo."), code="portrait")
    Portrait.objects.filter(user=user).delete()


def portrait_of(user: User) -> Portrait | None:
    return Portrait.objects.filter(user=user).defer("image").first()


def workers_at(groups: Q, day: date | None = None) -> QuerySet[RoleAssignment]:
    """Assignments of youth workers on `day` (today), for the groups that `groups` names."""
    return (
        RoleAssignment.objects.in_force(day or clock.today())
        .filter(role=Role.YOUTH_WORKER, user__is_active=True)
        .filter(groups)
    )


def colleagues_visible_to(user: Viewer) -> QuerySet[Portrait]:
    """The own face, and those of the workers of groups that this professional may follow."""
    if not isinstance(user, User) or user.is_participant:
        return Portrait.objects.none()
    far = reach(user, SEE_GROUPS)
    near = workers_at(far.as_q("group__")).values("user") if far else []
    return Portrait.objects.filter(Q(user=user) | Q(user__in=near))
