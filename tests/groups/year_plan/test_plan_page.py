"""The page of the year plan over HTTP: what it shows, and what one act plans."""

import re
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.organisations.models import Group, SchoolHoliday
from core.organisations.school_holidays import load_school_holidays
from groups.evenings.meetings import cancel_meeting, plan_ahead
from groups.models import Meeting
from groups.year_plan.plan import year_plan
from tests import world

TODAY = date(2026, 9, 1)
DAY = timedelta(days=1)
FRIDAY = date(2026, 9, 4)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with clock.travel(TODAY):
        yield


@pytest.fixture
def group(db: None) -> Group:
    load_school_holidays()
    town = world.make_municipality("Voorbeeldstad")
    town.province = "Limburg"
    town.save()
    return world.make_group(name="Groep 12–16", municipality=town)


@pytest.fixture
def worker(client: Client, group: Group) -> Any:
    worker = world.make_worker(group)
    client.force_login(worker)
    return worker


def page(client: Client, group: Group, query: str = "") -> str:
    answer = client.get(reverse("groups:plan", args=[group.pk]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def ticks(html: str) -> dict[str, bool]:
    """Each day that can be ticked -> whether it is."""
    found = re.findall(r'<input type="checkbox" name="dates" value="([\d-]+)"([^>]*)>', html)
    return {day: "checked" in rest for day, rest in found}


def planned(group: Group) -> list[date]:
    return list(group.meetings.exclude(status="cancelled").values_list("date", flat=True))


@pytest.mark.req("R-116", "R-114", "R-115")
def test_one_act_plans_the_season(client: Client, group: Group, worker: Any) -> None:
    shown = ticks(page(client, group))
    assert len(shown) == 26
    chosen = [day for day, ticked in shown.items() if ticked]
    answer = client.post(reverse("groups:plan", args=[group.pk]), {"dates": chosen}, follow=True)
    assert [d.isoformat() for d in planned(group)] == chosen
    meeting = group.meetings.first()
    assert meeting is not None
    assert meeting.ends_at - meeting.starts_at == timedelta(hours=3)
    html = answer.content.decode()
    assert f"{len(chosen)} van de 26" in html
    assert not any(ticks(html).values()), "what is left are holidays"


@pytest.mark.req("R-116")
def test_holidays_are_named_and_not_ticked(client: Client, group: Group, worker: Any) -> None:
    html = page(client, group)
    off = [day for day, ticked in ticks(html).items() if not ticked]
    assert off == ["2026-12-25", "2027-02-19", "2027-04-30", "2027-08-06", "2027-08-20"]
    for name in ("Eerste kerstdag", "voorjaarsvakantie", "meivakantie", "zomervakantie"):
        assert name in html
    assert "regio Zuid" in html


def test_another_region_by_hand_and_a_season_nobody_entered(
    client: Client, group: Group, worker: Any
) -> None:
    south, north = (ticks(page(client, group, f"?regio={r}")) for r in ("zuid", "noord"))
    assert (south["2027-02-19"], north["2027-02-19"]) == (False, True)
    assert (south["2027-07-23"], north["2027-07-23"]) == (True, False)
    SchoolHoliday.objects.all().delete()
    assert "nog niet bekend" in page(client, group)
    group.location.work_area.clear()
    assert "In welke regio" in page(client, group)


def test_what_was_held_planned_and_cancelled_against_26(
    client: Client, group: Group, worker: Any
) -> None:
    stay = world.make_participating(group, since=TODAY - 90 * DAY)
    for n in range(3):
        meeting = world.make_meeting(group, FRIDAY + 14 * n * DAY, "held", activity="Koken")
        world.attend(stay, meeting)
    world.make_meeting(group, FRIDAY + 42 * DAY)
    with clock.travel(FRIDAY + 35 * DAY):
        off = plan_ahead(group=group, dates=[FRIDAY + 56 * DAY], by=worker)[0]
        cancel_meeting(meeting=off, reason="location", by=worker)
        html = page(client, group)
        plan = year_plan(group)
    legend = re.sub("<[^>]*>", "", html.split("year__legend")[1].split("</ul>")[0])
    assert "3 gehouden" in legend
    assert "1 gepland" in legend
    assert "1 gaat niet door" in legend
    assert (plan.held, plan.planned, plan.standing) == (3, 1, 4)
    assert f"{4 + plan.ticked_count} van de 26" in html
    marks = html.split("year__marks")[1].split("</ul>")[0]
    assert marks.count("gehouden") == 3, "each mark has its word"
    assert marks.count("gaat niet door") == 1
    assert "Koken" in html


def test_twice_and_in_two_tabs(client: Client, group: Group, worker: Any) -> None:
    first, second = FRIDAY.isoformat(), (FRIDAY + 14 * DAY).isoformat()
    address = reverse("groups:plan", args=[group.pk])
    client.post(address, {"dates": [first]})
    client.post(address, {"dates": [first, second]})
    assert planned(group) == [FRIDAY, FRIDAY + 14 * DAY]
    again = client.post(address, {"dates": [first, second]}, follow=True)
    assert "staan al in het plan" in again.content.decode()
    assert group.meetings.count() == 2


def test_another_day(client: Client, group: Group, worker: Any) -> None:
    address = reverse("groups:plan", args=[group.pk])
    client.post(address, {"other": "2026-09-09"})
    assert planned(group) == [date(2026, 9, 9)]
    client.post(address, {"dates": ["2026-09-23"], "other": "2026-08-28"})
    assert planned(group) == [date(2026, 8, 28), date(2026, 9, 9), date(2026, 9, 23)]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"dates": ["vandaag"]},
        {"dates": ["2026-13-45"]},
        {"other": "2031-01-01"},
        {"dates": ["2031-01-01"]},
        {"dates": [f"2027-01-{n:02}" for n in range(1, 32)] * 2},
        {"dates": ["2026-09-04"], "other": "1999-01-01"},
        {"dates": ["\x00"]},
    ],
)
def test_what_makes_no_sense_plans_nothing(
    client: Client, group: Group, worker: Any, sent: dict[str, Any]
) -> None:
    answer = client.post(reverse("groups:plan", args=[group.pk]), sent)
    assert answer.status_code == 422
    assert "data-error-summary" in answer.content.decode()
    assert not Meeting.objects.exists()


