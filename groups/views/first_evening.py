"""*Your first evening* for the young person; *which door is it?* for who knows."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.organisations.doors import describe_door
from groups.first_evening import ask_to_wait, first_evening_of, need_not_wait
from groups.forms import DoorForm
from groups.permissions import DESCRIBE_DOOR, require_reach
from groups.views.group import group_of
from participants.views.whose import running_stay


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def first_evening(request: HttpRequest) -> HttpResponse:
    """Who is there, the door, seven o'clock, watching is fine; one tap to be met outside."""
    stay = running_stay(request)
    if request.method == "POST":
        if request.POST.get("act") == "no":
            need_not_wait(trajectory=stay, by=request.user)
            messages.success(request, _("Okay, nobody waits outside for you. See you inside."))
        else:
            ask_to_wait(trajectory=stay, by=request.user)
            messages.success(request, _("Your youth workers know. Somebody stands at the door."))
        return redirect("groups:first_evening")
    evening = first_evening_of(request.user, stay)
    if evening is None:
        raise Http404
    return render(request, "groups/first_evening.html", {"evening": evening, "stay": stay})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """In words, for somebody who has never been there."""
    found = group_of(request, group_id)
    require_reach(request.user, DESCRIBE_DOOR, found)
    location = found.location
    form = DoorForm(request.POST or None, initial={"door": location.door})
    if request.method == "POST" and form.is_valid():
        describe_door(location=location, door=form.cleaned_data["door"], by=request.user)
        messages.success(request, _("Kept. Who comes for the first time reads it."))
        return redirect("groups:group", found.pk)
    context = {"group": found, "location": location, "form": form}
    return render(request, "groups/door.html", context, status=422 if form.errors else 200)
