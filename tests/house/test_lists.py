"""Every list stays usable when it is long: need first, a filter, pages, the same cost (R-374)."""

import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from core.pages import A_PAGE
from core.sealed_words import words_in
from tests.long_lists import LISTS, MARK, SHELL, SHORT, LongList, mark
from tests.world import eyes, make_staff

FEW, MANY = 10, 60
TEMPLATES = Path(settings.BASE_DIR, "templates")
each = pytest.mark.parametrize("long", LISTS, ids=[one.name for one in LISTS])


def filtered_by(client: Client, long: LongList) -> Any:
    """How the filter above this list is asked: a name of a person is sent, never in an address."""
    return partial(client.post, follow=True) if long.of_people else client.get


def rows(page: Any) -> list[str]:
    """The marks of the rows in their order; the filter's own words are no rows."""
    assert page.status_code == 200
    text = page.content.decode().split('id="content"')[1]
    text = re.sub(
        r"<(select|form method=\"(?:get|post)\"[^>]*list-filter__form|nav).*?</(select|form|nav)>",
        "",
        text,
        flags=re.S,
    )
    return list(dict.fromkeys(re.findall(MARK, text)))


@each
@pytest.mark.django_db
@pytest.mark.req("R-374")
def test_a_long_list_is_in_order_of_need_filtered_and_in_pages(long: LongList) -> None:
    user, url = long.build(MANY)
    see = eyes(user).get
    expected = [mark(place) for place in range(MANY)]
    first = see(url)
    assert rows(first) == expected[:A_PAGE]
    assert rows(see(url, {"page": 2})) == expected[A_PAGE:]
    assert "page=2" in first.content.decode()
    see = filtered_by(eyes(user), long)
    assert rows(see(url, {"q": " RIJ007"})) == [mark(7)], "case and accents do not matter"
    some = see(url, {"q": "ïj00"})
    assert rows(some) == expected[:10]
    for nothing in ("%", "_", "'\"; --", "Rij007" + "x" * 2000, "\x00Rij999"):
        page = see(url, {"q": nothing})
        assert rows(page) == []
        assert 'href="?"' in page.content.decode(), "nothing found is not nothing there"


@each
@pytest.mark.parametrize("size", [FEW, MANY])
@pytest.mark.django_db
@pytest.mark.req("R-374")
def test_a_long_list_asks_as_much_as_a_short_one(
    long: LongList, size: int, django_assert_num_queries: Any
) -> None:
    user, url = long.build(size)
    client = eyes(user)
    client.get(url)
    with django_assert_num_queries(SHELL + long.queries):
        client.get(url)


def loops_for_professionals() -> set[str]:
    return {
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*.html")
        if '{% extends "layouts/staff' in (source := path.read_text()) and "{% for " in source
    }


def test_every_page_of_professionals_with_a_list_says_how_long_it_can_be() -> None:
    """A loop is in LISTS, and held by the tests above, or in SHORT with the reason.

    Pieces of pages (`_x.html`, panels) go with the page they stand in.
    """
    found, long = loops_for_professionals(), {one.template for one in LISTS}
    assert found - long - set(SHORT) == set(), "in tests/long_lists.py it gets a line"
    assert set(SHORT) - found == set(), "an exception that is no longer one"
    assert all((TEMPLATES / template).exists() for template in long)
    assert not long & set(SHORT)
    assert all(reason.strip() for reason in SHORT.values())


#: A component or an include in the row of a long list costs as much as the rest of the row.
HEAVY = re.compile(r"<c-(?!slot)|{% include ")


@each
def test_the_rows_of_a_long_list_are_light(long: LongList) -> None:
    source = (TEMPLATES / long.template).read_text()
    for start, body in re.findall(
        r"{% for ([^%]*(?:page|lines)\b[^%]*)%}(.*?){% endfor %}", source, re.S
    ):
        assert not HEAVY.search(body), start


@pytest.mark.parametrize("long", [one for one in LISTS if one.of_people], ids=lambda one: one.name)
@pytest.mark.django_db
@pytest.mark.req("R-374")
def test_a_name_of_a_person_never_stands_in_an_address(long: LongList) -> None:
    """Nor in those of the answers and the pages; another reader of the address reads nothing."""
    user, url = long.build(MANY)
    client = eyes(user)
    sent = client.post(url, {"q": "Rij0", "stap": "", "x": "y" * 2000, "page": "2"})
    address = sent["Location"]
    assert sent.status_code == 302
    assert address.startswith(f"{url}?")
    assert "rij0" not in address.lower()
    assert len(address) < 500
    page = client.get(address)
    assert rows(page) == [mark(place) for place in range(A_PAGE)]
    assert not re.findall(r'(?:href|action)="[^"]*rij0', page.content.decode(), re.I)
    assert rows(client.get(address + "&page=2")) == [mark(place) for place in range(A_PAGE, MANY)]
    assert rows(client.get(url, {"q": mark(7)})) == rows(client.get(url)), "an address is not heard"
    sealed = address.split("z=")[1].split("&")[0]
    assert words_in(sealed, user) == "Rij0"
    assert words_in(sealed, make_staff("Iemand Anders")) == ""
