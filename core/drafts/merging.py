"""Two people wrote in one form: what is kept of whom, field by field (R-340). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Merged(Generic[T]):
    """`values`: what the form holds now. `both`: the fields that both touched, with theirs."""

    values: dict[str, T]
    both: dict[str, T]


def merge(base: Mapping[str, T], mine: Mapping[str, T], theirs: Mapping[str, T]) -> Merged[T]:
    """Three-way, over the fields of `mine`.

    What only one touched is theirs or mine; what both touched alike is no question; what both
    touched stays mine, and theirs stands beside it until a person chooses. A field that `base` or
    `theirs` does not know is mine.
    """
    values: dict[str, T] = {}
    both: dict[str, T] = {}
    for name, own in mine.items():
        values[name] = own
        if name not in base or name not in theirs:
            continue
        was, stands = base[name], theirs[name]
        if stands in (was, own):
            continue
        if own == was:
            values[name] = stands
        else:
            both[name] = stands
    return Merged(values, both)
