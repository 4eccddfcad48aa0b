"""Days that have a name of their own: public holidays, and the school holidays of a region."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import holidays
from django.utils.translation import get_language

from core.organisations.models import SchoolHoliday
from groups.year_plan.season import Season


@dataclass(frozen=True)
class FreeDays:
    """What a day is called, as far as it is free. `school`: (first, last, name), both inclusive.

    `knows_schools`: the school holidays of this season were entered; the end of a summer that runs
    into September is not enough.
    """

    public: Mapping[date, str] = field(default_factory=dict)
    school: tuple[tuple[date, date, str], ...] = ()
    knows_schools: bool = False

    def name(self, day: date) -> str:
        """Empty: an ordinary day. A public holiday inside a school holiday is called by its own."""
        if day in self.public:
            return self.public[day]
        return next((name for first, last, name in self.school if first <= day <= last), "")


def free_days(season: Season, region: SchoolHoliday.Region | None) -> FreeDays:
    """The free days of a season: one query; without a region only the public holidays."""
    language = "nl" if (get_language() or "nl").startswith("nl") else "en_US"
    public = _public(season.year, language) | _public(season.year + 1, language)
    if region is None:
        return FreeDays(public)
    rows = SchoolHoliday.objects.filter(
        region=region, first_day__lte=season.last, last_day__gte=season.first
    )
    school = tuple(rows.order_by("first_day").values_list("first_day", "last_day", "name"))
    return FreeDays(public, school, any(first in season for first, _last, _name in school))


@lru_cache(maxsize=64)
def _public(year: int, language: str) -> dict[date, str]:
    return dict(holidays.country_holidays("NL", years=year, language=language))
