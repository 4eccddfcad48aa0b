"""Two taps to a person's file from any page: by hand, by keyboard, and without JavaScript."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from core.accounts.models import User
from tests.browser.conftest import Enter
from tests.fixtures.browser import Axe, PageAt

Town = dict[str, User | None]
FILE = re.compile(r"/deelnemers/[0-9a-f-]{36}/$")
NAMES = "#finder-hits .hit__name"


@pytest.fixture
def desk(page_at: PageAt, town: Town, enter: Enter) -> Any:
    page = page_at(1440, 900)
    enter(page, town["worker"])
    page.goto("/agenda/")
    return page


def has_focus(page: Any, selector: str) -> bool:
    """Waits for it: a browser gives `autofocus` its due at the first drawing, after the address."""
    page.wait_for_function("s => document.activeElement.matches(s)", arg=selector)
    return True


@pytest.mark.req("R-373")
def test_typing_and_enter_open_the_file(desk: Any, axe: Axe) -> None:
    desk.keyboard.press("/")
    assert has_focus(desk, "#finder")
    desk.keyboard.type("CÁS")
    expect(desk.locator(NAMES)).to_have_text(["Casey"])
    axe(desk)
    desk.keyboard.press("Enter")
    desk.wait_for_url(FILE)
    expect(desk.locator("h1")).to_contain_text("Casey")


@pytest.mark.req("R-373")
def test_arrows_choose_and_escape_closes(desk: Any) -> None:
    desk.keyboard.press("/")
    assert has_focus(desk, "#finder")
    desk.keyboard.type("ey")
    desk.locator(NAMES).nth(1).wait_for()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    assert has_focus(desk, "li:nth-child(2) .hit")
    desk.keyboard.press("ArrowUp")
    desk.keyboard.press("ArrowUp")
    assert has_focus(desk, "#finder")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Escape")
    assert has_focus(desk, "#finder")
    expect(desk.locator(NAMES)).to_have_count(0)
    assert desk.input_value("#finder") == "ey"


@pytest.mark.req("R-373")
def test_a_slash_typed_in_a_field_stays_there(desk: Any) -> None:
    desk.goto("/bekenden/")
    field = desk.locator("main input:not([type=hidden])").first
    if not field.count():
        desk.goto("/zoeken/")
        field = desk.locator("main input[type=search]")
    field.focus()
    desk.keyboard.type("a/b")
    assert field.input_value() == "a/b"


@pytest.mark.req("R-373")
@pytest.mark.parametrize("width", [390, 1440])
def test_without_javascript_it_is_a_form(
    page_at: PageAt, town: Town, enter: Enter, width: int
) -> None:
    page = page_at(width, 844, java_script_enabled=False)
    enter(page, town["worker"])
    page.goto("/agenda/")
    if width == 390:
        page.locator(".finder__way").click()
    page.fill("#finder", "case")
    page.press("#finder", "Enter")
    page.wait_for_load_state()
    assert "case" not in page.url.lower()
    page.locator("main .hit").first.click()
    page.wait_for_url(FILE)
    page.go_back()
    assert page.locator(NAMES).first.inner_text() == "Casey"


@pytest.mark.req("R-373")
def test_on_a_phone_a_magnifier_leads_to_a_page_of_hits(
    page_at: PageAt, town: Town, enter: Enter, axe: Axe
) -> None:
    page = page_at(390, 844)
    enter(page, town["worker"])
    page.goto("/vandaag/")
    page.locator(".finder__way").click()
    page.wait_for_url("**/zoeken/")
    assert has_focus(page, "#finder")
    page.keyboard.type("cas")
    expect(page.locator(NAMES)).to_have_text(["Casey"])
    axe(page)
    page.locator("#finder-hits a").first.click()
    page.wait_for_url(FILE)


@pytest.mark.req("R-373")
@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_found_and_too_short_say_what_to_do(
    page_at: PageAt, town: Town, enter: Enter, axe: Axe, width: int
) -> None:
    page = page_at(width, 844)
    enter(page, town["worker"])
    page.goto("/zoeken/")
    assert has_focus(page, "#finder")
    page.keyboard.type("x")
    page.get_by_text("Typ minstens twee letters.").wait_for()
    page.keyboard.type("q")
    page.get_by_text("Niets gevonden").wait_for()
    axe(page)
