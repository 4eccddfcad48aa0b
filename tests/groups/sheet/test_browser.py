"""The evening sheet on a phone, in a real browser: taps are counted."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.ids import uuid7
from groups.evenings.meetings import cancel_meeting
from groups.models import Attendance
from groups.sheet.attendance import Tap, record
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = [
    "Amir",
    "Bo",
    "Casey",
    "Dani",
    "Ilse",
    "Jordan",
    "Layla",
    "Mees",
    "Noor",
    "Riley",
    "Sam",
    "Yara",
]


@pytest.fixture
def scene() -> Any:
    group = world.make_group(name="Groep 12-16")
    since = clock.today() - timedelta(days=60)
    stays = {n: world.make_participating(group, since=since, call_name=n) for n in NAMES}
    return group, world.make_worker(group), stays, world.make_tonight(group)


def sign_in(page: Any, live_server: Any, worker: Any) -> None:
    client = Client()
    client.force_login(worker)
    page.context.add_cookies(
        [{"name": k, "value": v.value, "url": live_server.url} for k, v in client.cookies.items()]
    )


def states(meeting: Any) -> dict[str, str]:
    rows = Attendance.objects.filter(meeting=meeting)
    return dict(rows.values_list("trajectory__participant__call_name", "state"))


class Taps:
    """A finger that counts."""

    def __init__(self, page: Any) -> None:
        self.page, self.count = page, 0

    def __call__(self, selector: str) -> None:
        self.count += 1
        self.page.click(selector)


@pytest.mark.parametrize("javascript", [True, False])
def test_twelve_people_three_absent_in_at_most_five_taps(
    scene: Any, page_at: Any, live_server: Any, axe: Any, javascript: bool
) -> None:
    _group, worker, stays, meeting = scene
    page = page_at(390, 844, java_script_enabled=javascript)
    sign_in(page, live_server, worker)
    page.goto(reverse("groups:meeting", args=[meeting.pk]))
    tap, began = Taps(page), time.monotonic()
    tap("#everyone")
    page.wait_for_selector("#everyone", state="detached")
    tap(f"#quick-{stays['Ilse'].pk}")
    page.wait_for_selector(f"#row-{stays['Ilse'].pk} .attendance__state--absent_without_notice")
    tap(f"#quick-{stays['Mees'].pk}")
    page.wait_for_selector(f"#row-{stays['Mees'].pk} .attendance__state--absent_without_notice")
    tap(f"#tap-{stays['Yara'].pk}")
    page.wait_for_selector(f"#row-{stays['Yara'].pk} .attendance__state--absent_with_notice")
    page.wait_for_selector('#saved:has-text("Yara")')
    page.wait_for_selector(".attendance__state--unsent", state="detached")
    took = time.monotonic() - began
    print(f"12 people, 3 absent: {tap.count} taps, {took:.1f} s")  # noqa: T201
    assert tap.count <= 5
    assert took <= 20
    found = states(meeting)
    assert found.pop("Ilse") == found.pop("Mees") == "absent_without_notice"
    assert found.pop("Yara") == "absent_with_notice"
    assert set(found.values()) == {"present"}
    assert len(found) == 9
    if javascript:
        axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390


def test_quick_taps_on_one_row_are_all_counted(scene: Any, page_at: Any, live_server: Any) -> None:
    _group, worker, stays, meeting = scene
    page = page_at(390, 844)
    sign_in(page, live_server, worker)
    page.goto(reverse("groups:meeting", args=[meeting.pk]))
    row = stays["Sam"].pk
    page.evaluate(
        "id => { for (let n = 0; n < 3; n++) document.getElementById(id).click() }", f"tap-{row}"
    )
    page.wait_for_selector(
        f"#row-{row}:not(:has([aria-busy])) .attendance__state--absent_without_notice"
    )
    page.wait_for_selector(".attendance__state--unsent", state="detached")
    page.wait_for_selector('#saved:has-text("Sam")')
    saved = Attendance.objects.filter(trajectory=row, version=3)
    for _moment in range(100):  # "saved" stands there after the first of the three
        if saved.exists():
            break
        page.wait_for_timeout(50)
    assert Attendance.objects.get(trajectory=row).version == 3
    assert states(meeting)["Sam"] == "absent_without_notice"


def test_an_answer_that_comes_late_does_not_cover_a_later_one(
    scene: Any, page_at: Any, live_server: Any
) -> None:
    _group, worker, stays, meeting = scene
    page = page_at(390, 844)
    sign_in(page, live_server, worker)
    page.goto(reverse("groups:meeting", args=[meeting.pk]))
    late: list[Any] = []
    mees, yara = stays["Mees"].pk, stays["Yara"].pk
    page.route(f"**/{mees}/tik/", lambda route: late.append((route, route.fetch())))
    page.click(f"#tap-{mees}")
    page.wait_for_timeout(50)
    while not late:
        page.wait_for_timeout(20)
    page.click(f"#tap-{yara}")
    page.wait_for_selector('#saved:has-text("Yara")')
    route, answer = late.pop()
    route.fulfill(response=answer)
    page.wait_for_selector(".attendance__state--unsent", state="detached")
    page.wait_for_selector(f"#row-{mees}:not(:has([aria-busy])) .attendance__state--present")
    assert "Yara" in page.inner_text("#saved")
    assert "2" in page.inner_text("#counts .chip--done")


def test_a_colleagues_value_is_shown_not_overwritten(
    scene: Any, page_at: Any, live_server: Any
) -> None:
    group, worker, stays, meeting = scene
    page = page_at(390, 844)
    sign_in(page, live_server, worker)
    page.goto(reverse("groups:meeting", args=[meeting.pk]))
    row = stays["Noor"].pk
    other = world.make_worker(group, "Daan Smit")
    record(meeting=meeting, taps=[Tap(uuid7(), row, "absent_with_notice", 0)], by=other)
    page.click(f"#tap-{row}")
    page.wait_for_selector(f"#row-{row} .attendance__clash")
    assert "Daan" in page.inner_text(f"#row-{row} .attendance__clash")
    assert states(meeting)["Noor"] == "absent_with_notice"


def test_a_sheet_that_stayed_open_past_four_leads_to_the_correction(
    scene: Any, page_at: Any, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No page is drawn inside a row, and nobody reads that the connection is gone."""
    _group, worker, stays, meeting = scene
    row = stays["Noor"].pk
    record(meeting=meeting, taps=[Tap(uuid7(), row, "present", 0)], by=worker)
    page = page_at(390, 844)
    sign_in(page, live_server, worker)
    page.goto(reverse("groups:meeting", args=[meeting.pk]))
    undone = page_at(390, 844)
    sign_in(undone, live_server, worker)
    undone.goto(reverse("groups:meeting", args=[meeting.pk]))
    past_four = clock.at(meeting.date + timedelta(days=1), 4, 1)
    monkeypatch.setattr(clock, "_system", lambda: past_four)  # in the server's threads too
    page.click(f"#tap-{row}")
    page.wait_for_url(f"**{reverse('groups:person', args=[meeting.pk, row])}")
    page.click('main button[value="absent_without_notice"]')
    page.wait_for_selector('main input[name="confirm"]', state="attached")
    undone.click("#undo")
    undone.wait_for_selector('.message:has-text("is voorbij: wijzig de regel zelf")')
    assert undone.locator("h1").count() == 1
    assert states(meeting) == {"Noor": "present"}


