"""Who stands where, so that nothing covers another thing. Pure; widths are those of the letters.

Places are whole units of the drawing. What finds no room loses its label, never its mark: the
table beside the drawing has the words of everything.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

#: How wide a letter is on average at the size of a label; a little more than measured.
LETTER = 7
GAP = 8


def width_of(text: str) -> int:
    return len(text) * LETTER


def fitting(text: str, width: int) -> str:
    """The text, or as much of it as fits, with three dots; nothing where not even a word would."""
    if width_of(text) <= width:
        return text
    letters = width // LETTER - 1
    return f"{text[:letters].rstrip(' ,.;:')}…" if letters >= 4 else ""


@dataclass(frozen=True)
class Label:
    """Centred on `x`; `lane` counts down from the mark."""

    x: int
    lane: int
    text: str


def labels(
    wanted: Iterable[tuple[int, str]], *, left: int, right: int, lanes: int, widest: int = 190
) -> list[Label]:
    """Each on the first lane where it touches no other, inwards at the edges; else left out."""
    taken = [left - GAP] * lanes
    found = []
    for x, words in sorted(wanted):
        text = fitting(words, widest)
        half = (width_of(text) + 1) // 2
        at = min(max(x, left + half), right - half)
        lane = next((n for n in range(lanes) if taken[n] + GAP <= at - half), None)
        if text and lane is not None:
            taken[lane] = at + half
            found.append(Label(at, lane, text))
    return found


@dataclass(frozen=True)
class Cluster(Generic[T]):
    """What would cover each other, as one mark. `x`: where the first of them stands."""

    x: int
    members: tuple[T, ...]

    @property
    def count(self) -> int:
        return len(self.members)


def clusters(placed: Iterable[tuple[int, T]], gap: int) -> list[Cluster[T]]:
    """Marks nearer than `gap` to the first of a cluster join it."""
    found: list[tuple[int, list[T]]] = []
    for x, one in sorted(placed, key=lambda pair: pair[0]):
        if found and x - found[-1][0] < gap:
            found[-1][1].append(one)
        else:
            found.append((x, [one]))
    return [Cluster(x, tuple(members)) for x, members in found]


@dataclass(frozen=True)
class Bar:
    """From `x` on, so wide; the text inside, or beside it where it is too short."""

    x: int
    width: int
    lane: int
    text: str
    text_x: int
    #: The text ends at `text_x` instead of beginning there.
    before: bool = False


SHORTEST, PADDING, WIDEST_TEXT = 16, 14, 370


def bars(spans: Sequence[tuple[int, int, str]], *, left: int, right: int) -> tuple[list[Bar], int]:
    """A bar for each (from, until, text), in the same order, and how many lanes they take.

    Each stands on the first lane where it and its text touch no other; of two that begin together
    the longer one first.
    """
    taken: list[list[tuple[int, int]]] = []
    found: dict[int, Bar] = {}
    in_turn = sorted(enumerate(spans), key=lambda one: (one[1][0], -one[1][1]))
    for number, (start, end, words) in in_turn:
        x = min(start, right - SHORTEST)
        width = max(min(end, right) - x, SHORTEST)
        inside = fitting(words, width - 2 * PADDING)
        if inside == words:
            shown, text_x, before, room = words, x + PADDING, False, (x, x + width)
        else:
            shown, text_x, before, room = _beside(words, inside, x, width, left, right)
        lane = next((n for n, rows in enumerate(taken) if _free(rows, room)), len(taken))
        if lane == len(taken):
            taken.append([])
        taken[lane].append(room)
        found[number] = Bar(x, width, lane, shown, text_x, before)
    return [found[number] for number in range(len(spans))], len(taken)


def _beside(
    words: str, inside: str, x: int, width: int, left: int, right: int
) -> tuple[str, int, bool, tuple[int, int]]:
    """Behind the bar, or before one at the end; inside a bar that has room for most of it."""
    if len(inside) * 2 > len(words) or width >= WIDEST_TEXT:
        return inside, x + PADDING, False, (x, x + width)
    end = x + width + GAP
    behind = fitting(words, min(right - end, WIDEST_TEXT))
    ahead = fitting(words, min(x - GAP - left, WIDEST_TEXT))
    if len(behind) >= len(ahead):
        return behind, end, False, (x, end + width_of(behind))
    return ahead, x - GAP, True, (x - GAP - width_of(ahead), x + width)


def _free(rows: list[tuple[int, int]], room: tuple[int, int]) -> bool:
    return all(room[0] >= end + GAP or room[1] + GAP <= start for start, end in rows)


def changes(said: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """Only where something else is said than the time before."""
    found: list[tuple[int, str]] = []
    for x, what in said:
        if not found or found[-1][1] != what:
            found.append((x, what))
    return found
