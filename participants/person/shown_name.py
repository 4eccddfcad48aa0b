"""What a young person is called where others are listed too: told apart from a namesake (R-343).

`Trajectory.shown_name` is the call name, until another open stay of the same organisation (without
a group: of the same region) bears the same name, whatever its accents and capitals. Then each says
what differs: the year of birth, then the whole day, then the figures of the postcode, then who came
first. It is the database that keeps it (docs/adr/0027), in the transaction of whatever changes it;
reading it costs nothing. It is for professionals: young people and parents read the call name.
"""

from typing import Any

from django.db import connection, transaction

from core.names import alphabetical

_WRONG = """
    UPDATE participants_trajectory t SET shown_name = asked.name
    FROM (
        SELECT s.id, shown_name_of(
            s.id, s.participant_id, s.group_id, s.region_id, s.search_name,
            s.phase IN ('former', 'referred', 'withdrawn')
        ) AS name
        FROM participants_trajectory s
    ) asked
    WHERE asked.id = t.id AND t.shown_name IS DISTINCT FROM asked.name
"""


def by_call_name(path: str = "") -> tuple[Any, ...]:
    """How every list of stays (found at `path`) is ordered: by call name, then by what differs."""
    return alphabetical(f"{path}search_name"), f"{path}shown_name", "pk"


@transaction.atomic
def tell_everybody_apart() -> int:
    """Ask of every stay what it is called, and write it where that differs; how many.

    Needed after a place went to another organisation, and by rows that were copied in.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WRONG)
        number: int = cursor.rowcount
    return number
