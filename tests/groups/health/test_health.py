"""How a group is doing: for its workers on its page, from the same facts as the coordinator's."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.accounts.models import RoleAssignment
from core.accounts.rights import Reach
from core.organisations.models import Group
from groups.evenings.closing import close_evening
from groups.health.facts import Health, health_of
from groups.health.signs import signs
from groups.health.words import lines, reason
from groups.models import LogbookPart
from joinus.home.attention.facts import facts_of
from tests import world

TODAY = date(2026, 11, 27)
DAY = timedelta(days=1)
SINCE = TODAY - timedelta(days=200)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with clock.travel(clock.at(TODAY, 12)):
        yield


SOUND = Health(
    state="open",
    workers=2,
    seats=8,
    taking_part=8,
    met=True,
    last_on=TODAY - 14 * DAY,
    next_on=TODAY,
    evening=None,
    evening_on=TODAY - 14 * DAY,
    here=7,
    stays=0,
    mean=None,
    unkept=0,
    unkept_on=None,
)


class TestRule:
    @pytest.mark.req("R-142")
    def test_a_meeting_without_a_logbook_is_a_sign_of_an_open_group(self) -> None:
        behind = replace(SOUND, unkept=2, unkept_on=TODAY - 5 * DAY)
        assert [sign.kind for sign in signs(behind, TODAY)] == ["no_logbook"]
        assert signs(replace(behind, state="closed"), TODAY) == []

    def test_nobody_is_said_in_words_and_another_year_with_its_number(self) -> None:
        left = replace(SOUND, taking_part=0, here=0, evening_on=date(2025, 12, 28))
        assert [reason(left, sign, TODAY) for sign in signs(left, TODAY)] == [
            "Er doet niemand mee; een groep werkt vanaf vijf.",
            "Op 28 december 2025 was er niemand.",
        ]

    @pytest.mark.req("R-083")
    def test_how_long_people_take_part_asks_nothing_of_anybody(self) -> None:
        """A figure, however short or long."""
        for days in (0, 30, 365, 3000):
            assert signs(replace(SOUND, stays=9, mean=timedelta(days=days)), TODAY) == []

    def test_the_mean_is_told_in_whole_months(self) -> None:
        told = [replace(SOUND, stays=1, mean=timedelta(days=n)).months for n in (335, 365, 372)]
        assert told == [11, 12, 12]


@pytest.fixture
def group(db: None) -> Group:
    group = world.make_group(name="Groep 12–16")
    world.make_worker(group)
    world.make_worker(group, "Daan Smit")
    return group


def shared(group: Group) -> tuple[Any, Any]:
    """The same facts, as the page of the group and the coordinator's list know them."""
    (far,) = facts_of(Reach(groups=frozenset({group.pk})))
    own = health_of(group)
    names = (
        "state", "workers", "seats", "taking_part", "met", "last_on", "next_on", "evening",
        "evening_on", "here",
    )  # fmt: skip
    return tuple(getattr(own, n) for n in names), tuple(getattr(far, n) for n in names)


def test_both_read_the_same_of_made_up_groups(group: Group) -> None:
    luck = Random(11)
    assert len(set(shared(group))) == 1
    for _n in range(12):
        one = world.make_group(state=luck.choice(["open", "full", "closed"]))
        for _w in range(luck.randrange(3)):
            world.make_worker(one)
        stays = [world.make_participating(one, since=SINCE) for _p in range(luck.choice([0, 1, 6]))]
        for weeks in luck.sample(range(-4, 12), luck.randrange(5)):
            status = luck.choice(["held", "planned", "cancelled"])
            meeting = world.make_meeting(one, TODAY - timedelta(weeks=weeks), status)
            if luck.random() < 0.3 and status != "cancelled" and weeks == 0:
                meeting.closed_at = clock.at(TODAY, 11)
                meeting.save()
            for stay in luck.sample(stays, luck.randrange(len(stays) + 1)):
                world.attend(stay, meeting, luck.choice(["present", "absent_with_notice"]))
        own, far = shared(one)
        assert own == far


