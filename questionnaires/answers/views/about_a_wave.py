"""Whose wave a page is about, and whether it may be shown at all: asked before every one of them.

Without a needed yes every address of a questionnaire is the same page, whatever was asked or sent
(R-350): what happened to the answers, and who can help. It says no more about the reason than the
start page does, since somebody at home may read along (trust.md 6).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core.accounts.actors import SignedIn, is_participant
from participants.care.call_wish import open_wish
from participants.care.who_helps import help_for
from questionnaires.answers.forms import AnswerForm
from questionnaires.cycle import on_hold
from questionnaires.models import RATHER_NOT, Draft, Invitation

View = Callable[..., HttpResponse]


def about_a_wave(view: View) -> View:
    """A page of the young person about one of their waves, handed over in place of its key.

    Asked twice: before the page, and by each act under its lock (`on_hold.require_a_yes`).
    """

    @never_cache
    @wraps(view)
    def page(request: SignedIn, invitation_id: UUID, **more: Any) -> HttpResponse:
        invitation = own(request, invitation_id)
        if not on_hold.has_a_yes(invitation.trajectory):
            return waits(request, invitation, **more)
        try:
            return view(request, invitation, **more)
        except on_hold.NoYes:
            return waits(request, invitation, **more)

    page.about_a_wave = True  # type: ignore[attr-defined]
    return page


def own(request: HttpRequest, invitation_id: UUID) -> Invitation:
    """The invitation of the person who is signed in; another's does not exist (404)."""
    rows = Invitation.objects.visible_to(request.user).select_related("draft", "trajectory")
    invitation = get_object_or_404(rows, pk=invitation_id)
    if not is_participant(request.user):
        raise PermissionDenied(_("Only the participant answers these questions."))
    return invitation


def draft_of(invitation: Invitation) -> Draft | None:
    return getattr(invitation, "draft", None)


def waits(request: HttpRequest, invitation: Invitation, number: int = 0) -> HttpResponse:
    """The one page while a yes is missing. `number`: the item that was being answered, if any.

    That they go on where they were is said of an open wave only. One that opened on the very day of
    the block is taken back by the cycle, and may come again as another opening (R-351).
    """
    invitation = own(request, invitation.pk)  # as it stands by now
    draft = draft_of(invitation)
    stay = invitation.trajectory
    context = {
        "kept": len(draft.given()) if draft else 0,
        "lost": _was_not_kept(request, draft, number),
        "stands": invitation.state == Invitation.State.OPEN,
        "sent_on": invitation.answered_on,
        "help": (found := help_for(stay)),
        "may_ask": found.hears,
        "wish": open_wish(stay),
        "faces": stay.phase not in stay.Phase.OVER,
    }
    return render(request, "questionnaires/waits.html", context, status=403)


def _was_not_kept(request: HttpRequest, draft: Draft | None, number: int) -> bool:
    """An answer came with this very request, and it is not the one that was kept before."""
    form = AnswerForm(request.POST or None)
    if not number or not form.is_valid():
        return False
    value = RATHER_NOT if form.cleaned_data["rather_not"] else form.cleaned_data["answer"]
    return value is not None and (draft is None or draft.answer(number) != value)
