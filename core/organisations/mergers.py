"""Municipalities that merge: from its last day on another one stands in its place (R-342).

The administration writes the last day and the successor; nothing else is done by hand. From the
next day on a postcode, a name and a page that was still open lead to the successor
(`core.organisations.places`), and its groups are those that served the one that ended
(`served_from`): the facts decide, at midnight. The sweep then moves what points to the old one -
postal areas, work areas, licences, people, registrations and their counts - to the new one. Every
table that has a municipality goes along, also one that is made later. Run twice it finds nothing.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import F, ForeignKey, Model, PositiveIntegerField, Q, QuerySet

from core.locks import RANKS, lock_all, lock_copy
from core.organisations.models import Location, Municipality
from core.sweep.steps import Step, Turn

AT_ONCE = 500


def ended_for(day: date) -> QuerySet[Municipality]:
    """Municipalities in whose place another one stands on `day`; the earliest merger first."""
    return Municipality.objects.filter(valid_until__lt=day, successor__isnull=False).order_by(
        "valid_until", "pk"
    )


def successors(day: date) -> dict[str, str]:
    """Code -> the code that stands for it on `day`, through every merger in between."""
    pairs = ended_for(day).values_list("pk", "successor")
    direct = {old: str(new) for old, new in pairs}
    found = {}
    for code in direct:
        last, passed = code, set[str]()
        while last in direct and last not in passed:
            passed.add(last)
            last = direct[last]
        found[code] = last
    return found


def served_from(municipality: str, day: date) -> QuerySet[Any]:
    """Locations whose work area has this municipality, or one that ended and became part of it."""
    lines: QuerySet[Any] = Location.work_area.through.objects.filter(
        Q(municipality=municipality)
        | Q(municipality__successor=municipality, municipality__valid_until__lt=day)
    )
    return lines.values("location")


def still_to_move(day: date) -> Iterator[Municipality]:
    """Ended municipalities that something points to when it is their turn: what one of them gave
    to the next may move once more."""
    for old in ended_for(day):
        if any(model._base_manager.filter(**{name: old}).exists() for model, name in _tables()):
            yield old


def move_to_successor(old: Municipality) -> None:
    """Move everything that points to `old`; five hundred rows at a time, each a transaction.

    Broken off, the next turn does the rest. Where the successor has the same row already (a postal
    area, a place in a work area, the count of a month) that one stays, with both counts.
    """
    with transaction.atomic():
        new = lock_copy(old.successor) if old.successor else None
        if new is None:
            return
        if new.region_id is None and old.region_id is not None:
            new.region_id = old.region_id
            new.save(update_fields=["region"])
    for model, name in _tables():
        while _move_some(model, name, old, new):
            continue


def _move_some(model: type[Model], name: str, old: Municipality, new: Municipality) -> bool:
    rows = model._base_manager.filter(**{name: old})
    with transaction.atomic():
        some = rows.filter(pk__in=list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]))
        found = lock_all(some) if model._meta.label in RANKS else list(some.order_by("pk"))
        if not found:
            return False
        try:
            with transaction.atomic():
                rows.filter(pk__in=[row.pk for row in found]).update(**{name: new})
        except IntegrityError:
            for row in found:
                _move_one(row, name, new)
    return True


def _move_one(row: Any, name: str, new: Municipality) -> None:
    try:
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**{name: new})
    except IntegrityError:
        _join(row, name, new)


def _join(row: Any, name: str, new: Municipality) -> None:
    """The twin at the successor takes the counts; this row goes."""
    counts = {
        field.name: F(field.name) + getattr(row, field.name)
        for field in row._meta.concrete_fields
        if isinstance(field, PositiveIntegerField)
    }
    for unique in _uniques(type(row)):
        if name in unique:
            same = {n: getattr(row, n) for n in unique if n != name}
            twin = type(row)._base_manager.filter(**same, **{name: new})
            if twin.exists():
                if counts:
                    twin.update(**counts)
                row.delete()
                return
    raise IntegrityError(f"{row._meta.label} {row.pk} does not fit at {new.pk}")


def _uniques(model: type[Model]) -> list[tuple[str, ...]]:
    total = [tuple(rule.fields) for rule in model._meta.total_unique_constraints]
    return [*(tuple(names) for names in model._meta.unique_together), *total]


def _tables() -> Iterator[tuple[type[Model], str]]:
    """Every table with a municipality, and the name of its column."""
    for model in apps.get_models(include_auto_created=True):
        if model is Municipality or model._meta.proxy:
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.related_model is Municipality:
                yield model, field.name


def _follow(turn: Turn) -> None:
    turn.each(still_to_move(turn.day), move_to_successor)


STEPS = (Step("mergers", _follow),)
