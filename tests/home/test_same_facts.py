"""A kept text finds what a query of this moment finds, for everybody and at any moment (ADR 0016).

Asked in a town full of work by people with the same roles at other places, with several roles, and
with a role that ends at midnight; on a leap day, and in the nights in which the clock changes.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from core import clock
from core.accounts.models import User
from core.accounts.roles import Role
from core.accounts.standing_in import key_of
from core.facts import Facts, ask
from core.facts_rows import reader_of
from joinus.home.start.tonight import CARDS
from joinus.home.waiting import rules
from tests import world
from tests.access.town import Town

pytestmark = pytest.mark.django_db

NIGHTS = {
    "a leap day": date(2028, 2, 29),
    "an hour less": date(2026, 3, 29),
    "an hour more": date(2026, 10, 25),
}


@pytest.fixture(params=NIGHTS)
def night(request: pytest.FixtureRequest) -> Iterator[date]:
    """The clock stands at noon of the day before."""
    found = NIGHTS[request.param]
    with clock.travel(found - timedelta(days=1)):
        yield found


@pytest.fixture
def people(night: date) -> dict[str, User]:
    """Everybody of the town, and who has several roles there."""
    town = Town()
    places = {"here": town.group, "there": town.elsewhere}
    several = {"leads everywhere": world.make_worker(town.group)}
    world.give_role(several["leads everywhere"], Role.YOUTH_WORKER, group=town.elsewhere)
    for one, other in (("here", "there"), ("there", "here")):
        place = places[other].location
        coordinates = several[f"leads {one}, coordinates {other}"] = world.make_worker(places[one])
        world.give_role(coordinates, Role.REGIONAL_COORDINATOR, region=place.region)
        manages = several[f"leads {one}, manages {other}"] = world.make_worker(places[one])
        world.give_role(manages, Role.ORGANISATION_MANAGER, organisation=place.organisation)
    changes = several["changes at midnight"] = world.make_worker(town.group)
    changes.role_assignments.update(valid_until=clock.today())
    region = town.group.location.region
    world.give_role(changes, Role.REGIONAL_COORDINATOR, region=region, valid_from=night)
    return town.users | several


def moments_of(night: date) -> list[datetime]:
    """Midnight itself, and the hour that is not there or comes twice."""
    half_past_two = clock.at(night, 2, 30)
    return [
        clock.at(night - timedelta(days=1), 23, 59),
        clock.at(night, 0, 30),
        half_past_two,
        half_past_two.replace(fold=1),
    ]


def facts_for(user: User) -> list[Facts[Any]]:
    """All that may be asked for this person: of the start page, and of what waits."""
    asked = [part.facts for rule in rules() if rule.is_asked(user, None) for part in rule.parts]
    return [*asked, *(() if user.is_participant else CARDS)]


def found_now(user: User, facts: Facts[Any]) -> list[Any]:
    """Put together for this very user at this moment, as everything was before it was kept."""
    rows = facts.rows(user).order_by().values_list(facts.as_object(), flat=True)
    return [reader_of(facts.row)(row) for row in rows]


def alike(rows: list[Any]) -> Counter[str]:
    """The same rows in any order; the order of what is nested in them counts."""
    return Counter(map(repr, rows))


def differing(user: User) -> list[Facts[Any]]:
    """The facts of which the kept text finds something else."""
    return [
        facts
        for facts in facts_for(user)
        if alike(ask(user, [facts])[facts]) != alike(found_now(user, facts))
    ]


@pytest.mark.parametrize("night", ["an hour more"], indirect=True)
def test_a_kept_text_is_as_right_for_the_second_who_asks(
    night: date, people: dict[str, User]
) -> None:
    """Two with the same roles at other places, asked one after the other with one text."""
    first = ("worker", "coordinator", "participant", "leads here, coordinates there")
    second = (
        "worker_elsewhere",
        "other_coordinator",
        "other_participant",
        "leads there, coordinates here",
    )
    with clock.travel(moments_of(night)[-1]):
        for one, other in zip(first, second, strict=True):
            assert key_of(people[one]) == key_of(people[other])
            assert differing(people[one]) == []
            assert differing(people[other]) == []


@pytest.mark.deep
def test_a_kept_text_finds_what_a_query_of_now_finds(night: date, people: dict[str, User]) -> None:
    """The same user objects over midnight: nobody signs in again for it."""
    for moment in moments_of(night):
        with clock.travel(moment):
            for name, user in people.items():
                assert differing(user) == [], (name, moment)


def test_facts_that_are_asked_together_are_those_that_are_asked_alone(
    night: date, people: dict[str, User]
) -> None:
    seen = set()
    with clock.travel(moments_of(night)[1]):
        for name, user in people.items():
            together = ask(user, facts_for(user))
            for facts, rows in together.items():
                assert alike(rows) == alike(ask(user, [facts])[facts]), (name, facts)
                seen |= {type(row) for row in rows}
    assert len(seen) > 20, "a town without work proves nothing"


@pytest.mark.parametrize("night", ["an hour less"], indirect=True)
def test_who_changes_roles_at_midnight_finds_what_the_new_role_finds(
    night: date, people: dict[str, User]
) -> None:
    """The same user object, in a process that goes on."""
    user = people["changes at midnight"]
    before, after = (kinds_found(user, moment) for moment in moments_of(night)[:2])
    of_a_worker = {"Led", "Seat", "Worried"}
    assert of_a_worker <= before
    assert not of_a_worker & after
    assert "Put" in after - before


def kinds_found(user: User, moment: datetime) -> set[str]:
    with clock.travel(moment):
        found = ask(user, facts_for(user))
    return {facts.row.__name__ for facts, rows in found.items() if rows}