def test_what_was_ticked_stays_ticked_when_it_is_refused(
    client: Client, group: Group, worker: Any
) -> None:
    sent = {"dates": ["2026-09-18", "2026-12-25"], "other": "1999-01-01"}
    html = client.post(reverse("groups:plan", args=[group.pk]), sent).content.decode()
    assert [day for day, ticked in ticks(html).items() if ticked] == sent["dates"]


@pytest.mark.req("R-121")
def test_a_group_that_meets_at_two_oclock_on_wednesdays(
    client: Client, group: Group, worker: Any
) -> None:
    group.weekday, group.starts_at = 2, time(14)
    group.save()
    html = page(client, group)
    assert "14:00–17:00" in html
    assert {date.fromisoformat(day).weekday() for day in ticks(html)} == {2}
    client.post(reverse("groups:plan", args=[group.pk]), {"dates": ["2026-09-02", "2027-03-31"]})
    for meeting in group.meetings.all():
        assert (clock.local(meeting.starts_at).hour, clock.local(meeting.ends_at).hour) == (14, 17)


def test_across_both_changes_of_the_clock_it_stays_seven_to_ten(
    client: Client, group: Group, worker: Any
) -> None:
    client.post(
        reverse("groups:plan", args=[group.pk]),
        {"dates": ["2026-10-16", "2026-10-30", "2027-03-19", "2027-04-02"]},
    )
    hours = {
        (clock.local(m.starts_at).hour, clock.local(m.ends_at).hour) for m in group.meetings.all()
    }
    assert hours == {(19, 22)}


def test_the_next_season_opens_when_this_one_is_planned(
    client: Client, group: Group, worker: Any
) -> None:
    world.make_meeting(group, date(2027, 8, 20))
    with clock.travel(date(2027, 8, 25)):
        assert year_plan(group).season.name == "2027–2028"
        assert "2026–2027" in page(client, group)
        assert year_plan(group, 2026).season.name == "2026–2027"
        assert year_plan(group, 1900).season.name == "2026–2027"
        assert year_plan(group, 9999).season.name == "2027–2028"


def test_a_group_that_began_this_winter_says_so(client: Client, group: Group, worker: Any) -> None:
    with clock.travel(date(2027, 1, 5)):
        html = page(client, group)
    assert "van de 17" in html
    assert "26 bijeenkomsten" in html
