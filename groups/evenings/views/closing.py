"""*Bijeenkomst afsluiten* and back: what it opens, and whose row is still empty, is said first."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core import clock
from core.accounts.actors import SignedIn
from groups.access import meeting_of
from groups.beforehand.views import Question, asked_first
from groups.evenings.closing import close_evening, not_written_down, take_back_closing
from groups.models import Meeting


@require_POST
def close(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    """It is over. Empty rows stay empty: it is asked whether that is meant."""
    meeting = meeting_of(request, meeting_id)
    was_closed = meeting.closed_at is not None
    act = partial(close_evening, meeting=meeting, by=request.user)
    if not was_closed and (page := asked_first(request, act, _close_it(request, meeting))):
        return page
    row = act()
    at = time_format(clock.local(row.closed_at or clock.now()), "H:i")
    who = row.closed_by.first_name if row.closed_by else ""
    if was_closed and who:
        said = _("It was closed already, at {at} by {name}.").format(at=at, name=who)
        messages.info(request, said)
    elif was_closed:
        messages.info(request, _("It was closed already, at {at}.").format(at=at))
    else:
        messages.success(request, _("The meeting is closed, at {at}.").format(at=at))
    return redirect("groups:meeting", meeting.pk)


@require_POST
def open_again(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    """Not over yet after all."""
    meeting = meeting_of(request, meeting_id)
    act = partial(take_back_closing, meeting=meeting, by=request.user)
    question = Question(
        heading=_("Open the meeting again?"),
        about=_about(meeting),
        yes=_("Yes, open it again"),
        back=_("Who is here?"),
        back_to=reverse("groups:meeting", args=[meeting.pk]),
    )
    if page := asked_first(request, act, question):
        return page
    act()
    messages.success(request, _("The meeting is open again."))
    return redirect("groups:meeting", meeting.pk)


def _close_it(request: SignedIn, meeting: Meeting) -> Question:
    names, number = not_written_down(meeting, request.user)
    beside: tuple[str, ...] = ()
    if number:
        said = ngettext(
            "{n} row is still empty: {names}. Nothing is filled in for you.",
            "{n} rows are still empty: {names}. Nothing is filled in for you.",
            number,
        ).format(n=number, names=", ".join(names) or _("somebody of whom you see only the name"))
        beside = (said, _("Until four in the night you can still fill them in as usual."))
    return Question(
        heading=_("Close the meeting?"),
        about=_about(meeting),
        yes=_("Yes, close it"),
        back=_("Who is here?"),
        back_to=reverse("groups:meeting", args=[meeting.pk]),
        beside=beside,
    )


def _about(meeting: Meeting) -> str:
    return f"{meeting.group} · {date_format(clock.local(meeting.starts_at), 'l j F, H:i')}"
