"""R-226: what of a text is held before it is seen. Pure: no database."""

import time

import pytest

from core.cleaning import LONGEST_TEXT
from core.contact_details import found_in

HELD = {
    "phone": [
        "bel me op 0612345678",
        "06-12 34 56 78 app me",
        "06.12.34.56.78",
        "0 6 1 2 3 4 5 6 7 8",
        "+31 6 12345678",
        "0031612345678",
        "06 / 12 / 34 / 56 / 78",
        "nul zes een twee drie vier vijf zes zeven acht",
        "Nul zes, twaalf vierendertig zesenvijftig achtenzeventig",
        "nulzes 12345678",
        "zero six one two three four five six seven eight",
        "o6 12345678",
        "٠٦١٢٣٤٥٦٧٨",
        "０６１２３４５６７８",
        "06-1\u200b2345678",
        "010-1234567 is thuis",
        "+32 470 12 34 56",
        "06-12-2034 5678",
    ],
    "mail": [
        "sam@voorbeeld.nl",
        "sam (at) voorbeeld punt nl",
        "sam at gmail dot com",
        "sam apenstaartje gmail punt com",
        "sam [at] gmail.com",
    ],
    "link": [
        "kijk op https://voorbeeld.nl",
        "www.voorbeeld.nl",
        "join discord.gg/abc",
        "voorbeeld.nl is leuk",
        "t.me/sam",
    ],
    "handle": [
        "volg @sam.2010",
        "mijn snap is samboy",
        "insta: sam_x",
        "add me op tiktok",
        "op insta heet ik sam",
        "discord sam#1234",
    ],
    "address": ["ik woon Dorpsstraat 12", "kom naar 1234 AB", "Kerkhof 3 dus", "Lindelaan 4b"],
}
FREE = [
    "Wie gaat er mee bowlen?",
    "Om 19:30 bij de ingang, tot 22:00",
    "28-11-2026 19:30 zien we elkaar",
    "06-11-2026 19:00 was leuk",
    "Ik heb 1000 punten, jij 12345?",
    "snap je dat? ik snap het",
    "Ik heb tiktok ook, leuke filmpjes",
    "Onderweg 10 minuten gewacht",
    "een twee drie, daar gaan we",
    "Gaaf.ik kom ook",
    "In 2026 is er weer een",
    "12 december, 15 mensen, 3 pizza's, 8 euro, 25 minuten",
    "😀👍 مرحبا",
    "ik ben 14 at the moment",
    "",
]


@pytest.mark.req("R-226")
@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in HELD.items() for text in texts]
)
def test_ways_to_reach_somebody_are_found_however_they_are_written(kind: str, text: str) -> None:
    assert found_in(text) == kind


@pytest.mark.req("R-226")
@pytest.mark.parametrize("text", FREE)
def test_what_friends_write_is_left_alone(text: str) -> None:
    assert found_in(text) is None


def test_a_number_cut_over_title_and_text_is_one_number() -> None:
    assert found_in("06 1234", "5678") == "phone"


@pytest.mark.req("R-226")
@pytest.mark.parametrize(
    "again",
    ["a1 ", "een.", "a", "a.", "at-", "at ", "@", "a@", "( ", "#", "aaa#", "0 ", "o6", "insta-"],
)
def test_no_text_makes_it_read_the_same_signs_again_and_again(again: str) -> None:
    """Whoever posts chooses the text; "een." cost 19 s of a server once. By what this process
    worked, not by the clock on the wall: a second is fifty times what it takes."""
    text = (again * LONGEST_TEXT)[:LONGEST_TEXT]
    began = time.process_time()
    found_in(text)
    assert time.process_time() - began < 1


def test_spaces_of_any_number_and_kind_hide_no_address() -> None:
    assert found_in("sam   (  at )\n\tgmail" + " " * 200 + "punt   com") == "mail"
