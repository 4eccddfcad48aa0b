"""The licence writes its work area down to the map; a group opens with two workers."""

from datetime import date

import pytest

from core import clock
from core.errors import RuleBroken
from core.organisations.models import Group
from licensing.licences import grant_licence, open_group, write_work_area
from tests.world import make_group, make_municipality, make_staff, make_worker

pytestmark = pytest.mark.django_db


@pytest.mark.req("R-241", "R-234")
def test_the_municipalities_of_a_licence_become_the_work_area_of_the_location() -> None:
    group = make_group()
    here, elsewhere = make_municipality(), make_municipality()
    with clock.travel(date(2026, 3, 1)):
        grant_licence(
            organisation=group.location.organisation,
            work_area={group.location: [here]},
            valid_from=date(2026, 1, 1),
            valid_until=date(2026, 12, 31),
            by=make_staff(),
        )
    assert list(group.location.work_area.all()) == [here]
    assert elsewhere not in group.location.work_area.all()
    with clock.travel(date(2027, 1, 1)):
        write_work_area(group.location)
    assert not group.location.work_area.exists()


@pytest.mark.req_part("R-120")
def test_a_group_does_not_open_with_one_worker() -> None:
    group = make_group(state=Group.State.PREPARING)
    make_worker(group)
    with pytest.raises(RuleBroken) as refused:
        open_group(group=group, by=make_staff())
    assert refused.value.code == "two_workers"
    group.refresh_from_db()
    assert group.state == Group.State.PREPARING
    make_worker(group)
    assert open_group(group=group, by=make_staff()).state == Group.State.OPEN
