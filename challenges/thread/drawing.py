"""The thread as a drawing: five rows over one time axis, as plain shapes for a template. Pure.

Observation -> hypothesis -> challenge -> support -> what they tell themselves. Lines lead from what
was seen to what is thought of it, and from there to what was tried. Rows grow with what is in them.
No figure of a questionnaire stands in it: printed words, and where they stand among each other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from challenges.thread.as_table import came_to
from challenges.thread.axis import Tick, axis_of
from challenges.thread.entries import Helped, Talked, Thread
from challenges.thread.room import Bar, Label, bars, changes, clusters, labels

WIDTH, LEFT, RIGHT = 1240, 140, 1220
HEAD, LANE, LABEL = 52, 42, 19
DOT, BLOCK = 18, 30
#: Where on its bar a talk begins, below the dots; what it takes more of its lane.
UNDER_DOTS, TALK_LANE = 33, 10
#: Of a block: the most intensive support, and the least.
TALLEST, LOWEST = 42, 14
#: So many intensities at least, so that one form alone does not look light.
INTENSITIES = 3


@dataclass(frozen=True)
class Mark:
    """A dot or a block. `count`: how many stand there, when that is more than one."""

    x: int
    y: int
    height: int
    says: str
    count: int = 1
    label: str = ""


@dataclass(frozen=True)
class TalkMark:
    """A speech balloon on the lower edge of a bar: its top at `y`, so far to both sides of `x`."""

    x: int
    y: int
    says: str
    half: int = 7
    height: int = 12

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass(frozen=True)
class Span:
    """A hypothesis or a challenge: a bar at `y`, with the dots of practising and the talks."""

    bar: Bar
    y: int
    says: str
    ended: bool = False
    dots: tuple[Mark, ...] = ()
    talks: tuple[TalkMark, ...] = ()

    @property
    def text_y(self) -> int:
        """Above the dots, where there are any."""
        return self.y + (17 if self.dots else 23)


@dataclass(frozen=True)
class Text:
    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Row:
    """`name` at the left of what lies between `top` and `bottom`."""

    name: str
    kind: str
    top: int
    bottom: int
    marks: tuple[Mark, ...] = ()
    spans: tuple[Span, ...] = ()
    texts: tuple[Text, ...] = ()
    path: str = ""

    @property
    def middle(self) -> int:
        return self.top + 34

    @property
    def has_dots(self) -> bool:
        return any(span.dots for span in self.spans)

    @property
    def has_talks(self) -> bool:
        return any(span.talks for span in self.spans)


@dataclass(frozen=True)
class Drawing:
    height: int
    ticks: list[Tick]
    rows: list[Row]
    links: list[tuple[str, str]]
    width: int = WIDTH


def draw(thread: Thread, *, numbered: bool = False) -> Drawing:
    """`numbered`: months by their number, for who may not know which they were."""
    days = [thread.since, *thread.days]
    axis = axis_of(days, thread.today, left=LEFT, right=RIGHT, numbered=numbered)
    seen, dots = _seen(thread, axis.x, HEAD)
    thought, ideas = _thought(thread, axis.x, seen.bottom)
    tried = _tried(thread, axis.x, thought.bottom)
    helped = _helped(thread, axis.x, tried.bottom)
    told = _told(thread, axis.x, helped.bottom)
    rows = [seen, thought, tried, helped, *([told] if thread.question else [])]
    links = [*_grounds(thread, dots, ideas), *_bases(thread, ideas, tried)]
    return Drawing(rows[-1].bottom, axis.ticks, rows, links)


def _seen(thread: Thread, x: Any, top: int) -> tuple[Row, dict[UUID, Mark]]:
    y, found = top + 30, []
    where: dict[UUID, Mark] = {}
    for one in clusters(((x(row.day), row) for row in thread.seen), DOT):
        mark = Mark(one.x, y, 0, "; ".join(row.text for row in one.members), one.count)
        found.append(mark)
        where |= {row.key: mark for row in one.members}
    wanted = [(one.x, one.says) for one in found if one.count == 1]
    texts, lanes = _texts(labels(wanted, left=LEFT, right=RIGHT, lanes=2, widest=180), y + 26)
    bottom = y + 34 + lanes * LABEL
    return Row(_("Seen"), "seen", top, bottom, tuple(found), texts=texts), where


def _thought(thread: Thread, x: Any, top: int) -> tuple[Row, dict[UUID, Span]]:
    """What stands goes on until today; what was let go is a dashed line until that day."""
    said = [
        (
            x(row.day),
            x(row.until or thread.today),
            f"{row.name} · {row.ended}" if row.ended else row.name,
        )
        for row in thread.thought
    ]
    placed, lanes = bars(said, left=LEFT, right=RIGHT)
    spans = [
        Span(bar, top + 18 + bar.lane * LANE, row.text, ended=bool(row.ended))
        for row, bar in zip(thread.thought, placed, strict=True)
    ]
    where = {row.key: span for row, span in zip(thread.thought, spans, strict=True)}
    return Row(_("Thought"), "thought", top, _below(top, lanes), spans=tuple(spans)), where


def _tried(thread: Thread, x: Any, top: int) -> Row:
    said = [(x(row.day), x(row.until or thread.today), f"“{row.text}”") for row in thread.tried]
    placed, lanes = bars(said, left=LEFT, right=RIGHT)
    lane = LANE + TALK_LANE * any(row.talked for row in thread.tried)
    spans = []
    for row, bar in zip(thread.tried, placed, strict=True):
        y = top + 18 + bar.lane * lane
        noted = [(_on(bar, x(note.day)), note) for note in row.practised]
        talked = [(_on(bar, x(talk.day)), talk) for talk in row.talked]
        dots = [
            Mark(one.x, y + 27, 0, "; ".join(note.outcome for note in one.members), one.count)
            for one in clusters(noted, DOT - 4)
        ]
        talks = [
            TalkMark(one.x, y + UNDER_DOTS, "; ".join(map(_talk, one.members)))
            for one in clusters(talked, DOT)
        ]
        ended = row.until is not None
        spans.append(Span(bar, y, row.text, ended, tuple(dots), tuple(talks)))
    return Row(_("Challenge"), "tried", top, _below(top, lanes, lane), spans=tuple(spans))


def _on(bar: Bar, x: int) -> int:
    """What was before or after it stands at its edge."""
    return min(max(x, bar.x + 8), bar.x + bar.width - 8)


def _talk(talk: Talked) -> str:
    return ". ".join(filter(None, (_("Talk"), came_to(talk))))


def _below(top: int, lanes: int, lane: int = LANE) -> int:
    return top + 30 + max(lanes, 1) * lane


def _helped(thread: Thread, x: Any, top: int) -> Row:
    most = max([INTENSITIES, *(one.intensity for one in thread.helped if one.intensity)])
    floor = top + 18 + TALLEST
    found = []
    for one in clusters(((x(row.day), row) for row in thread.helped), BLOCK):
        names = _together(one.members)
        height = max(_height(row.intensity, most) for row in one.members)
        found.append(Mark(one.x, floor - height, height, names, label=names))
    wanted = changes((mark.x, mark.label) for mark in found)
    texts, lanes = _texts(labels(wanted, left=LEFT, right=RIGHT, lanes=2, widest=150), floor + 18)
    return Row(_("Help"), "helped", top, floor + 14 + lanes * LABEL, tuple(found), texts=texts)


def _together(rows: Iterable[Helped]) -> str:
    return " + ".join(dict.fromkeys(row.name for row in rows))


def _height(intensity: int | None, most: int) -> int:
    """1 is the tallest; a form without a printed order is in between."""
    if intensity is None:
        return (TALLEST + LOWEST) // 2
    step = (TALLEST - LOWEST) / max(most - 1, 1)
    return round(TALLEST - (min(intensity, most) - 1) * step)


def _told(thread: Thread, x: Any, top: int) -> Row:
    """A line in steps from answer to answer. What is no answer breaks it, and says so below."""
    base, band = top + 62, 40
    marks, path, last, wanted = [], "", None, []
    for one in sorted(thread.told, key=lambda row: row.day):
        at = x(one.day)
        wanted.append((at, f"{one.wave}: {one.words}"))
        if one.place is None:
            last = None
            continue
        y = base - round(one.place * band)
        path += f"M{at} {y}" if last is None else f"H{at}V{y}"
        marks.append(Mark(at, y, 0, f"{one.wave}: {one.words}"))
        last = y
    texts, lanes = _texts(labels(wanted, left=LEFT, right=RIGHT, lanes=3, widest=240), base + 26)
    bottom = base + 20 + max(lanes, 1) * LABEL
    return Row(_("Tells"), "told", top, bottom, tuple(marks), texts=texts, path=path)


def _texts(found: list[Label], y: int) -> tuple[tuple[Text, ...], int]:
    lanes = max((one.lane for one in found), default=-1) + 1
    return tuple(Text(one.x, y + one.lane * LABEL, one.text) for one in found), lanes


def _grounds(
    thread: Thread, dots: dict[UUID, Mark], ideas: dict[UUID, Span]
) -> list[tuple[str, str]]:
    """From what was seen to what is thought of it; each line once."""
    found = {}
    for row in thread.thought:
        span = ideas[row.key]
        for ground in row.grounds:
            if (dot := dots.get(ground)) is not None:
                to = span.bar.x + min(span.bar.width, 60) // 2
                found[_curve(dot.x, dot.y + 9, to, span.y)] = "seen"
    return list(found.items())


def _bases(thread: Thread, ideas: dict[UUID, Span], tried: Row) -> list[tuple[str, str]]:
    """From what is thought to the challenge that works on it."""
    found = []
    for row, span in zip(thread.tried, tried.spans, strict=True):
        idea = ideas.get(row.rests_on) if row.rests_on else None
        if idea is not None:
            start = min(max(span.bar.x, idea.bar.x + 12), idea.bar.x + idea.bar.width - 8)
            found.append((_curve(start, idea.y + 34, span.bar.x + 12, span.y), "thought"))
    return found


def _curve(x: int, y: int, to_x: int, to_y: int) -> str:
    half = (y + to_y) // 2
    return f"M{x} {y}C{x} {half} {to_x} {half} {to_x} {to_y}"
