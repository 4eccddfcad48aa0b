"""The participant's file: the piece each app knows, composed on the roof."""

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import clock, ports
from core.accounts.actors import SignedIn
from core.audit.log import opened
from core.list_filter import ListFilter
from core.messaging.models import Message
from core.pages import page_of
from core.ports import TimeLineEntry
from joinus.home.file.topics import WORDS, topic_of
from participants.access import stay_or_404
from participants.journey.moves import next_moves
from participants.models import Trajectory
from participants.permissions import SEE_FILE

LATEST = 8


@require_safe
@transaction.atomic
def file(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """Opening it writes one audit line in the same transaction (R-020)."""
    user = request.user
    stay = stay_or_404(request, trajectory_id, SEE_FILE)
    opened(user, "file", [stay.pk], request)
    panels = [p for part in ports.file_panels(stay, user) for p in part]
    line = _time_line(stay)
    return render(
        request,
        "home/file.html",
        {
            "stay": stay,
            "person": stay.participant,
            "panels": sorted(panels, key=lambda p: p.order),
            "time_line": line[:LATEST],
            "more": len(line) > LATEST,
            "ready_texts": Message.objects.visible_to(user).filter(
                contact=stay.participant.contact_id, channel="worker_text", state="queued"
            ),
        },
    )


@require_safe
@transaction.atomic
def whole_time_line(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """Everything that happened, newest first: who, when, why; and where it can go from here."""
    stay = stay_or_404(request, trajectory_id, SEE_FILE)
    opened(request.user, "time line", [stay.pk], request)
    asked = ListFilter(request.GET)
    line = asked.named(_time_line(stay), lambda entry: (entry.text, entry.who, entry.why))
    line = asked.divided(line, "over", _("What about"), topic_of, WORDS)
    return render(
        request,
        "home/time_line.html",
        {
            "stay": stay,
            "person": stay.participant,
            "asked": asked,
            "page": page_of(request, line),
            "next_moves": next_moves(stay),
        },
    )


def _time_line(stay: Trajectory) -> list[TimeLineEntry]:
    """Newest first; what has only a day stands at its beginning."""
    line = [e for part in ports.time_line(stay) for e in part]
    return sorted(line, key=lambda e: (e.at, e.moment or clock.at(e.at)), reverse=True)
