"""A municipality that ends: everything goes to its successor on the day, by itself (R-342)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from core import clock
from core.organisations.mergers import STEPS, _tables, move_to_successor, still_to_move, successors
from core.organisations.models import Location, Municipality, PostalArea
from core.organisations.places import by_code, load_places, where
from core.sweep.steps import take_turn
from licensing.models import LicenceMunicipality
from participants.models import InterestCount, Participant
from participants.signup.interest import register_interest
from participants.signup.sign_up import Answer, check
from tests.participants.signup.build import SIGN_UP, form
from tests.world import make_group, make_municipality, make_trajectory, make_worker

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-342")]

LAST_DAY = date(2026, 12, 31)
DAY_AFTER = date(2027, 1, 1)


@pytest.fixture
def group() -> Any:
    return make_group()


@pytest.fixture
def old(group: Any) -> Municipality:
    """Its postcode is 4100; the group serves it. It ends tomorrow night."""
    place = make_municipality("Oudedam", pc4="4100", region=group.location.region)
    group.location.work_area.add(place)
    new = Municipality.objects.create(
        cbs_code="N00001", name="Nieuwdam", province="Utrecht", valid_from=DAY_AFTER
    )
    place.valid_until, place.successor = LAST_DAY, new
    place.full_clean()
    place.save()
    return place


@pytest.fixture
def new(old: Municipality) -> Municipality:
    assert old.successor is not None
    return old.successor


def on(day: date, it_is: Any) -> None:
    it_is(datetime(day.year, day.month, day.day, 0, 0, 1, tzinfo=clock.AMSTERDAM))


@pytest.mark.parametrize("swept", [False, True])
@pytest.mark.parametrize(
    ("day", "after"),
    [
        (LAST_DAY - timedelta(days=1), False),
        (LAST_DAY, False),
        (DAY_AFTER, True),
        (DAY_AFTER + timedelta(days=40), True),
    ],
)
def test_its_postcode_leads_to_who_serves_it_on_every_day(
    old: Municipality,
    new: Municipality,
    group: Any,
    it_is: Any,
    day: date,
    after: bool,
    swept: bool,
) -> None:
    on(day, it_is)
    if swept:
        take_turn(STEPS[0], day=day)
    for query in ("4100", "4100 AB", "Oudedam", "oudedam"):
        found = where(query)
        assert found == [new if after else old], query
    assert check(municipality=found[0], age=14).answer == Answer.WELCOME
    assert by_code(old.pk) == (new if after else old)


@pytest.mark.parametrize("day", [LAST_DAY - timedelta(days=1), LAST_DAY, DAY_AFTER])
def test_somebody_signs_up_from_its_postcode(
    old: Municipality, new: Municipality, group: Any, client: Any, it_is: Any, day: date
) -> None:
    make_worker(group)
    on(day, it_is)
    born = day.replace(year=day.year - 14)
    sent = form(postcode="4100 AB")
    sent |= {
        "birth_date_day": born.day,
        "birth_date_month": born.month,
        "birth_date_year": born.year,
    }
    assert client.post(SIGN_UP, sent).status_code == 302
    assert Participant.objects.get().municipality == (new if day > LAST_DAY else old)


def test_everything_moves_once_and_nothing_before_its_day(
    old: Municipality, new: Municipality, group: Any
) -> None:
    stay = make_trajectory(group=group)
    Participant.objects.filter(pk=stay.participant_id).update(municipality=old)
    take_turn(STEPS[0], day=LAST_DAY)
    assert PostalArea.objects.get(pc4="4100").municipality == old
    for _again in range(2):
        assert take_turn(STEPS[0], day=DAY_AFTER).is_well
        assert PostalArea.objects.get(pc4="4100").municipality == new
        assert list(Location.objects.get(pk=group.location_id).work_area.all()) == [new]
        assert Participant.objects.get(pk=stay.participant_id).municipality == new
        new.refresh_from_db()
        assert new.region == old.region
        assert list(still_to_move(DAY_AFTER)) == []


def test_no_table_with_a_municipality_is_left_behind(old: Municipality, new: Municipality) -> None:
    moved = {model for model, _column in _tables()}
    assert {PostalArea, Location.work_area.through, Participant, InterestCount} <= moved
    assert LicenceMunicipality in moved
    for relation in Municipality._meta.get_fields():
        if relation.auto_created and relation.one_to_many and relation.name != "predecessors":
            assert relation.related_model in moved


def test_the_counts_of_a_month_are_added_up(
    old: Municipality, new: Municipality, it_is: Any
) -> None:
    on(LAST_DAY, it_is)
    register_interest(municipality=old, age=14, email="bo@example.org")
    register_interest(municipality=old, age=14, email="mees@example.org")
    register_interest(municipality=new, age=15, email="noor@example.org")
    InterestCount.objects.create(month=date(2026, 11, 1), municipality=old, times=7)
    move_to_successor(old)
    counts = {(row.month, row.municipality_id): row.times for row in InterestCount.objects.all()}
    assert counts == {(date(2026, 12, 1), new.pk): 3, (date(2026, 11, 1), new.pk): 7}


def test_a_row_that_the_successor_has_already_is_not_there_twice(
    old: Municipality, new: Municipality, group: Any
) -> None:
    PostalArea.objects.create(pc4="4100", place="Oudedam", municipality=new)
    group.location.work_area.add(new)
    move_to_successor(old)
    assert PostalArea.objects.get().municipality == new
    assert list(group.location.work_area.all()) == [new]


def test_mergers_one_after_the_other_lead_to_the_last(old: Municipality, new: Municipality) -> None:
    last = make_municipality("Grootdam")
    new.valid_until, new.successor = date(2028, 12, 31), last
    new.save()
    assert successors(date(2029, 1, 1)) == {old.pk: last.pk, new.pk: last.pk}
    assert successors(DAY_AFTER) == {old.pk: new.pk}
    take_turn(STEPS[0], day=date(2029, 1, 1))
    assert PostalArea.objects.get(pc4="4100").municipality == last


def test_the_next_load_brings_no_old_rows_back(it_is: Any) -> None:
    load_places()
    ended = Municipality.objects.get(name="Renswoude")
    heir = Municipality.objects.get(name="Scherpenzeel")
    ended.valid_until, ended.successor = LAST_DAY, heir
    ended.save()
    before = PostalArea.objects.count()
    on(DAY_AFTER, it_is)
    load_places()  # before the sweep
    take_turn(STEPS[0], day=DAY_AFTER)
    load_places()  # and after it
    PostalArea.objects.filter(municipality=heir, place="Renswoude").delete()
    load_places()  # what is missing is added where it belongs by now
    assert not PostalArea.objects.filter(municipality=ended).exists()
    assert [m.name for m in where("Renswoude")] == ["Scherpenzeel"]
    assert PostalArea.objects.count() == before


def test_the_administration_refuses_a_successor_that_is_none(
    old: Municipality, new: Municipality
) -> None:
    other = make_municipality("Elders")
    other.successor = new
    with pytest.raises(ValidationError):
        other.full_clean()  # no last day
    other.valid_until = date(2025, 1, 1)
    with pytest.raises(ValidationError):
        other.full_clean()  # the successor is not there yet
    new.valid_until, new.successor = date(2028, 1, 1), old
    with pytest.raises(ValidationError):
        new.full_clean()  # a circle, and it ended before
    other.valid_until, other.successor = LAST_DAY, other
    with pytest.raises(ValidationError):
        other.full_clean()
