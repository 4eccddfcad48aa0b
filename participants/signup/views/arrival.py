"""What the browser that just signed up remembers for an hour, so that the next page can say who
gets in touch, when, and that somebody is on the waiting list.

Each sign-up has a page of its own (core.link_pages): a brother and a sister who sign up one after
the other in one browser keep two. Its cookie bears no address, and the call name sealed, to be
read on that page only; it dies with the browser. It says the same for somebody we know already,
so nothing about them is revealed.
"""

import base64
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.encryption import CannotOpen, seal, unseal
from core.link_pages import Before, LinkPage, OpenPage

SECONDS = 60 * 60
SOMEBODY = "somebody"


def forgotten(request: HttpRequest) -> HttpResponse:
    """For a browser that does not remember who signed up: what happens next, for everybody.

    Whoever pressed something reads that it was not kept.
    """
    lost = request.method == "POST"
    context = {"waiting": False, "arrival": None, "lost": lost}
    return render(request, "participants/signed_up.html", context, status=410 if lost else 200)


ARRIVED = LinkPage(
    salt="participants.arrival",
    at="participants:signed_up",
    seconds=SECONDS,
    dead=forgotten,
    before=Before("arrived", "/", named="key"),
)


@dataclass(frozen=True)
class Arrival:
    """`key` is the form's own number. `waits`: on the waiting list, whose date is `on`.

    `knows`: whom the young person said to know, keys of workers and SOMEBODY for the group.
    """

    key: UUID
    group_id: UUID
    on: date
    by: str
    when: str
    waits: bool
    wished: UUID | None = None
    knows: tuple[str, ...] = ()
    name: str = ""


def plain(arrival: Arrival) -> dict[str, Any]:
    """What the page's cookie keeps."""
    kept = {name: "" if value is None else str(value) for name, value in vars(arrival).items()}
    del kept["key"]
    kept["knows"] = ",".join(arrival.knows)
    kept["name"] = _sealed(arrival.name, arrival.key)
    return kept


def arrival_of(link: OpenPage) -> Arrival | None:
    """Who signed up on this page. None: a cookie of another make than ours of today."""
    kept = link.kept
    try:
        key = UUID(link.subject)
        return Arrival(
            key=key,
            group_id=UUID(kept["group_id"]),
            on=date.fromisoformat(kept["on"]),
            by=kept["by"],
            when=kept["when"],
            waits=kept["waits"] == "True",
            wished=UUID(kept["wished"]) if kept.get("wished") else None,
            knows=tuple(filter(None, kept.get("knows", "").split(","))),
            name=_opened(kept.get("name", ""), key),
        )
    except (KeyError, TypeError, ValueError):
        return None


def arrivals(request: HttpRequest) -> list[Arrival]:
    """Everybody who just signed up in this browser."""
    found = (arrival_of(link) for link in ARRIVED.held(request))
    return [one for one in found if one is not None]


def _sealed(name: str, key: UUID) -> str:
    return base64.b64encode(seal(name, f"participants.arrival:{key}")).decode() if name else ""


def _opened(sealed: str, key: UUID) -> str:
    try:
        return unseal(base64.b64decode(sealed), f"participants.arrival:{key}") if sealed else ""
    except (CannotOpen, ValueError):
        return ""
