"""What a meeting costs on its pages: its sheet that asks by itself, its logbook, year and room."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from core import clock
from core.accounts.models import User
from core.ids import uuid7
from groups.models import CalendarFeed, Meeting, MeetingChange, Placement, Topic
from groups.year_plan.feed import hash_of
from joinus.bench.cast import Cast, browser
from joinus.bench.measure import Act

#: As many as were tapped while there was no connection.
QUEUE = 12


def evenings(cast: Cast) -> Iterator[Act]:
    yield from _sheet(cast)
    yield from _of_workers(cast)
    yield from _of_young_people(cast)
    yield from _of_many_groups(cast)


def _page(row: str, name: str, user: User | None, view: str, *words: Any, **goals: Any) -> Act:
    return Act(row, name, partial(browser(user).get, reverse(view, args=words)), **goals)


def _sheet(cast: Cast) -> Iterator[Act]:
    """Another phone tapped nothing; twelve taps come in at once."""
    meeting, client = cast.tonight, browser(cast.worker_of(cast.group))
    page = client.get(reverse("groups:meeting", args=[meeting.pk])).content.decode()
    asked = {"v": page.split('data-v="')[1].split('"')[0]}
    now = reverse("groups:meeting_now", args=[meeting.pk])
    yield Act(
        "22",
        "sheet asks, nothing new",
        lambda: client.get(now, asked),
        goal=3,
        queries=7,
        expect=(204,),
    )
    queue = reverse("groups:attendance_api", args=[meeting.pk])
    stays = [stay.pk for stay in cast.stays][:QUEUE]

    def sent() -> Any:
        taps = [
            {
                "client_id": str(uuid7()),
                "participant": str(stay),
                "status": "present",
                "base_version": 0,
            }
            for stay in stays
        ]
        return client.post(queue, json.dumps(taps), content_type="application/json")

    yield Act("23", f"a queue of {len(stays)} taps", sent, goal=8, queries=14, undone=True)
    yield Act("23", "what a phone keeps", lambda: client.get(queue), goal=4)


def _of_workers(cast: Cast) -> Iterator[Act]:
    group, worker = cast.group, cast.worker_of(cast.group)
    last = Meeting.objects.over(clock.now()).filter(group=group).latest("date")
    moved = MeetingChange.objects.filter(meeting__group=group, kind="moved").latest("at")
    leaving = Placement.objects.open().filter(group=group, trajectory__phase="leaving")[:1]
    yield _page("24", "logbook", worker, "groups:logbook", last.pk, goal=5, queries=14)
    yield _page("25", "year plan", worker, "groups:plan", group.pk, goal=5, queries=14)
    yield _page("25", "who knows of a change", worker, "groups:told", moved.meeting_id, goal=4)
    yield _page("26", "room, for a worker", worker, "groups:room", group.pk, goal=4)
    yield _page("28", "farewell card", worker, "groups:farewell", leaving[0].trajectory_id, goal=4)
    yield _page("29", "another group", worker, "groups:move", cast.stay.pk, goal=4, queries=8)
    yield _page("30", "worker's agenda", worker, "groups:calendar", goal=4)
    yield _feed("31", "feed of a worker", worker)


def _of_young_people(cast: Cast) -> Iterator[Act]:
    user, _wave = cast.young()
    topic = Topic.objects.filter(group=cast.group).latest("last_at")
    yield _page("26", "room", user, "groups:mine", goal=4, queries=9)
    yield _page("26", "topic in the room", user, "groups:topic", topic.pk, goal=4, queries=10)
    yield _page("27", "participant's agenda", user, "groups:calendar", goal=3, queries=9)
    yield _page("27", "one meeting", user, "groups:my_meeting", cast.tonight.pk, goal=3)
    yield _page("27", "ideas", user, "groups:ideas", cast.group.pk, goal=4)
    comes = Placement.objects.filter(trial=True, last_day=None, first_day__gte=clock.today())
    ready = comes.filter(trajectory__blocked_reason="", trajectory__participant__user__isnull=False)
    new = ready.select_related("trajectory__participant__user").order_by("pk").first()
    if new is not None:
        guest = new.trajectory.participant.user
        yield _page("27", "first visit", guest, "groups:first_evening", goal=4, queries=13)


def _of_many_groups(cast: Cast) -> Iterator[Act]:
    """Of a coordinator with three and with three hundred groups: lists, agenda, calendar."""
    for region, said in enumerate(("3", "40", "300")):
        found = cast.coordinator(region)
        if found is None:
            continue
        user, here = found
        many = f"{said} groups" + ("" if str(here) == said else f" ({here} here)")
        yield _page("16", f"coordinator's groups, {many}", user, "groups:list", goal=8)
        yield _page("30", f"coordinator's agenda, {many}", user, "groups:calendar", goal=8)
        yield _feed("31", f"feed of a coordinator, {many}", user)


def _feed(row: str, name: str, user: User) -> Act:
    """As a calendar program asks for it: without a session, and never too often here."""
    secret = f"bench-{user.pk}"
    CalendarFeed.objects.update_or_create(
        user=user, defaults={"token_hash": hash_of(secret), "made_at": clock.now()}
    )
    address = reverse("groups:feed", args=[secret])
    return Act(row, name, partial(Client().get, address), before=cache.clear, goal=8)
