"""A whole logbook on a phone, in a real browser: taps and seconds are printed."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from core import clock
from groups.logbook.book import read_logbook
from groups.logbook.parts import write_parts
from groups.models import LogbookPart, Talk
from tests import world
from tests.groups.logbook.conftest import NAMES, Scene
from tests.groups.sheet.test_browser import Taps, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
#: Milliseconds after which the page asks what colleagues wrote (static/js/logbook.js): passed by.
ASKS = 5_000


@pytest.fixture(autouse=True)
def _that_evening() -> None:
    """The browser lives today."""


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    group, day = world.make_group(name="Groep 12-16"), clock.today()
    since = day - timedelta(days=30)
    stays = {n: world.make_participating(group, since=since, call_name=n) for n in NAMES}
    meeting = world.make_meeting(group, day, "held")
    for stay in stays.values():
        world.attend(stay, meeting)
    return Scene(
        group, world.make_worker(group), world.make_worker(group, "Daan Mulder"), meeting, stays
    )


def saved(page: Any) -> None:
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"^Opgeslagen \d"))


def test_a_full_logbook_in_few_taps_and_the_colleague_sees_it_grow(
    scene: Scene, page_at: Any, live_server: Any, axe: Any, capsys: Any
) -> None:
    began, page = time.monotonic(), page_at(390, 844)
    sign_in(page, live_server, scene.fleur)
    page.goto(scene.url())
    beside = page_at(390, 844)
    beside.clock.install()
    sign_in(beside, live_server, scene.daan)
    beside.goto(scene.url())
    tap = Taps(page)
    tap("[name=own_time]")
    page.keyboard.type("Thee en UNO. Bo vroeg Sam erbij.")
    tap("[name=activity]")
    page.keyboard.type("Amir legde de regels uit.")
    for name, said in (("Noor", "Wil zelf bellen."), ("Sam", "")):
        stay = scene.stays[name].pk
        tap(f".logbook__name[value='{stay}']")
        page.locator(f".logbook__name[value='{stay}'][aria-pressed=true]").wait_for()
        if said:
            tap(f"[name=said_{stay}]")
            page.keyboard.type(said)
    expect(page.locator("[data-count]")).to_have_text("twee of meer")
    for kind, state in (
        ("fun_and_safety", "plenty"),
        ("peer_to_peer", "plenty"),
        ("leadership", "partly"),
    ):
        tap(f"[name={kind}][value={state}]")
    saved(page)
    beside.clock.fast_forward(ASKS)
    expect(beside.locator("[name=own_time]")).to_have_value(
        "Thee en UNO. Bo vroeg Sam erbij.", timeout=10_000
    )
    expect(beside.locator("#talks [data-lines]", has_text="Fleur: Wil zelf bellen.")).to_be_visible(
        timeout=10_000
    )
    expect(beside.locator("#conditions [name=leadership][value=partly]")).to_be_checked()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = page.evaluate(
        "() => [...document.querySelectorAll('.logbook a, .logbook button, .logbook summary')]"
        ".filter(e => e.getClientRects().length && !e.closest('.visually-hidden') && "
        "!e.matches('.visually-hidden') && e.getBoundingClientRect().height < 44)"
        ".map(e => e.outerHTML.slice(0, 80))"
    )
    assert small == []
    tap("[data-done]")
    page.wait_for_url("**/vandaag/")
    took = time.monotonic() - began
    with capsys.disabled():
        print(f"\nlogbook: {tap.count} taps, {took:.0f} s with two phones open")  # noqa: T201
    assert tap.count <= 11
    book = read_logbook(scene.meeting, scene.daan)
    assert {one.kind: one.text or one.state for one in book.parts.values()} == {
        "own_time": "Thee en UNO. Bo vroeg Sam erbij.",
        "activity": "Amir legde de regels uit.",
        "fun_and_safety": "plenty",
        "peer_to_peer": "plenty",
        "leadership": "partly",
    }
    assert [one.told for one in book.told] == ["Fleur: Wil zelf bellen.", "Fleur"]


def test_both_wrote_a_lost_connection_and_a_page_that_was_left_lose_nothing(
    scene: Scene, page_at: Any, live_server: Any
) -> None:
    page, beside = page_at(390, 844), page_at(390, 844)
    beside.clock.install()
    for one, who in ((page, scene.fleur), (beside, scene.daan)):
        sign_in(one, live_server, who)
        one.goto(scene.url())
    page.context.set_offline(True)
    page.fill("[name=own_time]", "Van Fleur")
    page.locator("[data-saved]", has_text="Geen verbinding").wait_for()
    beside.fill("[name=own_time]", "Van Daan")
    saved(beside)
    page.context.set_offline(False)
    page.locator(".beside", has_text="Van Daan").wait_for()
    page.locator(".beside button", has_text="onder elkaar").click()
    saved(page)
    expect(page.locator("[name=own_time]")).to_have_value("Van Daan\nVan Fleur")
    beside.clock.fast_forward(ASKS)
    expect(beside.locator("[name=own_time]")).to_have_value("Van Daan\nVan Fleur", timeout=10_000)
    stay = scene.stays["Bo"].pk
    page.click(f".logbook__name[value='{stay}']")
    page.locator(f".logbook__name[value='{stay}'][aria-pressed=true]").wait_for()
    page.fill(f"[name=said_{stay}]", "Over thuis")
    page.goto("about:blank")  # gone within the second that nothing was sent
    for _n in range(50):
        if Talk.objects.get().text:
            break
        time.sleep(0.1)
    assert Talk.objects.get().text == "Over thuis"


@pytest.mark.req("R-339")
def test_words_that_no_server_has_come_back_from_the_phone_and_nobody_else_reads_them(
    scene: Scene, page_at: Any, live_server: Any
) -> None:
    """No signal, and the battery dies. What a colleague wrote meanwhile stays."""
    page = page_at(390, 844)
    sign_in(page, live_server, scene.fleur)
    page.goto(scene.url())
    stay = scene.stays["Bo"].pk
    page.context.set_offline(True)
    page.fill("[name=activity]", "Yara schrok van de knal")
    for hidden in (f"#with-{stay}", f"#with-{stay} [data-own]"):
        page.eval_on_selector(hidden, "one => { one.hidden = false; }")
    page.fill(f"[name=said_{stay}]", "Over thuis")
    page.locator("[data-saved]", has_text="blijven op deze telefoon").wait_for()
    page.wait_for_function("Object.keys(localStorage).some((one) => one.startsWith('logbook:'))")
    page.wait_for_timeout(400)
    lies = page.evaluate("JSON.stringify(Object.entries(localStorage))")
    assert "Yara" not in lies
    assert "thuis" not in lies
    context = page.context
    page.close()
    write_parts(meeting=scene.meeting, said={LogbookPart.Kind.OWN_TIME: "Thee"}, by=scene.daan)
    other = page_at(390, 844)
    sign_in(other, live_server, scene.daan)
    other.goto(scene.url())
    other.evaluate(
        "told => { for (const [k, v] of JSON.parse(told)) localStorage.setItem(k, v); }", lies
    )
    other.reload()
    other.wait_for_timeout(300)
    assert other.input_value("[name=activity]") == ""
    context.set_offline(False)  # not before: a page that closes may still send what it holds
    page = context.new_page()
    page.goto(scene.url())
    saved(page)
    expect(page.locator("[name=activity]")).to_have_value("Yara schrok van de knal")
    expect(page.locator(f"[name=said_{stay}]")).to_have_value("Over thuis")
    expect(page.locator("[name=own_time]")).to_have_value("Thee")
    page.wait_for_function("!Object.keys(localStorage).some((one) => one.startsWith('logbook:'))")
    book = read_logbook(scene.meeting, scene.fleur)
    assert book.parts["activity"].text == "Yara schrok van de knal"
    assert book.parts["own_time"].written_by == scene.daan
    assert [one.told for one in book.told] == ["Fleur: Over thuis"]
