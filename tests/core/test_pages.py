"""A long list in pages, and the light rows that stand in it."""

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django_cotton.compiler_regex import CottonCompiler

from core.pages import page_of


def drawn(text: str, **context: object) -> str:
    return Template(CottonCompiler().process(text)).render(Context(context))


def asked(query: str):
    return RequestFactory().get(f"/list/?{query}")


def test_a_page_that_is_no_page_is_the_nearest_one():
    rows = list(range(120))
    assert page_of(asked(""), rows).number == 1
    assert page_of(asked("page=drie"), rows).number == 1
    assert page_of(asked("page=99"), rows).number == 3
    assert list(page_of(asked("page=3"), rows)) == list(range(100, 120))


def test_what_was_filtered_stays_filtered_on_the_next_page():
    request = asked("q=noor+%26+bo&page=1")
    page = page_of(request, list(range(120)))
    shown = drawn('<c-pages :page="page" />', request=request, page=page)
    assert 'href="?q=noor+%26+bo&amp;page=2"' in shown


def test_a_light_row_draws_what_the_component_draws():
    pairs = [
        (
            '<c-chip tone="waits" icon="clock">Even & later</c-chip>',
            '{% chip word "waits" "clock" %}',
        ),
        ("<c-chip>Even & later</c-chip>", "{% chip word %}"),
        ('<c-avatar name="Bo de Wit" />', '{% avatar "Bo de Wit" %}'),
        ('<c-avatar name="Bo" small="1" />', '{% avatar "Bo" size="small" %}'),
    ]
    for component, tag in pairs:
        piece = (
            drawn(component).strip().replace(" >", ">").replace("Even & later", "Even &amp; later")
        )
        assert piece == drawn(tag, word="Even & later")


@pytest.mark.django_db
def test_a_page_leaves_compressed_and_no_length_is_the_same_twice(client: Client) -> None:
    answers = [client.get("/", headers={"Accept-Encoding": "gzip"}) for _n in range(12)]
    assert all(answer.headers["Content-Encoding"] == "gzip" for answer in answers)
    plain = client.get("/")
    assert "Content-Encoding" not in plain.headers
    lengths = {len(answer.content) for answer in answers}
    assert max(lengths) < len(plain.content) / 2
    assert len(lengths) > 3, "noise against guessing by length"
