"""*Fill it in now already?*: before its sheet opens, two hours ahead, it is asked first (C-44).

The answer holds for this evening and this signed-in browser, the way a question on paper is
answered by who holds it; another day's sheet stays shut.
"""

from collections.abc import MutableMapping
from typing import Any

from django.utils.translation import gettext as _

from core import clock
from core.errors import RuleBroken
from groups.evenings.over import is_early
from groups.models import Meeting

Session = MutableMapping[str, Any]
SAID = "sheets_filled_in_early"
#: A worker prepares one evening at a time.
MOST = 3


def asks_first(session: Session, meeting: Meeting) -> bool:
    """Is it too early for a tap without a word, and was that word not given?"""
    return is_early(meeting, clock.now()) and str(meeting.pk) not in session.get(SAID, [])


def fill_in_early(session: Session, meeting: Meeting) -> None:
    """*Yes, now already*; twice is once."""
    said = [one for one in session.get(SAID, []) if one != str(meeting.pk)]
    session[SAID] = [*said, str(meeting.pk)][-MOST:]


def require_open(session: Session, meeting: Meeting) -> None:
    """Before every act on the sheet. Raises RuleBroken: not_open_yet."""
    if asks_first(session, meeting):
        raise RuleBroken(
            _("This meeting has not begun. Say first that you fill it in now."), "not_open_yet"
        )
