"""Two people of one call name are told apart wherever they can be seen together (R-343)."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from core import clock
from core.messaging.models import Message
from core.messaging.rendering import render
from core.names import ISOLATE, isolated
from core.organisations.models import Group
from participants.models import Participant, Trajectory
from participants.parents.coming_of_age import correct_birth_date
from participants.person.details import change_details
from participants.person.shown_name import tell_everybody_apart
from participants.rights.erasure import erase_person
from tests import world
from tests.participants.parents.build import NOON, asked, child, follow
from tests.participants.parents.test_not_at_home import every_page
from tests.world import eyes

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-343")]


@pytest.fixture
def group() -> Group:
    return world.make_group()


def noor(group: Group | None, born: date, call_name: str = "Noor", **more: Any) -> Trajectory:
    return world.make_trajectory(group=group, call_name=call_name, birth_date=born, **more)


def shown(*stays: Trajectory) -> list[str]:
    names = dict(Trajectory.objects.values_list("pk", "shown_name"))
    return [names[stay.pk] for stay in stays]


def test_who_is_the_only_one_of_the_name_is_called_by_it(group: Group) -> None:
    mine = noor(group, date(2012, 5, 3))
    assert mine.shown_name == "Noor"
    assert shown(mine, noor(group, date(2012, 5, 3), "Bo")) == ["Noor", "Bo"]


def test_a_second_one_of_the_name_makes_both_be_called_with_their_year_of_birth(
    group: Group,
) -> None:
    first = noor(group, date(2012, 5, 3))
    second = noor(group, date(2009, 5, 3), "noor")
    assert second.shown_name == "noor (2009)"
    assert shown(first, second) == ["Noor (2012)", "noor (2009)"]


@pytest.mark.parametrize("other", ["noor", "NOOR", "Nóor", "No'or"])
def test_another_spelling_of_the_name_is_the_same_name(group: Group, other: str) -> None:
    assert shown(noor(group, date(2012, 5, 3)), noor(group, date(2009, 5, 3), other)) == [
        "Noor (2012)",
        f"{other} (2009)",
    ]


def test_of_one_year_the_day_says_who_of_one_day_the_postcode_and_else_a_number(
    group: Group,
) -> None:
    first, day = noor(group, date(2012, 5, 3)), noor(group, date(2012, 9, 11))
    assert shown(first, day) == ["Noor (03-05-2012)", "Noor (11-09-2012)"]
    moved = noor(group, date(2012, 5, 3))
    Participant.objects.filter(pk=moved.participant_id).update(postcode="3511")
    assert shown(first, moved, day) == [
        "Noor (03-05-2012, 1011)",
        "Noor (03-05-2012, 3511)",
        "Noor (11-09-2012)",
    ]
    double = noor(group, date(2012, 5, 3))
    assert shown(first, double, moved) == [
        "Noor (03-05-2012, 1011, 1)",
        "Noor (03-05-2012, 1011, 2)",
        "Noor (03-05-2012, 3511)",
    ]


def test_people_of_one_organisation_can_be_seen_together_others_not(group: Group) -> None:
    here = noor(group, date(2012, 5, 3))
    elsewhere = noor(world.make_group(), date(2009, 5, 3))
    assert shown(here, elsewhere) == ["Noor", "Noor"]
    colleague = noor(world.make_group(organisation=group.location.organisation), date(2010, 5, 3))
    assert shown(here, elsewhere, colleague) == ["Noor (2012)", "Noor", "Noor (2010)"]


def test_without_a_group_people_of_one_region_can_be_seen_together(group: Group) -> None:
    region = group.location.region
    first = noor(None, date(2012, 5, 3), region=region, phase="signed_up")
    second = noor(None, date(2009, 5, 3), region=region, phase="signed_up")
    elsewhere = noor(None, date(2010, 5, 3), region=world.make_region(), phase="signed_up")
    assert shown(first, second, elsewhere) == ["Noor (2012)", "Noor (2009)", "Noor"]


def test_who_left_is_told_apart_from_who_is_there_and_nobody_from_who_left(group: Group) -> None:
    left = noor(group, date(2012, 5, 3))
    there = noor(group, date(2009, 5, 3))
    Trajectory.objects.filter(pk=left.pk).update(phase="withdrawn")
    assert shown(left, there) == ["Noor (2012)", "Noor"]


def test_another_group_another_name_and_another_birth_date_count_at_once(group: Group) -> None:
    first, second = noor(group, date(2012, 5, 3)), noor(world.make_group(), date(2012, 9, 11))
    Trajectory.objects.filter(pk=second.pk).update(group=group)
    assert shown(first, second) == ["Noor (03-05-2012)", "Noor (11-09-2012)"]
    world_worker = world.make_worker(group)
    correct_birth_date(
        participant=second.participant,
        by=world_worker,
        birth_date=date(2010, 9, 11),
        reason="Typed wrong.",
    )
    assert shown(first, second) == ["Noor (2012)", "Noor (2010)"]
    person = Participant.objects.get(pk=second.participant_id)
    change_details(participant=person, by=world_worker, call_name="Nora")
    assert shown(first, second) == ["Noor", "Nora"]
    change_details(participant=person, by=world_worker, call_name="Noor")
    Trajectory.objects.filter(pk=second.pk).update(group=world.make_group())
    assert shown(first, second) == ["Noor", "Noor"]


def test_whose_data_were_erased_is_nobodys_namesake(group: Group) -> None:
    first, second = noor(group, date(2012, 5, 3)), noor(group, date(2009, 5, 3))
    erase_person(participant=second.participant, by=world.make_worker(group))
    name = Participant.objects.get(pk=second.participant_id).call_name
    assert shown(first, second) == ["Noor", name]


def test_two_stays_of_one_person_are_no_namesakes(group: Group) -> None:
    first = noor(group, date(2012, 5, 3))
    Trajectory.objects.filter(pk=first.pk).update(phase="withdrawn")
    again = world.make_trajectory(group=group, participant=first.participant)
    assert shown(first, again) == ["Noor", "Noor"]


def test_nobody_but_the_database_writes_it(group: Group) -> None:
    mine = noor(group, date(2012, 5, 3))
    Trajectory.objects.filter(pk=mine.pk).update(shown_name="somebody else")
    mine.shown_name = "a name of an hour ago"
    mine.save()
    assert shown(mine) == ["Noor"]


def test_telling_everybody_apart_anew_changes_nothing_but_mends_what_moved(group: Group) -> None:
    stays = [noor(group, date(2012, 5, 3)), noor(group, date(2009, 5, 3), "noor")]
    stays += [noor(group, date(2001 + n, 1, n + 1), "Bo") for n in range(4)]
    before = shown(*stays)
    assert tell_everybody_apart() == 0
    assert shown(*stays) == before
    other = world.make_group()
    alone = noor(other, date(2000, 1, 1))
    other.location.organisation = group.location.organisation
    other.location.save()
    assert shown(alone) == ["Noor"]
    assert tell_everybody_apart() == 1
    assert shown(alone, *stays) == ["Noor (2000)", *before]


def test_young_people_and_parents_read_the_call_name_alone() -> None:
    """Nobody of the group, and nobody's parent, reads how old another is."""
    with clock.travel(NOON):
        mine = child(birth_date=date(2012, 5, 3))
        assert mine.group is not None
        other = noor(mine.group, date(2011, 5, 3))
        assert shown(mine, other) == ["Noor (2012)", "Noor (2011)"]
        meeting = world.make_meeting(mine.group, clock.today() + timedelta(days=1))
        world.make_worker(mine.group)
        _row, token, _parent = asked(mine)
        since = clock.today() - timedelta(days=60)
        Trajectory.objects.filter(pk=mine.pk).update(phase="participating", blocked_reason="")
        world.seat(mine, first_day=since)
        world.attend(mine, meeting, "absent")
        pages = [html for _url, html in every_page(eyes(mine.participant.user))]
        assert len(pages) > 12
        pages += [follow(token)[1].content.decode()]
        pages += [render(one).text for one in Message.objects.exclude(contact__guardian=None)]
    assert all(re.search("Noor", page) for page in pages[-2:])
    for page in pages:
        assert not re.search(r"Noor\W{0,3}\(\d", page)


def test_a_name_from_right_to_left_is_isolated_from_its_year(group: Group) -> None:
    first, second = (noor(group, date(year, 5, 3), "محمد") for year in (2012, 2009))
    assert shown(first, second) == ["\u2068محمد\u2069 (2012)", "\u2068محمد\u2069 (2009)"]


def test_the_database_isolates_the_names_that_the_program_isolates() -> None:
    names = [
        "Noor",
        "محمد",
        "שרה כהן",
        "Bo محمد",
        f"{ISOLATE}محمد\u2069",
        "山田",
        "Ναι",
        "𐤀",
        "ܐ",
        "",
    ]
    with connection.cursor() as cursor:
        cursor.execute("select n, name_isolated(n) from unnest(%s::text[]) n", [names])
        assert cursor.fetchall() == [(name, isolated(name)) for name in names]
