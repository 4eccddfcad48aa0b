"""A challenge worded on a phone in a real browser: taps and seconds are printed."""

import time
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from challenges.models import Challenge
from challenges.reference import load_reference
from core import clock
from tests import world
from tests.groups.sheet.test_browser import Taps, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

EXAMPLE = "Ik stel een vraag"
MORE = " aan iemand bij mij in de klas"
#: How long a thumb takes for a sign on a phone, slow typists included.
A_SIGN = 0.5


@pytest.fixture(autouse=True)
def _today() -> None:
    """The browser lives today."""


@pytest.mark.req("R-160", "R-164", "R-165")
def test_worded_on_a_phone_within_ninety_seconds(
    transactional_db: None, page_at: Any, live_server: Any, axe: Any, capsys: Any
) -> None:
    load_reference()
    group = world.make_group(name="Groep 12-16")
    stay = world.make_participating(
        group, since=clock.today() - timedelta(days=50), call_name="Noor", age=15
    )
    page = page_at(390, 844)
    sign_in(page, live_server, stay.participant.user)
    page.goto("/vandaag/")
    began, tap = time.monotonic(), Taps(page)
    tap("main a[href='/mijn-challenge/kiezen/']")
    page.wait_for_url("**/kiezen/")
    if page.locator("[data-examples]:not([open])").count():
        tap("[data-examples] summary")
    tap(f"[data-example]:text-is('{EXAMPLE}')")
    field = page.locator("#id_text")
    expect(field).to_have_value(EXAMPLE)
    expect(field).to_be_focused()
    page.keyboard.type(MORE)
    smaller = page.locator(".smaller")
    expect(smaller).to_be_hidden()
    page.locator(".ten .choice", has_text="8").click()
    expect(smaller).to_be_hidden()
    page.locator(".ten .choice", has_text="5").click()
    expect(smaller).to_be_visible()
    expect(smaller.locator(":checked")).to_have_count(0)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".smaller .choice", has_text="Eerst een keer bij Join Us").click()
    tap("main form.choose button:not([type=button])")
    page.locator("h1", has_text=EXAMPLE + MORE).wait_for()
    took = time.monotonic() - began
    typed = took + A_SIGN * len(MORE)
    with capsys.disabled():
        print(f"\nchallenge: {tap.count + 3} taps, {took:.1f} s, with typing {typed:.0f} s")  # noqa: T201
    assert typed <= 90
    row = Challenge.objects.get()
    assert (row.text, row.sureness) == (EXAMPLE + MORE, 5)
    assert row.steps.get().where == "inside"
    axe(page)
    page.locator("button[value=share]").click()
    page.locator("button[value=stop_sharing]").wait_for()
    axe(page)
    page.goto("/groep/challenges/")
    axe(page)
