"""The evening sheet on a phone, in a real browser: taps are counted."""

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
    tap = Taps(page)
    tap("#everyone")
    page.wait_for_selector("#everyone", state="detached")
    tap(f"#quick-{stays['Ilse'].pk}")
    page.wait_for_selector(f"#row-{stays['Ilse'].pk} .attendance__state--absent_without_notice")
    tap(f"#quick-{stays['Mees'].pk}")
    page.wait_for_selector(f"#row-{stays['Mees'].pk} .attendance__state--absent_without_notice")
    tap(f"#tap-{stays['Yara'].pk}")
    page.wait_for_selector(f"#row-{stays['Yara'].pk} .attendance__state--absent_with_notice")
    page.wait_for_selector('#saved:has-text("Yara")')
    assert tap.count <= 5
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
    page.wait_for_selector('#saved:has-text("Sam")')
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


def test_without_connection_the_tap_is_taken_back_and_said(
    scene: Any, page_at: Any, live_server: Any
) -> None:
    _group, worker, stays, meeting = scene
    page = page_at(390, 844)
    sign_in(page, live_server, worker)
    page.goto(reverse("groups:meeting", args=[meeting.pk]))
    page.context.set_offline(True)
    row = stays["Bo"].pk
    page.click(f"#tap-{row}")
    page.wait_for_selector("[data-offline]:not([hidden])")
    page.wait_for_selector(f"#row-{row} .attendance__state--not_recorded")
    page.context.set_offline(False)
    page.click(f"#tap-{row}")
    page.wait_for_selector('#saved:has-text("Bo")')
    assert states(meeting) == {"Bo": "present"}


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
