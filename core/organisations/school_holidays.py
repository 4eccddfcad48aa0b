"""School holidays as the government published them, and in which region a municipality lies.

Days: rijksoverheid.nl, schoolvakanties 2025-2026 up to 2027-2028. The summer and Christmas holidays
and one week in May are obligatory; autumn and spring are the government's advice, and a school may
add days. A later school year is added in the administration.

Regions: article 3 of the Regeling vaststelling schoolvakanties (BWBR0037100), whose division has
stood since; a merged municipality follows what it was made of. Four lie in two regions: for those
the worker chooses, nothing is guessed.
"""

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.db import transaction

from core.organisations.models import Location, Municipality, SchoolHoliday
from core.organisations.places import where

Region = SchoolHoliday.Region
DATA = Path(__file__).with_name("data") / "school_holidays.csv"

OF_PROVINCE = {
    "Groningen": Region.NORTH,
    "Fryslân": Region.NORTH,
    "Drenthe": Region.NORTH,
    "Overijssel": Region.NORTH,
    "Flevoland": Region.NORTH,
    "Noord-Holland": Region.NORTH,
    "Utrecht": Region.MIDDLE,
    "Zuid-Holland": Region.MIDDLE,
    "Gelderland": Region.MIDDLE,
    "Limburg": Region.SOUTH,
    "Noord-Brabant": Region.SOUTH,
    "Zeeland": Region.SOUTH,
}
#: By CBS code, where a municipality is in another region than most of its province.
ELSEWHERE = {
    "GM0050": Region.MIDDLE,  # Zeewolde
    "GM0244": Region.NORTH,  # Hattem
    "GM0317": Region.NORTH,  # Eemnes
} | dict.fromkeys(
    (
        "GM0202",  # Arnhem
        "GM0209",  # Beuningen
        "GM0221",  # Doesburg
        "GM0225",  # Druten
        "GM0226",  # Duiven
        "GM0252",  # Heumen
        "GM0263",  # Maasdriel
        "GM0268",  # Nijmegen
        "GM0274",  # Renkum
        "GM0275",  # Rheden
        "GM0277",  # Rozendaal
        "GM0293",  # Westervoort
        "GM0296",  # Wijchen
        "GM0297",  # Zaltbommel
        "GM0299",  # Zevenaar
        "GM0668",  # West Maas en Waal
        "GM1705",  # Lingewaard
        "GM1734",  # Overbetuwe
        "GM1945",  # Berg en Dal
    ),
    Region.SOUTH,
)
#: De Ronde Venen, Neder-Betuwe, Montferland, Altena: the line runs through them.
IN_TWO = {"GM0736", "GM1740", "GM1955", "GM1959"}


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


def region_of(municipality: Municipality) -> SchoolHoliday.Region | None:
    """None: it lies in two, or we do not know its province."""
    code = municipality.cbs_code
    if code in IN_TWO:
        return None
    return ELSEWHERE.get(code) or OF_PROVINCE.get(municipality.province)


def region_at(location: Location) -> SchoolHoliday.Region | None:
    """Where the group meets, by its postcode; without one, by the municipalities it works for.

    None when those do not agree, so that somebody chooses.
    """
    found = where(location.postcode) if location.postcode else []
    return _agreed(found) or _agreed(location.work_area.all())


def _agreed(municipalities: Iterable[Municipality]) -> SchoolHoliday.Region | None:
    regions = {region_of(one) for one in municipalities}
    return regions.pop() if len(regions) == 1 else None
