"""The letters of paper: which of our fonts a document needs, and what none of them can draw.

A name stands on paper as it was typed: with Arabic, Greek or Chinese letters, with a unicorn. The
font of the house has none of those. Others travel along (`static/fonts/paper/`, parts of Noto), but
only where a document asks for them: a Dutch one is laid out as fast as ever. `coverage.json` says
which signs each of them has, so that no font is opened to find out. What no font has is never an
empty box: its number stands there, and the document says so.
"""

import json
import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path

from django.conf import settings

#: The fonts of paper in the order in which they are asked, and the family each is called in CSS.
FAMILIES = {
    "noto-sans": "Noto Sans",
    "noto-sans-arabic": "Noto Sans Arabic",
    "noto-sans-hebrew": "Noto Sans Hebrew",
    "noto-sans-ethiopic": "Noto Sans Ethiopic",
    "noto-sans-devanagari": "Noto Sans Devanagari",
    "noto-sans-bengali": "Noto Sans Bengali",
    "noto-sans-gurmukhi": "Noto Sans Gurmukhi",
    "noto-sans-tamil": "Noto Sans Tamil",
    "noto-sans-thai": "Noto Sans Thai",
    "noto-sans-armenian": "Noto Sans Armenian",
    "noto-sans-georgian": "Noto Sans Georgian",
    "noto-sans-syriac": "Noto Sans Syriac",
    "noto-sans-cjk": "Noto Sans CJK JP",
    "noto-emoji": "Noto Emoji",
}
OF_THE_HOUSE = "atkinson-hyperlegible-next"


def folder() -> Path:
    return Path(settings.BASE_DIR) / "static/fonts/paper"


def fonts_for(text: str) -> tuple[str, ...]:
    """The fonts that a document with this text needs beside that of the house, in their order."""
    needed = {font for sign in set(text) if (font := font_of(sign)) not in ("", OF_THE_HOUSE)}
    return tuple(font for font in FAMILIES if font in needed)


def without_boxes(text: str) -> tuple[str, bool]:
    """The text with the number of each sign that no font has; and whether there was one."""
    strange = {ord(sign): f"[U+{ord(sign):04X}]" for sign in set(text) if not font_of(sign)}
    return text.translate(strange), bool(strange)


@cache
def font_of(sign: str) -> str:
    """The first font that has this sign; "" when none has it. What is not drawn needs none."""
    if unicodedata.category(sign) in ("Cc", "Cf", "Zs", "Zl", "Zp") or sign in "\ufe0e\ufe0f":
        return OF_THE_HOUSE
    for font in (OF_THE_HOUSE, *FAMILIES):
        starts, ends = coverage()[font]
        at = bisect_right(starts, ord(sign)) - 1
        if at >= 0 and ord(sign) <= ends[at]:
            return font
    return ""


@cache
def coverage() -> dict[str, tuple[list[int], list[int]]]:
    spans = json.loads((folder() / "coverage.json").read_text())
    return {font: ([a for a, _b in has], [b for _a, b in has]) for font, has in spans.items()}
