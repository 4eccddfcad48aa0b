"""The thread of somebody for coaching, under another name."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from challenges.models import ThreadSharing
from challenges.permissions import OBSERVE
from challenges.thread import sharing
from challenges.thread.as_table import by_number
from challenges.thread.cards import for_the_talk
from challenges.thread.disguise import disguised
from challenges.thread.forms import ShareForm
from challenges.thread.masking import NOT_MASKED
from challenges.thread.reading import thread_of
from challenges.thread.shown import shown
from core import clock
from core.accounts.actors import SignedIn
from core.audit.log import opened
from core.forms import attempt, carry_out, show
from participants.access import stay_or_404
from participants.models import Trajectory


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def discuss(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """What the coordinator would read, and what is not taken out; share it, or take it back."""
    stay = stay_or_404(request, trajectory_id, OBSERVE)
    takes_back = request.POST.get("act") == "take_back"
    form = ShareForm(request.POST if request.method == "POST" and not takes_back else None)
    if request.method == "POST" and _done(request, stay, form):
        return redirect("challenges:discuss", stay.pk)
    opened(request.user, "thread", [stay.pk], request)
    shared = sharing.standing_of(stay)
    name = shared.pseudonym if shared else _("Somebody")
    context = _under(stay, name, request) | {
        "stay": stay,
        "name": stay.shown_name,
        "pseudonym": name,
        "shared": shared,
        "form": form,
        "not_masked": NOT_MASKED,
        "waits": bool(stay.blocked_reason),
    }
    return show(request, "challenges/thread/discuss.html", context, form)


def _done(request: SignedIn, stay: Trajectory, form: ShareForm) -> bool:
    if not form.is_bound:
        if attempt(request, sharing.take_back, trajectory=stay, by=request.user):
            messages.success(request, _("Taken back. Nobody but you and your colleague reads it."))
        return True
    if not form.is_valid():
        return False
    days = form.cleaned_data["days"]
    done = carry_out(form, sharing.share, trajectory=stay, days=days, by=request.user)
    if done:
        messages.success(
            request, _("Shared. Call it “{name}” in coaching.").format(name=done.result.pseudonym)
        )
    return bool(done)


def _under(stay: Trajectory, pseudonym: str, request: SignedIn) -> dict[str, Any]:
    mask = sharing.mask_for(stay, pseudonym)
    found = disguised(thread_of(stay), mask)
    talk = for_the_talk(pseudonym, found, by_number)
    return {"talk": talk} | shown(found, numbered=True)


@require_safe
@transaction.atomic
def under_another_name(request: SignedIn, sharing_id: UUID) -> HttpResponse:
    """The coordinator opens this one, as long as it is shared. Who opened it is in the log."""
    row = get_object_or_404(
        ThreadSharing.objects.visible_to(request.user)
        .standing(clock.now())
        .select_related("trajectory__participant"),
        pk=sharing_id,
    )
    stay = row.trajectory
    opened(request.user, "thread_under_another_name", [stay.pk], request)
    context = {"pseudonym": row.pseudonym, "until": row.until, "not_masked": NOT_MASKED}
    context |= _under(stay, row.pseudonym, request)
    return render(request, "challenges/thread/under_another_name.html", context)
