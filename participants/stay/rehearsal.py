"""An act on trial: it is carried out, looked at and taken back, so that it can be said beforehand.

What is said and what is done come from the same code, and what the act refuses is refused before
anybody is asked to confirm. Nothing of it stays: no row, no message, no lock that outlives the
transaction around it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.db import transaction

from core import ports
from core.ports import Consequence
from participants.stay.changes import told_once


class _TakenBack(Exception):
    """The trial is over."""


@contextmanager
def on_trial() -> Iterator[None]:
    """Whatever is written within is taken back at the end."""
    with suppress(_TakenBack), transaction.atomic():
        yield
        raise _TakenBack


def rehearse(act: Callable[[], object]) -> list[Consequence]:
    """What `act` would change for the stays that it tells about; nothing is written.

    `act` reads what it changes anew, or gets copies: what it holds in memory is not taken back.
    Raises what the act raises.
    """
    with on_trial():
        with told_once() as facts:
            act()
        answers = ports.cycle_preview(sorted(facts)) if facts else []
    return [consequence for said in answers for consequence in said()]
