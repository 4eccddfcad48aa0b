"""A thirteen-year-old taps 'Home may not know this' after the mail left, on a phone that others
hold too: nothing in its history, titles, Back or storage tells of it (R-346).
"""

import os
import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from participants.parents import question as parental
from tests import world

TELLS = re.compile(r"ouder|voogd|vader|moeder|thuis|parent|home", re.IGNORECASE)


@pytest.fixture
def noor(transactional_db: None) -> Any:
    group = world.make_group(organisation=world.make_organisation(phone="030 123 45 67"))
    stay = world.make_trajectory(
        group=group, phase="intake", suitable=True, age=13, call_name="Noor"
    )
    world.give_own_agreements(stay)
    worker = world.make_worker(group, "Anouk Smit")
    parental.ask_harm(trajectory=stay, can_harm=False, by=worker)
    parental.release_request(guardian=world.make_guardian(stay), trajectory=stay, by=worker)
    return stay


def sign_in(page: Any, user: Any, live_server: Any) -> None:
    cookie = world.eyes(user).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])


def picture(page: Any, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.req("R-346")
def test_the_phone_tells_nobody_of_the_tap(
    noor: Any, page_at: Any, axe: Any, live_server: Any
) -> None:
    page = page_at(390, 844)
    titles: set[str] = set()
    page.on("load", lambda loaded: titles.add(loaded.title()))
    sign_in(page, noor.participant.user, live_server)
    for url in ("/vandaag/", "/mijn-gegevens/", "/mijn-gegevens/regelen/"):
        page.goto(url)
    expect(page.get_by_role("heading", name="Mijn ouders")).to_be_visible()
    axe(page)
    picture(page, "own-waiting")
    page.get_by_role("button", name="Thuis mogen ze dit niet weten").click()
    page.wait_for_url("**/vandaag/")
    said = page.get_by_text(re.compile("Anouk neemt uiterlijk .* contact met je op"))
    expect(said).to_be_visible()
    assert not TELLS.search(page.inner_text("main"))
    axe(page)
    picture(page, "own-after-the-tap")
    page.reload()
    expect(said).to_have_count(0)
    for _step in range(3):
        page.go_back()
        page.wait_for_load_state()
        assert not TELLS.search(page.inner_text("body")), page.url
        assert not re.search("ouder|thuis", page.url)
        assert page.get_by_role("button", name="Thuis mogen").count() == 0
    picture(page, "own-back")
    page.goto("/er-is-iets/")
    assert page.get_by_role("button", name="Thuis mogen").count() == 0
    kept = page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert not TELLS.search(kept)
    assert titles
    assert not {title for title in titles if TELLS.search(title)}


@pytest.mark.req("R-346")
def test_the_tap_works_without_javascript_and_for_who_talks(
    noor: Any, page_at: Any, axe: Any, live_server: Any
) -> None:
    page = page_at(320, 700, java_script_enabled=False)
    sign_in(page, noor.participant.user, live_server)
    page.goto("/er-is-iets/")
    page.get_by_role("button", name="Thuis mogen ze dit niet weten").click()
    page.wait_for_url("**/vandaag/")
    silence = noor.participant.silences.get()
    worker = page_at(1440, 900)
    sign_in(worker, world.worker_of(noor), live_server)
    worker.goto(reverse("participants:silence", args=[silence.pk]))
    expect(
        worker.get_by_role("heading", name="Noor: thuis mogen ze dit niet weten")
    ).to_be_visible()
    axe(worker)
    picture(worker, "worker-silence")
    worker.goto(reverse("participants:parents", args=[noor.pk]))
    axe(worker)
    picture(worker, "worker-parents-silent")
