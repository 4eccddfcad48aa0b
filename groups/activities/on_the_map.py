"""Where a group meets, on a map: a plain link that opens when somebody taps it, never by itself."""

from urllib.parse import urlencode

from core.organisations.models import Location

MAP = "https://www.openstreetmap.org/search"


def map_link(location: Location) -> str:
    """The address of the place, nothing of who looks; "" when no street is known."""
    if not location.street:
        return ""
    return f"{MAP}?{urlencode({'query': f'{location.street}, {location.town}'})}"
