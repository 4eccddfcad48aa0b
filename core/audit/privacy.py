"""Who looked, for the person who was looked at (trust.md 11). The log itself only grows.

A line holds a professional and the number of a stay, nothing about the person; after erasure it
points to a stay without a name.
"""

from django.utils.translation import gettext as _

from core.audit import who_looked as seen
from core.audit.models import ReadEntry
from core.privacy import OWN, Fact, Person, Section

HOLDS = {ReadEntry: "append-only; numbers of stays, no names of participants"}


def export_person(person: Person, part: str) -> list[Section]:
    """Answer to the port."""
    if part != OWN:
        return []
    entries = [
        [
            Fact("day", _("Day"), look.day),
            Fact("who", _("Who"), look.who),
            Fact("what", _("What"), look.what),
        ]
        for look in seen.looks(seen.days(person.trajectory_ids))
    ]
    return [Section("who_looked", _("Who looked"), entries, order=90)]
