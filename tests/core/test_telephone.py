"""One number however it is typed; what nobody can be reached at is refused (R-342)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.telephone import Unreachable, dial, read_number, same_number, shown

pytestmark = pytest.mark.req("R-342")

ONE_NUMBER = [
    "0612345678",
    "06 12345678",
    "06-12345678",
    "06 - 12 34 56 78",
    "06.12.34.56.78",
    "(06) 12 34 56 78",
    "(06)12345678",
    "[06] 12345678",
    "06/12345678",
    "06–1234–5678",
    "06‑12345678",
    "06 1234 5678 ",
    "\t0612345678\n",
    "+31612345678",
    "+31 6 12345678",
    "+31 6 12 34 56 78",
    "+31 (0)6 12345678",
    "+31(0)612345678",
    "+31 06 12345678",
    "+31-6-12345678",
    "(+31) 6 12345678",
    "0031612345678",
    "0031 6 12345678",
    "0031 (0)6 12345678",
    "31612345678",
    "612345678",
    "tel:+31612345678",
    "Tel. 06 12345678",
    "telefoon: 06-12345678",
    "\u202a+31 6 12345678\u202c",
    "06\u00a012\u00a034\u00a056\u00a078",
    "06\u200912\u200934\u200956\u200978",
    "06\u200b12345678",
    "\ufeff0612345678",
    "０６１２３４５６７８",
    "＋３１６１２３４５６７８",
    "٠٦١٢٣٤٥٦٧٨",
]


@pytest.mark.parametrize("typed", ONE_NUMBER)
def test_every_spelling_of_one_number_is_that_number(typed: str) -> None:
    assert read_number(typed) == "+31612345678"


@pytest.mark.parametrize(
    ("typed", "kept", "written"),
    [
        ("(030) 123 45 67", "+31301234567", "030 123 4567"),
        ("0320 123456", "+31320123456", "0320 123 456"),
        ("088-1234567", "+31881234567", "088 123 4567"),
        ("0800-0113", "+318000113", "0800 0113"),
        ("+32 470 12 34 56", "+32470123456", "+32 470 12 34 56"),
        ("0049 1512 3456789", "+4915123456789", "+49 1512 3456789"),
        ("+599 9 738 1234", "+59997381234", "+599 9 738 1234"),
    ],
)
def test_other_numbers_are_kept_alike_and_shown_as_people_write_them(
    typed: str, kept: str, written: str
) -> None:
    assert read_number(typed) == kept
    assert shown(kept) == written
    assert dial(kept) == kept
    assert same_number(shown(kept)) == kept, "what we show can be typed back"


@pytest.mark.parametrize(
    "typed",
    [
        "061234567",  # nine figures
        "06123456789",
        "06 1234 5678 9012",
        "112",
        "12",
        "0000000000",
        "09001234",  # so much a minute
        "0906-123456",
        "06 12345678 mama",
        "06 12345678 of 030 1234567",
        "06 12345678 / 030 1234567",
        "bel me",
        "+",
        "-",
        "😀",
        "+31 6 12345678 ext. 4",
        "+999 123456789",
    ],
)
def test_what_nobody_can_be_reached_at_is_refused(typed: str) -> None:
    with pytest.raises(Unreachable):
        read_number(typed)
    assert same_number(typed) == typed, "a row from before stays as it was typed"
    assert shown(typed) == typed


@pytest.mark.parametrize("typed", ["", "  ", "\u200b", "\u00a0"])
def test_nothing_typed_is_no_number(typed: str) -> None:
    assert read_number(typed) == ""


def test_a_short_national_number_is_dialled_as_it_stands() -> None:
    assert dial(read_number("14 030")) == "14030"


def test_an_old_number_dials_what_can_be_read_of_it() -> None:
    assert dial("06-12345678") == "+31612345678"
    assert dial("026 123") == "026123"


@given(
    st.integers(10_000_000, 59_999_999),
    st.lists(st.sampled_from([" ", "-", ".", "\u00a0", "\u2009", "\u200b", "\u202f"]), max_size=8),
    st.sampled_from(["06", "+316", "00316", "+31(0)6", "(06)"]),
)
def test_separators_never_make_another_number(tail: int, between: list[str], front: str) -> None:
    figures = list(str(tail))
    for place, separator in enumerate(between):
        figures.insert(2 * place, separator)
    kept = read_number(front + "".join(figures))
    assert kept == f"+316{tail}"
    assert read_number(shown(kept)) == kept
    assert read_number(kept) == kept


@given(st.text(max_size=40))
def test_whatever_is_typed_is_kept_in_one_spelling_or_as_it_was(typed: str) -> None:
    once = same_number(typed)
    assert same_number(once) == once
    assert isinstance(shown(once), str)
    assert not set(dial(once)) - set("+0123456789")
