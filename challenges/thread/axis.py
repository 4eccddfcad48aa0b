"""The time axis of a thread: from days to places, and the months above them. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.months import add_months, months_between

#: So many months at least, so that one entry has room and the first weeks look like weeks.
FEWEST_MONTHS = 4
#: So many names of months fit above each other's places.
MOST_TICKS = 12
#: A label every so many months.
STEPS = (1, 2, 3, 6, 12)


@dataclass(frozen=True)
class Tick:
    x: int
    text: str


@dataclass(frozen=True)
class Axis:
    """`first` is the first day of a month, `end` that of the month behind the last one. `numbered`:
    months are called by their number, for who may not know which ones they were."""

    first: date
    end: date
    left: int
    right: int
    numbered: bool = False

    def x(self, day: date) -> int:
        """Where a day stands; what lies outside stands at the edge."""
        whole = (self.end - self.first).days
        gone = min(max((day - self.first).days, 0), whole)
        return self.left + round(gone * (self.right - self.left) / whole)

    @property
    def months(self) -> list[date]:
        count = months_between(self.first, self.end)
        return [add_months(self.first, n) for n in range(count)]

    @property
    def ticks(self) -> list[Tick]:
        """Every month its name; over a long time every second, third, sixth or twelfth."""
        months = self.months
        step = next((n for n in STEPS if len(months) <= n * MOST_TICKS), STEPS[-1])
        return [Tick(self.x(day), self._name(day, n)) for n, day in enumerate(months[::step])]

    def _name(self, day: date, place: int) -> str:
        if self.numbered:
            return _("month {n}").format(n=months_between(self.first, day) + 1)
        year = place == 0 or day.month == 1
        longer = self.first.year != (self.end - timedelta(days=1)).year
        return date_format(day, "b Y" if year and longer else "b")


def axis_of(
    days: list[date], today: date, *, left: int, right: int, numbered: bool = False
) -> Axis:
    """From the month of the first day to that of the last one, and today among them."""
    first = min([*days, today]).replace(day=1)
    end = add_months(max([*days, today]).replace(day=1), 1)
    end = max(end, add_months(first, FEWEST_MONTHS))
    return Axis(first, end, left, right, numbered)
