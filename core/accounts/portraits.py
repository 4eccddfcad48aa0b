"""The face of a professional: whom a young person will meet (R-047).

What is uploaded is never kept: it is drawn anew as a small square without name, place or camera.
The bytes lie in the database, so every web process has them. Who may see a face: its owner, the
colleagues whose reach holds the group (here), and young people of that group
(`participants.faces`).
"""

import warnings
from io import BytesIO
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from core import clock
from core.accounts.models import Portrait, RoleAssignment, User
from core.accounts.rights import reach
from core.accounts.roles import Role
from core.errors import NotYours, RuleBroken
from core.organisations.permissions import SEE_GROUPS

SIDE = 256
LARGEST_FILE = 10 * 1024 * 1024
MOST_PIXELS = 60_000_000
KINDS = ("JPEG", "PNG", "WEBP")


def redrawn(file: BinaryIO) -> bytes:
    """A picture in, a WebP square of 256 pixels out, upright and without any metadata.

    Raises RuleBroken ("picture") for anything that is not one of KINDS, is broken, or would
    unfold to more than MOST_PIXELS.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(file, formats=KINDS)
        width, height = picture.size
        too_large = width * height > MOST_PIXELS
        if not too_large:
            picture.draft("RGB", (2 * SIDE, 2 * SIDE))
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
            square = ImageOps.fit(upright, (SIDE, SIDE), centering=(0.5, 0.4))
    except Image.DecompressionBombError:
        too_large = True
    except Exception as broken:  # a decoder meets whatever a stranger sends
        raise RuleBroken(
            _("We cannot open this as a photo. Choose a JPEG, PNG or WebP."), code="picture"
        ) from broken
    if too_large:
        raise RuleBroken(_("This photo is too large. Choose a smaller one."), code="picture")
    # A new image, so that nothing that travelled with the old one comes along.
    clean = Image.new("RGB", (SIDE, SIDE), "white")
    clean.paste(square, mask=square.getchannel("A"))
    drawn = BytesIO()
    clean.save(drawn, "WEBP", quality=80, method=4)
    return drawn.getvalue()


@transaction.atomic
def change_portrait(*, user: User, image: bytes, by: Any) -> Portrait:
    """Show this face from now on; `image` comes from `redrawn`. Locks the account.

    A new picture has a new address, so nobody keeps seeing the old one. Raises NotYours for
    somebody else's face, RuleBroken for a participant: their faces are not kept.
    """
    if user != by:
        raise NotYours(_("Everybody chooses their own photo."), code="portrait")
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.is_participant:
        raise RuleBroken(_("We keep no photos of young people."), code="portrait")
    Portrait.objects.filter(user=locked).delete()
    return Portrait.objects.create(user=locked, image=image, changed_at=clock.now())


@transaction.atomic
def remove_portrait(*, user: User, by: Any) -> None:
    """From now on initials; taking away what is not there is fine."""
    if user != by:
        raise NotYours(_("Everybody chooses their own photo."), code="portrait")
    Portrait.objects.filter(user=user).delete()


def portrait_of(user: User) -> Portrait | None:
    return Portrait.objects.filter(user=user).defer("image").first()


def workers_at(groups: Q) -> QuerySet[RoleAssignment]:
    """Today's assignments of youth workers, for the groups that `groups` names."""
    return (
        RoleAssignment.objects.in_force(clock.today())
        .filter(role=Role.YOUTH_WORKER, user__is_active=True)
        .filter(groups)
    )


def colleagues_visible_to(user: Any) -> QuerySet[Portrait]:
    """The own face, and those of the workers of groups that this professional may follow."""
    if not isinstance(user, User) or user.is_participant:
        return Portrait.objects.none()
    far = reach(user, SEE_GROUPS)
    near = workers_at(far.as_q("group__")).values("user") if far else []
    return Portrait.objects.filter(Q(user=user) | Q(user__in=near))
