"""A meeting while it runs, and one that changed: the sheet's other pages, and who knows it."""

from datetime import timedelta
from typing import Any

from core import clock
from core.messaging.models import Contact
from core.organisations.models import Group
from groups.evenings.meetings import cancel_meeting
from groups.models import Attendance
from tests import world
from tests.browser.moments.steps import Enter, Look, Town, follow, named


def can_be_rung(group: Group) -> None:
    """Everybody of this group may be rung."""
    for contact in Contact.objects.filter(participant__trajectories__group=group).distinct():
        contact.phone, contact.safe_channels = "+31612345678", ["phone"]
        contact.save()


def beside_the_sheet(page: Any, town: Town, enter: Enter, look: Look) -> None:
    """Somebody walks in, somebody has not arrived, and the connection is gone."""
    group = world.make_group(name="Groep van Mila")
    since = clock.today() - timedelta(days=60)
    stay = world.make_participating(group, since=since, call_name="Mila", age=17)
    can_be_rung(group)
    tonight = world.make_tonight(group, begins_in=-20)
    enter(page, world.make_worker(group))
    page.goto(f"/avonden/{tonight.pk}/iemand-erbij/")
    look(page)
    page.locator("main form:has([name=call_name])").evaluate("form => { form.noValidate = true }")
    page.locator("main form:has([name=call_name]) button").last.click()
    page.locator("[name=call_name][aria-invalid=true]").wait_for()
    look(page)
    page.goto(f"/avonden/{tonight.pk}/{stay.pk}/bellen/")
    look(page)
    page.goto("/zonder-verbinding/")
    look(page)


def who_knows_it(page: Any, town: Town, enter: Enter, look: Look) -> None:
    """The ring list of a meeting that is cancelled."""
    group, worker = named("Casey").group, town["worker"]
    assert group is not None
    assert worker is not None
    can_be_rung(group)
    meeting = world.make_meeting(group, clock.today() + timedelta(days=16))
    cancel_meeting(meeting=meeting, reason="location", by=worker)
    enter(page, worker)
    page.goto(f"/avonden/{meeting.pk}/wie-weet-het/")
    look(page)
    follow(page, page.locator("button[value=told]").first)
    look(page)


def a_later_correction(page: Any, town: Town, enter: Enter, look: Look) -> None:
    """After thirty days: the coordinator alone, with what it changes."""
    stay = named("Amir")
    old = Attendance.objects.filter(trajectory=stay).earliest("meeting__date")
    enter(page, town["coordinator"])
    page.goto(f"/avonden/{old.meeting_id}/{stay.pk}/corrigeren/")
    look(page)
    follow(page, page.locator("main button[name=state]").first)
    look(page)
