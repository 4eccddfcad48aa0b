"""Ringing from the row and closing, on a phone in a real browser: taps are counted."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from core import clock
from core.ids import uuid7
from groups.models import Meeting
from groups.sheet.attendance import Tap, record
from participants.models import ContactAttempt
from tests import world
from tests.groups.sheet.test_browser import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.req("R-090", "R-375")
def test_ringing_is_two_taps_and_closing_says_whose_row_is_empty(
    page_at: Any, live_server: Any, axe: Any
) -> None:
    group = world.make_group(name="Groep 12-16")
    since = clock.today() - timedelta(days=60)
    people = [
        world.make_participating(group, since=since, call_name=n)
        for n in ("Amir", "Bo", "Jordan", "Layla", "Sebastiaan-Willem")
    ]
    for stay in people[2:]:
        contact = stay.participant.contact
        contact.phone, contact.safe_channels = "0612345678", ["phone"]
        contact.save()
    worker, meeting = world.make_worker(group), world.make_tonight(group, begins_in=-20)
    here = [Tap(uuid7(), stay.pk, "present", 0) for stay in people[:2]]
    record(meeting=meeting, taps=here, by=worker)
    page = page_at(390, 844)
    sign_in(page, live_server, worker)
    page.goto(reverse("groups:meeting", args=[meeting.pk]))
    row = f"#row-{people[2].pk}"
    page.context.set_offline(True)
    page.click(f"{row} .attendance__call")
    page.locator("[data-offline]", has_text="Geen verbinding. Probeer het straks").wait_for()
    page.context.set_offline(False)
    page.click(f"{row} .attendance__call")
    page.locator("[data-offline]").wait_for(state="hidden")
    page.locator(f"{row} [data-dial]").wait_for()
    axe(page)
    page.click(f"{row} button[value=coming]")
    page.locator(f"{row} .attendance__heard").wait_for()
    assert ContactAttempt.objects.get().conclusion == "on_way"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click("#close")
    page.wait_for_url("**/afsluiten/")
    axe(page)
    page.click("main form .button--main")
    page.locator("#open-again").wait_for()
    assert Meeting.objects.get(pk=meeting.pk).closed_at is not None
