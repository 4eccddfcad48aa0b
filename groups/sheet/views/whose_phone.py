"""Under whose mark a browser may keep tonight's names and taps, told with every page it opens.

What lies on a phone belongs to who put it there: as soon as somebody else signs in on it, or who
put it there fills in no sheets any more, the names and numbers go (trust.md 4, 13). The worker
between page and network (`static/js/worker.js`) reads it, so also pages without a script of the
sheet clear what is not theirs. A page of nobody says nothing: a session that ran out while there
was no connection leaves tonight's sheet to who comes back.
"""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse

from core.accounts.models import User
from core.accounts.rights import may
from core.accounts.signin import keeps_on_the_phone
from core.drafts.tickets import mark_of
from groups.permissions import RECORD_ATTENDANCE
from participants.recusal.recusal import stays_out_since

HEADER = "X-Phone-Of"
NOBODY = "-"


def kept_under(request: HttpRequest) -> str:
    """The mark of who fills in sheets on a browser that is not shared; else nothing."""
    user = request.user
    if not isinstance(user, User) or not keeps_on_the_phone(request):
        return ""
    return mark_of(user) if may(user, RECORD_ATTENDANCE) else ""


def _since(moment: datetime | None) -> int:
    return int(moment.timestamp() * 1000) if moment else 0


class WhosePhone:
    """Says it on every page that a browser goes to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.headers.get("Sec-Fetch-Mode") == "navigate" and request.user.is_authenticated:
            mark = kept_under(request)
            # What was put on the phone before that moment is read anew.
            response[HEADER] = f"{mark} {_since(stays_out_since(request.user))}" if mark else NOBODY
        return response
