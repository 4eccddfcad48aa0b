"""The printed card: every circle inside the page, none over another, every text in its circle."""

import pytest
from django.template.loader import render_to_string

from groups.farewell.layout import MOST, Words, cards_of

HIGH, WIDE = 148.0, 210.0


def some(number: int, length: int = 60) -> list[Words]:
    return [Words("woord " * (length // 6), f"Naam {n}") for n in range(number)]


@pytest.mark.req("R-184")
@pytest.mark.parametrize("number", range(1, MOST + 1))
def test_every_number_of_circles_has_its_own_places(number: int) -> None:
    (card,) = cards_of(some(number))
    assert len(card) == number
    for one in card:
        assert one.left >= 0
        assert one.top >= 0
        assert one.left + one.across <= WIDE
        assert one.top + one.across <= HIGH
        assert not (one.left < 60 and one.top < 40), "over the title"
    for one in card:
        for other in card:
            apart = ((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5
            assert one is other or apart >= (one.radius + other.radius) * 0.95


def test_more_than_fit_become_two_cards_with_nobody_left_out() -> None:
    cards = cards_of(some(MOST + 4))
    assert [len(card) for card in cards] == [12, 11]
    names = {one.words.name for card in cards for one in card}
    assert len(names) == MOST + 4


def test_the_longest_words_get_the_largest_circle_and_smaller_letters_than_short_ones() -> None:
    (card,) = cards_of([Words("Top!", "Bo"), *some(8, 150), Words("", "Sam")])
    by_name = {one.words.name: one for one in card}
    assert by_name["Naam 0"].radius > by_name["Bo"].radius
    assert by_name["Naam 0"].size < by_name["Bo"].size


def test_nothing_written_is_no_card() -> None:
    assert cards_of([]) == []


def test_words_of_another_direction_keep_their_own_order_on_paper() -> None:
    """The comma of an Arabic sentence stands where its reader expects it."""
    context = {"name": "Casey", "day": None, "cards": cards_of([Words("رائع، كثيرا", "أمير")])}
    paper = render_to_string("groups/farewell/card_pdf.html", context)
    assert "<p>\u2068رائع، كثيرا\u2069</p>" in paper
