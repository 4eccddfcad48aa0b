"""The map as it is loaded: every municipality, every postcode, and the look-up."""

import csv

import pytest
from django.db.models import Count

from core.organisations.models import Municipality, PostalArea
from core.organisations.places import DATA, load_places, where

pytestmark = pytest.mark.django_db


def test_every_municipality_and_postcode_is_loaded_once() -> None:
    load_places()
    load_places()
    with (DATA / "postcodes.csv").open(encoding="utf-8") as lines:
        rows = {(r["pc4"], r["cbs_code"], r["place"]) for r in csv.DictReader(lines)}
    assert Municipality.objects.count() == 342
    assert set(PostalArea.objects.values_list("pc4", "municipality_id", "place")) == rows
    areas = PostalArea.objects.values("pc4").annotate(n=Count("municipality", distinct=True))
    assert areas.filter(n__gt=1).count() == 54
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
