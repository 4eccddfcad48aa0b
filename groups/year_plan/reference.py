"""School holidays as the government published them: what every installation starts with.

Source: rijksoverheid.nl, schoolvakanties 2025-2026 and 2026-2027. The summer and Christmas holidays
and one week in May are obligatory; autumn and spring are the government's advice, and a school may
add days. A later school year is added in the administration.
"""

import csv
from datetime import date
from pathlib import Path

from django.db import transaction

from groups.models import SchoolHoliday

DATA = Path(__file__).with_name("data") / "school_holidays.csv"


@transaction.atomic
def load_school_holidays() -> None:
    """Write what is missing; safe to run again.

    A holiday stays as an administrator left it: one of the same name that begins in the same
    season of the region is not written a second time beside it.
    """
    known = {
        (row.region, row.name, _school_year(row.first_day)) for row in SchoolHoliday.objects.all()
    }
    with DATA.open(encoding="utf-8") as lines:
        shipped = [
            SchoolHoliday(
                region=row["region"],
                name=row["name"],
                first_day=date.fromisoformat(row["first_day"]),
                last_day=date.fromisoformat(row["last_day"]),
                source=row["source"],
            )
            for row in csv.DictReader(lines)
        ]
    SchoolHoliday.objects.bulk_create(
        [
            row
            for row in shipped
            if (row.region, row.name, _school_year(row.first_day)) not in known
        ],
        ignore_conflicts=True,
    )


def _school_year(day: date) -> int:
    """The year in which the school year of `day` began; August belongs to the one that ends."""
    return day.year if day.month >= 9 else day.year - 1
