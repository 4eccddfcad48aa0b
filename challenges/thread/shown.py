"""What a page shows of a thread: the drawing, and the same in a table."""

from typing import Any

from challenges.thread.as_table import by_number, lines
from challenges.thread.drawing import draw
from challenges.thread.entries import Thread


def shown(thread: Thread, *, numbered: bool = False) -> dict[str, Any]:
    """`numbered`: months by number instead of days, for who may not know whose it is (R-268)."""
    return {
        "thread": thread,
        "drawing": None if thread.is_empty else draw(thread, numbered=numbered),
        "lines": lines(thread, by_number) if numbered else lines(thread),
    }
