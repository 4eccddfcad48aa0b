"""A meeting that is a goodbye and a first time is cancelled, and goes ahead after all that day."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import expect

from core import clock
from core.messaging.contacts import change_contact
from core.messaging.models import Message
from core.messaging.sending import send_due
from core.organisations.models import Group
from groups.evenings.last_meeting import agree_last_meeting
from groups.models import Meeting, Notice
from participants.models import Trajectory
from tests import world
from tests.browser.conftest import Enter
from tests.fixtures.browser import PageAt

FRIDAY = date(2026, 12, 11)
NEXT = FRIDAY + timedelta(weeks=4)
MORNING = clock.at(date(2026, 12, 2), 10, 12)
OFF = "Vrijdag 11 december gaat niet door."
AGAIN = "Vrijdag 11 december gaat toch door, om 19:00."


def mails_to(stay: Trajectory) -> list[Any]:
    return [one for one in mail.outbox if one.to == [stay.participant.contact.email]]


def words_of(one: Any) -> str:
    return " ".join(f"{one.subject} {one.body}".split())


def press(page: Any, words: str) -> None:
    page.locator("main").get_by_role("button", name=words).click()


def says(page: Any, *words: str) -> None:
    for one in words:
        expect(page.locator("main")).to_contain_text(one)


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R-376")
def test_a_goodbye_and_a_first_time_fall_away_and_come_back(
    page_at: PageAt, enter: Enter, move_clock: Callable[[datetime], None]
) -> None:
    move_clock(MORNING)
    group: Group = world.make_group(name="Groep 18+", age_from=18, age_until=30)
    fleur = world.make_worker(group)
    since = FRIDAY - timedelta(days=200)
    came = world.make_meeting(group, since, status="held")
    friday, following = (world.make_meeting(group, day) for day in (FRIDAY, NEXT))
    noor, bo, amir = (
        world.make_participating(group, since=since, call_name=name, age=22, **how)
        for name, how in (("Noor", {}), ("Bo", {"email": ""}), ("Amir", {"email": ""}))
    )
    for stay in (noor, bo, amir):
        world.attend(stay, came)
    sam = world.make_participating(group, since=MORNING.date(), call_name="Sam", age=19)
    change_contact(
        contact=amir.participant.contact, phone="+31612345678", safe_channels=["phone"], by=fleur
    )
    agree_last_meeting(trajectory=noor, meeting=friday, by=fleur)
    mail.outbox.clear()

    # From the year plan to the reason; who will hear it is said first.
    worker = page_at(390, 844, permissions=["clipboard-read", "clipboard-write"])
    enter(worker, fleur)
    worker.goto(reverse("groups:group", args=[group.pk]))
    worker.get_by_role("link", name="Jaarplan").click()
    worker.locator(f"main .year__day a[href*='{friday.pk}']").click()
    worker.get_by_text("Gaat het niet door?").click()
    press(worker, "Geen ruimte")
    says(
        worker,
        "2 mensen krijgen bericht.",
        "Jij vertelt het zelf aan: Amir, Bo.",
        "Sam zou voor het eerst komen.",
        "De volgende keer is vrijdag 8 januari.",
    )
    assert not Notice.objects.exists(), "asked first: nothing was done yet"
    press(worker, "Ja, het gaat niet door")
    says(worker, "Bo weet het nog niet", "Amir weet het nog niet", "Wil liever gebeld worden.")
    says(worker, "2 mensen krijgen bericht")
    expect(worker.get_by_role("heading", level=1)).to_contain_text(OFF.rstrip("."))

    # The ready text for Bo, and one tap says that it was sent; Amir does not pick up.
    of_bo = Notice.objects.get(trajectory=bo)
    row = worker.locator(f"#wie-{of_bo.pk}")
    row.locator("summary").click()
    row.get_by_role("button", name="Kopiëren").click()
    expect(row.get_by_role("status")).to_have_text("Gekopieerd")
    copied = worker.evaluate("navigator.clipboard.readText()")
    assert OFF in copied
    assert "Hoi Bo," in copied
    assert "De volgende keer is vrijdag 8 januari." in copied
    row.get_by_role("button", name="Ik heb het verstuurd").click()
    says(worker, "Bo: Fleur stuurde een bericht")
    expect(row).to_have_count(0)
    of_amir = worker.locator(f"#wie-{Notice.objects.get(trajectory=amir).pk}")
    of_amir.get_by_role("button", name="Niet bereikt").click()
    says(worker, "Niet bereikt, 2 dec 10:12")

    # Each mail says it in the words of that person, once.
    move_clock(clock.at(MORNING.date(), 18))
    send_due()
    (to_noor,), (to_sam,) = (mails_to(stay) for stay in (noor, sam))
    assert len(mail.outbox) == 2
    for one in (to_noor, to_sam):
        assert words_of(one).startswith(OFF.rstrip("."))
    assert "Het zou je laatste keer zijn. Samen met je begeleider kies je" in words_of(to_noor)
    assert "De volgende keer is vrijdag 8 januari." in words_of(to_noor)
    assert "Je komt dan voor het eerst op vrijdag 8 januari." in words_of(to_sam)
    assert "laatste" not in words_of(to_sam)

    # Noor, and Sam, on their own pages.
    hers, his = page_at(390, 844), page_at(390, 844)
    for page, stay in ((hers, noor), (his, sam)):
        enter(page, stay.participant.user)
        page.goto("/vandaag/")
        says(page, OFF, "De volgende keer is vrijdag 8 januari.")
    says(hers, "Samen met je begeleiders kies je een laatste bijeenkomst.")
    his.get_by_role("link", name="Voor het eerst naar Join Us").click()
    says(his, "Vrijdag 8 januari, 19:00")
    hers.goto(reverse("groups:calendar"))
    says(hers, OFF, "Vrijdag 11 december, 19:00")
    says(hers, "Samen met je begeleiders kies je een laatste bijeenkomst.")

    # The same day it goes ahead after all: whoever heard hears that too, and nobody else.
    enter(worker, fleur)
    worker.goto(reverse("groups:told", args=[friday.pk]))
    says(worker, "2 mensen kregen bericht")
    worker.locator("summary", has_text="Toch laten doorgaan").click()
    press(worker, "Toch laten doorgaan")
    says(worker, "Teruggenomen door Fleur")
    says(worker, "Bo weet het nog niet")
    expect(worker.locator("main")).not_to_contain_text("Amir")
    expect(worker.get_by_role("button", name="Toch laten doorgaan")).to_have_count(0)
    row = worker.locator(f"#wie-{Notice.objects.open().get(trajectory=bo).pk}")
    row.locator("summary").click()
    expect(row.locator("textarea")).to_have_value(re.compile(AGAIN))
    row.get_by_role("button", name="Ik heb het verstuurd").click()
    expect(row).to_have_count(0)

    move_clock(clock.at(MORNING.date() + timedelta(days=1), 18))
    send_due()
    assert len(mail.outbox) == 4
    for stay in (noor, sam):
        _first, second = mails_to(stay)
        assert words_of(second).startswith(AGAIN.rstrip("."))
        assert "niet door" not in words_of(second)
    assert "Je laatste keer is toch vrijdag 11 december." in words_of(mails_to(noor)[1])
    assert "Je komt dan voor het eerst op vrijdag 11 december." in words_of(mails_to(sam)[1])
    assert Message.objects.filter(contact=bo.participant.contact, state="sent").count() == 2
    assert not Notice.objects.current().filter(trajectory=amir, superseded_at=None).exists()

    # Noor says goodbye that evening again.
    noor.refresh_from_db()
    assert noor.last_meeting_on == FRIDAY
    assert noor.last_meeting.meeting == friday
    assert Meeting.objects.get(pk=following.pk).status == "planned"
    enter(hers, noor.participant.user)
    hers.goto("/vandaag/")
    says(hers, "Vrijdag 11 december is je laatste bijeenkomst.")
    expect(hers.locator("main")).not_to_contain_text(OFF)
    hers.goto(reverse("groups:calendar"))
    says(hers, "Vrijdag 11 december, 19:00")
    expect(hers.locator("main")).not_to_contain_text("laatste bijeenkomst")
    enter(his, sam.participant.user)
    his.goto("/eerste-avond/")
    says(his, "Vrijdag 11 december, 19:00")
