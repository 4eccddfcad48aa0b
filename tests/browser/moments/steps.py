"""What every moment is made of: people of the town by name, a form that is sent, a page shown."""

from collections.abc import Callable
from typing import Any

from core import clock
from core.accounts.models import User
from participants.models import Trajectory
from questionnaires.models import Response as Answered
from tests.questionnaires.build import make_response

PASSWORD = "een lang genoeg wachtwoord"
Look = Callable[[Any], None]
Town = dict[str, User | None]
Enter = Callable[[Any, User | None], None]


def named(call_name: str) -> Trajectory:
    return Trajectory.objects.get(participant__call_name=call_name)


def answered_once(stay: Trajectory) -> None:
    if not Answered.objects.filter(trajectory=stay, wave="baseline").exists():
        make_response(stay, dict.fromkeys(range(1, 19), 3), "baseline", 1, clock.today())


def follow(page: Any, way: Any) -> None:
    """Press what leads to another page, and wait until that one stands."""
    with page.expect_navigation():
        way.click()


def submit(page: Any) -> None:
    follow(page, page.locator("main form button[type=submit]").first)


def show(page: Any, body: str) -> None:
    """A page that is hard to provoke, with the live server's own styles."""
    page.unroute("**/zo-ziet-het-eruit/")
    page.route(
        "**/zo-ziet-het-eruit/",
        lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"),
    )
    page.goto("/zo-ziet-het-eruit/")
