"""*I want to stop*: the young person's own page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from core import clock
from core.accounts.actors import SignedIn
from core.drafts.declaring import keeps
from core.forms import show
from groups.goodbye.forms import StopForm
from groups.goodbye.leaving import stop_myself
from participants.access import running_stay
from participants.care.call_wish import open_wish
from participants.care.who_helps import help_for
from participants.models import Trajectory


@keeps("stop", never=("later",))
@require_http_methods(["GET", "POST"])
def stop(request: SignedIn) -> HttpResponse:
    """*I want to stop*: two taps, no reason needed, later contact is a choice."""
    if request.method == "POST" and (ended := _just_stopped(request)):
        return _stopped(request, ended)
    stay = running_stay(request)
    if stay.stopped_on is not None:
        return _stopped(request, stay)
    if request.method == "POST":
        form = StopForm(request.POST)
        if form.is_valid():
            later = form.cleaned_data["later"] == "yes"
            ended = stop_myself(
                trajectory=stay, later_contact=later, why=form.cleaned_data["why"], by=request.user
            )
            return _stopped(request, ended)
        return show(request, "groups/stop.html", _about(stay) | {"form": form}, form)
    return render(request, "groups/stop.html", _about(stay) | {"form": StopForm()})


def _about(stay: Trajectory) -> dict[str, Any]:
    return {
        "in_group": stay.phase in Trajectory.Phase.IN_GROUP,
        "can_pause": stay.phase == Trajectory.Phase.PARTICIPATING,
    }


def _just_stopped(request: SignedIn) -> Trajectory | None:
    """The same tap twice: no stay runs any more, and the newest one ended today by this person."""
    user = request.user
    if not user.is_participant:
        return None
    newest = Trajectory.objects.visible_to(user).order_by("-signed_up_at").first()
    ended = newest is not None and newest.phase in ("former", "withdrawn")
    return newest if newest is not None and ended and newest.ended_on == clock.today() else None


def _stopped(request: HttpRequest, ended: Trajectory) -> HttpResponse:
    """Promises the question of three months later only where one comes, and none where a needed
    yes is missing (R-350)."""
    took_part = ended.phase == "former" or ended.stopped_on is not None
    later = took_part and not ended.follow_up_waived
    refused = ended.participant.contact.stopped_at is not None
    context = {
        "later": later,
        "waits": later and bool(ended.blocked_reason),
        "refused": refused,
        "help": (found := help_for(ended)),
        "may_ask": found.hears,
        "wish": open_wish(ended),
    }
    return render(request, "groups/stopped.html", context)
