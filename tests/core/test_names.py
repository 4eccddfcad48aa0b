"""Names in the order of a Dutch reader, on every server, in the program and in the database."""

import random

import pytest
from django.db import connection

from core.names import in_order, isolated, order_of, whole_word
from core.templatetags.face import initials

#: As a reader looks for them.
IN_ORDER = [
    "anna",
    "Bo",
    "Émile",
    "Eva",
    "Groep 2",
    "groep 10",
    "Groep 10b",
    "'t Hart",
    "IJsbrand",
    "İpek",
    "Omar",
    "Özlem",
    "Sam",
    "'s-Sander",
    "Şükrü",
    "Zoë",
]


@pytest.mark.req("R-344")
def test_case_accents_and_an_article_in_front_do_not_matter() -> None:
    mixed = IN_ORDER.copy()
    random.Random(344).shuffle(mixed)
    assert sorted(mixed, key=in_order) == IN_ORDER


@pytest.mark.req("R-344")
@pytest.mark.django_db
@pytest.mark.parametrize("column", [order_of("n"), order_of("name_folded(n)", folded=True)])
def test_the_database_has_the_same_order_whatever_its_locale(column: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT n FROM unnest(%s::text[]) n ORDER BY {column}", [IN_ORDER[::-1]])
        assert [name for (name,) in cursor.fetchall()] == IN_ORDER


@pytest.mark.req("R-344")
def test_what_isolates_a_name_takes_no_part() -> None:
    assert in_order(isolated("محمد")) == in_order("محمد")


@pytest.mark.req("R-343")
@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Noor", "NO"),
        ("Bo de Wit", "BD"),
        ("🇳🇱 Bo", "BO"),
        ("👨‍👩‍👧 Bo Vis", "BV"),
        ("ßa", "ßA"),
        ("'t Hart", "HA"),
        ("van der Berg", "BE"),
        ("IJsbrand", "IJ"),
        ("Zoe\u0308", "ZO"),
        ("E\u0301va", "É" + "V"),
        ("Noor (2012)", "NO"),
        ("\u2068محمد\u2069 (2012)", "مح"),
        ("山田", "山田"),
        ("🦄", "🦄"),
        ("🇳🇱", "🇳🇱"),
        ("👨‍👩‍👧 1", "👨‍👩‍👧"),
        ("👍🏽", "👍🏽"),
        ("9", "9"),
        ("van", "VA"),
        ("", "?"),
        (" ", "?"),
    ],
)
def test_initials_cut_no_sign_in_half(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.req("R-083")
@pytest.mark.parametrize(
    ("name", "words", "left"),
    [
        ("Casey", "Caseys fiets, casey en CASEY'S jas", "… fiets, … en …'S jas"),
        ("Art", "Arts tas stond bij de arts", "… tas stond bij de arts"),
        ("Bo", "Bob en de bos", "Bob en de bos"),
        ("el-Amin", "El-Amins idee", "… idee"),
        ("Zoë", "Zoës tas", "… tas"),
        ("J.", "J. was er", "… was er"),
    ],
)
def test_a_name_is_found_whole_with_the_s_of_a_possessive(name: str, words: str, left: str) -> None:
    assert whole_word(name).sub("…", words) == left
