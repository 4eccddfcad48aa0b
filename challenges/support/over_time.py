"""Support over time: from intensive to light, in words and a simple figure (R-174). No score."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from challenges.models import SupportUse
from challenges.support.named import BETWEEN, INTENSIVE, LIGHT
from core.accounts.actors import Viewer
from core.dates import in_full
from participants.models import Trajectory

#: So many of the newest meetings stand in the figure; the list below it has them all.
IN_FIGURE = 12


@dataclass(frozen=True)
class Used:
    """One use, as the figure and the words need it."""

    meeting: UUID
    day: date
    name: str
    step: int | None
    how: str = ""


@dataclass(frozen=True)
class AtMeeting:
    """What was used with one person at one meeting."""

    meeting: UUID
    day: date
    used: tuple[Used, ...]

    @property
    def steps(self) -> set[int]:
        return {one.step for one in self.used if one.step is not None}

    @property
    def heaviest(self) -> Used | None:
        """The most intensive of them; None where none has a step."""
        graded = [one for one in self.used if one.step is not None]
        return min(graded, key=lambda one: one.step or 0, default=None)


def of_stay(user: Viewer, stay: Trajectory) -> list[AtMeeting]:
    """Everything that was used with this person, the oldest meeting first: one statement."""
    rows = (
        SupportUse.objects.visible_to(user)
        .in_force()
        .filter(trajectory=stay)
        .select_related("form", "meeting")
        .order_by("meeting__date", "at", "pk")
    )
    return by_meeting(
        Used(row.meeting_id, row.meeting.date, str(row.form), row.form.intensity, way(row))
        for row in rows
    )


def way(use: SupportUse) -> str:
    """How it was given; by whom of the participants stands nowhere."""
    return f"{use.get_setting_display()}, {use.get_giver_display()}"


def by_meeting(used: Iterable[Used]) -> list[AtMeeting]:
    """Expects them in the order of their days."""
    found: dict[UUID, list[Used]] = {}
    for one in used:
        found.setdefault(one.meeting, []).append(one)
    return [AtMeeting(key, ones[0].day, tuple(ones)) for key, ones in found.items()]


def in_words(meetings: Sequence[AtMeeting]) -> str:
    """From which form to which, and whether that is lighter: said of what has a step."""
    graded = [one for at in meetings if (one := at.heaviest) is not None]
    if not graded:
        return ""
    first, last = graded[0], graded[-1]
    if len(graded) == 1:
        return _("Once so far: {form}, on {day}.").format(form=first.name, day=in_full(first.day))
    facts = {
        "first": first.name,
        "began": in_full(first.day),
        "last": last.name,
        "day": in_full(last.day),
    }
    words = _("First {first}, on {began}; the last time {last}, on {day}.").format(**facts)
    return f"{capfirst(words)} {_compared(first.step or 0, last.step or 0)}"


def _compared(first: int, last: int) -> str:
    if last > first:
        return _("The support became lighter.")
    if last < first:
        return _("The last time the support was more intensive than at first.")
    return _("The support is as intensive as at first.")


# ---- The figure ----------------------------------------------------------------------------

COLUMN, ROW, LEFT, TOP = 44, 34, 118, 16


@dataclass(frozen=True)
class Dot:
    x: int
    y: int


@dataclass(frozen=True)
class Figure:
    """A dot where a step was used at a meeting: three lines, a column for each meeting."""

    lines: tuple[tuple[str, int], ...]
    days: tuple[tuple[date, int], ...]
    dots: tuple[Dot, ...]
    path: str
    width: int
    height: int
    end: int


def figure(meetings: Sequence[AtMeeting]) -> Figure | None:
    """Of the newest meetings at which something with a step was used; none: no figure."""
    shown = [at for at in meetings if at.steps][-IN_FIGURE:]
    if not shown:
        return None
    height = {step: TOP + number * ROW for number, step in enumerate((INTENSIVE, BETWEEN, LIGHT))}
    names = {INTENSIVE: _("intensive"), BETWEEN: _("somewhere between"), LIGHT: _("light")}
    columns = {at.meeting: LEFT + COLUMN // 2 + n * COLUMN for n, at in enumerate(shown)}
    dots = [Dot(columns[at.meeting], height[step]) for at in shown for step in sorted(at.steps)]
    heaviest = [f"{columns[at.meeting]},{height[min(at.steps)]}" for at in shown]
    end = LEFT + len(shown) * COLUMN
    return Figure(
        lines=tuple((names[step], y) for step, y in height.items()),
        days=tuple((at.day, columns[at.meeting]) for at in shown),
        dots=tuple(dots),
        path=" ".join(heaviest),
        width=end + 8,
        height=height[LIGHT] + 34,
        end=end,
    )
