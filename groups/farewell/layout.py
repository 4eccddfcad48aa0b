"""Where each circle of the printed card stands: fixed for every number of them. Pure.

`layouts.json`: for a number of circles, `[x, y, radius]` each, in mm on a lying A5 (210 x 148),
the largest first. They were packed once so that none covers another, the title or the sign.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, sqrt
from pathlib import Path

#: More than this is two cards.
MOST = 19
GROUNDS = ("coral", "violet", "teal", "ink", "amber")
#: In mm per point, and the mean width of a letter per point.
POINT, LETTER, LEADING = 0.3528, 0.185, 1.28
LARGEST_LETTER, SMALLEST_LETTER = 14.0, 5.5


@dataclass(frozen=True)
class Words:
    """What goes in one circle. No text: that one is for a pen."""

    text: str
    name: str


@dataclass(frozen=True)
class Circle:
    """In mm from the top left corner; `size` of the letters in points."""

    words: Words
    x: float
    y: float
    radius: float
    size: float
    ground: str

    @property
    def left(self) -> float:
        return round(self.x - self.radius, 1)

    @property
    def top(self) -> float:
        return round(self.y - self.radius, 1)

    @property
    def across(self) -> float:
        return round(2 * self.radius, 1)

    @property
    def room(self) -> float:
        """The side of the square that fits inside."""
        return round(self.radius * sqrt(2), 1)


def cards_of(words: Sequence[Words]) -> list[list[Circle]]:
    """One card, or more of about the same number; the longest words in the largest circles."""
    if not words:
        return []
    number = ceil(len(words) / MOST)
    return [_card(words[first::number]) for first in range(number)]


def size_of_letters(words: Words, radius: float) -> float:
    """The largest size, in half points, at which text and name fit in the circle."""
    side, size = radius * sqrt(2), LARGEST_LETTER
    while size > SMALLEST_LETTER and not _fits(words, side, size):
        size -= 0.5
    return size


def _fits(words: Words, side: float, size: float) -> bool:
    in_a_line = side / (LETTER * size)
    longest = max((len(word) for word in words.text.split()), default=0)
    if longest > in_a_line:
        return False
    lines = ceil(len(words.text) * 1.12 / in_a_line) + 1.3
    return lines * size * POINT * LEADING <= side * 1.08


def _card(words: Sequence[Words]) -> list[Circle]:
    places = _layouts()[str(len(words))]
    by_length = sorted(words, key=lambda one: len(one.text), reverse=True)
    return [
        Circle(one, x, y, radius, size_of_letters(one, radius), GROUNDS[n % len(GROUNDS)])
        for n, (one, (x, y, radius)) in enumerate(zip(by_length, places, strict=True))
    ]


@cache
def _layouts() -> dict[str, list[tuple[float, float, float]]]:
    found: dict[str, list[tuple[float, float, float]]] = json.loads(
        Path(__file__).with_name("layouts.json").read_text()
    )
    return found
