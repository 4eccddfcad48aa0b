"""Everything that waits: one owner for every kind, and never two to-dos for one act."""

from collections import Counter
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _

from core import clock
from core.accounts.models import User
from core.organisations.models import Group
from core.ports import TodoKind
from joinus.home.waiting import rules, todos_for
from tests import world
from tests.access.town import Town
from tests.what_waits import beside_its_rule, twice

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return Town()


def test_every_kind_of_every_app_is_answered_by_one_rule() -> None:
    kinds = [kind for app in TodoKind.__subclasses__() for kind in app]
    owners = Counter(kind for rule in rules() for kind in rule.kinds)
    assert len(TodoKind.__subclasses__()) == 6
    assert max(Counter(str(kind) for kind in kinds).values()) == 1, "no word in two apps"
    assert owners == Counter(kinds)


def test_in_a_town_full_of_work_nobody_finds_one_act_twice(town: Town) -> None:
    """The whole list of every role, asked once each; every to-do is what its rule says of it."""
    seen: Counter[str] = Counter()
    for user in town.users.values():
        assert twice(user) == []
        assert beside_its_rule(user) == []
        seen.update(todo.kind for todo in todos_for(user))
    assert len(seen) > 15, seen


def test_a_heading_is_not_said_again_beside_its_lines(town: Town, client: Client) -> None:
    worker = town.users["worker"]
    soon = [todo for todo in todos_for(worker) if todo.when == _("this week")]
    assert soon
    client.force_login(worker)
    page = client.get(reverse("home:waiting")).content.decode()
    heading = escape(_("This week"))
    assert f"<h2>{heading}</h2>" in page
    assert soon[0].title in unescape(page)
    assert _("this week") not in page.replace(heading, "")


@pytest.mark.req("R-075")
@pytest.mark.parametrize("told", [True, False], ids=["told", "not told yet"])
@pytest.mark.parametrize("waits", [True, False], ids=["from the list", "at once"])
def test_who_is_found_suitable_is_proposed_for_an_evening_once(told: bool, waits: bool) -> None:
    group = world.make_group()
    worker = world.make_worker(group)
    since = clock.today() - timedelta(days=9) if waits else None
    stay = world.make_suitable(group, waiting_since=since)
    if told:
        stay.intake.told_at = clock.now()
        stay.intake.save()
    about = [todo for todo in todos_for(worker) if todo.about == stay.pk]
    assert [t.kind for t in about if t.kind != "applicant_to_tell"] == ["invite"]
    assert len(about) == (1 if told else 2)
    assert twice(worker) == []
    Group.objects.filter(pk=group.pk).update(state="full")
    assert world.waiting(worker, "invite") == []


@pytest.mark.req("R-075")
def test_who_is_ready_is_proposed_behind_somebody_whose_talk_is_still_to_come() -> None:
    group = world.make_group()
    worker = world.make_worker(group)
    long_ago, lately = (clock.today() - timedelta(days=days) for days in (60, 30))
    first = world.make_trajectory(group=group, phase="signed_up", waiting_since=long_ago)
    ready = world.make_suitable(group, waiting_since=lately)
    later = world.make_suitable(group, waiting_since=lately + timedelta(days=1))
    at_once = world.make_suitable(group)
    assert [t.about for t in world.waiting(worker, "first_in_line")] == [first.pk]
    invited = {t.about for t in world.waiting(worker, "invite")}
    assert invited == {ready.pk, at_once.pk}
    assert later.pk not in invited


def test_everything_that_waits_is_one_statement_and_one_kind_asks_one_rule() -> None:
    worker = world.make_worker(world.make_group())

    def asked(**only: Any) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            todos_for(User.objects.get(pk=worker.pk), **only)
        return [query["sql"] for query in queries]

    _user, _roles, everything = asked()
    assert everything.count("UNION ALL") > 20
    (owner,) = [rule for rule in rules() if "chat" in rule.kinds]
    _user, _roles, one = asked(kinds=owner.kinds)
    assert "UNION ALL" not in one
