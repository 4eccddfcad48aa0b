"""From the JSON of a row to a frozen dataclass: days, moments and ids get their types back."""

from collections.abc import Callable
from dataclasses import is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

Reader = Callable[[Any], Any]


@cache
def reader_of(kind: Any) -> Reader:
    """How a value of this type is read. Types: str, int, bool, UUID, date, datetime, X | None,
    tuple[X, ...] and dataclasses of these. Raises TypeError for any other."""
    if kind in (str, int, bool, Any):
        return _as_it_is
    if kind is UUID:
        return UUID
    if kind is datetime:
        return datetime.fromisoformat
    if kind is date:
        return date.fromisoformat
    if get_origin(kind) in (Union, UnionType):
        (inner,) = [one for one in get_args(kind) if one is not NoneType]
        return _or_none(reader_of(inner))
    if get_origin(kind) is tuple:
        return _all(reader_of(get_args(kind)[0]))
    if is_dataclass(kind) and isinstance(kind, type):
        return _fields(kind)
    raise TypeError(f"A fact has no {kind}.")


def _as_it_is(value: Any) -> Any:
    return value


def _or_none(read: Reader) -> Reader:
    return lambda value: None if value is None else read(value)


def _all(read: Reader) -> Reader:
    return lambda values: tuple(read(value) for value in values or ())


def _fields(kind: type) -> Reader:
    typed = [(name, reader_of(hint)) for name, hint in get_type_hints(kind).items()]
    plain = tuple(name for name, read in typed if read is _as_it_is)
    others = tuple((name, read) for name, read in typed if read is not _as_it_is)

    def read(value: dict[str, Any]) -> Any:
        known = {name: value[name] for name in plain}
        known.update((name, of(value[name])) for name, of in others)
        return kind(**known)

    return read
