"""Where somebody lives: municipalities and postcodes, and the look-up by town or postcode.

Data: GeoNames (CC BY 4.0), state of 1 January 2024; see NOTICE. A postcode can lie in two
municipalities and a town's name can occur several times: then all that can be meant are returned
and we ask; nothing is silently another place (R-342). A municipality that ended and has a successor
leads to that one (`core.organisations.mergers`).
"""

import csv
import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.db import transaction
from django.db.models import Case, CharField, F, QuerySet, When

from core import clock
from core.cleaning import in_form
from core.names import typed
from core.organisations.mergers import successors
from core.organisations.models import Municipality, PostalArea
from core.ready_made import ReadyRows

DATA = Path(__file__).with_name("data")
STATE_OF = date(2024, 1, 1)
#: Rows of the source that are no place: 9999 lies in Het Hogeland only.
WRONG = (("9999", "GM1966"),)
ALSO_CALLED = {
    "den bosch": "s hertogenbosch",
    "hertogenbosch": "s hertogenbosch",
    "s gravenhage": "den haag",
    "the hague": "den haag",
    "haag": "den haag",
}
#: How a province is written behind a name, as `_key` spells it.
PROVINCES = {
    "Groningen": ("groningen", "gr", "gn", "g"),
    "Fryslân": ("fryslan", "friesland", "fr", "frl"),
    "Drenthe": ("drenthe", "dr"),
    "Overijssel": ("overijssel", "ov", "o"),
    "Flevoland": ("flevoland", "fl"),
    "Gelderland": ("gelderland", "gld", "ge", "gd"),
    "Utrecht": ("utrecht", "ut", "u"),
    "Noord-Holland": ("noord holland", "nh", "n h"),
    "Zuid-Holland": ("zuid holland", "zh", "z h"),
    "Zeeland": ("zeeland", "zl", "ze"),
    "Noord-Brabant": ("noord brabant", "brabant", "nb", "n b"),
    "Limburg": ("limburg", "l", "lb", "li"),
}
_POSTCODE = re.compile(
    r"(?:nl[\W_]*)?([1-9]\d{3})(?:[\W_]*[a-z]{2}(?![^\W\d_]))?(?:[\W_]+[^\d]*)?", re.ASCII
)
#: What the data writes behind a name to tell it from another: Bergen (NH), Bergen L.
_BEHIND = re.compile(r"\s*(?:\([^)]*\)|\bgem\.? .*| [A-Z]{1,3})$")
#: Aan de(n), a/d, o.d., v/h ..., as they are left by `typed`.
_SMALL_WORDS = re.compile(
    r"\b(aan|a|op|o|van|v|in|i|bij|b|voor) ?(?:(den|der|de|d)|(het|t|h))\b(?= )"
)


@transaction.atomic
def load_places() -> None:
    """Write municipalities and postal areas from the data files; safe to run again.

    Rows that an administrator changed stay as they are: only what is missing is added. What moved
    with a merger stays at the successor, and an ended municipality gets no rows back.
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
    today = clock.today()
    now = successors(today)
    gone = set(Municipality.objects.filter(valid_until__lt=today).values_list("pk", flat=True))
    for pc4, municipality in WRONG:
        PostalArea.objects.filter(pc4=pc4).exclude(municipality=municipality).delete()
    with (DATA / "postcodes.csv").open(encoding="utf-8") as lines:
        rows = [
            (row["pc4"], row["place"], now.get(row["cbs_code"], row["cbs_code"]))
            for row in csv.DictReader(lines)
        ]
    PostalArea.objects.bulk_create(
        [
            PostalArea(pc4=pc4, place=place, municipality_id=code)
            for pc4, place, code in rows
            if code not in gone
        ],
        ignore_conflicts=True,
        batch_size=2000,
    )


def four_digits(text: str) -> str:
    """`1234 AB`, `NL-1234ab`, `1234.AB Town` -> `1234`; empty when it is no Dutch postcode."""
    found = _POSTCODE.fullmatch(in_form("NFKC", text).strip().casefold())
    return found[1] if found else ""


def where(query: str, day: date | None = None) -> list[Municipality]:
    """The municipalities that a town's name or a postcode can mean; empty when we know none."""
    day = day or clock.today()
    if pc4 := four_digits(query):
        return _BY_POSTCODE(pc4=pc4, day=day)
    wanted = _key(query).removeprefix("gemeente ").removeprefix("gem ")
    wanted = ALSO_CALLED.get(wanted, wanted)
    if not wanted:
        return []
    names = list(
        Municipality.objects.values_list("cbs_code", "province", "name", "postal_areas__place")
        .order_by()
        .distinct()
    )
    codes = {code for code, _province, *known in names if _is_called(wanted, known)}
    if not codes:
        codes = {
            code
            for code, province, *known in names
            for behind in PROVINCES.get(province, ())
            if wanted.endswith(f" {behind}")
            and _is_called(wanted.removesuffix(f" {behind}"), known)
        }
    if not codes:
        return []
    now = successors(day)
    return list(Municipality.objects.on(day).filter(pk__in={now.get(c, c) for c in codes}))


def _is_called(wanted: str, known: Sequence[str | None]) -> bool:
    return any(wanted in _keys(name) for name in known if name)


@lru_cache(maxsize=8192)
def _keys(name: str) -> frozenset[str]:
    """How a name in the data is looked for: as it stands, and without what tells it apart."""
    return frozenset({_key(name), _key(_BEHIND.sub("", name))} - {""})


def _key(name: str) -> str:
    """One spelling of a town: `Alphen a/d Rijn`, `St.-Annaparochie`, and the IJ as one letter."""
    bare = " ".join(re.sub(r"[\W_]+", " ", typed(name)).split())
    words = ["sint" if word in ("st", "sinte") else word for word in bare.split()]
    return _SMALL_WORDS.sub(_small, " ".join(words))


def _small(found: re.Match[str]) -> str:
    return f"{found[1][0]} {'d' if found[2] else 'h'}"


def _of_postcode(*, pc4: str, day: date) -> QuerySet[Municipality]:
    stands_for = Case(
        When(
            municipality__valid_until__lt=day,
            municipality__successor__isnull=False,
            then=F("municipality__successor"),
        ),
        default=F("municipality"),
        output_field=CharField(),
    )
    areas = PostalArea.objects.filter(pc4=pc4).annotate(now=stands_for).values("now")
    return Municipality.objects.on(day).filter(pk__in=areas)


_BY_POSTCODE = ReadyRows(
    Municipality,
    [field.attname for field in Municipality._meta.concrete_fields],
    _of_postcode,
    pc4=str,
    day=date,
)


def by_code(cbs_code: str) -> Municipality | None:
    """The municipality with this code today, or the one that stands in its place by now."""
    day = clock.today()
    there = Municipality.objects.on(day)
    found = there.filter(cbs_code=cbs_code).first()
    return found or there.filter(cbs_code=successors(day).get(cbs_code, "")).first()
