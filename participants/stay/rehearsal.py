"""An act on trial: it is carried out, looked at and taken back, so that it can be said beforehand.

What is said and what is done come from the same code, and what the act refuses is refused before
anybody is asked to confirm. Nothing of it stays: no row, no message, no lock that outlives the
transaction around it.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from django.db import transaction

from core import ports
from core.ports import Consequence
from participants.stay.changes import told_once

#: Asked while the act stands, of the stays it told about; what it answers is asked afterwards.
Look = Callable[[Collection[UUID]], Callable[[], list[Consequence]]]


class _TakenBack(Exception):
    """The trial is over."""


@contextmanager
def on_trial() -> Iterator[None]:
    """Whatever is written within is taken back at the end."""
    with suppress(_TakenBack), transaction.atomic():
        yield
        raise _TakenBack


def rehearse(act: Callable[[], object], *looks: Look) -> list[Consequence]:
    """What `act` would change for the stays that it tells about; nothing is written.

    First what `looks` say, the caller's own ones, then the floors above (`ports.cycle_preview`).
    `act` reads what it changes anew, or gets copies: what it holds in memory is not taken back.
    Raises what the act raises.
    """
    with on_trial():
        with told_once() as facts:
            act()
        ids = sorted(facts)
        answers = [look(ids) for look in looks] + ports.cycle_preview(ids) if ids else []
    return [consequence for said in answers for consequence in said()]
