"""A phone, keys only: in with the worker's code within a minute, and out without a trace."""

import time
from typing import Any

import pytest

from core.accounts.models import OneTimeCode
from participants.person import door_code
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)
#: Seconds that somebody takes, counted and not waited for: a slow, careful finger.
THINK, LOOK, TYPE = 0.7, 0.15, 0.3  # before a key that is no typing; after a tab; for a sign


@pytest.fixture
def handed() -> Any:
    stay = world.make_trajectory(group=world.make_group(), call_name="Noor", email="")
    return door_code.hand_code(trajectory=stay, by=world.make_worker(stay.group))


def press(page: Any, key: str) -> float:
    page.keyboard.press(key)
    return THINK


def tab_to(page: Any, selector: str, most: int = 25) -> float:
    """Only the tab key, as somebody without a pointer; the focus is seen."""
    for n in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return (n + 1) * LOOK
    raise AssertionError(f"{selector} is not reached by {most} tabs")


@pytest.mark.req("R-003")
def test_in_with_a_code_by_keyboard_within_a_minute(page_at: Any, handed: Any) -> None:
    page = page_at(390, 844, locale="nl-NL")
    began = time.monotonic()
    page.goto("/inloggen/")
    person = tab_to(page, "main a[href='/inloggen/met-code/']")
    person += press(page, "Enter")
    page.wait_for_url("**/met-code/")
    person += tab_to(page, "[name=code]")
    page.keyboard.type(handed.spoken.lower())
    person += len(handed.spoken) * TYPE + press(page, "Enter")
    page.wait_for_url("**/vandaag/")
    took = time.monotonic() - began + person
    assert "Noor" in page.locator("h1").inner_text()
    assert took <= 60, f"{took:.0f} s"


def test_a_shared_device_shows_nothing_after_klaar(page_at: Any, handed: Any) -> None:
    page = page_at(390, 844, locale="nl-NL")
    page.goto(f"/inloggen/q/{handed.token}/")
    assert handed.token not in page.url
    assert OneTimeCode.objects.get().used_at is None
    page.check("[name=shared]")
    page.get_by_role("button", name="Ja, dit ben ik").click()
    page.wait_for_url("**/vandaag/")
    page.goto("/mijn-gegevens/")
    page.fill("[name=address]", "Kanariestraat 1")
    session = next(c for c in page.context.cookies() if c["name"] == "sessionid")
    assert session["expires"] == -1  # goes with the browser
    page.get_by_role("button", name="Klaar, log uit").click()
    page.wait_for_url(lambda url: "mijn-gegevens" not in url)
    kept = "JSON.stringify([{...localStorage}, {...sessionStorage}])"
    assert page.evaluate(kept) == "[{},{}]"
    assert not [c for c in page.context.cookies() if c["name"] == "sessionid" and c["value"]]
    for _n in range(3):
        page.go_back()
        page.wait_for_load_state()
        assert "Kanarie" not in page.content()
        assert "Noor" not in page.content()
