"""Pages of a group that no walk reaches in every state: errors, 320 px, the dark, the keyboard."""

from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.accounts.models import User
from core.messaging.models import Contact
from groups.evenings.meetings import cancel_meeting
from groups.models import Meeting, Notice, Placement
from tests import world
from tests.browser.conftest import Enter
from tests.browser.test_axe import narrow, wrong_in_errors
from tests.fixtures.browser import Axe, PageAt
from tests.groups.room import build
from tests.walk import OVERFLOW

Town = dict[str, User | None]
DESK, PHONE, NARROW = (1440, 900), (390, 844), (320, 640)


def look(page: Any, axe: Axe, size: tuple[int, int]) -> None:
    """In the light and in the dark, at this size and at 320 px."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        axe(page)
    page.emulate_media(color_scheme="light")
    assert narrow(page) == []
    assert page.evaluate(OVERFLOW) is None
    assert wrong_in_errors(page) == []


def worker_and_group(town: Town) -> tuple[User, Any]:
    worker = town["worker"]
    assert worker is not None
    placement = Placement.objects.visible_to(worker).select_related("group").earliest("first_day")
    return worker, placement.group


@pytest.mark.deep
@pytest.mark.parametrize("size", [DESK, PHONE])
def test_day_and_time_and_the_plan_also_refused(
    size: tuple[int, int], town: Town, page_at: PageAt, enter: Enter, axe: Axe
) -> None:
    worker, group = worker_and_group(town)
    page = page_at(*size)
    enter(page, worker)
    page.goto(f"/groepen/{group.pk}/dag-en-tijd/")
    look(page, axe, size)
    page.fill("[name=age_from]", "40")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()
    assert page.locator("[name=age_from][aria-invalid=true]").count() == 1
    look(page, axe, size)
    page.goto(f"/groepen/{group.pk}/plannen/")
    look(page, axe, size)
    for tick in page.locator("[name=dates]").all():
        tick.uncheck()
    with page.expect_navigation():
        page.locator("[data-plan-act]").click()
    assert page.locator("[data-error-summary]").count() == 1
    look(page, axe, size)


@pytest.mark.deep
@pytest.mark.parametrize("size", [DESK, PHONE])
def test_what_the_group_does_at_a_desk_and_in_the_dark(
    size: tuple[int, int], town: Town, page_at: PageAt, enter: Enter, axe: Axe
) -> None:
    worker, group = worker_and_group(town)
    tonight = Meeting.objects.filter(group=group).latest("date")
    page = page_at(*size)
    enter(page, worker)
    for path in (f"groepen/{group.pk}/ideeen", f"groepen/{group.pk}/bijdragen"):
        page.goto(f"/{path}/")
        look(page, axe, size)
    page.goto(f"/avonden/{tonight.pk}/onderweg/")
    look(page, axe, size)


@pytest.mark.deep
def test_the_room_where_it_refuses(db: None, page_at: PageAt, enter: Enter, axe: Axe) -> None:
    room = build.Room()
    post = build.write(room.topic, build.user_of(room.sam))
    page = page_at(*PHONE)
    enter(page, build.user_of(room.noor))
    for path in ("groep/nieuw", f"groep/{room.topic.pk}", f"groep/bericht/{post.pk}/melden"):
        page.goto(f"/{path}/")
        look(page, axe, PHONE)
        form = page.locator("main form", has=page.locator("textarea, input[type=radio]")).last
        form.evaluate("form => { form.noValidate = true }")
        with page.expect_navigation():
            form.locator("button").last.click()
        look(page, axe, PHONE)


@pytest.mark.deep
@pytest.mark.parametrize("size", [DESK, NARROW])
def test_who_knows_it_is_worked_by_the_keyboard_alone(
    size: tuple[int, int], town: Town, page_at: PageAt, enter: Enter, axe: Axe
) -> None:
    worker, group = worker_and_group(town)
    for contact in Contact.objects.filter(participant__trajectories__group=group).distinct():
        contact.phone, contact.safe_channels = "+31612345678", ["phone"]
        contact.save()
    meeting = world.make_meeting(group, clock.today() + timedelta(days=16))
    cancel_meeting(meeting=meeting, reason="location", by=worker)
    page = page_at(*size)
    enter(page, worker)
    page.goto(f"/avonden/{meeting.pk}/wie-weet-het/")
    look(page, axe, size)
    waiting = page.locator(".told__row--needs").count()
    assert waiting == Notice.objects.open().count() > 0
    press_with_the_keyboard(page, "told")
    page.locator(f".told__row--needs >> nth={waiting - 1}").wait_for(state="detached")
    assert Notice.objects.filter(told_at__isnull=False).count() == 1
    look(page, axe, size)
    tab_to(page, "details:has(form[action*='terug']) > summary")
    page.keyboard.press("Enter")
    look(page, axe, size)
    with page.expect_navigation():
        tab_to(page, "form[action*='terug'] button")
        page.keyboard.press("Enter")
    look(page, axe, size)
    meeting.refresh_from_db()
    assert meeting.status == "planned"


def press_with_the_keyboard(page: Any, act: str) -> None:
    tab_to(page, f"button[value={act}]")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tab_to(page: Any, selector: str) -> None:
    for _stop in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"no tab stop leads to {selector}")
