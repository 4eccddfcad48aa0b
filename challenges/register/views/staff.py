"""The challenges of a stay and of a group, for who may follow them (R-004)."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from challenges.models import Challenge, Mechanism, Proposal
from challenges.register import choosing, ending, proposals, sharing
from challenges.register.forms import ProposalForm
from challenges.register.mechanism import may_label, say_mechanism
from challenges.register.page import about, attach_talks, proposed
from challenges.register.views.own import ENDS, own_challenge
from core.accounts.actors import SignedIn
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.forms import attempt, carry_out, sent, show
from core.organisations.models import Group
from core.templatetags.face import url_or
from groups.permissions import require_reach
from participants.access import followed_stay
from participants.models import Trajectory
from participants.permissions import SEE_JOURNEY
from participants.person.shown_name import by_call_name


@keeps("challenge.propose")
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def of_stay(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """The group's workers propose and think along, the coordinator reads (R-004)."""
    stay = followed_stay(request, trajectory_id)
    writes = choosing.may_write(stay, request.user)
    if request.method == "POST" and not writes:
        raise PermissionDenied(_("Only the youth workers of this group can do this."))
    opened(request.user, "challenges", [stay.pk], request)
    form = ProposalForm(sent(request, "propose"), name=stay.shown_name)
    if form.is_bound:
        act = partial(proposals.propose, trajectory=stay, by=request.user)
        if form.is_valid() and carry_out(form, act, text=form.cleaned_data["text"]):
            messages.success(
                request,
                _("Kept. %(name)s finds it on the own page and decides.")
                % {"name": stay.shown_name},
            )
            return redirect(url_or("home:file", stay.pk, otherwise="/"))
    elif request.method == "POST":
        _act(request, stay)
        return redirect("challenges:of_stay", stay.pk)
    context = about(stay, request.user, writes=writes) | proposed(stay, request.user)
    attach_talks([*(line.row for line in context["going"]), *context["earlier"]], request.user)
    context |= {"writes": writes, "form": form, "mechanisms": Mechanism.choices}
    return show(request, "challenges/of_stay.html", context, form)


def _act(request: SignedIn, stay: Trajectory) -> None:
    act = request.POST.get("act", "")
    if act == "withdraw":
        rows = Proposal.objects.visible_to(request.user).filter(trajectory=stay)
        proposal = get_object_or_404(rows, pk=_key(request, "proposal"))
        done = attempt(request, proposals.withdraw, proposal=proposal, by=request.user)
    elif act in ENDS or act in ("stop_sharing", "mechanism"):
        if act == "mechanism" and not may_label(stay, request.user):
            raise PermissionDenied(_("Only the youth workers of this group can do this."))
        row = own_challenge(request, stay, request.POST.get("challenge", ""))
        acts: dict[str, Callable[..., Any]] = {
            **ENDS,
            "stop_sharing": sharing.stop_sharing,
            "mechanism": partial(say_mechanism, mechanism=request.POST.get("mechanism", "")),
        }
        done = attempt(request, acts[act], challenge=row, by=request.user)
    else:
        raise BadRequest("No such act.")
    if done:
        messages.success(
            request, _("Kept. Nice that it worked out!") if act == "reach" else _("Kept.")
        )


def _key(request: SignedIn, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError as wrong:
        raise Http404 from wrong


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
