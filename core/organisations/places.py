"""Where somebody lives: municipalities and postcodes, and the look-up by town or postcode.

Data: GeoNames (CC BY 4.0), state of 1 January 2024; see NOTICE. A postcode can lie in two
municipalities and a town's name can occur twice: then all of them are returned and we ask.
"""

import csv
import re
import unicodedata
from datetime import date
from pathlib import Path

from django.db import transaction
from django.db.models import Q, QuerySet

from core import clock
from core.organisations.models import Municipality, PostalArea
from core.ready_made import ReadyRows

DATA = Path(__file__).with_name("data")
STATE_OF = date(2024, 1, 1)
ALSO_CALLED = {
    "den bosch": "'s-Hertogenbosch",
    "s hertogenbosch": "'s-Hertogenbosch",
    "s gravenhage": "Den Haag",
    "the hague": "Den Haag",
}
_POSTCODE = re.compile(r"\s*([1-9]\d{3})\s*([A-Za-z]{2})?\s*")


@transaction.atomic
def load_places() -> None:
    """Write municipalities and postal areas from the data files; safe to run again.

    Rows that an administrator changed stay as they are: only what is missing is added.
    """
    with (DATA / "municipalities.csv").open(encoding="utf-8") as lines:
        Municipality.objects.bulk_create(
            [
                Municipality(
                    cbs_code=row["cbs_code"],
                    name=row["name"],
                    province=row["province"],
                    valid_from=STATE_OF,
                )
                for row in csv.DictReader(lines)
            ],
            ignore_conflicts=True,
        )
    with (DATA / "postcodes.csv").open(encoding="utf-8") as lines:
        PostalArea.objects.bulk_create(
            [
                PostalArea(pc4=row["pc4"], place=row["place"], municipality_id=row["cbs_code"])
                for row in csv.DictReader(lines)
            ],
            ignore_conflicts=True,
            batch_size=2000,
        )


def four_digits(text: str) -> str:
    """`1234 AB` and `1234ab` -> `1234`; an empty string when it is no Dutch postcode."""
    found = _POSTCODE.fullmatch(text)
    return found[1] if found else ""


def where(query: str, day: date | None = None) -> list[Municipality]:
    """The municipalities that a town's name or a postcode can mean; empty when we know none."""
    if pc4 := four_digits(query):
        return _BY_POSTCODE(pc4=pc4, day=day or clock.today())
    municipalities = Municipality.objects.on(day or clock.today())
    name = query.strip()
    name = ALSO_CALLED.get(plain(name), name)
    exact = list(
        municipalities.filter(Q(name__iexact=name) | Q(postal_areas__place__iexact=name)).distinct()
    )
    if exact or not plain(name):
        return exact
    wanted = plain(name)
    names = municipalities.values_list("cbs_code", "name", "postal_areas__place").distinct()
    codes = {code for code, *known in names if wanted in {plain(n or "") for n in known}}
    return list(municipalities.filter(cbs_code__in=codes))


def _of_postcode(*, pc4: str, day: date) -> QuerySet[Municipality]:
    return Municipality.objects.on(day).filter(postal_areas__pc4=pc4).distinct()


_BY_POSTCODE = ReadyRows(
    Municipality,
    [field.attname for field in Municipality._meta.concrete_fields],
    _of_postcode,
    pc4=str,
    day=date,
)


def by_code(cbs_code: str) -> Municipality | None:
    """The municipality with this code, when it exists today."""
    return Municipality.objects.on(clock.today()).filter(cbs_code=cbs_code).first()


def plain(name: str) -> str:
    """Without accents, capitals, hyphens and apostrophes: how people type a town on a phone."""
    bare = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare.casefold()).split())
