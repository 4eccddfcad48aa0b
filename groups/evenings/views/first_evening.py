"""*Your first evening* for the young person; *which door is it?* for who knows."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.actors import SignedIn
from core.accounts.models import User
from core.drafts.declaring import keeps
from core.drafts.two_writers import in_turn, together
from core.forms import carry_out, show
from core.organisations.doors import (
    change_door_picture,
    describe_door,
    door_picture_of,
    remove_door_picture,
)
from core.organisations.models import Group, Location
from groups.access import group_of
from groups.evenings.first_evening import (
    ask_to_wait,
    door_pictures_visible_to,
    first_evening_of,
    need_not_wait,
)
from groups.evenings.forms import DoorForm, DoorPictureForm, PlaceCheckForm
from groups.evenings.place_check import QUESTIONS, check_of, check_place
from groups.permissions import DESCRIBE_DOOR, require_reach
from participants.access import running_stay


@require_http_methods(["GET", "HEAD", "POST"])
def first_evening(request: SignedIn) -> HttpResponse:
    """Who is there, the door, seven o'clock, watching is fine; one tap to be met outside."""
    stay = running_stay(request)
    if request.method == "POST":
        if request.POST.get("act") == "no":
            need_not_wait(trajectory=stay, by=request.user)
            messages.success(request, _("Okay, we will see you inside."))
        else:
            ask_to_wait(trajectory=stay, by=request.user)
            messages.success(request, _("Your youth workers know. Somebody stands at the door."))
        return redirect("groups:first_evening")
    evening = first_evening_of(request.user, stay)
    if evening is None:
        raise Http404
    return render(request, "groups/first_evening.html", {"evening": evening, "stay": stay})


@keeps("door")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def door(request: SignedIn, group_id: UUID) -> HttpResponse:
    """In words, for somebody who has never been there; one photo beside them is a choice."""
    found = group_of(request, group_id)
    require_reach(request.user, DESCRIBE_DOOR, found)
    location = found.location
    act = request.POST.get("act", "")
    if act == "remove":
        remove_door_picture(location=location, by=request.user)
        messages.success(request, _("The photo is gone. The words stay."))
        return redirect("groups:door", found.pk)
    if act == "place":
        return _keep_place(request, found)
    photo = DoorPictureForm(*(request.POST, request.FILES) if act == "picture" else ())
    words = DoorForm(
        request.POST if request.method == "POST" and act != "picture" else None,
        initial={"door": location.door},
    )
    form = photo if act == "picture" else words
    stands = DoorForm(initial={"door": location.door})
    if form.is_bound and form.is_valid() and (form is photo or together(request, form, stands)):
        keep = partial(_keep_door, location, form, request.user)
        if carry_out(form, keep):
            messages.success(request, _("Kept. Who comes for the first time sees it."))
            return redirect("groups:door" if act == "picture" else "groups:group", found.pk)
    context = {
        "group": found,
        "location": location,
        "form": words,
        "photo": photo,
        "picture": door_picture_of(location),
        "place": PlaceCheckForm(initial=_answers(location)),
        "checked": check_of(location),
    }
    return show(request, "groups/door.html", context, form)


def _keep_place(request: SignedIn, group: Group) -> HttpResponse:
    """The four answers about the place (R-138); what was not among the answers is not kept."""
    form = PlaceCheckForm(request.POST)
    if form.is_valid():
        check_place(location=group.location, answers=form.cleaned_data, by=request.user)
        messages.success(request, _("Saved. Every group at this place shows it."))
    return redirect("groups:door", group.pk)


def _answers(location: Location) -> dict[str, bool | None]:
    row = check_of(location)
    return {name: getattr(row, name) for name in QUESTIONS} if row else {}


def _keep_door(location: Location, form: Any, by: User) -> None:
    if "picture" in form.cleaned_data:
        change_door_picture(location=location, image=form.cleaned_data["picture"], by=by)
    else:
        describe_door(location=location, door=form.cleaned_data["door"], by=by)


@never_cache
@require_safe
def door_picture(request: SignedIn, picture_id: UUID) -> HttpResponse:
    """For who comes for the first time, and for who keeps the door; for others it is not there."""
    user = request.user
    stay = running_stay(request) if user.is_participant else None
    picture = get_object_or_404(door_pictures_visible_to(user, stay), pk=picture_id)
    return HttpResponse(bytes(picture.image), content_type="image/webp")
