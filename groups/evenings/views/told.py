"""Who knows it: who was told of a change, who must be told by a person, and taking it back."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.accounts.actors import SignedIn
from core.audit.log import opened
from core.forms import attempt
from groups.access import meeting_of
from groups.evenings.ring_list import ACTS, notices_on, who_knows
from groups.evenings.take_back import take_back
from groups.models import MeetingChange


@require_safe
@transaction.atomic
def told(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    meeting = meeting_of(request, meeting_id)
    found = who_knows(meeting, request.user)
    if shown := [row.notice.trajectory_id for row in found.to_ring if row.contact is not None]:
        opened(request.user, "contact", shown, request)
    context = {"meeting": meeting, "told": found}
    return render(request, "groups/told.html", context)


@require_POST
def tell_one(request: SignedIn, meeting_id: UUID, notice_id: UUID) -> HttpResponse:
    """What came of telling one person, in one tap."""
    meeting = meeting_of(request, meeting_id)
    notice = get_object_or_404(notices_on(meeting, request.user), pk=notice_id)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise BadRequest("Not an act.")
    act(notice=notice, by=request.user)
    return redirect("groups:told", meeting.pk)


@require_POST
def take_back_change(request: SignedIn, meeting_id: UUID, change_id: UUID) -> HttpResponse:
    """*Let it go ahead after all*, and its likes; a second tap finds it done."""
    meeting = meeting_of(request, meeting_id)
    rows = MeetingChange.objects.visible_to(request.user)
    change = get_object_or_404(rows, pk=change_id, meeting=meeting)
    if attempt(request, take_back, change=change, by=request.user):
        messages.success(request, _("Taken back. Who had heard of it hears this as well."))
    return redirect("groups:told", meeting.pk)
