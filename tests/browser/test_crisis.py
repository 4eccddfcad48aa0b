"""A crisis is ticked in the first talk: what to do stands there at once (R-067)."""

import pytest

from participants.intake import talk
from participants.models import Judgement
from tests import world
from tests.browser.conftest import Enter
from tests.fixtures.browser import PageAt


@pytest.mark.req("R-067")
@pytest.mark.parametrize(
    ("javascript", "answer"),
    [(True, "does_not_meet"), (False, "does_not_meet"), (False, "discussed")],
)
def test_the_tick_shows_what_to_do_at_once_also_without_javascript(
    transactional_db: None, page_at: PageAt, enter: Enter, javascript: bool, answer: str
) -> None:
    group = world.make_group()
    worker = world.make_worker(group)
    stay = world.make_trajectory(group=group, phase="signed_up")
    talk.start_intake(trajectory=stay, by=worker)
    page = page_at(390, 844, java_script_enabled=javascript)
    enter(page, worker)
    page.goto(f"/aanmeldingen/{stay.pk}/gesprek/")
    panel = page.locator(".judgement .talk__crisis")
    assert not panel.is_visible()
    page.locator(f"[name=crisis][value={answer}]").check()
    assert panel.is_visible()
    assert panel.get_by_role("link", name="112").get_attribute("href") == "tel:112"
    assert Judgement.objects.count() == 0
    page.locator("[name=crisis][value=meets]").check()
    assert not panel.is_visible()
