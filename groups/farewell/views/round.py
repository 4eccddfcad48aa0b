"""One phone that goes round with the card: nobody is signed in on it, nobody reads another's."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.forms import carry_out, show
from core.link_pages import LinkPage, OpenPage
from groups.farewell.authors import here_tonight, lines_of, readers_of
from groups.farewell.cards import round_going
from groups.farewell.forms import RoundForm, typed
from groups.farewell.standing import STILL_WRITES, Line, Standing, progress_of
from groups.farewell.texts import write_text

#: A round ends by itself at four in the night; no page of it is older than a day.
SECONDS = 24 * 60 * 60


def dead(request: HttpRequest) -> HttpResponse:
    """The round is over, or was never here; who was typing gets the words back."""
    context = {"typed": typed(request)}
    return render(request, "groups/farewell/round_over.html", context, status=410)


ROUND = LinkPage(
    salt="groups.farewell.round", at="groups:farewell_round", seconds=SECONDS, dead=dead
)


@ROUND.page
@require_http_methods(["GET", "POST"])
def goes_round(request: HttpRequest, link: OpenPage) -> HttpResponse:
    """Choose your name, write a sentence, pass it on. What was written is not shown again."""
    found = round_going(UUID(hex=link.subject))
    if found is None:
        return dead(request)
    everybody = lines_of(found.card)
    lines = [line.for_young_people() for line in everybody if line.author.stay is not None]
    writers = [line for line in lines if line.standing in STILL_WRITES]
    form = RoundForm(
        request.POST if request.method == "POST" else None,
        who=[(str(line.author.stay), line.author.name) for line in writers],
    )
    if request.method == "POST" and form.is_valid():
        facts = form.facts | {"version": None}
        stay = UUID(form.cleaned_data["who"])
        if carry_out(form, write_text, card=found.card, stay=stay, only_once=True, **facts):
            messages.success(request, _("Done. Pass the phone on."))
            return redirect(link.address)
    stay_of_the_card = found.card.trajectory
    context = {
        "link": link,
        "form": form,
        "name": stay_of_the_card.participant.call_name,
        "progress": progress_of(everybody),
        "lines": lines,
        "writers": [(line, _where(line, here_tonight(found.card))) for line in writers],
        "workers": readers_of(stay_of_the_card),
        "sign_in": reverse("account_login")
        + "?next="
        + reverse("groups:farewell", args=[stay_of_the_card.pk]),
        "TO_READ": Standing.TO_READ,
    }
    return show(request, "groups/farewell/round.html", context, form)


def _where(line: Line, here: set[UUID]) -> str:
    return _("is here") if line.author.stay in here else _("on the own phone")
