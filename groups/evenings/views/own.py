"""The participant's own pages: my evening, "I can't come", stop."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import clock
from groups.evenings.absence import is_recorded, notice_of, take_back, tell
from groups.forms import StopForm, WhyForm
from groups.goodbye.leaving import IN_GROUP, stop_myself
from groups.models import Meeting, Placement
from groups.seats.trial import record_wish
from participants.access import running_stay
from participants.models import Trajectory


def _own_meeting(request: HttpRequest, meeting_id: UUID) -> tuple[Trajectory, Meeting]:
    """No time or place before every yes that is needed (trust.md 6): then it is not found."""
    stay = running_stay(request)
    if stay.blocked_reason:
        raise Http404
    meeting: Meeting = get_object_or_404(
        Meeting.objects.visible_to(request.user).select_related("group__location"), pk=meeting_id
    )
    return stay, meeting


@login_required
@require_GET
def my_meeting(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Date, time, place and activity (R-132)."""
    stay, meeting = _own_meeting(request, meeting_id)
    return render(
        request,
        "groups/my_meeting.html",
        {
            "meeting": meeting,
            "stay": stay,
            "told": notice_of(meeting, stay),
            "is_over": meeting.ends_at <= clock.now() or meeting.status == "cancelled",
            "is_recorded": is_recorded(meeting, stay),
            "is_last": stay.last_meeting_on == meeting.date,
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def absent(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """One tap tells it; the reason is asked afterwards and never needed."""
    stay, meeting = _own_meeting(request, meeting_id)
    if request.method == "POST":
        if request.POST.get("act") == "come":
            take_back(meeting=meeting, trajectory=stay)
            messages.success(request, _("Great, see you then."))
            return redirect("groups:my_meeting", meeting.pk)
        form = WhyForm(request.POST)
        if not form.is_valid():
            told = notice_of(meeting, stay)
            context = {"meeting": meeting, "told": told, "form": form}
            return render(request, "groups/absent.html", context, status=422)
        tell(meeting=meeting, trajectory=stay, why=form.cleaned_data["why"])
        if form.cleaned_data["why"]:
            messages.success(request, _("Thanks for telling us. See you next time."))
            return redirect("groups:my_meeting", meeting.pk)
        return redirect("groups:absent", meeting.pk)
    context = {"meeting": meeting, "told": notice_of(meeting, stay), "form": WhyForm()}
    return render(request, "groups/absent.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def wish(request: HttpRequest) -> HttpResponse:
    """After the first evening: would you like to take part? Said by the person (R-077)."""
    stay = running_stay(request)
    placement = get_object_or_404(
        Placement.objects.visible_to(request.user).select_related("trial_outcome"),
        trajectory=stay,
        trial=True,
        last_day__isnull=True,
    )
    if request.method == "POST" and request.POST.get("wish") in ("yes", "no"):
        record_wish(placement=placement, wish=request.POST["wish"] == "yes", by=request.user)
        messages.success(request, _("Thanks. Your youth workers will talk it over with you."))
        return redirect("groups:wish")
    context = {"stay": stay, "outcome": getattr(placement, "trial_outcome", None)}
    return render(request, "groups/wish.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest) -> HttpResponse:
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
        return render(request, "groups/stop.html", _about(stay) | {"form": form}, status=422)
    return render(request, "groups/stop.html", _about(stay))


def _about(stay: Trajectory) -> dict[str, bool]:
    return {
        "in_group": stay.phase in IN_GROUP,
        "can_pause": stay.phase == Trajectory.Phase.PARTICIPATING,
    }


def _just_stopped(request: HttpRequest) -> Trajectory | None:
    """The same tap twice: no stay runs any more, and the newest one ended today by this person."""
    user: Any = request.user
    if not user.is_participant:
        return None
    newest = Trajectory.objects.visible_to(user).order_by("-signed_up_at").first()
    ended = newest is not None and newest.phase in ("former", "withdrawn")
    return newest if newest is not None and ended and newest.ended_on == clock.today() else None


def _stopped(request: HttpRequest, ended: Trajectory) -> HttpResponse:
    """Promises the question of three months later only where one comes."""
    took_part = ended.phase == "former" or ended.stopped_on is not None
    later = took_part and not ended.follow_up_waived
    refused = ended.participant.contact.stopped_at is not None
    return render(request, "groups/stopped.html", {"later": later, "refused": refused})
