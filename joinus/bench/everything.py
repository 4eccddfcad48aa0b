"""All of it in one process: acts beside their yardsticks first, then what is done in one go."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from django.urls import reverse

from joinus.bench import (
    acts,
    challenges,
    changed,
    crowd,
    evenings,
    floor,
    mails,
    measure,
    pages,
    paper,
    sweep,
    waves,
    weight,
)
from joinus.bench.cast import Cast, browser
from joinus.bench.measure import Act
from joinus.bench.world import say

IN_ONE_GO: dict[str, Callable[[], Iterable[dict[str, Any]]]] = {
    "10": waves.opened,
    "11": mails.sent,
    "12": paper.papers,
    "19": crowd.crowded,
    "20": weight.weights,
}


def every_act(cast: Cast) -> Iterator[Act]:
    """What is done again and again; also what the suite does once."""
    yield from pages.pages(cast)
    yield from acts.acts(cast)
    yield from evenings.evenings(cast)
    yield from changed.changed(cast)
    yield from challenges.challenges(cast)
    yield from sweep.sweeps()


def yardsticks(cast: Cast) -> dict[str, Act]:
    group, user = cast.anybody()
    client = browser(user, floor.bare_browser())
    bare = reverse("bare", args=[group], urlconf="joinus.bench.urls")
    return {
        "page": Act("0", "bare page", partial(client.get, bare)),
        "row": Act("0", "one saved row", partial(floor.one_row, user, group), undone=True),
    }


def measured(people: int, rows: set[str], rounds: int) -> list[dict[str, Any]]:
    """The figures of these rows, or of all."""
    cast = Cast()
    chosen = [act for act in every_act(cast) if not rows or act.row in rows]
    for act in chosen:
        act.rounds = min(act.rounds, rounds)
    found = []
    for one in measure.measure(chosen, yardsticks(cast)):
        found.append(one.as_facts())
    for row, go in IN_ONE_GO.items():
        if not rows or row in rows:
            say(f"row {row} ...")
            found += go()
    for fact in found:
        fact["people"] = people
    return found
