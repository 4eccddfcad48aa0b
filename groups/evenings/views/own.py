"""The participant's own pages: my evening, "I can't come", stop."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import clock
from core.accounts.actors import SignedIn
from core.forms import show
from groups.evenings.absence import is_recorded, notice_of, take_back, tell
from groups.evenings.forms import WhyForm
from groups.models import Meeting
from groups.models.moments import is_over
from participants.access import running_stay
from participants.models import Trajectory


def _own_meeting(request: SignedIn, meeting_id: UUID) -> tuple[Trajectory, Meeting]:
    """No time or place before every yes that is needed (trust.md 6): then it is not found."""
    stay = running_stay(request)
    if stay.blocked_reason:
        raise Http404
    meeting = get_object_or_404(
        Meeting.objects.visible_to(request.user).select_related("group__location"), pk=meeting_id
    )
    return stay, meeting


@require_GET
def my_meeting(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    """Date, time, place and activity (R-132)."""
    stay, meeting = _own_meeting(request, meeting_id)
    return render(
        request,
        "groups/my_meeting.html",
        {
            "meeting": meeting,
            "stay": stay,
            "told": notice_of(meeting, stay),
            "is_over": is_over(meeting, clock.now()),
            "is_recorded": is_recorded(meeting, stay),
            "is_last": stay.last_meeting_on == meeting.date,
        },
    )


@require_http_methods(["GET", "POST"])
def absent(request: SignedIn, meeting_id: UUID) -> HttpResponse:
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
            return show(request, "groups/absent.html", context, form)
        tell(meeting=meeting, trajectory=stay, why=form.cleaned_data["why"])
        if form.cleaned_data["why"]:
            messages.success(request, _("Thanks for telling us. See you next time."))
            return redirect("groups:my_meeting", meeting.pk)
        return redirect("groups:absent", meeting.pk)
    context = {"meeting": meeting, "told": notice_of(meeting, stay), "form": WhyForm()}
    return render(request, "groups/absent.html", context)
