"""An evening with a crisis and no network: from the start page to the logbook, on one phone.

A bowling alley's cellar has no signal. Who is there is tapped, somebody panics, whom to ring is one
tap away, what happens is written with its moment, and the tab is closed. All of it arrives once.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from core import clock
from groups.models import Attendance, AttendanceTap, Meeting, TimedLine
from tests import world
from tests.browser.conftest import Enter
from tests.fixtures.browser import PageAt
from tests.groups.sheet.test_offline import HALF_TYPED, KEPT, NOTHING_WAITS, SETTLED

FRIDAY = date(2026, 12, 11)
NAMES = ("Amir", "Bo", "Casey", "Noor", "Yara")
PANIC = "Noor krijgt geen adem. Fleur zit naast haar 🫁"
BETTER = "هي بخير. Het zakt, Noor drinkt water."
HERE = "#evening:not([hidden])"


def line_waits(page: Any, words: str) -> None:
    waits = page.locator("#waiting-lines li", has_text=words)
    expect(waits.locator(".chip")).to_contain_text("nog niet verstuurd")


def write(page: Any, words: str) -> None:
    page.locator("#lines textarea").fill(words)
    page.get_by_role("button", name="Opslaan met de tijd van nu").click()


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R-129")
@pytest.mark.req("R-339")
def test_an_evening_with_a_crisis_and_no_network(
    page_at: PageAt,
    enter: Enter,
    axe: Callable[..., None],
    move_clock: Callable[[datetime], None],
) -> None:
    move_clock(clock.at(FRIDAY, 19, 5))
    organisation = world.make_organisation("De Brug", phone="030 123 45 67")
    group = world.make_group(name="Groep 12-16", organisation=organisation)
    fleur, mirjam = world.make_worker(group), world.make_manager(organisation, "Mirjam de Wit")
    mirjam.contact.phone = "06 33 33 33 33"
    mirjam.contact.save()
    since = FRIDAY - timedelta(days=60)
    stays = {name: world.make_participating(group, since=since, call_name=name) for name in NAMES}
    person = stays["Noor"].participant
    person.emergency_name, person.emergency_phone = "Oma Truus", "06 22 22 22 22"
    person.save()
    meeting = world.make_meeting(group, FRIDAY)

    # From the start page to the sheet, while there is a connection.
    page = page_at(390, 844, service_workers="allow")
    context = page.context
    enter(page, fleur)
    page.goto("/vandaag/")
    page.locator(f"main a[href='{reverse('groups:meeting', args=[meeting.pk])}']").first.click()
    expect(page.locator("h1")).to_have_text("Wie is er?")
    page.evaluate(SETTLED)

    # The cellar: who is there is tapped all the same.
    context.set_offline(True)
    page.click(f"#quick-{stays['Casey'].pk}")
    page.click("#everyone")
    expect(page.locator(".unsent")).to_contain_text("5 nog niet verstuurd")

    # Somebody panics: one tap, and 112, Noor's grandmother and the manager stand there.
    page.locator(".help-way").click()
    expect(page.locator("h1")).to_have_text("Hulp")
    for number in ("112", "0622222222", "0633333333", "0301234567"):
        expect(page.locator(f"#help a[href='tel:{number}']").first).to_be_visible()
    expect(page.locator("#numbers")).to_contain_text("Oma Truus")
    axe(page)

    # A line with its moment, and one that is the moment alone.
    write(page, PANIC)
    line_waits(page, PANIC)
    write(page, "")
    expect(page.locator("#waiting-lines li")).to_have_count(2)
    expect(page.locator(".unsent")).to_contain_text("7 nog niet verstuurd")
    kept = page.evaluate(KEPT)
    said = str([kept["cached"], kept["taps"]])
    personal = ("Casey", "Fleur", "Truus", "geen adem", "🫁")
    assert not [word for word in personal if word in said], "sealed"

    # The battery dies while she types; an hour later the phone is on again, without a signal.
    page.locator("#lines textarea").fill(BETTER)
    assert page.evaluate(HALF_TYPED)
    page.close()
    move_clock(clock.at(FRIDAY, 20, 15))
    page = context.new_page()
    page.goto(reverse("groups:meeting", args=[meeting.pk]))
    expect(page.locator(HERE)).to_be_visible()
    expect(page.locator(f"#tap-{stays['Amir'].pk}")).to_contain_text("Er")
    line_waits(page, PANIC)
    expect(page.locator("#lines textarea")).to_have_value(BETTER)
    page.get_by_role("button", name="Opslaan met de tijd van nu").click()
    line_waits(page, "Het zakt")
    assert not Attendance.objects.exists()
    assert not TimedLine.objects.exists()

    # Upstairs there is a signal, and the session is over: it waits for her, and for her alone.
    page.close()
    context.clear_cookies()
    context.set_offline(False)
    page = context.new_page()
    page.goto("/inloggen/")
    enter(page, fleur)
    page.goto("/vandaag/")
    page.evaluate(NOTHING_WAITS)
    page.reload()
    page.evaluate(NOTHING_WAITS)
    assert AttendanceTap.objects.count() == len(NAMES)
    states = Attendance.objects.filter(meeting=meeting).values_list(
        "trajectory__participant__call_name", "state"
    )
    assert dict(states) == dict.fromkeys(NAMES, "present") | {"Casey": "absent_without_notice"}
    lines = list(TimedLine.objects.filter(meeting=meeting))
    assert sorted(line.text for line in lines) == ["", PANIC, BETTER]
    assert {line.by for line in lines} == {fleur}
    moments = [clock.local(line.at) for line in lines]
    assert {f"{at:%d %b %H:%M}" for at in moments} == {"11 Dec 19:05"}, "not the phone's own day"

    # The colleague and the coordinator read it in the logbook; then the meeting is closed.
    page.goto(reverse("groups:meeting", args=[meeting.pk]))
    page.get_by_role("link", name="Logboek").click()
    incident = page.locator("#incident")
    expect(incident.locator("li")).to_have_count(3)
    expect(incident).to_contain_text(PANIC)
    expect(incident).to_contain_text("Fleur")
    page.goto(reverse("groups:meeting", args=[meeting.pk]))
    page.click("#close")
    if page.get_by_role("button", name="Ja").count():
        page.get_by_role("button", name="Ja").first.click()
    expect(page.locator("#open-again")).to_be_visible()
    assert Meeting.objects.get(pk=meeting.pk).closed_at is not None
    assert TimedLine.objects.count() == 3
