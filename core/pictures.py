"""A picture that somebody sends is never kept: it is drawn anew, small and without what came along.

Name, place, camera and anything hidden in the file stay behind (trust.md 14).
"""

import warnings
from io import BytesIO
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from core.errors import RuleBroken

LARGEST_FILE = 10 * 1024 * 1024
MOST_PIXELS = {"JPEG": 60_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}  # a JPEG unfolds small
MOST_BYTES = 96 * 1024
KINDS = ("JPEG", "PNG", "WEBP")


def redrawn(file: BinaryIO, size: tuple[int, int], *, whole: bool = False) -> bytes:
    """A picture in, a WebP out, upright and without any metadata.

    It fills `size` and what sticks out is cut off (a face); with `whole` nothing is cut off and it
    is at most `size` (a door). Never more than MOST_BYTES: a busy one is drawn coarser, then
    smaller. Raises RuleBroken ("picture") for anything that is not one of KINDS, is broken, or
    would unfold to more than MOST_PIXELS.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(file, formats=KINDS)
        width, height = picture.size
        too_large = width * height > MOST_PIXELS[picture.format or "PNG"]
        if not too_large:
            picture.draft("RGB", (2 * max(size), 2 * max(size)))
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
            if not whole:
                upright = ImageOps.fit(upright, size, centering=(0.5, 0.4))
            upright.thumbnail(size)
    except Image.DecompressionBombError:
        too_large = True
    except Exception as broken:  # a decoder meets whatever a stranger sends
        raise RuleBroken(
            _("We cannot open this as a photo. Choose a JPEG, PNG or WebP."), code="picture"
        ) from broken
    if too_large:
        raise RuleBroken(_("This photo is too large. Choose a smaller one."), code="picture")
    # A new image, so that nothing that travelled with the old one comes along.
    clean = Image.new("RGB", upright.size, "white")
    clean.paste(upright, mask=upright.getchannel("A"))
    for quality in (80, 50, 20):
        drawn = _drawn(clean, quality)
        if len(drawn) <= MOST_BYTES:
            return drawn
    while len(drawn) > MOST_BYTES:
        clean = clean.reduce(2)
        drawn = _drawn(clean, 20)
    return drawn


def _drawn(picture: Image.Image, quality: int) -> bytes:
    file = BytesIO()
    picture.save(file, "WEBP", quality=quality, method=4)
    return file.getvalue()


def size_of(image: bytes) -> tuple[int, int]:
    """Width and height of a picture of ours."""
    width, height = Image.open(BytesIO(image), formats=("WEBP",)).size
    return width, height
