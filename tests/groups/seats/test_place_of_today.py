"""Whoever moves later is of the old group until then, on every page of their own (R-377)."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.organisations.models import Group
from groups.activities.ideas import propose
from groups.activities.taking_part import seats_in
from groups.evenings.meetings import cancel_meeting
from groups.farewell.authors import lines_of
from groups.farewell.cards import start_card
from groups.health.facts import health_of
from groups.models import Meeting, Placement
from groups.seats.placement import move
from groups.seats.planned_move import begin_move
from participants.models import Trajectory
from tests import world

TODAY = date(2026, 2, 5)
MOVES = TODAY + timedelta(days=20)


@pytest.fixture(autouse=True)
def _that_day(db: None) -> Iterator[None]:
    with clock.travel(clock.at(TODAY, 12)):
        yield


@pytest.fixture
def here() -> Group:
    return world.make_group(name="Groep vrijdag", age_from=12, age_until=30)


@pytest.fixture
def there(here: Group) -> Group:
    house = {"organisation": here.location.organisation, "region": here.location.region}
    return world.make_group(name="Groep zaterdag", age_from=12, age_until=30, **house)


@pytest.fixture
def noor(here: Group, there: Group) -> Trajectory:
    """Moves in three weeks."""
    stay = world.make_participating(
        here, since=TODAY - timedelta(days=90), age=17, call_name="Noor"
    )
    world.give_own_agreements(stay)
    world.attend(stay, world.make_meeting(here, TODAY - timedelta(days=14), status="held"))
    by = world.make_worker(here)
    move(trajectory=stay, to_group=there, first_day=MOVES, by=by, reason="Verhuist.")
    return stay


def own_page(stay: Trajectory, name: str = "home:today") -> str:
    user = stay.participant.user
    return world.eyes(user).get(reverse(name)).content.decode()


def meets(group: Group, days: int) -> Meeting:
    return world.make_meeting(group, TODAY + timedelta(days=days))


@pytest.mark.req("R-377")
def test_the_next_meeting_is_that_of_the_group_of_today(
    here: Group, there: Group, noor: Trajectory
) -> None:
    next_one, first_there = meets(here, 2), meets(there, 21)
    page = own_page(noor)
    assert reverse("groups:my_meeting", args=[next_one.pk]) in page
    assert reverse("groups:first_evening") not in page
    with clock.travel(clock.at(TODAY + timedelta(days=4), 12)):
        page = own_page(noor)
        assert reverse("groups:first_evening") in page, "nothing is left here: then the new one"
        assert str(first_there.date.day) in page


@pytest.mark.req("R-377")
@pytest.mark.req("R-376")
def test_they_read_what_is_cancelled_before_they_move(here: Group, noor: Trajectory) -> None:
    gone = meets(here, 2)
    cancel_meeting(meeting=gone, reason="weather", by=world.make_worker(here))
    for name in ("home:today", "groups:calendar"):
        assert "gaat niet door" in own_page(noor, name), name


@pytest.mark.req("R-377")
def test_they_think_along_with_the_group_of_today(
    here: Group, there: Group, noor: Trajectory
) -> None:
    meets(here, 2)
    page = own_page(noor, "groups:calendar")
    assert reverse("groups:ideas", args=[here.pk]) in page
    assert reverse("groups:ideas", args=[there.pk]) not in page
    propose(group_id=here.pk, title="Bowlen", trajectory=noor, by=noor.participant.user)
    assert seats_in(here.pk).filter(trajectory=noor).exists()
    assert not seats_in(there.pk).filter(trajectory=noor).exists()


@pytest.mark.req("R-184")
def test_they_write_a_card_for_who_leaves_the_group_of_today(
    here: Group, there: Group, noor: Trajectory, client: Client
) -> None:
    for group, name in ((here, "Casey"), (there, "Vreemde")):
        leaves = world.make_participating(
            group, since=TODAY - timedelta(days=90), age=17, call_name=name
        )
        Trajectory.objects.filter(pk=leaves.pk).update(
            phase="leaving", last_meeting_on=TODAY + timedelta(days=14)
        )
        leaves.refresh_from_db()
        card = start_card(trajectory=leaves, by=world.make_worker(group, f"Werker {name}"))
        asked = {line.author.stay for line in lines_of(card)}
        assert (noor.pk in asked) is (group == here), name
    page = own_page(noor)
    assert "Casey" in page
    assert "Vreemde" not in page


def test_a_first_place_that_is_still_to_come_is_theirs_already(here: Group) -> None:
    stay = world.make_trajectory(group=here, phase="trial", age=17)
    world.seat(stay, here, first_day=TODAY + timedelta(days=5), trial=True)
    assert Placement.objects.held().filter(trajectory=stay).exists()


def test_a_place_that_ended_today_is_nobodys_place(here: Group) -> None:
    stay = world.make_participating(here, since=TODAY - timedelta(days=90), age=17)
    Placement.objects.filter(trajectory=stay).update(last_day=TODAY)
    assert not Placement.objects.held().filter(trajectory=stay).exists()


def rows_of(group: Group) -> str:
    """The table of the group's page, as its worker sees it."""
    eyes = world.eyes(world.make_worker(group))
    page = eyes.get(reverse("groups:group", args=[group.pk])).content.decode()
    begins = page.index('<div class="card__head"><h2>Deelnemers')
    return page[begins : page.index("</section>", begins)]


@pytest.mark.req("R-377")
def test_workers_of_the_old_group_see_them_until_the_last_day(
    here: Group, there: Group, noor: Trajectory
) -> None:
    table = rows_of(here)
    assert "Noor" in table
    assert reverse("home:file", args=[noor.pk]) in table
    assert "tot en met 24 feb" in table
    assert "1 gaat naar een andere groep" in table
    with clock.travel(clock.at(MOVES, 12)):
        begin_move(noor.pk)
        assert "Noor" not in rows_of(here)


@pytest.mark.req("R-377")
def test_workers_of_the_new_group_see_that_they_come_and_on_which_day(
    here: Group, there: Group, noor: Trajectory
) -> None:
    table = rows_of(there)
    assert "Noor" in table
    assert "komt op 25 feb" in table
    assert "1 van 15 plekken" in table
    assert "waarvan 1 later" in table
    assert reverse("home:file", args=[noor.pk]) not in table, "it is not theirs to read yet"
    assert not seats_of_today(there)
    with clock.travel(clock.at(MOVES, 12)):
        begin_move(noor.pk)
        table = rows_of(there)
        assert "komt op" not in table
        assert reverse("home:file", args=[noor.pk]) in table
        assert seats_of_today(there) == 1


def seats_of_today(group: Group) -> int:
    return health_of(group).taking_part
