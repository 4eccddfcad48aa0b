"""The participant's file: the piece each app knows, composed on the roof."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core import ports
from core.audit.log import opened
from core.messaging.models import Message
from participants.models import Trajectory


@login_required
@require_safe
@transaction.atomic
def file(request: HttpRequest, trajectory_id: UUID) -> HttpResponse:
    """Opening it writes one audit line in the same transaction (R-020)."""
    user: Any = request.user
    stays = Trajectory.objects.visible_to(user).select_related("participant", "group")
    if user.is_participant:
        stays = stays.none()
    stay = get_object_or_404(stays, pk=trajectory_id)
    opened(user, "file", [stay.pk], request)
    panels = [p for part in ports.file_panels(stay, user) for p in part]
    line = [e for part in ports.time_line(stay) for e in part]
    return render(
        request,
        "home/file.html",
        {
            "stay": stay,
            "person": stay.participant,
            "panels": sorted(panels, key=lambda p: p.order),
            "time_line": sorted(line, key=lambda e: e.at, reverse=True),
            "ready_texts": Message.objects.visible_to(user).filter(
                contact=stay.participant.contact_id, channel="worker_text", state="queued"
            ),
        },
    )