def test_a_meeting_that_a_colleague_cancelled_is_said_above_the_sheet(
    scene: Any, page_at: Any, live_server: Any
) -> None:
    _group, worker, stays, meeting = scene
    page = page_at(390, 844)
    sign_in(page, live_server, worker)
    page.goto(reverse("groups:meeting", args=[meeting.pk]))
    cancel_meeting(meeting=meeting, reason="weather", by=worker)
    page.click(f"#tap-{stays['Sam'].pk}")
    page.wait_for_selector('.message:has-text("geannuleerd"), .message:has-text("gaat niet door")')
    assert page.locator("h1").count() == 1
    assert page.locator("#everyone").count() == 0
    assert states(meeting) == {}


def test_the_other_rooms_are_accessible_on_a_phone(
    scene: Any, page_at: Any, live_server: Any, axe: Any
) -> None:
    group, worker, stays, meeting = scene
    coming = world.make_meeting(group, clock.today() + timedelta(days=14))
    ready = world.make_suitable(group, call_name="Zoe")
    amir = stays["Amir"]
    rooms = {
        worker: [
            ("group", group.pk),
            ("plan", group.pk),
            ("change", coming.pk),
            ("invite", ready.pk),
            ("leave", amir.pk),
            ("person", meeting.pk, amir.pk),
        ],
        amir.participant.user: [("my_meeting", coming.pk), ("absent", coming.pk), ("stop",)],
    }
    for user, names in rooms.items():
        page = page_at(390, 844)
        sign_in(page, live_server, user)
        for name, *args in names:
            page.goto(reverse(f"groups:{name}", args=args))
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, name


@pytest.fixture
def sheet(page_at: Any, live_server: Any) -> Any:
    """A phone with the sheet open, of this worker."""

    def open_sheet(
        worker: Any, meeting: Any, width: int = 390, height: int = 844, *, held: bool = False
    ) -> Any:
        page = page_at(width, height)
        sign_in(page, live_server, worker)
        if held:
            page.clock.install()
        page.goto(reverse("groups:meeting", args=[meeting.pk]))
        return page

    return open_sheet


