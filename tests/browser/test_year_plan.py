"""A season is planned on a phone in three taps: the plan, one day off, one press for the rest."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from core.organisations.school_holidays import load_school_holidays
from tests import world


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R-116")
def test_a_season_on_a_phone(page_at: Any, enter: Any, axe: Any) -> None:
    load_school_holidays()
    town = world.make_municipality("Voorbeeldstad")
    town.province = "Limburg"
    town.save()
    group = world.make_group(name="Groep 12–16", municipality=town)
    worker = world.make_worker(group)
    world.make_meeting(group, date(2026, 11, 27))
    page = page_at(390, 844)
    enter(page, worker)
    page.goto(reverse("groups:group", args=[group.pk]))
    page.get_by_role("link", name="Jaarplan").click()
    act, total = page.locator("[data-plan-act]"), page.locator("[data-plan-total]")
    ticked = page.locator("[data-plan-day]:checked")
    expect(act).to_have_text("Plan deze 14")
    axe(page)
    ticked.first.uncheck()
    expect(act).to_have_text("Plan deze 13")
    expect(total).to_contain_text("14 van de 20")
    act.click()
    expect(page.locator("#messages")).to_contain_text("13")
    assert group.meetings.count() == 14
