"""What a page hands out with a form that keeps what is typed: sealed, for one account alone.

Only a page that this person could open holds a ticket, so nobody keeps words about rows out of
their sight. It carries what the form held when it was shown: the base of a later merge (R-340).
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.http import HttpRequest

from core import clock
from core.accounts.actors import Viewer
from core.accounts.models import User
from core.encryption import CannotOpen, keyed_hash, seal, unseal
from core.ids import uuid7

#: The field of a form in which its ticket stands.
FIELD = "draft"
Values = dict[str, list[str]]


@dataclass(frozen=True)
class Ticket:
    """`page`: this page as it was opened; `seen`: the pages whose words it went on from."""

    form: str
    subject: str
    path: str
    about: tuple[UUID, ...] = ()
    base: Mapping[str, list[str]] = field(default_factory=dict)
    draft: UUID = field(default_factory=uuid7)
    page: UUID = field(default_factory=uuid4)
    seen: tuple[UUID, ...] = ()
    at: datetime = field(default_factory=clock.now)

    def anew(self) -> Ticket:
        """For the same form, in a row of its own."""
        return replace(self, draft=uuid7(), page=uuid4(), seen=())

    def sealed(self, user: User) -> str:
        told = json.dumps(
            {
                "f": self.form,
                "s": self.subject,
                "w": self.path,
                "a": [str(one) for one in self.about],
                "b": dict(self.base),
                "d": str(self.draft),
                "p": str(self.page),
                "n": [str(one) for one in self.seen],
                "t": self.at.isoformat(),
            },
            separators=(",", ":"),
        )
        return urlsafe_b64encode(seal(told, _bound_to(user))).decode().rstrip("=")


def read(sealed: str, user: Viewer) -> Ticket | None:
    """The ticket that was given to this very person; None for another's, a torn or a forged one."""
    if not sealed or not isinstance(user, User):
        return None
    try:
        told = json.loads(
            unseal(urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4)), _bound_to(user))
        )
    except (CannotOpen, NotBase64, ValueError):
        return None
    return Ticket(
        form=told["f"],
        subject=told["s"],
        path=told["w"],
        about=tuple(UUID(one) for one in told["a"]),
        base=told["b"],
        draft=UUID(told["d"]),
        page=UUID(told["p"]),
        seen=tuple(UUID(one) for one in told["n"]),
        at=datetime.fromisoformat(told["t"]),
    )


def posted_with(request: HttpRequest) -> Ticket | None:
    """The ticket of the form that came in."""
    return read(request.POST.get(FIELD, ""), request.user)


def mark_of(user: User) -> str:
    """Whose page this is, for the page itself: the same in every session, and nothing to read."""
    return keyed_hash(str(user.pk), "page of").hex()[:16]


def _bound_to(user: User) -> str:
    return f"draft:{user.pk}"
