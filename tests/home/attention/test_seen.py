"""*Seen*: one sign of one group, for one person, until its fact changes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from core import clock
from core.accounts.models import User
from core.organisations.models import Group
from joinus.home.attention.seen import see_sign
from joinus.home.models import SignSeen
from joinus.home.start.regional import Row, start_page
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> Group:
    """One worker, and somebody who waits for three weeks."""
    group = world.make_group(name="Groep 12–16")
    world.make_worker(group)
    waits(group, 21)
    return group


@pytest.fixture
def coordinator(group: Group) -> User:
    return world.make_coordinator(group.location.region)


def waits(group: Group, days: int) -> Any:
    since = clock.today() - timedelta(days=days)
    return world.make_trajectory(group=group, phase="intake", waiting_since=since)


def row(user: User, group: Group) -> Row:
    user = User.objects.get(pk=user.pk)
    (found,) = [row for row in start_page(user, {})["rows"] if row.facts.id == group.pk]
    return found


def said(user: User, group: Group) -> tuple[list[str], list[str]]:
    """The kinds that still ask, and those that were seen."""
    found = row(user, group)
    return [one.kind for one in found.reasons], [one.kind for one in found.seen]


def press(client: Client, user: User, group: Group, kind: str, **data: str) -> Any:
    found = row(user, group)
    (reason,) = [one for one in (*found.reasons, *found.seen) if one.kind == kind]
    client.force_login(user)
    return client.post(reason.see, {"mark": reason.mark} | data)


def test_what_was_seen_stands_behind_a_fold_and_can_be_shown_again(
    client: Client, group: Group, coordinator: User
) -> None:
    calm = world.make_group(region=group.location.region)
    for _n in range(2):
        world.make_worker(calm)
    answer = press(client, coordinator, group, "workers", back="show=asks&q=groep&page=1&x=evil")
    assert answer.url == "/vandaag/?show=asks&q=groep&page=1"
    assert said(coordinator, group) == (["waiting_list"], ["workers"])
    press(client, coordinator, group, "waiting_list")
    assert said(coordinator, group) == ([], ["workers", "waiting_list"])
    page = start_page(User.objects.get(pk=coordinator.pk), {})
    assert [one.facts.id for one in page["rows"]] == [calm.pk, group.pk], "it sinks, and stays"
    assert page["totals"].asking == 0
    assert page["totals"].seen == 1
    shown = client.get("/vandaag/").content.decode()
    assert "Gezien (2)" in shown
    again = row(coordinator, group).seen[0].show_again
    for _twice in range(2):
        assert client.post(again).status_code == 302
    assert said(coordinator, group) == (["workers"], ["waiting_list"])


def test_it_is_back_as_soon_as_its_fact_changes(
    client: Client, group: Group, coordinator: User
) -> None:
    press(client, coordinator, group, "waiting_list")
    press(client, coordinator, group, "workers")
    assert said(coordinator, group) == ([], ["workers", "waiting_list"])
    waits(group, 1)
    assert said(coordinator, group) == (["waiting_list"], ["workers"])
    second = world.make_worker(group)
    assert said(coordinator, group) == (["waiting_list"], [])
    second.role_assignments.update(valid_until=clock.today() - timedelta(days=1))
    assert said(coordinator, group)[0] == ["workers", "waiting_list"], "one again is another one"


def test_a_sign_whose_fact_has_gone_leaves_nothing(
    client: Client, group: Group, coordinator: User
) -> None:
    press(client, coordinator, group, "workers")
    press(client, coordinator, group, "waiting_list")
    world.make_worker(group)
    group.trajectories.update(waiting_since=None)
    assert said(coordinator, group) == ([], [])
    assert start_page(User.objects.get(pk=coordinator.pk), {})["totals"].seen == 0


def test_two_coordinators_see_for_themselves(
    client: Client, group: Group, coordinator: User
) -> None:
    other = world.make_coordinator(group.location.region, "Ans Smit")
    press(client, coordinator, group, "workers")
    assert said(other, group) == (["workers", "waiting_list"], [])
    client.force_login(other)
    client.post(row(coordinator, group).seen[0].show_again)
    assert said(coordinator, group)[1] == ["workers"], "nobody takes back another's"


def test_pressed_twice_in_two_tabs_is_once_and_an_old_tab_says_that_it_changed(
    client: Client, group: Group, coordinator: User
) -> None:
    old = row(coordinator, group).reasons[1]
    for _twice in range(2):
        press(client, coordinator, group, "waiting_list")
    assert SignSeen.objects.count() == 1
    waits(group, 2)
    press(client, coordinator, group, "waiting_list")
    assert said(coordinator, group)[1] == ["waiting_list"]
    page = client.post(old.see, {"mark": old.mark}, follow=True).content.decode()
    assert "Er is net iets veranderd" in page
    assert said(coordinator, group)[1] == ["waiting_list"], "what was seen since stays seen"


def test_what_is_no_sign_of_this_group_is_refused(group: Group, coordinator: User) -> None:
    for kind, mark in (("small_group", "3:"), ("workers", "0:"), ("workers", ""), ("x", "\x00")):
        with world.broken("sign_changed"):
            see_sign(group=group, kind=kind, mark=mark, by=coordinator)
    assert not SignSeen.objects.exists()


def test_who_only_reads_figures_puts_nothing_aside(client: Client, group: Group) -> None:
    own, other = world.make_group(), group
    manager = world.make_manager(own.location.organisation)
    client.force_login(manager)
    for name in ("gezien", "toch-tonen"):
        for asked, status in ((own, 403), (other, 404)):
            path = f"/groepen/{asked.pk}/signalen/workers/{name}/"
            assert client.post(path, {"mark": "1:"}).status_code == status
            assert client.get(path).status_code == 405
    client.force_login(world.make_coordinator(group.location.region))
    for wrong in (
        f"/groepen/{group.pk}/signalen/iets/gezien/",
        f"/groepen/{UUID(int=1)}/signalen/workers/gezien/",
    ):
        assert client.post(wrong, {"mark": "1:"}).status_code == 404


def test_a_mark_of_more_than_a_year_ago_goes_at_the_next_press(
    client: Client, group: Group, coordinator: User
) -> None:
    press(client, coordinator, group, "workers")
    SignSeen.objects.update(at=clock.now() - timedelta(days=400))
    press(client, coordinator, group, "waiting_list")
    assert [one.kind for one in SignSeen.objects.all()] == ["waiting_list"]
