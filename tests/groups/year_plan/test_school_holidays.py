"""School holidays: which region a municipality lies in, what ships, and what stays by hand."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from core.organisations.models import Municipality, SchoolHoliday
from core.organisations.school_holidays import load_school_holidays, region_at, region_of
from groups.year_plan.free_days import FreeDays, free_days
from groups.year_plan.season import Season
from tests import world

Region = SchoolHoliday.Region
DAY = timedelta(days=1)


def town(code: str, province: str) -> Municipality:
    return Municipality(cbs_code=code, name="Ergens", province=province)


@pytest.mark.parametrize(
    ("code", "province", "region"),
    [
        ("GM0344", "Utrecht", Region.MIDDLE),
        ("GM0317", "Utrecht", Region.NORTH),  # Eemnes
        ("GM0202", "Gelderland", Region.SOUTH),  # Arnhem
        ("GM0200", "Gelderland", Region.MIDDLE),  # Apeldoorn
        ("GM0244", "Gelderland", Region.NORTH),  # Hattem
        ("GM0050", "Flevoland", Region.MIDDLE),  # Zeewolde
        ("GM0034", "Flevoland", Region.NORTH),
        ("GM0935", "Limburg", Region.SOUTH),
        ("GM1955", "Gelderland", None),  # Montferland: in two
        ("GM9999", "Atlantis", None),
    ],
)
def test_a_municipality_has_a_region_or_somebody_chooses(
    code: str, province: str, region: SchoolHoliday.Region | None
) -> None:
    assert region_of(town(code, province)) == region


@pytest.mark.django_db
def test_the_postcode_of_the_place_goes_before_whom_it_works_for() -> None:
    south = world.make_municipality("Zuiden", pc4="6811")
    south.province = "Limburg"
    south.save()
    north = world.make_municipality("Noorden", pc4="9711")
    north.province = "Groningen"
    north.save()
    location = world.make_group(municipality=south).location
    assert region_at(location) == Region.SOUTH
    location.work_area.add(north)
    assert region_at(location) is None, "they do not agree"
    location.postcode = "9711 AB"
    assert region_at(location) == Region.NORTH


@pytest.mark.django_db
def test_what_ships_is_whole_and_stays_as_an_administrator_left_it() -> None:
    load_school_holidays()
    rows = SchoolHoliday.objects.all()
    assert rows.count() == 3 * 3 * 5
    for row in rows:
        assert row.first_day.weekday() == 5, "they begin on a Saturday"
        assert row.last_day.weekday() == 6
        assert row.source
    changed = rows.get(region="zuid", name="herfstvakantie", first_day=date(2026, 10, 17))
    changed.first_day -= 7 * DAY
    changed.last_day -= 7 * DAY
    changed.save()
    load_school_holidays()
    assert rows.count() == 45
    changed.refresh_from_db()
    assert changed.first_day == date(2026, 10, 10)


@pytest.mark.django_db
def test_a_day_is_called_by_its_own_name() -> None:
    load_school_holidays()
    free = free_days(Season(2026), Region.SOUTH)
    assert free.knows_schools
    assert free.name(date(2026, 12, 24)) == "kerstvakantie"
    assert free.name(date(2026, 12, 25)) == "Eerste kerstdag"
    assert free.name(date(2027, 4, 27)) == "Koningsdag"
    assert free.name(date(2027, 2, 12)) == ""
    assert [free.name(date(2027, 2, d)) for d in (13, 21, 22)] == ["voorjaarsvakantie"] * 2 + [""]
    with override("en"):
        assert free_days(Season(2026), None).name(date(2027, 4, 27)) == "King's Day"
    unknown = free_days(Season(2029), Region.NORTH)
    assert not unknown.knows_schools
    assert FreeDays().name(date(2027, 1, 1)) == ""


@pytest.mark.django_db
def test_the_end_of_a_summer_is_not_a_season_that_is_known() -> None:
    load_school_holidays()
    free = free_days(Season(2028), Region.SOUTH)
    assert free.name(date(2028, 9, 3)) == "zomervakantie"
    assert not free.knows_schools


@pytest.mark.django_db
def test_the_season_that_is_planned_next_is_known_in_every_region() -> None:
    """From September 2027: a group that plans it ticks no meeting inside a school holiday."""
    load_school_holidays()
    for region, first, summer in (
        (Region.NORTH, date(2027, 10, 16), date(2028, 7, 15)),
        (Region.MIDDLE, date(2027, 10, 16), date(2028, 7, 8)),
        (Region.SOUTH, date(2027, 10, 23), date(2028, 7, 22)),
    ):
        free = free_days(Season(2027), region)
        assert free.knows_schools
        assert free.name(first) == "herfstvakantie"
        assert not free.name(first - DAY)
        assert free.name(summer) == "zomervakantie"
