"""What a young person is called where others are listed too: told apart from a namesake (R-343).

`Trajectory.shown_name` is the call name, until another open stay of the same organisation (without
a group: of the same region) bears the same name, whatever its accents and capitals. Then each says
what differs: the year of birth, then the whole day, then the figures of the postcode, then who came
first. It is the database that keeps it (docs/adr/0024), in the transaction of whatever changes it;
reading it costs nothing. It is for professionals: young people and parents read the call name.
"""

from typing import Any

from django.db import connection, transaction

from core.names import alphabetical

_WRONG = """
    UPDATE participants_trajectory t SET shown_name = ''
    WHERE t.shown_name IS DISTINCT FROM shown_name_of(
        t.id, t.participant_id, t.group_id, t.region_id, t.search_name,
        t.phase IN ('former', 'referred', 'withdrawn')
    )
"""


def by_call_name(path: str = "") -> tuple[Any, ...]:
    """How every list of stays (found at `path`) is ordered: by call name, then by what differs."""
    return alphabetical(f"{path}search_name"), f"{path}shown_name", "pk"


@transaction.atomic
def tell_everybody_apart() -> int:
    """Ask of every stay what it is called, and write it where that differs; how many.

    Needed by nobody but a group or a place that went to another organisation.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WRONG)
        return cursor.rowcount
