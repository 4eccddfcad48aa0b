"""Pages as they are opened: whose, how often the bare page, how many statements."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.urls import NoReverseMatch, reverse

from core.accounts.models import User
from joinus.bench.cast import Cast, browser
from joinus.bench.measure import Act

START = "home:today"


def pages(cast: Cast) -> Iterator[Act]:
    """Every row of the table that is a page. Who is not there in a small world has no row."""
    group = cast.group
    worker = cast.worker_of(group)
    yield _page("1", "worker's start, 15 people", worker, START, goal=5, queries=12)
    for name, said in (("Vijf Groepen", "5 groups"), ("Twintig Groepen", "20 groups")):
        user = cast.named(name)
        if user is not None and user.role_assignments.count() > 1:
            many = f"{user.role_assignments.count()} groups"
            yield _page("2", f"worker's start, {said} ({many} here)", user, START, queries=12)
    yield _page("1b", "group page", worker, "groups:group", group.pk, goal=4, queries=8)
    yield _page("1b", "evening sheet", worker, "groups:meeting", cast.tonight.pk, goal=4, queries=9)
    yield from _of_young_people(cast)
    yield _page("15", "participant's file", worker, "home:file", cast.stay.pk, goal=6, queries=16)
    yield from _regional(cast)
    yield from _lists(cast, worker)


def _of_young_people(cast: Cast) -> Iterator[Act]:
    user, wave = cast.young(with_wave="interim")
    assert wave is not None  # noqa: S101
    yield _page(
        "5", "questionnaire item", user, "questionnaires:item", wave.pk, 3, goal=1.8, queries=3
    )
    user, _wave = cast.young()
    yield _page("14", "participant's start", user, START, goal=4, queries=10)


def _regional(cast: Cast) -> Iterator[Act]:
    for region, (said, goal) in enumerate((("3", 6.0), ("40", 8.0), ("300", 8.0))):
        found = cast.coordinator(region)
        if found is not None:
            user, here = found
            name = f"coordinator's start, {said} groups" + (
                "" if str(here) == said else f" ({here} here)"
            )
            yield _page("16", name, user, START, goal=goal, queries=14)
    foundation = cast.named("Stefan Stichting")
    yield _page("16", "foundation's start", foundation, START, goal=10)


def _lists(cast: Cast, worker: User) -> Iterator[Act]:
    sign_ups = "participants:applicants"
    yield _page("17", "sign-ups, 10", worker, sign_ups, goal=4)
    if len(cast.groups) > 1:
        crowded = cast.worker_of(cast.groups[1])
        yield _page("17", "sign-ups, 300", crowded, sign_ups, goal=8)
        yield _page("2", "worker's start, 300 sign-ups", crowded, START, queries=12)
    name = cast.stay.participant.call_name
    try:
        address = reverse("home:search")
    except NoReverseMatch:
        return
    client = browser(worker)
    typed = partial(client.post, address, {"q": name[:3]}, headers={"HX-Request": "true"})
    yield Act("17", "search", typed, goal=3)


def _page(
    row: str,
    name: str,
    user: User | None,
    view: str,
    *words: Any,
    goal: float | None = None,
    queries: int | None = None,
) -> Act:
    return _act(row, name, browser(user), reverse(view, args=words), goal=goal, queries=queries)


def _act(row: str, name: str, client: Any, address: str, **goals: Any) -> Act:
    return Act(row, name, partial(client.get, address), **goals)
