"""The own challenges of a young person; those of a stay and of a group for who may follow them."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from challenges.models import Challenge
from challenges.register import choosing, ending
from challenges.register.forms import ChallengeForm
from challenges.register.page import about
from core.accounts.actors import SignedIn
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.forms import attempt, carry_out, sent, show
from core.organisations.models import Group
from core.templatetags.face import url_or
from groups.permissions import require_reach
from participants.access import followed_stay, own_stay
from participants.models import Trajectory
from participants.permissions import SEE_JOURNEY
from participants.person.shown_name import by_call_name

BEFORE = (*Trajectory.Phase.ARRIVING, Trajectory.Phase.TRIAL)
ENDS = {
    "reach": ending.reach_challenge,
    "lay_aside": ending.lay_aside,
    "take_back": ending.take_back_end,
}


@keeps("challenge")
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def mine(request: SignedIn) -> HttpResponse:
    """Choose in the own words, and end it in two taps (R-160)."""
    stay = own_stay(request)
    form = ChallengeForm(sent(request, "choose"), initial=_suggested(request))
    if request.method == "POST" and _done(request, stay, form):
        return redirect("challenges:mine")
    context = about(stay, request.user, form) | {
        "before": stay.phase in BEFORE,
        "waits": stay.phase in choosing.MAY_CHOOSE and bool(stay.blocked_reason),
    }
    return show(request, "challenges/mine.html", context, form)


@keeps("challenge")
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def of_stay(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """The group's workers write, the coordinator reads (R-004)."""
    stay = followed_stay(request, trajectory_id)
    writes = choosing.may_write(stay, request.user)
    if request.method == "POST" and not writes:
        raise PermissionDenied(_("Only the youth workers of this group can do this."))
    opened(request.user, "challenges", [stay.pk], request)
    name = stay.shown_name
    form = ChallengeForm(sent(request, "choose"), initial=_suggested(request), name=name)
    if request.method == "POST" and _done(request, stay, form):
        return redirect(url_or("home:file", stay.pk, otherwise="/"))
    context = about(stay, request.user, form) | {"writes": writes}
    return show(request, "challenges/of_stay.html", context, form)


@require_safe
@transaction.atomic
def of_group(request: SignedIn, group_id: UUID) -> HttpResponse:
    """Who takes part, and what they are trying now."""
    group = get_object_or_404(
        Group.objects.visible_to(request.user).select_related("location"), pk=group_id
    )
    require_reach(request.user, SEE_JOURNEY, group)
    stays = list(
        Trajectory.objects.journey_visible_to(request.user)
        .filter(group=group, phase__in=ending.MAY_END)
        .select_related("participant")
        .order_by(*by_call_name(""))
    )
    opened(request.user, "challenges", [stay.pk for stay in stays], request)
    going: dict[UUID, list[Challenge]] = {stay.pk: [] for stay in stays}
    for row in Challenge.objects.visible_to(request.user).going().filter(trajectory__in=stays):
        going[row.trajectory_id].append(row)
    lines = [(stay, going[stay.pk]) for stay in stays]
    return render(request, "challenges/of_group.html", {"group": group, "lines": lines})


def _suggested(request: SignedIn) -> dict[str, str]:
    """A tapped example stands in the field, to be made one's own."""
    key = request.GET.get("voorbeeld")
    tapped = [e for e in choosing.examples() if e.key == key] if key else []
    return {"text": str(tapped[0])} if tapped else {}


def _done(request: SignedIn, stay: Trajectory, form: ChallengeForm) -> bool:
    """Do what was tapped; False when the form must be shown again."""
    act = request.POST.get("act", "")
    if act == "choose":
        return form.is_valid() and _chosen(request, stay, form)
    if act not in ENDS:
        raise BadRequest("No such act.")
    if attempt(request, ENDS[act], challenge=_challenge(request, stay), by=request.user):
        messages.success(
            request, _("Kept. Nice that it worked out!") if act == "reach" else _("Kept.")
        )
    return True


def _chosen(request: SignedIn, stay: Trajectory, form: ChallengeForm) -> bool:
    choose, text = choosing.choose_challenge, form.cleaned_data["text"]
    done = carry_out(form, choose, trajectory=stay, text=text, by=request.user)
    if done:
        messages.success(request, _("Kept."))
    return bool(done)


def _challenge(request: SignedIn, stay: Trajectory) -> Challenge:
    try:
        key = UUID(request.POST.get("challenge", ""))
    except ValueError as wrong:
        raise BadRequest("No such challenge.") from wrong
    found = Challenge.objects.visible_to(request.user).filter(trajectory=stay, pk=key)
    row: Challenge | None = found.select_related("trajectory__participant").first()
    if row is None:
        raise Http404
    return row
