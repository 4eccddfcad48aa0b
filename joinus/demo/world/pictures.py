"""Drawn pictures for the demo world: faces of nobody, and a door. The same in every play."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

SKIN = ("#f3d2b8", "#e3b48f", "#c68e63", "#9a6440", "#6d452c")
HAIR = ("#2b1d14", "#5a3a1f", "#8c5a2b", "#c58b3b", "#3a3a3f", "#7a2e1c")
SHIRT = ("#0d6e66", "#644cac", "#c8401f", "#2f6db3", "#b0741e")
WALL = ("#d9eeea", "#eae4f7", "#fbe3da", "#e2ecf7", "#f7ecd6")


def face(name: str) -> BytesIO:
    """A head and shoulders in a few circles, as on a poster."""
    dice = Random(name)  # noqa: S311
    skin, hair, shirt, wall = (dice.choice(c) for c in (SKIN, HAIR, SHIRT, WALL))
    picture = Image.new("RGB", (512, 512), wall)
    draw = ImageDraw.Draw(picture)
    if dice.random() < 0.5:
        draw.ellipse((128, 90, 384, 420), fill=hair)  # long hair, behind
    draw.ellipse((56, 370, 456, 760), fill=shirt)
    draw.rectangle((222, 320, 290, 400), fill=skin)
    draw.ellipse((146, 110, 366, 360), fill=skin)
    draw.pieslice((138, 84, 374, 330), 180, 360, fill=hair)
    for x in (212, 288):
        draw.ellipse((x, 228, x + 16, 246), fill="#2b1d14")
    draw.arc((216, 258, 296, 318), 20, 160, fill="#7d2b1c", width=7)
    if dice.random() < 0.4:
        for x in (190, 266):
            draw.ellipse((x, 212, x + 58, 262), outline="#2b1d14", width=5)
        draw.line((248, 236, 266, 236), fill="#2b1d14", width=5)
    return _file(picture)


def door() -> BytesIO:
    """A blue door beside a bicycle rack, in the evening."""
    picture = Image.new("RGB", (900, 1200), "#3b3450")
    draw = ImageDraw.Draw(picture)
    for y in range(0, 960, 48):
        shift = 45 if y // 48 % 2 else 0
        for x in range(-shift, 900, 90):
            draw.rectangle((x, y, x + 84, y + 42), fill="#8d4a35")
    draw.rectangle((0, 960, 900, 1200), fill="#55505f")
    draw.rectangle((300, 210, 640, 980), fill="#e9e2d0")
    draw.rectangle((330, 240, 610, 980), fill="#2456a6")
    draw.rectangle((375, 290, 565, 520), fill="#f7d98a")
    draw.ellipse((560, 640, 590, 670), fill="#f2c14e")
    draw.rectangle((670, 560, 720, 620), fill="#f4f1ea")
    draw.ellipse((684, 580, 706, 602), fill="#c8401f")
    for x in range(30, 270, 60):
        draw.arc((x, 860, x + 50, 1060), 180, 360, fill="#c9c5d1", width=10)
    return _file(picture)


def _file(picture: Image.Image) -> BytesIO:
    file = BytesIO()
    picture.save(file, "PNG")
    file.seek(0)
    return file
