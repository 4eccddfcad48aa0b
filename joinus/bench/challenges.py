"""From what was seen to what is dared: the thread, the pages of workers, what a young person taps.

What is sent is undone each time.
"""

import html
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import Count
from django.test import Client
from django.urls import reverse

from challenges.models import Challenge
from core.drafts.tickets import FIELD
from core.ids import uuid7
from joinus.bench.cast import Cast, browser
from joinus.bench.measure import Act
from participants.models import Trajectory

#: The thread and the preparation are held to the figures of a file.
OF_A_FILE: dict[str, Any] = {"goal": 6, "queries": 16}
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def challenges(cast: Cast) -> Iterator[Act]:
    yield from _of_workers(cast)
    yield _observed(cast)
    yield from _of_young_people(cast)


def _get(row: str, name: str, client: Client, view: str, *words: Any, **goals: Any) -> Act:
    return Act(row, name, partial(client.get, reverse(view, args=words)), **goals)


def _of_workers(cast: Cast) -> Iterator[Act]:
    client, stay = browser(cast.worker_of(cast.group)), cast.stay
    for said, one in zip(("few entries", "many entries"), _thin_and_full(cast), strict=True):
        yield _get("33", f"thread, {said}", client, "home:thread", one.pk, **OF_A_FILE)
    name, tonight = "preparation of a group", cast.tonight.pk
    yield _get("34", name, client, "challenges:preparation", tonight, **OF_A_FILE)
    yield _get("35", "observe", client, "challenges:observe", stay.pk)
    yield _get("37", "hypotheses", client, "challenges:hypotheses", stay.pk)


def _thin_and_full(cast: Cast) -> tuple[Trajectory, Trajectory]:
    """Of the group: who stands on the thread least often and most often."""
    here = Trajectory.objects.filter(group=cast.group, challenges__state="going")
    counted = here.annotate(
        entries=Count("observations", distinct=True)
        + Count("hypotheses", distinct=True)
        + Count("challenges", distinct=True)
        + Count("challenges__notes", distinct=True)
        + Count("support_uses", distinct=True)
    ).order_by("entries", "pk")
    found = list(counted)
    return found[0], found[-1]


def _observed(cast: Cast) -> Act:
    """One ABC, as the page sends it."""
    client = browser(cast.worker_of(cast.group))
    address = reverse("challenges:observe", args=[cast.stay.pk])
    page = client.get(address).content.decode()
    when = re.search(r'<option value="([^"]+)" selected', page)
    hidden = _hidden_of(page)
    assert when is not None  # noqa: S101
    assert FIELD in hidden  # noqa: S101
    written = {
        "behaviour": "Stond op en vroeg of er nog plek was.",
        "aim": "new_behaviour",
        "antecedent": "Het spel begon.",
        "positive_0": "De anderen schoven op.",
        "negative_0": "Kreeg een rood hoofd.",
        "when": when[1],
        "act": "save",
    }

    def sends() -> Any:
        return client.post(address, {**hidden, **written, "client_id": uuid7()})

    return Act("35", "observation saved", sends, undone=True, expect=(302,))


def _of_young_people(cast: Cast) -> Iterator[Act]:
    user, _wave = cast.young()
    client = browser(user)
    going = Challenge.objects.going().filter(trajectory=cast.stay).earliest("chosen_on", "pk")
    yield _get("36", "my challenges", client, "challenges:mine")
    yield _get("36", "one of my challenges", client, "challenges:own", going.pk)
    yield _get("36", "what I dared", client, "challenges:dared")
    address = reverse("challenges:choose")
    hidden = _hidden_of(client.get(address).content.decode())
    assert FIELD in hidden  # noqa: S101
    chosen = {**hidden, "text": "Ik zeg als eerste hoi.", "sureness": "8"}
    yield _sent("36", "a challenge chosen", lambda: client.post(address, chosen))
    tap = reverse("challenges:practised", args=[going.pk])

    def practises() -> Any:
        return client.post(tap, {"client_id": uuid7(), "outcome": "worked"})

    yield _sent("36", "one tap: practised", practises)


def _sent(row: str, name: str, do: Any) -> Act:
    return Act(row, name, do, undone=True, expect=(302,))


def _hidden_of(page: str) -> dict[str, str]:
    """The ticket of what is typed, and the like."""
    return {name: html.unescape(value) for name, value in _HIDDEN.findall(page)}
