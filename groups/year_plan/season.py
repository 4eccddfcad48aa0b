"""A season: September up to and including August, 26 meetings in it (R-116). Pure rules."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from groups.evenings.meetings import RHYTHM

FIRST_MONTH = 9
A_WHOLE_SEASON = 26


@dataclass(frozen=True)
class Season:
    """The season that begins in September of `year`."""

    year: int

    @property
    def first(self) -> date:
        return date(self.year, FIRST_MONTH, 1)

    @property
    def last(self) -> date:
        return date(self.year + 1, FIRST_MONTH, 1) - timedelta(days=1)

    @property
    def name(self) -> str:
        return f"{self.year}–{self.year + 1}"

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def season_of(day: date) -> Season:
    return Season(day.year if day.month >= FIRST_MONTH else day.year - 1)


def goal(season: Season, begins: date) -> int:
    """How many meetings this season has room for: 26, and for a group that `begins` later as many
    fortnights as are left of it."""
    left = (season.last - max(begins, season.first)).days + 1
    return max(0, min(A_WHOLE_SEASON, ceil(left / RHYTHM.days)))
