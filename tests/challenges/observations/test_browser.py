"""On a phone, in a real browser: one line in seconds, the ABC in under a minute, in taps."""

import time
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from challenges.models import Jotting, Observation
from tests import world
from tests.challenges.observations.conftest import SAT, Scene, make_scene
from tests.groups.sheet.test_browser import Taps, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _that_evening() -> None:
    """The browser lives today."""


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    found = make_scene()
    found.meeting.delete()
    found.meeting = world.make_tonight(found.group, begins_in=-20)
    return found


SAVED = "#messages .message"
#: A thumb types about so many signs a second; the script types at once.
A_SECOND = 4


@pytest.mark.req("R-146")
@pytest.mark.req("R-149")
def test_from_the_sheet_one_line_in_seconds_and_the_abc_in_under_a_minute(
    scene: Scene, page_at: Any, live_server: Any, axe: Any, capsys: Any
) -> None:
    page = page_at(390, 844)
    sign_in(page, live_server, scene.fleur)
    sheet = reverse("groups:meeting", args=[scene.meeting.pk])
    page.goto(sheet)
    tap, began = Taps(page), time.monotonic()
    tap(f"#row-{scene.casey.pk} a.attendance__name")
    tap("a[href*='observatie']")
    expect(page.locator("[name=behaviour]")).to_be_focused()
    page.keyboard.type(SAT)
    tap("button[value=remember]")
    page.wait_for_url(f"**{sheet}*")
    expect(page.locator(SAVED)).to_contain_text("Onthouden.")
    line_taps, line_took = tap.count, time.monotonic() - began
    assert Jotting.objects.get().text == SAT

    tap, began = Taps(page), time.monotonic()
    tap(f"#row-{scene.casey.pk} a.attendance__name")
    tap("a[href*='observatie']")
    page.keyboard.type(SAT)
    tap(".observe__more > summary")
    expect(page.locator("button[value=remember]")).to_be_hidden()
    tap("[name=antecedent]")
    page.keyboard.type("Het spel begon, er was nog plek")
    for kind, words in (
        ("positive", ("Hoefde niets te vragen", "Keek rustig mee", "Een slip")),
        ("negative", ("Niemand zei iets", "Kent de regels nog niet")),
    ):
        for number, said in enumerate(words):
            tap(f"[name={kind}_{number}]")
            page.keyboard.type(said)
    tap("button[name=drop][value=positive_2]")
    expect(page.locator("[name=positive_2]")).to_have_value("")
    expect(page.locator(".draft-state")).to_contain_text("Concept opgeslagen, ")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = page.evaluate(
        "() => [...document.querySelectorAll('main a, main button, main summary')]"
        ".filter(e => e.getClientRects().length && !e.matches('.visually-hidden') && "
        "e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 80))"
    )
    assert small == []
    tap(".observe__save")
    expect(page.locator(SAVED)).to_contain_text("De observatie is opgeslagen.")
    took = time.monotonic() - began
    row = Observation.objects.get()
    words = [row.behaviour, row.antecedent, *(one.text for one in row.consequences.all())]
    by_thumb = took + sum(map(len, words)) / A_SECOND
    with capsys.disabled():
        said = f"remember: {line_taps} taps, {line_took:.1f} s; ABC: {tap.count} taps, {took:.1f} s"
        print(f"\n{said}, {by_thumb:.0f} s by thumb")  # noqa: T201
    assert (line_taps, tap.count) == (3, 11)
    assert line_took <= 5
    assert by_thumb <= 60
    assert [one.text for one in row.consequences.all()] == [
        "Hoefde niets te vragen",
        "Keek rustig mee",
        "Niemand zei iets",
        "Kent de regels nog niet",
    ]
    assert row.meeting == scene.meeting


@pytest.mark.deep
def test_without_a_connection_the_form_keeps_its_words(
    scene: Scene, page_at: Any, live_server: Any
) -> None:
    page = page_at(390, 844, service_workers="allow")
    sign_in(page, live_server, scene.fleur)
    page.goto(scene.path(bij=scene.meeting.pk, van="blad"))
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.fill("[name=behaviour]", SAT)
    page.context.set_offline(True)
    page.click("button[value=remember]")
    page.locator("#observe [role=alert]").wait_for()
    expect(page.locator("[name=behaviour]")).to_have_value(SAT)
    assert not Jotting.objects.exists()
    page.context.set_offline(False)
    page.click("button[value=remember]")
    expect(page.locator(SAVED)).to_contain_text("Onthouden.")
    assert Jotting.objects.get().text == SAT


@pytest.mark.deep
def test_without_javascript_rows_come_and_go_and_the_words_follow_somebody_else(
    scene: Scene, page_at: Any, live_server: Any
) -> None:
    page = page_at(390, 844, java_script_enabled=False)
    sign_in(page, live_server, scene.fleur)
    page.goto(scene.path(bij=scene.meeting.pk, van="blad"))
    page.fill("[name=behaviour]", SAT)
    page.click(".observe__more > summary")
    for number in range(3):
        page.fill(f"[name=positive_{number}]", f"Regel {number}")
    assert page.locator("[name=positive_3]").is_visible()
    assert not page.locator("[name=positive_4]").is_visible()
    page.click("button[name=drop][value=positive_1]")
    page.wait_for_load_state()
    expect(page.locator("[name=positive_1]")).to_have_value("Regel 2")
    expect(page.locator("[name=behaviour]")).to_have_value(SAT)
    page.click(".observe__others > summary")
    page.click(".observe__names button")
    page.locator("h1", has_text="Riley").wait_for()
    expect(page.locator("[name=behaviour]")).to_have_value(SAT)
    page.locator(".observe__save").click()
    page.locator(SAVED).wait_for()
    row = Observation.objects.get()
    assert (row.trajectory, row.behaviour) == (scene.riley, SAT)
    assert [one.text for one in row.consequences.all()] == ["Regel 0", "Regel 2"]
