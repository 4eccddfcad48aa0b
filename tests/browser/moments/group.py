"""A group and its evening."""

from datetime import timedelta
from typing import Any

from core import clock
from core.accounts.roles import Role
from groups.models import Meeting, Placement
from groups.seats.moving import ask_move
from tests import world
from tests.browser.moments.steps import Enter, Look, Town, follow, named


def correcting(page: Any, town: Town, enter: Enter, look: Look) -> None:
    placement = Placement.objects.filter(trajectory=named("Amir")).get()
    held = Meeting.objects.filter(group=placement.group, status="held")
    evening = held.filter(date__gte=clock.today() - timedelta(days=30)).earliest("date")
    enter(page, town["worker"])
    page.goto(f"/avonden/{evening.pk}/{placement.trajectory_id}/")
    look(page)
    follow(page, page.locator("main button[name=state]").last)
    look(page)


def to_another_group(page: Any, town: Town, enter: Enter, look: Look) -> None:
    """Asked outside the age band: the worker waits, the coordinator and Noor answer."""
    group = world.make_group(name="Groep van Noor")
    place = group.location
    older = world.make_group(
        organisation=place.organisation, region=place.region, age_from=24, age_until=30
    )
    since = clock.today() - timedelta(days=60)
    stay = world.make_participating(group, since=since, call_name="Noor", age=19)
    world.give_own_agreements(stay)
    worker = world.make_worker(group)
    asked = ask_move(
        trajectory=stay,
        to_group=older,
        first_day=clock.today() + timedelta(days=14),
        reason="Haar vriendinnen zitten daar.",
        by=worker,
    )
    enter(page, worker)
    page.goto(f"/deelnemers/{stay.pk}/andere-groep/")
    look(page)
    page.context.clear_cookies()
    enter(page, world.make_coordinator(place.region))
    page.goto(f"/overstap/{asked.pk}/")
    look(page)
    follow(page, page.locator("main button[value=no]"))
    look(page)  # why not?
    follow(page, page.locator("main button[value=yes]"))
    look(page)
    page.context.clear_cookies()
    enter(page, stay.participant.user)
    page.goto(f"/andere-groep/{asked.pk}/")
    look(page)
    follow(page, page.locator("main button[value=yes]"))
    page.goto(f"/andere-groep/{asked.pk}/")
    look(page)


def two_groups(page: Any, town: Town, enter: Enter, look: Look) -> None:
    worker = town["worker"]
    assert worker is not None
    world.give_role(worker, Role.YOUTH_WORKER, group=world.make_group())
    enter(page, worker)
    page.goto("/groepen/")
    look(page)
