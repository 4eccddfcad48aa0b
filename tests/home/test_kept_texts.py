"""Every text that is kept can be put together, and is the same whoever asks for it first.

What is asked first in a process is chance: the text may not hold its language or a setting. That it
holds nothing of the data and of the day is refused where it is made (core.ready_made).
"""

import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.test import override_settings
from django.utils import translation

from core import clock
from core.accounts.models import User
from core.accounts.roles import Role
from core.accounts.standing_in import Key, kinds_of, stand_in
from core.facts import Facts
from core.locks import ReadyLock
from core.ready_made import ReadyMade
from joinus.home.start.tonight import CARDS
from joinus.home.waiting import rules

pytestmark = pytest.mark.django_db

KEYS: list[Key] = [
    ("", frozenset()),
    (User.Kind.PARTICIPANT, frozenset()),
    *((User.Kind.STAFF, frozenset({role})) for role in Role),
]
SEVERAL: list[Key] = [
    (User.Kind.STAFF, frozenset(roles))
    for number in range(2, len(Role) + 1)
    for roles in combinations(Role, number)
]


def kept() -> dict[str, ReadyMade[Any]]:
    """What stands in the modules of the house, by where it stands."""
    found = {}
    for module, names in [(name, vars(module)) for name, module in sys.modules.items()]:
        if module.split(".")[0] in {*settings.INSTALLED_APPS, "joinus"}:
            for name, value in names.items():
                ready = value._ask if isinstance(value, ReadyLock) else value
                if isinstance(ready, ReadyMade):
                    found[f"{module}.{name}"] = ready
    return found


def every_fact() -> Iterator[Facts[Any]]:
    yield from (part.facts for rule in rules() for part in rule.parts)
    yield from CARDS


def anew(ready: ReadyMade[Any]) -> str | None:
    """Its text, as if nobody had asked for it yet; None where nothing can be found."""
    try:
        return ReadyMade(ready._row, ready._rows, **ready._kinds).text.sql
    except EmptyResultSet:
        return None


def of_who_has(key: Key, facts: Facts[Any]) -> ReadyMade[Any]:
    def rows(**places: Any) -> Any:
        found = facts.rows(stand_in(key, places)).order_by()
        return found.values_list(facts.as_object())

    return ReadyMade(tuple, rows, **kinds_of(key))


def test_no_text_holds_the_language_a_setting_or_the_day_of_who_asks_first() -> None:
    ready = kept()
    assert len(ready) > 25, "they are found"
    ready |= {
        f"{facts.rows.__qualname__} for {sorted(key[1])}": of_who_has(key, facts)
        for facts in every_fact()
        for key in KEYS
    }
    first = {name: anew(one) for name, one in ready.items()}
    elsewhere = override_settings(SITE_URL="https://elsewhere.example", FIRST_CONTACT_DAYS=99)
    with translation.override("en"), elsewhere, clock.travel(clock.now() + timedelta(days=1000)):
        then = {name: anew(one) for name, one in ready.items()}
    assert [name for name, text in first.items() if then[name] != text] == []


@pytest.mark.deep
def test_every_fact_can_be_asked_by_who_has_several_roles() -> None:
    for key in SEVERAL:
        for facts in every_fact():
            anew(of_who_has(key, facts))
