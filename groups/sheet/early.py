"""*Fill it in now already?*: before its sheet opens, two hours ahead, it is asked first (C-44).

The answer holds for this evening and this signed-in browser, the way a question on paper is
answered by who holds it; another day's sheet stays shut.
"""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from core import clock
from core.errors import RuleBroken
from groups.evenings.over import is_early
from groups.models import Meeting

SAID = "sheets_filled_in_early"
#: A worker prepares one evening at a time.
MOST = 3


def asks_first(request: HttpRequest, meeting: Meeting) -> bool:
    """Is it too early for a tap without a word, and was that word not given?"""
    return is_early(meeting, clock.now()) and str(meeting.pk) not in request.session.get(SAID, [])


def fill_in_early(request: HttpRequest, meeting: Meeting) -> None:
    """*Yes, now already*; twice is once."""
    said = [one for one in request.session.get(SAID, []) if one != str(meeting.pk)]
    request.session[SAID] = [*said, str(meeting.pk)][-MOST:]


def require_open(request: HttpRequest, meeting: Meeting) -> None:
    """Before every act on the sheet. Raises RuleBroken: not_open_yet."""
    if asks_first(request, meeting):
        raise RuleBroken(
            _("This meeting has not begun. Say first that you fill it in now."), "not_open_yet"
        )
