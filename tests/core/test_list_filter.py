"""The filter above a list: names as they are typed, answers that exist, addresses that keep."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.test import RequestFactory

from core.accounts.models import User
from core.ids import uuid7
from core.list_filter import LONGEST, ListFilter, by_name, of_people
from core.names import typed

NAMES = ["Zoë", "Ørjan", "Groep 12–16", "Bo's & Co", "100%", "a_b", "Jürgen de Wit"]
HALVES = {"first": "Eerste helft", "second": "Tweede helft"}


def asked(query: str) -> ListFilter:
    return ListFilter(QueryDict(query))


def named(query: str) -> list[str]:
    return asked(query).named(NAMES, lambda name: [name])


def half(name: str) -> str:
    return "first" if NAMES.index(name) < 4 else "second"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ZOE", ["Zoë"]),
        ("orjan", ["Ørjan"]),
        ("12-16", ["Groep 12–16"]),
        ("bo’s", ["Bo's & Co"]),
        ("%", ["100%"]),
        ("_", ["a_b"]),
        ("  de   wit ", ["Jürgen de Wit"]),
        ("niemand", []),
        ("", NAMES),
    ],
)
def test_part_of_a_name_is_found_as_it_is_typed(typed: str, found: list[str]) -> None:
    query = QueryDict(mutable=True)
    query["q"] = typed
    assert ListFilter(query).named(NAMES, lambda name: [name]) == found


def test_what_is_no_name_is_cut_and_cleaned() -> None:
    query = QueryDict(mutable=True)
    query["q"] = "\x00zo\x07e" + "x" * 1_000_000
    assert len(ListFilter(query).name) <= LONGEST
    assert ListFilter(query).name.startswith("zoex")


def test_an_answer_leaves_its_rows_and_says_how_many_each_would() -> None:
    one = asked("deel=second&q=&page=3&x=1")
    rows = one.divided(one.named(NAMES, lambda n: [n]), "deel", "Helft", half, HALVES)
    assert rows == NAMES[4:]
    (question,) = one.questions
    assert [(o.value, o.rows, o.chosen) for o in question.options] == [
        ("first", 4, False),
        ("second", 3, True),
    ]
    assert (one.all, one.found, one.is_set) == (7, 3, True)
    assert "page=" not in question.options[0].address
    assert "deel=first" in question.options[0].address
    assert "deel" not in question.everything


def test_an_answer_that_nobody_offers_is_not_heard() -> None:
    one = asked("deel=' OR 1=1")
    rows = one.divided(one.named(NAMES, lambda n: [n]), "deel", "Helft", half, HALVES)
    assert rows == NAMES
    assert not one.is_set


def test_a_short_list_has_no_filter_until_one_is_asked() -> None:
    one = asked("")
    one.named(NAMES, lambda name: [name])
    assert not one.is_offered
    one = asked("q=niemand")
    one.named(NAMES, lambda name: [name])
    assert one.is_offered


def test_options_stand_in_the_order_of_a_reader() -> None:
    pairs = [(1, "Zwolle"), (2, "Élst"), (3, "edam"), (2, "Élst"), (None, None)]
    assert list(by_name(pairs).values()) == ["edam", "Élst", "Zwolle"]
    assert typed("Élst") == "elst"


def test_what_was_sent_becomes_a_short_address_with_sealed_words(rf: RequestFactory) -> None:
    sent = {"q": " Zoë  de\x00 Wit", "deel": "second", "page": "3", "long": "x" * 999}
    request = rf.post("/aanmeldingen/", sent | {f"k{n}": "v" * 70 for n in range(90)})
    request.user = User(pk=uuid7())
    address = of_people(request).address
    assert len(address) < 900
    assert "deel=second" in address
    assert not {"Wit", "page", "long"} & set(re.split(r"[?&=+]", address))
    again = rf.get(address)
    again.user = request.user
    assert of_people(again).name == "Zoë de Wit"
    again.user = User(pk=uuid7())
    assert of_people(again).name == ""
    again.user = AnonymousUser()
    assert of_people(again).name == ""
