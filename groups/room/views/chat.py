"""The group chat, outside the app: its link to hand over, who is in it, an example to write."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.actors import SignedIn
from core.forms import attempt, carry_out, sent, show
from core.qr import qr_svg
from groups.access import group_of
from groups.models import Meeting, Placement
from groups.permissions import PLACE, require_here
from groups.room.chat import (
    NOTES,
    example_for,
    members_of,
    note_chat,
    set_chat_link,
    settle_example,
    state_of,
    take_back_example,
    texts_before,
)
from groups.room.forms import ChatLinkForm


def _link(group: Any) -> dict[str, Any]:
    """The link as a text to copy and a code to scan: the person joins on the own phone."""
    link = group.chat_link
    return {"link": link, "qr": qr_svg(link, _("QR code of the group chat")) if link else ""}


@require_http_methods(["GET", "POST"])
def group_chat(request: SignedIn, group_id: UUID) -> HttpResponse:
    """The chat of one group."""
    group = group_of(request, group_id)
    require_here(request.user, PLACE, group.pk)
    form = ChatLinkForm(sent(request, "link"), initial={"link": group.chat_link})
    if request.method == "POST":
        act = request.POST.get("act")
        if act == "link":
            if form.is_valid() and carry_out(
                form, set_chat_link, group=group, by=request.user, **form.cleaned_data
            ):
                messages.success(request, _("Saved."))
                return redirect("groups:group_chat", group.pk)
        elif act in ("sent", "not_now", "back"):
            _settle(request, group.pk, act)
            return redirect("groups:group_chat", group.pk)
        else:
            raise BadRequest("No such act.")
    before = example_for(group)
    context = _link(group) | {
        "group": group,
        "form": form,
        "members": members_of(request.user, group),
        "before": before,
        "texts": texts_before(before) if before is not None else [],
    }
    return show(request, "groups/room/group_chat.html", context, form)


def _settle(request: SignedIn, group_id: UUID, act: str) -> None:
    """The meeting comes from the page that showed the texts (R-338)."""
    meetings = Meeting.objects.visible_to(request.user).filter(group=group_id)
    try:
        meeting = get_object_or_404(meetings, pk=UUID(request.POST.get("before", "")))
    except ValueError as wrong:
        raise BadRequest("No such meeting.") from wrong
    if act == "back":
        take_back_example(meeting=meeting)
        messages.success(request, _("It is back."))
        return
    settle_example(meeting=meeting, sent=act == "sent", by=request.user)
    messages.success(
        request, _("Noted. Nice that you wrote.") if act == "sent" else _("Put away for this time.")
    )


@require_http_methods(["GET", "POST"])
def chat(request: SignedIn, placement_id: UUID) -> HttpResponse:
    """One person: in it, out of it, without it (R-079, R-087, R-100, R-189)."""
    placement: Placement = get_object_or_404(
        Placement.objects.visible_to(request.user).select_related(
            "trajectory__participant", "group"
        ),
        pk=placement_id,
    )
    require_here(request.user, PLACE, placement.group_id)
    if request.method == "POST":
        what = request.POST.get("what", "")
        if what not in NOTES:
            raise BadRequest("No such act.")
        if attempt(request, note_chat, placement=placement, by=request.user, what=what):
            messages.success(request, _("Noted."))
        return redirect("groups:chat", placement.pk)
    stay = placement.trajectory
    asks = next(
        (
            one.asks
            for one in members_of(request.user, placement.group)
            if one.placement == placement.pk
        ),
        "",
    )
    context = _link(placement.group) | {
        "placement": placement,
        "stay": stay,
        "name": stay.shown_name,
        "group": placement.group,
        "state": state_of(placement),
        "asks": asks,
    }
    return show(request, "groups/room/chat.html", context)
