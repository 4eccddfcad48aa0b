"""Messages that a person must handle: ready texts to send by hand, and dead letters."""

from uuid import UUID

from django.contrib import messages as said
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.accounts.actors import SignedIn
from core.accounts.rights import may
from core.forms import attempt
from core.messaging.by_hand import drop_message, mark_sent_by_hand, ready_text, resend_message
from core.messaging.letters import dead_for, letter, lost_for
from core.messaging.models import Message
from core.messaging.permissions import SEE_LOST, SEE_MESSAGES
from core.messaging.sending import why_not
from participants.parents.new_link import way_to_a_new_link

MOST = 100


@require_safe
def messages(request: SignedIn) -> HttpResponse:
    """Every dead letter and ready text within reach; four queries whatever their number."""
    user = request.user
    if not may(user, SEE_MESSAGES) and not may(user, SEE_LOST):
        raise PermissionDenied(_("This page is for the youth workers of a group."))
    texts = (
        Message.objects.visible_to(user)
        .filter(state=Message.State.QUEUED, channel=Message.Channel.WORKER_TEXT)
        .not_held()
    )
    context = {
        "letters": [letter(row) for row in dead_for(user)[:MOST]],
        "lost": [letter(row) for row in lost_for(user)[:MOST]],
        "texts": texts.select_related("contact").order_by("not_before")[:MOST],
    }
    return render(request, "home/messages.html", context)


@require_safe
def message(request: SignedIn, message_id: UUID) -> HttpResponse:
    """One ready text, to copy into the worker's own telephone; or one dead letter, why, and the
    way to a new link when the one it held is gone. Nothing is offered that nobody wants any more.
    """
    row = get_object_or_404(
        Message.objects.visible_to(request.user).select_related("contact"), pk=message_id
    )
    dead = row.state == Message.State.DEAD
    wanted = dead and not why_not(row)
    context = {
        "row": row,
        "text": ready_text(row),
        "letter": letter(row) if dead else None,
        "wanted": wanted,
        "way": way_to_a_new_link(row, request.user) if wanted else None,
    }
    return render(request, "home/message.html", context)


@require_POST
def settle_message(request: SignedIn, message_id: UUID) -> HttpResponse:
    user = request.user
    rows = Message.objects.visible_to(user)
    row = rows.filter(pk=message_id).first() or lost_for(user).filter(pk=message_id).first()
    if row is None:
        raise Http404
    act = {"sent": mark_sent_by_hand, "resend": resend_message, "drop": drop_message}.get(
        request.POST.get("act", "")
    )
    if act is None:
        return HttpResponse(status=400)
    back = "home:messages" if row.group_id is None else "home:today"
    tried = attempt(request, act, message=row, by=user)
    if not tried:
        return redirect("home:message", row.pk) if row.group_id else redirect(back)
    _say(request, tried.result)
    return redirect(back)


def _say(request: HttpRequest, row: Message) -> None:
    """What became of it, where it is not what was asked for."""
    if row.reason == "contact_stopped":
        said.warning(request, _("Not sent: this person wants no more messages."))
    elif row.reason == "no_longer_wanted":
        said.warning(request, _("Not sent: it is no longer needed."))
    elif row.state == Message.State.QUEUED and row.channel == Message.Channel.WORKER_TEXT:
        said.info(request, _("E-mail is not safe here: it is a text to send yourself now."))
    elif row.state == Message.State.QUEUED:
        said.success(request, _("It is tried again, in daytime."))
