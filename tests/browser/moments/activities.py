"""Ideas and what they cost, and who is an example in something."""

from datetime import timedelta
from typing import Any

from core import clock
from groups.activities.ideas import propose
from groups.models import FundingRequest
from tests import world
from tests.browser.moments.steps import Enter, Look, Town, named, submit


def too_expensive(page: Any, town: Town, enter: Enter, look: Look) -> None:
    """One tap by the young person; the worker writes down what came of it."""
    stay = named("Casey")
    assert stay.group_id is not None
    idea = propose(
        group_id=stay.group_id, title="Karten", by=stay.participant.user, trajectory=stay
    )
    enter(page, town["participant"])
    page.goto(f"/ideeen/{idea.pk}/te-duur/")
    look(page)
    submit(page)
    look(page)
    page.context.clear_cookies()
    enter(page, town["worker"])
    page.goto(f"/bijdragen/{FundingRequest.objects.get().pk}/")
    look(page)
    submit(page)
    look(page)


def an_example_for_others(page: Any, town: Town, enter: Enter, look: Look) -> None:
    """Too early for one person; agreed on with another, who came often."""
    amir, casey = named("Amir"), named("Casey")
    assert casey.group is not None
    for weeks in range(8, 26, 2):
        day = clock.today() - timedelta(weeks=weeks)
        world.attend(casey, world.make_meeting(casey.group, day, "held"))
    enter(page, town["worker"])
    page.goto(f"/deelnemers/{amir.pk}/voorbeeld/")
    look(page)
    page.goto(f"/deelnemers/{casey.pk}/voorbeeld/")
    look(page)
    submit(page)
    look(page)
    page.fill("[name=skill]", "Nieuwe mensen welkom heten")
    page.check("[name=agreed]")
    submit(page)
    look(page)
