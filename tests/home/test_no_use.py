"""No page without a use for its role: who has nothing there is sent on, and nobody is lied to."""

from typing import Any

import pytest
from django.urls import reverse

from core.accounts.roles import Role
from tests import world
from tests.world import eyes

pytestmark = pytest.mark.django_db
WITHOUT_MEETINGS = (Role.QUALITY_COORDINATOR, Role.FOUNDATION, Role.RESEARCHER)


def roles() -> list[Any]:
    nobody = [world.make_national(role) for role in WITHOUT_MEETINGS]
    return [*nobody, world.make_manager(world.make_organisation())]


@pytest.mark.parametrize("name", ["groups:calendar", "groups:list"])
def test_who_follows_no_meetings_is_sent_to_the_own_start_page(name: str) -> None:
    """An empty list would tell them to plan a meeting in a group that they do not have."""
    for user in roles():
        assert eyes(user).get(reverse(name)).url == reverse("home:today")


def test_every_line_of_a_menu_leads_to_a_page_that_is_for_this_person() -> None:
    group = world.make_group()
    for user in (
        *roles(),
        world.make_worker(group),
        world.make_coordinator(group.location.region),
    ):
        client = eyes(user)
        menu = client.get(reverse("home:today")).context["nav"]
        assert menu
        for item in menu:
            page = client.get(item.url, follow=True)
            assert page.status_code == 200, item.url


def test_where_somebody_looks_at_the_demand_there_is_a_way_back() -> None:
    page = eyes(world.make_national(Role.FOUNDATION)).get(reverse("participants:demand"))
    assert f'class="back" href="{reverse("home:today")}"' in page.content.decode()
