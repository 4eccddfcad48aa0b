"""Messages that a person must handle: ready texts to send by hand, and dead letters."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from core.messaging.by_hand import drop_message, mark_sent_by_hand, ready_text, resend_message
from core.messaging.models import Message


@login_required
@require_safe
def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """The ready text of one message, to copy into the worker's own telephone."""
    row = get_object_or_404(
        Message.objects.visible_to(request.user).select_related("contact"), pk=message_id
    )
    return render(request, "home/message.html", {"row": row, "text": ready_text(row)})


@login_required
@require_POST
def settle_message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    user: Any = request.user
    row = get_object_or_404(Message.objects.visible_to(user), pk=message_id)
    act = {"sent": mark_sent_by_hand, "resend": resend_message, "drop": drop_message}.get(
        request.POST.get("act", "")
    )
    if act is None:
        return HttpResponse(status=400)
    act(message=row, by=user)
    return redirect("home:today")
