"""Saying goodbye: the worker's two plain forms."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import RuleBroken
from groups.forms import CloseForm, LastMeetingForm
from groups.leaving import IN_GROUP, agree_last_meeting, close_stay, stay_after_all
from groups.models import Meeting
from groups.views.group import complain
from groups.views.placing import stay_of

ACTS = ("agree", "close", "stay")


@login_required
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, trajectory_id: UUID) -> HttpResponse:
    """Agree on the last evening, close the stay, or go on after all."""
    stay = stay_of(request, trajectory_id)
    meetings = list(
        Meeting.objects.visible_to(request.user)
        .upcoming(clock.now())
        .filter(group=stay.group_id)[:8]
    )
    agreed = next((m for m in meetings if m.date == stay.last_meeting_on), None)
    first = agreed or (meetings[0] if meetings else None)
    act = request.POST.get("act", "")
    agree_form = LastMeetingForm(
        request.POST if act == "agree" else None,
        choices=[(str(m.pk), date_format(localtime(m.starts_at), "l j F, H:i")) for m in meetings],
        initial={"meeting": str(first.pk) if first else None},
    )
    close_form = CloseForm(request.POST if act == "close" else None)
    if request.method == "POST":
        if act not in ACTS:
            raise BadRequest("No such act.")
        if _do(request, stay, act, agree_form, close_form, meetings):
            return redirect("groups:leave" if act == "agree" else "groups:group", _goal(stay, act))
    context = {
        "stay": stay,
        "name": stay.participant.call_name,
        "meetings": meetings,
        "agree_form": agree_form,
        "close_form": close_form,
        "in_group": stay.phase in IN_GROUP,
        "is_today_or_past": stay.last_meeting_on is not None
        and stay.last_meeting_on <= clock.today(),
    }
    failed = any(f.is_bound and f.errors for f in (agree_form, close_form))
    return render(request, "groups/leave.html", context, status=422 if failed else 200)


def _goal(stay: Any, act: str) -> UUID:
    return stay.pk if act == "agree" else stay.group_id


def _do(
    request: HttpRequest,
    stay: Any,
    act: str,
    agree_form: LastMeetingForm,
    close_form: CloseForm,
    meetings: list[Meeting],
) -> bool:
    """Run the chosen act; False when a form must be shown again."""
    form: Any = {"agree": agree_form, "close": close_form}.get(act)
    if form is not None and not form.is_valid():
        return False
    name = stay.participant.call_name
    try:
        if act == "agree":
            chosen = next(m for m in meetings if str(m.pk) == form.cleaned_data["meeting"])
            agree_last_meeting(trajectory=stay, meeting=chosen, by=request.user)
            text = _("Agreed: {day} is the last evening of {name}.").format(
                day=date_format(chosen.date, "l j F"), name=name
            )
        elif act == "close":
            close_stay(
                trajectory=stay,
                exit_kind=form.exit_kind,
                exit_reason=form.cleaned_data["exit_reason"],
                contact_refused=form.cleaned_data["contact_refused"],
                reason=form.cleaned_data["note"],
                by=request.user,
            )
            text = _("Closed. The place of {name} is free.").format(name=name)
        else:
            stay_after_all(trajectory=stay, by=request.user)
            text = _("{name} goes on in the group.").format(name=name)
    except RuleBroken as broken:
        if form is None:
            messages.error(request, broken.message)
            return True
        if broken.field == "exit_kind":
            broken = RuleBroken(broken.message, broken.code, "exit_reason")
        complain(form, broken)
        return False
    messages.success(request, text)
    return True
