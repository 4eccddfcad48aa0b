"""People of one family with one mailbox, walked in a browser: each reaches the own page only."""

import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from core.messaging.models import Message
from participants.models import Trajectory
from tests import world
from tests.browser.conftest import Enter
from tests.fixtures.browser import PageAt

pytestmark = pytest.mark.django_db(transaction=True)
FAMILY = "familie@example.org"
LOTTE, DAAN = date(2010, 3, 4), date(2012, 5, 6)
PICTURES = os.environ.get("PICTURES", "")


def stay_of(name: str, born: date, group: Any) -> Trajectory:
    return world.make_trajectory(group=group, call_name=name, birth_date=born, email=FAMILY)


def picture(page: Any, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"signin-{name}.png", full_page=True)


def mailed_code() -> str:
    row = Message.objects.filter(template="sign_in_code").latest("written_at")
    found = re.search(r"\d{6}", str(row.secret))
    assert found
    return found[0]


def ask(page: Any, server: Any) -> None:
    page.goto(f"{server.url}/inloggen/")
    page.get_by_label("mailadres").fill(FAMILY)
    page.get_by_role("button", name="Stuur me een code").click()
    page.wait_for_url("**/inloggen/code/")


def type_code(page: Any, code: str) -> None:
    page.get_by_label("De code uit de mail").fill(code)
    page.get_by_role("button", name="Inloggen").click()


def born(page: Any, day: date) -> None:
    for label, number in (("Dag", day.day), ("Maand", day.month), ("Jaar", day.year)):
        page.get_by_label(label, exact=True).fill(str(number))
    page.get_by_role("button", name="Inloggen").click()


def is_in(page: Any, name: str) -> None:
    page.wait_for_url(re.compile(r"/vandaag/|://[^/]+/$"))
    expect(page.locator("body")).to_contain_text(name)


@pytest.mark.req("R-341")
@pytest.mark.parametrize("width", [390, pytest.param(1440, marks=pytest.mark.deep)])
def test_brother_and_sister_each_come_in_by_their_own_birthday(
    page_at: PageAt, live_server: Any, width: int
) -> None:
    group = world.make_group()
    stay_of("Lotte", LOTTE, group), stay_of("Daan", DAAN, group)
    for name, day, other in (("Lotte", LOTTE, "Daan"), ("Daan", DAAN, "Lotte")):
        page = page_at(width, 844)
        ask(page, live_server)
        picture(page, f"asked-{width}")
        type_code(page, mailed_code())
        page.wait_for_url("**/inloggen/wie-ben-je/")
        expect(page.get_by_role("heading", name="Wie ben je?")).to_be_visible()
        picture(page, f"who-{width}")
        assert other not in page.content()
        assert name not in page.content()
        born(page, day)
        is_in(page, name)
        assert other not in page.content()
        page.goto(f"{live_server.url}/hoe-ik-inlog/")
        picture(page, f"own-{width}")
        assert other not in page.content()
        cache.clear()


@pytest.mark.req("R-341")
def test_a_code_that_somebody_else_reads_ends_at_the_second_wrong_date(
    page_at: PageAt, live_server: Any
) -> None:
    group = world.make_group()
    stay_of("Lotte", LOTTE, group), stay_of("Daan", DAAN, group)
    page = page_at(390, 844)
    ask(page, live_server)
    type_code(page, mailed_code())
    page.wait_for_url("**/inloggen/wie-ben-je/")
    born(page, date(2011, 1, 1))
    expect(page.get_by_text("We vinden je niet met deze datum.").first).to_be_visible()
    picture(page, "who-wrong")
    born(page, date(2011, 1, 2))
    page.wait_for_url("**/inloggen/")
    expect(page.get_by_text("Vraag je begeleider om een code.")).to_be_visible()
    picture(page, "ended")
    page.goto(f"{live_server.url}/inloggen/wie-ben-je/")
    page.wait_for_url("**/inloggen/")


@pytest.mark.req("R-341")
def test_twins_with_one_mailbox_each_come_in_with_a_code_of_the_worker(
    page_at: PageAt, enter: Enter, live_server: Any
) -> None:
    group = world.make_group()
    worker = world.make_worker(group)
    stay_of("Lotte", LOTTE, group), stay_of("Liv", LOTTE, group)
    page = page_at(390, 844)
    ask(page, live_server)
    expect(page.get_by_text("gebruiken anderen dit adres ook?")).to_be_visible()
    assert not Message.objects.exists()
    for name, other in (("Lotte", "Liv"), ("Liv", "Lotte")):
        desk = page_at(1440, 900)
        enter(desk, worker)
        desk.goto(f"{live_server.url}/vandaag/")
        expect(desk.get_by_text(f"Geef {name} een code").first).to_be_visible()
        picture(desk, f"todo-{name}")
        stay = Trajectory.objects.get(participant__call_name=name)
        desk.locator(f'a[href*="{stay.pk}/inlogcode/"]').first.click()
        desk.wait_for_url("**/inlogcode/")
        picture(desk, "hand")
        desk.get_by_role("button", name="Maak een code").click()
        code = desk.locator(".hand-code__code")
        code.wait_for()
        own = page_at(390, 844)
        own.goto(f"{live_server.url}/inloggen/met-code/")
        own.get_by_label("De code van je begeleider").fill(code.inner_text())
        own.get_by_role("button", name="Inloggen").click()
        is_in(own, name)
        assert other not in own.content()
        desk.goto(f"{live_server.url}/vandaag/")
        desk.locator("main").wait_for()
        expect(desk.get_by_text(f"Geef {name} een code")).to_have_count(0)
        own.goto(f"{live_server.url}/hoe-ik-inlog/adres/")
        picture(own, "address")
        own.goto(f"{live_server.url}/hoe-ik-inlog/")
        picture(own, "own-twin")
