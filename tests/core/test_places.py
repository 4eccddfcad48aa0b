"""The map as it is loaded: every municipality, every postcode, and the look-up."""

import csv

import pytest
from django.db.models import Count

from core.cleaning import one_line
from core.organisations.models import Municipality, PostalArea
from core.organisations.places import DATA, four_digits, load_places, where

pytestmark = pytest.mark.django_db


def test_every_municipality_and_postcode_is_loaded_once() -> None:
    load_places()
    load_places()
    with (DATA / "postcodes.csv").open(encoding="utf-8") as lines:
        rows = {(r["pc4"], r["cbs_code"], r["place"]) for r in csv.DictReader(lines)}
    assert Municipality.objects.count() == 342
    assert set(PostalArea.objects.values_list("pc4", "municipality_id", "place")) == rows
    areas = PostalArea.objects.values("pc4").annotate(n=Count("municipality", distinct=True))
    assert areas.filter(n__gt=1).count() == 53
    names = {
        query: [m.name for m in where(query)]
        for query in ("1011", "den haag", "'s-gravenhage", "den bosch", "sudwest fryslan", "Wezep")
    }
    assert names == {
        "1011": ["Amsterdam"],
        "den haag": ["Den Haag"],
        "'s-gravenhage": ["Den Haag"],
        "den bosch": ["'s-Hertogenbosch"],
        "sudwest fryslan": ["Súdwest-Fryslân"],
        "Wezep": ["Oldebroek"],
    }
    both = areas.filter(n=2).values_list("pc4", flat=True)[0]
    assert len(where(both)) == 2


def test_what_an_administrator_mended_stays() -> None:
    load_places()
    Municipality.objects.filter(name="Amsterdam").update(name="Groot-Amsterdam")
    load_places()
    assert [m.name for m in where("1011")] == ["Groot-Amsterdam"]


NAMES = [
    ("Bergen", {"Bergen (NH)", "Bergen (L)"}),
    ("bergen nh", {"Bergen (NH)"}),
    ("Bergen (N.H.)", {"Bergen (NH)"}),
    ("Bergen Limburg", {"Bergen (L)"}),
    ("Rijswijk", {"Rijswijk", "Buren", "Altena"}),
    ("Rijswijk ZH", {"Rijswijk"}),
    ("Beek", {"Beek", "Berg en Dal", "Montferland"}),
    ("Alphen a/d Rijn", {"Alphen aan den Rijn"}),
    ("alphen a.d. rijn", {"Alphen aan den Rijn"}),
    ("Alphen aan de Rijn", {"Alphen aan den Rijn"}),
    ("Capelle a/d IJssel", {"Capelle aan den IJssel"}),
    ("Capelle a.d. Ĳssel", {"Capelle aan den IJssel"}),
    ("Krimpen a d lek", {"Krimpenerwaard"}),
    ("St Willebrord", {"Rucphen"}),
    ("Sint Willebrord", {"Rucphen"}),
    ("St. Annaparochie", {"Waadhoeke"}),
    ("Sint-Annaparochie", {"Waadhoeke"}),
    ("St. Anthonis", {"Land van Cuijk"}),
    ("Gem. Utrecht", {"Utrecht"}),
    ("gemeente Utrecht", {"Utrecht"}),
    ("Ĳsselstein", {"IJsselstein"}),
    ("ijsselstein", {"IJsselstein"}),
    ("IJSSELSTEIN", {"IJsselstein"}),
    ("\u200bＵtrecht\u00a0", {"Utrecht"}),
    ("'s Gravenhage", {"Den Haag"}),
    ("’s-Gravenhage", {"Den Haag"}),
    ("Den Bosch", {"'s-Hertogenbosch"}),
    ("sudwest fryslan", {"Súdwest-Fryslân"}),
    ("Nergenshuizen", set()),
    ("", set()),
    ("—", set()),
]


@pytest.mark.req("R-342")
def test_a_name_finds_all_that_it_can_mean_and_nothing_else() -> None:
    load_places()
    found = {typed: {m.name for m in where(typed)} for typed, _names in NAMES}
    assert {typed: found[typed] - names for typed, names in NAMES if found[typed] - names} == {}
    assert {typed: names - found[typed] for typed, names in NAMES if names - found[typed]} == {}


@pytest.mark.req("R-342")
@pytest.mark.parametrize(
    "typed",
    [
        "3511",
        "3511AB",
        "3511 ab",
        "3511-AB",
        "3511.AB",
        "3511/AB",
        "NL-3511AB",
        "NL 3511 AB",
        "nl3511ab",
        "３５１１ ＡＢ",
        "3511\u00a0AB",
        "3511\u200b",
        "3511 AB Utrecht",
        "3511AB, Utrecht",
    ],
)
def test_a_postcode_is_read_with_anything_between_its_parts(typed: str) -> None:
    assert four_digits(one_line(typed)) == "3511"


@pytest.mark.parametrize("typed", ["0511 AB", "351", "35111", "AB 3511", "BE-3511", "3511 12"])
def test_what_is_no_postcode_is_none(typed: str) -> None:
    assert four_digits(typed) == ""


@pytest.mark.req("R-342")
def test_a_postcode_that_nobody_has_finds_nothing() -> None:
    load_places()
    PostalArea.objects.create(pc4="9999", place="Zwolle", municipality_id="GM0193")
    load_places()
    assert [m.name for m in where("9999")] == ["Het Hogeland"], "rows of before are taken out"
    unused = next(n for n in range(1000, 9999) if not PostalArea.objects.filter(pc4=n).exists())
    assert where(str(unused)) == []
