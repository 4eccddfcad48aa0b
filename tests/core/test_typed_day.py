"""A day as people type it, the same in both languages (R-342)."""

from datetime import date, timedelta

import pytest
from django import forms
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from core.fields import calendar_field, parts_field
from core.typed_day import MONTHS, NoDay, read_day

pytestmark = pytest.mark.req("R-342")
THE_DAY = date(2009, 11, 3)

ONE_DAY = [
    "3-11-2009",
    "03-11-2009",
    "3/11/2009",
    "3.11.2009",
    "3 11 2009",
    "3 november 2009",
    "3 nov 2009",
    "3 nov. 2009",
    "3 NOV 2009",
    "3e november 2009",
    "3rd November 2009",
    "November 3, 2009",
    "nov 3rd, 2009",
    "the 3rd of November 2009",
    "dinsdag 3 november 2009",
    "Tue 3 Nov 2009",
    "2009-11-03",
    "2009/11/3",
    "03112009",
    "20091103",
    "\u200b3-11-2009\u00a0",
    "３−１１−２００９",
    "3\u201111\u20112009",
]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("typed", ONE_DAY)
def test_a_whole_day_in_any_box_is_that_day(typed: str, language: str) -> None:
    with override(language):
        for part in ("day", "month", "year"):
            assert in_parts(**{part: typed}) == THE_DAY
        assert calendar_field().clean(typed) == THE_DAY


def in_parts(**parts: str) -> date | None:
    field = parts_field()
    data = {f"born_{part}": typed for part, typed in parts.items()}
    day: date | None = field.clean(field.widget.value_from_datadict(data, {}, "born"))
    return day


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "parts",
    [
        ("3", "11", "2009"),
        ("03", "november", "2009"),
        ("3e", "Nov.", "2009"),
        (" 3 ", "NOV", "2009\u200b"),
    ],
)
def test_a_month_may_be_a_word(parts: tuple[str, str, str], language: str) -> None:
    with override(language):
        assert in_parts(day=parts[0], month=parts[1], year=parts[2]) == THE_DAY


@pytest.mark.parametrize(
    ("word", "month"),
    [(name, number) for number, names in enumerate(MONTHS, 1) for name in names]
    + [("mrt", 3), ("maa", 3), ("mar", 3), ("mei", 5), ("okt", 10), ("oct", 10), ("sept", 9)],
)
def test_months_in_both_languages_in_full_and_short(word: str, month: int) -> None:
    assert in_parts(day="1", month=word, year="2009") == date(2009, month, 1)


@pytest.mark.parametrize(
    ("day", "month", "year", "code"),
    [
        ("31", "2", "2009", "invalid"),
        ("29", "2", "2009", "invalid"),
        ("29", "feb", "1900", "invalid"),
        ("00", "1", "2009", "invalid"),
        ("0", "9", "2001", "invalid"),
        ("00", "9", "1", "invalid"),
        ("0", "1", "09", "short_year"),
        ("3", "13", "2009", "invalid"),
        ("3", "ma", "2009", "invalid"),
        ("3", "novemberrr", "2009", "invalid"),
        ("3", "11", "09", "short_year"),
        ("3", "11", "'09", "invalid"),
        ("3", "11", "20009", "invalid"),
        ("3", "11", "", "incomplete"),
        ("3", "", "2009", "incomplete"),
        ("", "", "2009", "incomplete"),
        ("3-11-09", "", "", "short_year"),
        ("3-11-2009", "11", "2009", "invalid"),
        ("11-23-2009", "", "", "invalid"),
        ("31-2-2009", "", "", "invalid"),
        ("morgen", "", "", "incomplete"),
        ("10101010", "", "", "invalid"),
    ],
)
def test_no_day_is_refused_alike_in_both_languages(
    day: str, month: str, year: str, code: str
) -> None:
    for language in ("nl", "en"):
        with override(language), pytest.raises(forms.ValidationError) as refused:
            in_parts(day=day, month=month, year=year)
        assert refused.value.code == code
        assert len(refused.value.messages) == 1


def test_the_boxes_show_what_was_typed_and_a_pasted_day_in_its_parts() -> None:
    widget = parts_field().widget

    def shown(**parts: str) -> list[object]:
        data = {f"born_{part}": typed for part, typed in parts.items()}
        value = widget.value_from_datadict(data, {}, "born")
        return [p["value"] for p in widget.get_context("born", value, {})["widget"]["parts"]]

    assert shown(day="31", month="februari", year="2009") == ["31", "februari", "2009"]
    assert shown(month="3 november 2009") == [3, 11, 2009]
    assert shown(day="3-11-09") == ["3-11-09", "", ""]
    assert shown() == ["", "", ""]


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back_however_it_is_written(day: date) -> None:
    for names in MONTHS:
        assert names
    month = MONTHS[day.month - 1]
    for text in (
        day.isoformat(),
        f"{day:%d-%m-%Y}",
        f"{day.day}/{day.month}/{day.year}",
        *(f"{day.day} {name[:3]}. {day.year}" for name in month),
        *(f"{name.upper()} {day.day}, {day.year}" for name in month),
    ):
        assert read_day(text) == day


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 9999))
def test_no_numbers_become_another_day(day: int, month: int, year: int) -> None:
    """What is read has exactly the figures that were typed."""
    try:
        read = read_day(f"{day}-{month}-{year:04}")
    except NoDay:
        with pytest.raises(ValueError):
            date(year, month, day)
    else:
        assert (read.day, read.month, read.year) == (day, month, year)


def test_the_day_before_stays_the_day_before() -> None:
    assert in_parts(day="2-11-2009") == THE_DAY - timedelta(days=1)


@pytest.mark.parametrize("figures", [400, 5000])
@pytest.mark.parametrize("box", ["day", "month", "year"])
def test_a_figure_that_never_ends_is_no_day_and_no_error_page(box: str, figures: int) -> None:
    endless = "1" * figures
    typed = {"born_day": "3", "born_month": "11", "born_year": "2009", f"born_{box}": endless}

    class Asked(forms.Form):
        born = parts_field()

    assert not Asked(typed).is_valid()
    with pytest.raises(NoDay):
        read_day(f"3 {endless} 2009")
