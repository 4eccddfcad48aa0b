"""The participant's own meeting: when, where, what; *I can't come* and *I can come after all*.

Both are acts about the meeting in the address, which is the one the page showed (R-338).
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.accounts.actors import SignedIn
from core.forms import attempt, show
from groups.activities.ideas import Idea, as_seen, with_people
from groups.activities.on_the_map import map_link
from groups.activities.stops import where_now
from groups.activities.taking_part import seats_in
from groups.evenings.absence import is_recorded, lapsed_of, notice_of, take_back, tell
from groups.evenings.forms import WhyForm
from groups.models import Activity, Meeting
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


@require_safe
def my_meeting(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    """Date, time, place and activity (R-132), what it costs (R-097) and who organises it."""
    stay, meeting = _own_meeting(request, meeting_id)
    told = notice_of(meeting, stay)
    off = meeting.status == Meeting.Status.CANCELLED
    coming = Meeting.objects.visible_to(request.user).upcoming(clock.now())
    one = _plan(request, meeting, stay)
    return render(
        request,
        "groups/my_meeting.html",
        {
            "meeting": meeting,
            "stay": stay,
            "told": told,
            "lapsed": lapsed_of(meeting, stay) if told is None else None,
            "is_over": is_over(meeting, clock.now()),
            "is_recorded": is_recorded(meeting, stay),
            "is_last": stay.last_meeting_on == meeting.date,
            "one": one,
            "thinks_along": not (one or off or meeting.activity)
            and seats_in(meeting.group_id).filter(trajectory=stay).exists(),
            "next_one": coming.first() if off else None,
            "whereabouts": where_now(meeting),
            "map_link": map_link(meeting.group.location),
        },
    )


def _plan(request: SignedIn, meeting: Meeting, stay: Trajectory) -> Idea | None:
    rows = Activity.objects.visible_to(request.user).filter(meeting=meeting)
    plan = with_people(rows, meeting.group_id).first()
    if plan is None:
        return None
    here = seats_in(meeting.group_id).values_list("trajectory", flat=True)
    return as_seen(plan, stay, frozenset(here))


@require_http_methods(["GET", "HEAD", "POST"])
def absent(request: SignedIn, meeting_id: UUID) -> HttpResponse:
    """One tap tells it; the reason is asked afterwards and never needed."""
    stay, meeting = _own_meeting(request, meeting_id)
    form = WhyForm()
    if request.method == "POST":
        if request.POST.get("act") == "come":
            if attempt(request, take_back, meeting=meeting, trajectory=stay):
                messages.success(request, _("Great, see you then."))
            return redirect("groups:my_meeting", meeting.pk)
        form = WhyForm(request.POST)
        if form.is_valid():
            why = form.cleaned_data["why"]
            done = attempt(request, tell, meeting=meeting, trajectory=stay, why=why)
            if done and why:
                messages.success(request, _("Thanks for telling us. See you next time."))
            return redirect("groups:my_meeting" if why or not done else "groups:absent", meeting.pk)
    told = notice_of(meeting, stay)
    if not form.is_bound and not _can_tell(meeting, stay):
        return redirect("groups:my_meeting", meeting.pk)
    one = _plan(request, meeting, stay) if told is not None else None
    mine = [task for task in (*one.organisers, *one.tasks) if task.mine] if one else []
    context = {"meeting": meeting, "told": told, "form": form, "one": one, "mine": mine}
    return show(request, "groups/absent.html", context, form)


def _can_tell(meeting: Meeting, stay: Trajectory) -> bool:
    """Else the page of the meeting says why not, where a button would only be refused."""
    if meeting.status == Meeting.Status.CANCELLED or is_over(meeting, clock.now()):
        return False
    return not is_recorded(meeting, stay)
