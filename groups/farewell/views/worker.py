"""The card for who says goodbye, as the workers see it: who wrote, what to read, give it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock, pdf
from core.accounts.actors import SignedIn
from core.drafts.declaring import keeps
from core.forms import attempt, carry_out, sent, show
from groups.access import stay_of
from groups.farewell import cards
from groups.farewell.authors import lines_of
from groups.farewell.forms import BackForm, TextForm
from groups.farewell.paper import card_pdf
from groups.farewell.standing import STILL_WRITES, Line, Standing, progress_of
from groups.farewell.texts import put_on_the_card, send_back, texts_to_read, write_text
from groups.farewell.views.round import ROUND
from groups.models import FarewellCard, FarewellText
from participants.models import Trajectory
from participants.recusal.recusal import out_of

#: Acts of the card itself; what each says when it was done.
ACTS: dict[str, Callable[..., Any]] = {
    "away": cards.put_card_away,
    "out": cards.take_out_again,
    "give": cards.give_card,
    "not_given": cards.not_given_yet,
    "end_round": cards.end_rounds,
}


@keeps("farewell.own", never=("way", "version"))
@require_http_methods(["GET", "POST"])
def farewell(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """One page for one card, whatever its state."""
    stay = stay_of(request, trajectory_id)
    card = cards.card_of(stay)
    act = request.POST.get("act", "")
    form = TextForm(sent(request, "write"))
    if request.method == "POST":
        if act == "start":
            if attempt(request, cards.start_card, trajectory=stay, by=request.user):
                messages.success(request, _("Started. Everybody in the group can write now."))
            return redirect("groups:farewell", stay.pk)
        if card is None or act not in (*ACTS, "write", "round"):
            raise BadRequest("No such act.")
        if act == "write":
            if form.is_valid() and carry_out(
                form, write_text, card=card, worker=request.user, **form.facts
            ):
                messages.success(request, _("Saved."))
                return redirect("groups:farewell", stay.pk)
        elif act == "round":
            return _goes_round(request, card)
        else:
            attempt(request, ACTS[act], card=card, by=request.user)
            return redirect("groups:farewell", stay.pk)
    return show(request, "groups/farewell/worker.html", _context(request, stay, card, form), form)


@require_POST
def judge(request: SignedIn, text_id: UUID) -> HttpResponse:
    """One text was read: on the card with it, or back to who wrote it, with a word. The next one
    that waits is where the page goes on, for a thumb and for the keyboard."""
    text = get_object_or_404(
        FarewellText.objects.visible_to(request.user).select_related("card__trajectory"),
        pk=text_id,
    )
    stay = stay_of(request, text.card.trajectory_id)
    form = BackForm(request.POST)
    if not form.is_valid():
        raise BadRequest("No such text.")
    version = form.cleaned_data["version"]
    if request.POST.get("act") == "back":
        word = form.cleaned_data["word"]
        done = attempt(request, send_back, text=text, version=version, word=word, by=request.user)
    else:
        done = attempt(request, put_on_the_card, text=text, version=version, by=request.user)
    if done:
        messages.success(request, _("Saved."))
    page = reverse("groups:farewell", args=[stay.pk])
    waiting = texts_to_read(lines_of(text.card), out_of(request.user)) if done else []
    return redirect(f"{page}#text-{waiting[0].pk}" if waiting else page)


@require_GET
def printed(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """The card on paper: to write on with a pen, and to give."""
    stay = stay_of(request, trajectory_id)
    card = cards.card_of(stay)
    if card is None or card.put_away_at is not None:
        raise Http404
    day = stay.last_meeting_on or stay.exited_on or stay.stopped_on
    return pdf.paper(card_pdf(card, day), "kaart.pdf")


def _goes_round(request: SignedIn, card: FarewellCard) -> HttpResponse:
    """This browser is signed out, and knows nothing but the card (R-338)."""
    tried = attempt(request, cards.start_round, card=card, by=request.user)
    if not tried:
        return redirect("groups:farewell", card.trajectory_id)
    logout(request)
    return ROUND.open(request, tried.result.pk.hex)


def _context(
    request: SignedIn, stay: Trajectory, card: FarewellCard | None, form: TextForm
) -> dict[str, Any]:
    context: dict[str, Any] = {"stay": stay, "name": stay.shown_name, "card": card, "form": form}
    day = stay.last_meeting_on
    context["last_day"] = date_format(day, "l j F") if day else ""
    may_start = stay.phase in (Trajectory.Phase.LEAVING, Trajectory.Phase.FORMER)
    context["may_start"] = may_start
    if card is None:
        return context
    lines = lines_of(card)
    own = next((line for line in lines if line.author.worker == request.user.pk), None)
    if not form.is_bound and own is not None and own.text is not None:
        context["form"] = TextForm(initial={"text": own.text.text, "version": own.text.version})
    elif not form.is_bound:
        context["form"] = TextForm(initial={"version": 0})
    out = out_of(request.user)
    to_read = texts_to_read(lines, out)
    progress = progress_of(lines)
    context |= {
        "lines": lines,
        "own": own,
        "progress": progress,
        "to_read": to_read,
        "colleague_reads": progress.to_read - len(to_read),
        "on_the_card": _readable(lines, out),
        "still": [line for line in lines if line.standing in STILL_WRITES],
        "is_open": card.given_at is None and card.put_away_at is None,
        "can_give": cards.can_be_given(stay),
        "round": card.rounds.filter(ended_at__isnull=True, until__gt=clock.now()).first(),
        "may_undo": cards.may_be_taken_back(card),
    }
    return context


def _readable(lines: list[Line], out: set[UUID]) -> list[Line]:
    return [
        line
        for line in lines
        if line.standing == Standing.ON_THE_CARD and line.author.person not in out
    ]
