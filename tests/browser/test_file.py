"""The page of a group and the file on a phone: nothing cut off, and *Meer* by the keyboard."""

from typing import Any

import pytest
from django.urls import reverse

from core.accounts.models import User
from groups.models import Placement
from participants.models import Trajectory
from tests.browser.conftest import Enter

#: Of every chip and table: how far its words go beyond it, or beyond the page.
CUT = """(all) => all.flatMap((one) => {
  const place = one.getBoundingClientRect();
  const over = one.scrollWidth > one.clientWidth || place.right > innerWidth || place.left < 0;
  return over ? [one.textContent.trim().slice(0, 40)] : [];
})"""


@pytest.mark.parametrize("width", [320, 390])
def test_no_chip_of_the_group_is_cut(
    page_at: Any, enter: Enter, town: dict[str, User | None], width: int
) -> None:
    stays = Trajectory.objects.filter(phase="participating")
    stays.filter(participant__call_name="Amir").update(blocked_reason="parent_withdrew")
    stays.filter(participant__call_name="Casey").update(phase="leaving")
    group = Placement.objects.first().group  # type: ignore[union-attr]
    page = page_at(width, 844)
    enter(page, town["worker"])
    page.goto(reverse("groups:group", args=[group.pk]))
    assert page.locator(".people .chip").count() == 4, "two states, and whom nobody talked with"
    assert page.eval_on_selector_all(".chip, .table", CUT) == []


@pytest.mark.parametrize("width", [320, 390])
def test_no_chip_of_the_start_page_is_cut_or_broken(
    page_at: Any, enter: Enter, town: dict[str, User | None], width: int
) -> None:
    stays = Trajectory.objects.filter(phase="participating")
    stays.filter(participant__call_name="Amir").update(blocked_reason="parent_withdrew")
    stays.filter(participant__call_name="Casey").update(phase="leaving")
    page = page_at(width, 844)
    enter(page, town["worker"])
    page.goto(reverse("home:today"))
    chips = page.locator(".people th .chip")
    assert chips.count() == 4
    assert page.eval_on_selector_all(".chip, .table", CUT) == []
    chips.evaluate_all("all => all.forEach(one => { one.style.overflowWrap = 'normal' })")
    assert page.eval_on_selector_all(".chip, .table", CUT) == []


def test_a_long_address_stays_inside_the_page_with_twice_as_large_words(
    page_at: Any, enter: Enter, town: dict[str, User | None]
) -> None:
    stay = Trajectory.objects.get(participant__call_name="Casey")
    contact = stay.participant.contact
    contact.email = "casey.van.den.langenberg@jongeren.example"
    contact.save()
    page = page_at(390, 844)
    enter(page, town["worker"])
    page.goto(reverse("home:file", args=[stay.pk]))
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.get_by_text(contact.email).count()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_more_is_reached_and_opened_by_the_keyboard(
    page_at: Any, enter: Enter, town: dict[str, User | None]
) -> None:
    stay = Trajectory.objects.get(participant__call_name="Casey")
    page = page_at(390, 844)
    enter(page, town["worker"])
    page.goto(reverse("home:file", args=[stay.pk]))
    assert page.eval_on_selector_all(".chip, .table, .button", CUT) == []
    goodbye = page.locator(f'a[href="{reverse("groups:leave", args=[stay.pk])}"]')
    assert not goodbye.is_visible()
    for _n in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#more > summary')"):
            break
    page.keyboard.press("Enter")
    goodbye.wait_for(state="visible")
