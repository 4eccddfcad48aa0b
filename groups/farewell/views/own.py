"""A young person's own pages: write on the card for another, and read the one that was given."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import pdf
from core.accounts.actors import SignedIn, is_participant
from core.drafts.declaring import keeps
from core.forms import carry_out, show
from groups.farewell.authors import readers_of
from groups.farewell.forms import TextForm, typed
from groups.farewell.paper import card_pdf, words_of
from groups.farewell.texts import line_of, write_text
from groups.models import FarewellCard
from participants.access import running_stay


@keeps("farewell.write", never=("way", "version"))
@require_http_methods(["GET", "POST"])
def write(request: SignedIn, card_id: UUID) -> HttpResponse:
    """A sentence for somebody of the own group who says goodbye. A card that was closed meanwhile
    says so (410), with what was typed."""
    stay = running_stay(request)
    card = get_object_or_404(
        FarewellCard.objects.for_others_visible_to(request.user).select_related(
            "trajectory__participant", "trajectory__group"
        ),
        pk=card_id,
    )
    if not FarewellCard.objects.writing_visible_to(request.user).filter(pk=card.pk).exists():
        late = {"typed": typed(request)}
        return render(request, "groups/farewell/closed.html", late, status=410)
    line = line_of(card, stay=stay.pk)
    known = {
        "text": line.text.text if line.text else "",
        "version": line.text.version if line.text else 0,
    }
    form = TextForm(request.POST if request.method == "POST" else None, initial=known)
    if (
        request.method == "POST"
        and form.is_valid()
        and carry_out(form, write_text, card=card, stay=stay.pk, **form.facts)
    ):
        messages.success(request, _("Saved. Thank you."))
        return redirect("groups:farewell_write", card.pk)
    context = {
        "card": card,
        "name": card.trajectory.participant.call_name,
        "line": line,
        "form": form,
        "workers": readers_of(card.trajectory),
    }
    return show(request, "groups/farewell/write.html", context, form)


@require_GET
def yours(request: SignedIn) -> HttpResponse:
    """The card that was given to me, in words."""
    card = _given(request)
    context = {"card": card, "words": [one for one in words_of(card) if one.text]}
    return render(request, "groups/farewell/yours.html", context)


@require_GET
def yours_printed(request: SignedIn) -> HttpResponse:
    card = _given(request)
    stay = card.trajectory
    return pdf.paper(card_pdf(card, stay.last_meeting_on or stay.exited_on), "kaart.pdf")


def _given(request: SignedIn) -> FarewellCard:
    """The newest. Never seen early: before it was given there is none (404)."""
    if not is_participant(request.user):
        raise Http404
    cards = FarewellCard.objects.visible_to(request.user).select_related(
        "trajectory__participant", "trajectory__group"
    )
    card = cards.order_by("-given_at").first()
    if card is None:
        raise Http404
    return card