@pytest.mark.req("R-118")
def test_few_people_are_only_said_after_the_end(group: Group) -> None:
    """At the end, or when a worker closed it: not while more may come."""
    stays = [world.make_participating(group, since=SINCE) for _n in range(5)]
    meeting = world.make_meeting(group, TODAY, "held")
    for stay in stays[:3]:
        world.attend(stay, meeting)

    def said() -> list[str]:
        now = clock.today()
        found = lines(group, health_of(group), now, leads=True)
        assert len(set(shared(group))) == 1
        return [line.text for line in found]

    with clock.travel(meeting.ends_at - timedelta(hours=1)):
        assert said() == []
        close_evening(meeting=meeting, by=world.make_worker(group))
        assert said() == ["Op 27 november waren er 3. Met minder dan vijf is oefenen lastig."]
    with clock.travel(meeting.ends_at):
        assert len(said()) == 1
        world.attend(stays[3], meeting)
        world.attend(stays[4], meeting)
        assert said() == []


@pytest.mark.req("R-083")
def test_the_page_tells_how_long_people_took_part(client: Client, group: Group) -> None:
    client.force_login(world.make_worker(group))
    page = reverse("groups:group", args=[group.pk])
    assert "nog geen gemiddelde" in client.get(page).content.decode()
    for days in (200, 500):
        world.make_trajectory(
            group=group,
            phase="former",
            definitive_on=TODAY - timedelta(days=days + 30),
            exited_on=TODAY - timedelta(days=30),
            exit_kind="goal",
        )
    html = client.get(page).content.decode()
    assert "De 2 deelnemers die afscheid namen, deden gemiddeld 11 maanden mee." in html
    assert "het is geen grens" in html


@pytest.mark.req("R-117", "R-114")
def test_each_sign_has_its_reason_and_one_next_step(client: Client, group: Group) -> None:
    stay = world.make_participating(group, since=SINCE)
    meeting = world.make_meeting(group, TODAY - 23 * DAY, "held")
    world.attend(stay, meeting)
    RoleAssignment.objects.filter(group=group).latest("pk").delete()
    facts = health_of(group)
    own = lines(group, facts, TODAY, leads=True)
    kinds = ["workers", "small_group", "no_logbook", "rhythm", "small_evening"]
    assert [line.kind for line in own] == kinds
    assert all(line.text and line.step for line in own)
    plan, logbook, sheet = (
        reverse("groups:plan", args=[group.pk]),
        reverse("groups:logbook", args=[meeting.pk]),
        reverse("groups:meeting", args=[meeting.pk]),
    )
    applicants = reverse("participants:applicants")
    assert [line.url for line in own] == ["", applicants, logbook, plan, sheet]
    assert "en er staat er geen gepland" in own[3].text
    others = lines(group, facts, TODAY, leads=False)
    assert [line.url for line in others] == ["", "", "", "", sheet], "nothing that is not theirs"
    assert others[0].step == "Vraag aan de organisatie wie hier begeleider kan worden."
    for line in others[1:4]:
        assert line.step == "Bespreek het met de begeleiders van de groep.", (
            "a number may be unknown"
        )
    for user, leads in (
        (world.make_worker(group), True),
        (world.make_coordinator(group.location.region), False),
    ):
        client.force_login(user)
        html = client.get(reverse("groups:group", args=[group.pk])).content.decode()
        health = html.split('id="health"')[1].split("</section>")[0]
        assert "Op 4 november was er 1." in health
        assert (plan in health) == leads


def test_a_sound_group_says_so(client: Client, group: Group) -> None:
    for _n in range(5):
        stay = world.make_participating(group, since=SINCE)
        for weeks in (2, 4):
            day = TODAY - timedelta(weeks=weeks)
            held = group.meetings.filter(date=day).first() or world.make_meeting(group, day, "held")
            world.attend(stay, held)
    worker = world.make_worker(group)
    for held in group.meetings.all():
        LogbookPart.objects.create(
            meeting=held, kind="own_time", filled=True, written_by=worker, written_at=clock.now()
        )
    client.force_login(worker)
    html = client.get(reverse("groups:group", args=[group.pk])).content.decode()
    assert "Er is niets dat aandacht vraagt." in html
