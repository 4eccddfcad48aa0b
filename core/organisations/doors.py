"""Which door: words of a worker for somebody who has never been there, and perhaps one photo.

The words come first: they are what the photo says to somebody who does not see it. Every group of
a location shows the same door.
"""

from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock, pictures
from core.accounts.models import User
from core.errors import RuleBroken
from core.locks import lock_copy
from core.organisations.models import DoorPicture, Location

SIZE = (800, 800)


def redrawn(file: BinaryIO) -> bytes:
    """The whole door, 800 pixels at most; raises as `core.pictures.redrawn`."""
    return pictures.redrawn(file, SIZE, whole=True)


@transaction.atomic
def describe_door(*, location: Location, door: str, by: User) -> Location:
    """Every group of this location shows it. Locks the location.

    Raises RuleBroken("words_needed") while a photo hangs there: it never stands without words.
    """
    locked = lock_copy(location)
    if not door.strip() and DoorPicture.objects.filter(location=locked).exists():
        raise RuleBroken(
            _("Say it in words too, for who does not see the photo. Or take the photo away first."),
            code="words_needed",
            field="door",
        )
    locked.door = door.strip()
    locked.save(update_fields=["door"])
    return locked


@transaction.atomic
def change_door_picture(*, location: Location, image: bytes, by: User) -> DoorPicture:
    """Show this photo from now on; `image` comes from `redrawn`. Locks the location.

    A new photo has a new address, so nobody keeps seeing the old one. Raises
    RuleBroken("words_needed") when nobody has described the door yet.
    """
    locked = lock_copy(location)
    if not locked.door:
        raise RuleBroken(
            _("First say in words which door it is."), code="words_needed", field="picture"
        )
    DoorPicture.objects.filter(location=locked).delete()
    width, height = pictures.size_of(image)
    return DoorPicture.objects.create(
        location=locked, image=image, width=width, height=height, changed_at=clock.now()
    )


@transaction.atomic
def remove_door_picture(*, location: Location, by: User) -> None:
    """The words stay; taking away what is not there is fine."""
    DoorPicture.objects.filter(location=location).delete()


def door_picture_of(location: Location) -> DoorPicture | None:
    """Its address and size, without the picture itself."""
    return DoorPicture.objects.filter(location=location).defer("image").first()
