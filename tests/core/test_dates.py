"""A day is written in one way: the year only when it is another (words.md)."""

import re
from datetime import date

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import translation

from core import clock
from core.dates import in_full, in_short


@pytest.fixture(autouse=True)
def _in_dutch():
    with clock.travel(clock.at(date(2026, 11, 28), 12)), translation.override("nl"):
        yield


def test_the_year_stands_there_when_it_is_another():
    assert in_full(date(2026, 11, 3)) == "3 november"
    assert in_full(date(2025, 11, 3)) == "3 november 2025"
    assert in_short(date(2026, 11, 3)) == "3 nov"
    assert in_short(date(2027, 1, 3)) == "3 jan 2027"


def test_a_moment_is_the_day_of_amsterdam():
    new_year = clock.at(date(2026, 12, 31), 23, 30).astimezone(tz=None)
    assert in_full(new_year) == "31 december"


def test_no_day_is_nothing():
    shown = Template("{{ a|in_full }}|{{ a|in_short }}|{{ b|in_short }}")
    assert shown.render(Context({"a": None, "b": date(2026, 11, 3)})) == "||3 nov"


@pytest.mark.parametrize("room", ["challenges", "groups", "home", "questionnaires"])
def test_no_page_writes_a_day_another_way(room):
    """Always with the year, or never. Paper keeps it: it is read in another year."""
    pages = (settings.BASE_DIR / "templates" / room).rglob("*.html")
    other = [
        page.name
        for page in pages
        if not page.stem.endswith("_pdf") and re.search(r'date:"j F( Y)?"', page.read_text())
    ]
    assert other == []
