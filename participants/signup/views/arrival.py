"""What the browser that just signed up remembers for an hour, so that the next page can say who
gets in touch, when, and that somebody is on the waiting list.

A signed cookie without a name or an address; it dies with the browser. It says the same for
somebody we know already, so nothing about them is revealed.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

SALT = "participants.arrival"
SECONDS = 60 * 60
SOMEBODY = "somebody"


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


def remember(response: HttpResponse, arrival: Arrival) -> HttpResponse:
    plain = {name: str(value) for name, value in vars(arrival).items() if value is not None}
    plain["knows"] = ",".join(arrival.knows)
    response.set_cookie(
        _name(),
        signing.dumps(plain, salt=SALT),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def recall(request: HttpRequest) -> Arrival | None:
    """The arrival of this browser, when it is not older than an hour and was not tampered with."""
    try:
        kept: dict[str, Any] = signing.loads(
            request.COOKIES.get(_name(), ""), salt=SALT, max_age=SECONDS
        )
        return Arrival(
            key=UUID(kept["key"]),
            group_id=UUID(kept["group_id"]),
            on=date.fromisoformat(kept["on"]),
            by=kept["by"],
            when=kept["when"],
            waits=kept["waits"] == "True",
            wished=UUID(kept["wished"]) if "wished" in kept else None,
            knows=tuple(filter(None, kept.get("knows", "").split(","))),
        )
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def _name() -> str:
    return f"{'__Host-' if settings.SESSION_COOKIE_SECURE else ''}arrived"