@pytest.mark.req("R-129")
def test_what_another_phone_does_appears_by_itself_and_moves_nothing_under_the_thumb(
    scene: Any, sheet: Any
) -> None:
    """The clock of the one who looks on is turned on by hand: ten seconds are ten."""
    group, fleur, stays, meeting = scene
    daan = world.make_worker(group, "Daan Smit")
    here, there = sheet(fleur, meeting, held=True), sheet(daan, meeting)
    amir, sam, yara = (stays[name].pk for name in ("Amir", "Sam", "Yara"))
    asked: list[str] = []
    here.on("request", lambda request: asked.append(request.url))
    top = here.locator(f"#row-{yara}").bounding_box()
    here.evaluate(f"document.getElementById('row-{sam}').setAttribute('aria-busy', 'true')")
    there.click(f"#tap-{amir}")
    there.wait_for_selector(f"#row-{amir} .attendance__state--present")
    record(meeting=meeting, taps=[Tap(uuid7(), sam, "present", 0)], by=daan)
    there.click("#guests button[value='1']")
    there.wait_for_selector('#guest-count:text-is("1")')
    here.clock.run_for(10_000)
    here.wait_for_selector(f"#row-{amir} .attendance__state--present")
    here.wait_for_selector('#guest-count:text-is("1")')
    assert here.locator(f"#row-{sam} .attendance__state--not_recorded").count() == 1, "kept"
    assert here.locator(f"#row-{yara}").bounding_box() == top
    here.evaluate(f"document.getElementById('row-{sam}').removeAttribute('aria-busy')")
    here.clock.run_for(10_000)
    here.wait_for_selector(f"#row-{sam} .attendance__state--present")
    here.wait_for_selector('#saved:has-text("Daan")')
    here.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    asked.clear()
    here.clock.run_for(60_000)
    assert not [url for url in asked if "/nu/" in url], "nothing is asked while nobody looks"


@pytest.mark.req("R-129")
def test_three_quick_guests_are_three_also_on_a_slow_line(scene: Any, sheet: Any) -> None:
    _group, worker, _stays, meeting = scene
    page = sheet(worker, meeting)
    for _n in range(3):
        page.click("#guests button[value='1']")
    page.wait_for_selector('#guest-count:text-is("3")')
    meeting.refresh_from_db()
    assert meeting.guests == 3


def test_a_tap_on_its_way_shows_neither_the_old_word_nor_the_new(scene: Any, sheet: Any) -> None:
    _group, worker, stays, meeting = scene
    page = sheet(worker, meeting)
    row = stays["Sam"].pk
    held: list[Any] = []
    page.route(f"**/{row}/tik/", lambda route: held.append(route))
    page.click(f"#tap-{row}")
    on_its_way = f"#row-{row} :is(.attendance__busy, .attendance__state--unsent):visible"
    page.wait_for_selector(on_its_way)
    assert page.locator(f"#row-{row} .attendance__word:visible").count() == 0
    border = "getComputedStyle(document.querySelector('#row-%s .attendance__state')).borderStyle"
    assert page.evaluate(border % row) == "dashed"
    held.pop().continue_()
    page.wait_for_selector(f"#row-{row} .attendance__state--present")
    page.wait_for_selector(on_its_way, state="hidden")


@pytest.mark.req("R-129")
def test_the_keyboard_reaches_the_first_row_in_two_stops_and_walks_with_the_arrows(
    scene: Any, sheet: Any
) -> None:
    _group, worker, stays, meeting = scene
    page = sheet(worker, meeting, 1440, 900)

    def focused() -> str:
        return str(page.evaluate("document.activeElement.id"))

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused() == f"tap-{stays['Amir'].pk}"
    page.keyboard.press("ArrowDown")
    assert focused() == f"tap-{stays['Bo'].pk}"
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#row-{stays['Bo'].pk} .attendance__state--present")
    page.wait_for_selector(f"#tap-{stays['Bo'].pk}:focus")
    page.keyboard.press("ArrowLeft")
    assert focused() == f"quick-{stays['Bo'].pk}"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert focused() in ("everyone", "undo"), "the list is one stop"


def test_the_foot_gives_way_on_little_height_and_the_rooms_beside_it_are_accessible(
    scene: Any, sheet: Any, axe: Any
) -> None:
    _group, worker, _stays, meeting = scene
    place = "getComputedStyle(document.getElementById('foot')).position"
    assert sheet(worker, meeting).evaluate(place) == "sticky"
    for width, height in ((390, 500), (844, 390)):
        assert sheet(worker, meeting, width, height).evaluate(place) == "static"
    page = sheet(worker, meeting, 320, 568)
    for name in ("meeting", "help", "emergency_contacts", "walk_in"):
        page.goto(reverse(f"groups:{name}", args=[meeting.pk]))
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
