"""Who stands on the page of a logbook, and how long nobody talked with them. Pure."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from core.dates import in_full
from groups.seats.last_talk import Spoken


@dataclass(frozen=True)
class Person:
    """A chip: somebody who was there. `out`: this worker stays out of the person, so the name is
    all. `to_write_about`: has a place in this group now, and the sheet opened. `mine`: the reader
    talked with them; `anybody`: somebody did. `gone`: how long nobody."""

    stay: UUID
    name: str
    out: bool
    to_write_about: bool
    mine: bool
    anybody: bool
    gone: Spoken | None

    @property
    def waits(self) -> bool:
        """Amber: nobody talked with them for long, and nobody did at this meeting."""
        return not self.anybody and self.gone is not None and self.gone.is_long_ago

    @property
    def why(self) -> str:
        if self.gone is None:
            return ""
        words = _("Nobody talked with {name} since {day}; that is {weeks} weeks.")
        if self.gone.last is None:
            words = _("Nobody talked with {name} yet, here since {day}; that is {weeks} weeks.")
        return words.format(name=self.name, day=in_full(self.gone.since), weeks=self.gone.weeks)
