"""What is saved around a meeting, and what every night looks for: undone each time."""

import html
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.urls import reverse

from core import clock
from core.drafts.tickets import FIELD
from core.messaging.sending import claim_batch
from groups.beforehand.views import READ
from groups.models import Meeting
from joinus.bench.cast import Cast, browser
from joinus.bench.measure import Act, once
from joinus.bench.sweep import looked_until_now, take

#: What the night looks for among everybody, of meetings and of challenges.
STEPS = (
    "moves_left",
    "moves_lapse",
    "names_of_visitors",
    "jottings",
    "challenges_left",
    "proposals_lapse",
    "challenge_reminders",
)


def changed(cast: Cast) -> Iterator[Act]:
    yield from _tonight(cast)
    yield _logbook(cast)
    yield from _cancelled(cast)
    for name in STEPS:
        asked = partial(take, name, forced=True)
        yield Act("9", f"sweep, {name}", asked, undone=True, before=looked_until_now)
    yield Act("11", "a batch is claimed, nothing due", claim_batch, undone=True)


def _tonight(cast: Cast) -> Iterator[Act]:
    """The sheet asks and somebody else has tapped; the card for when something happens."""
    client = browser(cast.worker_of(cast.group))
    now = reverse("groups:meeting_now", args=[cast.tonight.pk])
    help_card = reverse("groups:help", args=[cast.tonight.pk])
    yield Act("22", "sheet asks, something new", lambda: client.get(now, {"v": "-"}), goal=4)
    yield Act("22", "help card", lambda: client.get(help_card), goal=4)


def _logbook(cast: Cast) -> Act:
    """One sentence of the first card, as the page sends it by itself."""
    client = browser(cast.worker_of(cast.group))
    last = Meeting.objects.over(clock.now()).filter(group=cast.group).latest("date")
    page = client.get(reverse("groups:logbook", args=[last.pk])).content.decode()
    card = re.search(r"<form[^>]*data-card=\"welcome\".*?</form>", page, re.S)
    whole = card[0] if card else page
    sent = {name: html.unescape(value) for name, value in _HIDDEN.findall(whole)}
    sent |= {"card": "welcome", "own_time": "Bijgepraat."}
    save = reverse("groups:logbook_save", args=[last.pk])
    passed = re.search(r'data-pass="([^"]*)"', page)
    told = {"Accept": "application/json", "X-Logbook": passed[1] if passed else ""}
    assert FIELD in sent  # noqa: S101
    return Act(
        "24",
        "a card of the logbook saved",
        lambda: client.post(save, sent, headers=told),
        undone=True,
    )


_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def _cancelled(cast: Cast) -> Iterator[Act]:
    """The next meeting: first what follows and who will hear it, then the act with its messages."""
    client = browser(cast.worker_of(cast.group))
    coming = Meeting.objects.upcoming(clock.now()).filter(group=cast.group, status="planned")
    following = coming.filter(date__gt=clock.today())[0]
    address = reverse("groups:cancel", args=[following.pk])

    def cancels(**more: str) -> Any:
        return client.post(address, {"reason": "worker_ill", **more})

    asks = Act("32", "cancelling: who will hear", cancels, undone=True)
    page = once(asks).content.decode()
    read = {name: value for name, value in _HIDDEN.findall(page) if name == READ}
    yield asks
    yield Act(
        "32", "cancelled, everybody told", partial(cancels, **read), undone=True, expect=(302,)
    )
