"""What every installation starts with: places, texts, the instrument, examples of the method."""

from collections.abc import Callable

from challenges.reference import load_reference as load_challenges
from core.organisations.places import load_places
from core.organisations.retention import load_retention
from core.organisations.school_holidays import load_school_holidays
from core.texts.publishing import publish_shipped
from questionnaires.instrument.instrument import load_instrument

PIECES: tuple[tuple[str, Callable[[], object]], ...] = (
    ("places", load_places),
    ("retention", load_retention),
    ("school holidays", load_school_holidays),
    ("texts", publish_shipped),
    ("instrument", load_instrument),
    ("challenges", load_challenges),
)


def load_reference() -> list[str]:
    """Load every piece, in order; safe to run again. Returns the names of the pieces."""
    for _name, load in PIECES:
        load()
    return [name for name, _load in PIECES]
