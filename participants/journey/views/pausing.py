"""A pause: the worker's page, and the young person's own."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.accounts.actors import SignedIn
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.forms import attempt, carry_out, sent, show
from participants.access import running_stay, stay_or_404
from participants.journey import journey, pausing
from participants.journey.forms import PauseForm, PauseWishForm, ReturnForm
from participants.models import PauseWish, Trajectory


@keeps("pause")
@require_http_methods(["GET", "POST"])
@transaction.atomic
def pause(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """Agree on a pause with its reason and end, come back, or go on after all."""
    stay = stay_or_404(request, trajectory_id)
    opened(request.user, "contact", [stay.pk], request)
    wish = pausing.open_wish(stay)
    act = request.POST.get("act", "")
    forms: dict[str, Any] = {
        "pause": PauseForm(sent(request, "pause"), initial=_wished(wish)),
        "later": ReturnForm(sent(request, "later"), initial={"back_on": _ahead(stay)}),
    }
    if request.method == "POST":
        if act not in (*forms, "resume", "go_on"):
            raise BadRequest("No such act.")
        form = forms.get(act)
        if (form is None or form.is_valid()) and _done(request, stay, act, form):
            return redirect("home:today")
    context = {
        "stay": stay,
        "person": stay.participant,
        "wish": wish,
        "forms": forms,
        "is_due": stay.expected_back_on is not None and stay.expected_back_on <= clock.today(),
    }
    return show(request, "participants/pause.html", context, *forms.values())


def _done(request: SignedIn, stay: Trajectory, act: str, form: Any) -> bool:
    """Do what was tapped; False when the form must be shown again."""
    acts: dict[str, tuple[Callable[..., Any], str]] = {
        "pause": (pausing.pause, _("%(name)s has a pause. The place stays.")),
        "later": (journey.prolong_pause, _("Kept. You get a reminder on that day.")),
        "resume": (journey.resume_stay, _("%(name)s takes part again.")),
        "go_on": (pausing.go_on, _("Kept. %(name)s goes on.")),
    }
    do, said = acts[act]
    if form is None:
        done = attempt(request, do, trajectory=stay, by=request.user)
    else:
        done = carry_out(form, do, trajectory=stay, by=request.user, **form.cleaned_data)
    if done:
        name = stay.shown_name
        messages.success(request, said % {"name": name} if "%" in said else said)
    return bool(done) or form is None


def _ahead(stay: Trajectory) -> date:
    """The day that was agreed, as long as it is to come; then six weeks further."""
    agreed = stay.expected_back_on
    return agreed if agreed and agreed > clock.today() else clock.today() + journey.LOOK_AGAIN


def _wished(wish: PauseWish | None) -> dict[str, Any]:
    return {"reason": wish.why, "back_on": wish.back_on} if wish else {}


@keeps("own_pause")
@require_http_methods(["GET", "POST"])
def own_pause(request: SignedIn) -> HttpResponse:
    """*A break*: asked in one tap, taken back in one, and coming back needs nobody's yes."""
    stay = running_stay(request)
    act = request.POST.get("act", "")
    form = PauseWishForm(sent(request, "ask"))
    if request.method == "POST":
        if act not in ("ask", "take_back", "back"):
            raise BadRequest("No such act.")
        if act != "ask":
            return _back_again(request, stay, act)
        if form.is_valid() and carry_out(
            form, pausing.ask_pause, trajectory=stay, by=request.user, **form.cleaned_data
        ):
            return redirect("participants:own_pause")
    context = {"stay": stay, "wish": pausing.open_wish(stay), "form": form}
    return show(request, "participants/own_pause.html", context, form)


def _back_again(request: SignedIn, stay: Trajectory, act: str) -> HttpResponse:
    do, said = {
        "back": (journey.resume_stay, _("Good to have you back.")),
        "take_back": (pausing.take_back_wish, _("Fine, you go on.")),
    }[act]
    if attempt(request, do, trajectory=stay, by=request.user):
        messages.success(request, said)
    return redirect("home:today")
