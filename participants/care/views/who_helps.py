"""Who can help: the own youth workers, somebody outside the group, and the lines for everyone.

One tap from every page of a young person (R-348), and open to who is not signed in: the lines are
for everybody. Nothing on it needs JavaScript.
"""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.actors import SignedIn, is_participant
from core.audit.log import opened
from core.forms import attempt
from participants.access import own_stay
from participants.care import call_wish
from participants.care.who_helps import call_is_safe, help_for
from participants.complaints.complaints import who_hears
from participants.models import Trajectory
from participants.signup.choices import CHANNEL, shown

ACTS = {"ask": call_wish.ask_call, "take_back": call_wish.take_back_call}


@login_not_required
@require_safe
def who_helps(request: HttpRequest) -> HttpResponse:
    """From the sign-up on, and just as well after leaving. Photos only while the stay runs."""
    user = request.user
    if not is_participant(user):
        return render(request, "participants/help_lines.html")
    stays = Trajectory.objects.visible_to(user).select_related("participant__contact")
    stay = stays.order_by("-signed_up_at").first()
    return render(
        request,
        "participants/account/who_helps.html",
        {
            "stay": stay,
            "help": (found := help_for(stay)),
            "faces": stay is not None and stay.phase not in Trajectory.Phase.OVER,
            "hearers": who_hears(stay) if stay is not None else [],
            "may_ask": found.hears,
            "wish": call_wish.open_wish(stay) if stay is not None else None,
        },
    )


@require_POST
def call_me(request: SignedIn) -> HttpResponse:
    """*You may call me*, and taking it back; then the page it was pressed on."""
    stay = own_stay(request)
    act = ACTS.get(request.POST.get("act", ""), call_wish.ask_call)
    if attempt(request, act, trajectory=stay, by=request.user):
        said = {
            call_wish.ask_call: _("Told. You hear from them as soon as possible."),
            call_wish.take_back_call: _("Taken back. Nobody gets in touch about it."),
        }
        messages.success(request, said[act])
    return redirect(
        "home:today" if request.POST.get("back") == "today" else "participants:who_helps"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def call_wish_page(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """The worker's side: the safe way to call, and that it was done."""
    stay = _stay_to_call(request, trajectory_id)
    opened(request.user, "contact", [stay.pk], request)
    if request.method == "POST":
        call_wish.say_spoken(trajectory=stay, by=request.user)
        messages.success(request, _("Kept."))
        return redirect("home:today")
    contact = stay.participant.contact
    return render(
        request,
        "participants/call_wish.html",
        {
            "stay": stay,
            "person": stay.participant,
            "wish": call_wish.open_wish(stay),
            "contact": contact,
            "channels": [shown(c, CHANNEL) for c in contact.safe_channels],
            "calls": call_is_safe(contact.safe_channels),
            "by_mail": "email" in contact.safe_channels,
            "by_phone": bool({"phone", "whatsapp"} & set(contact.safe_channels)),
        },
    )


def _stay_to_call(request: SignedIn, trajectory_id: UUID) -> Trajectory:
    """A stay of the worker's groups, or of who arrives without a group; for others nothing."""
    user = request.user
    if user.is_participant:
        raise Http404
    around = ("participant__contact", "group")
    led = Trajectory.objects.visible_to(user).select_related(*around)
    arriving = Trajectory.objects.applicants_visible_to(user).filter(group__isnull=True)
    for found in (led, arriving.select_related(*around)):
        if stay := found.filter(pk=trajectory_id).first():
            return stay
    raise Http404
