"""Getting to know the group and what follows: invite, judge, the own wish, take part, move."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.accounts.actors import SignedIn
from core.drafts.declaring import keeps
from core.drafts.two_writers import in_turn, together
from core.forms import attempt, carry_out, sent, show
from groups.access import stay_of
from groups.models import Meeting, Placement
from groups.permissions import PLACE, require_here
from groups.seats.forms import DeclineForm, InviteForm, JudgementForm, WishForm
from groups.seats.placement import place, trial_meeting_of
from groups.seats.trial import admit, decline, judge, record_wish
from participants.access import stay_in_sight
from participants.consent import needed as consent


@keeps("invite", never=("meeting",))
@require_http_methods(["GET", "POST"])
def invite(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """Choose the evening; a seat is taken at once (a trial takes one too)."""
    stay = stay_of(request, trajectory_id)
    group: Any = stay.group
    meetings = list(Meeting.objects.visible_to(request.user).to_come(clock.now(), group)[:6])
    again = Placement.objects.visible_to(request.user).filter(trajectory=stay, trial=True).exists()
    form = InviteForm(
        request.POST if request.method == "POST" else None,
        choices=[
            (str(m.pk), date_format(clock.local(m.starts_at), "l j F, H:i")) for m in meetings
        ],
        again=again,
        initial={"meeting": str(meetings[0].pk) if meetings else None},
    )
    if request.method == "POST" and form.is_valid():
        chosen = next(m for m in meetings if str(m.pk) == form.cleaned_data["meeting"])
        if carry_out(
            form,
            place,
            trajectory=stay,
            group=group,
            trial=True,
            first_day=chosen.date,
            by=request.user,
            override_reason=form.cleaned_data.get("override_reason", ""),
        ):
            messages.success(
                request,
                _("{name} comes on {day}.").format(
                    name=stay.shown_name, day=date_format(chosen.date, "l j F")
                ),
            )
            return redirect("groups:group", group.pk)
    context = {"stay": stay, "group": group, "form": form, "meetings": meetings}
    return show(request, "groups/invite.html", context, form)


@keeps("trial.judge", "trial.wish", "trial.decline")
@require_http_methods(["GET", "POST"])
@in_turn
def trial(request: SignedIn, placement_id: UUID) -> HttpResponse:
    """Both sides on one page, each saved by itself; then taking part, or helped further.

    It tells how the stay is now, so it closes for the group that somebody left.
    """
    placement = _placement(request, placement_id)
    stay_in_sight(request, placement.trajectory_id)
    forms = {
        "judge": JudgementForm(sent(request, "judge"), initial=_judged(placement)),
        "wish": WishForm(sent(request, "wish"), initial=_wished(placement)),
        "decline": DeclineForm(sent(request, "decline")),
    }
    act = request.POST.get("act", "")
    if request.method == "POST":
        if act != "admit" and act not in forms:
            raise BadRequest("No such act.")
        done = _do(request, placement, act, forms.get(act))
        if done is not None:
            return done
    stay = placement.trajectory
    context = {
        "placement": placement,
        "stay": stay,
        "name": stay.shown_name,
        "evening": trial_meeting_of(placement),
        "outcome": getattr(placement, "trial_outcome", None),
        "missing": consent.missing(stay, clock.today()),
        "forms": forms,
        "is_over": placement.last_day is not None,
    }
    return show(request, "groups/trial.html", context, *forms.values())


def _do(request: SignedIn, placement: Placement, act: str, form: Any) -> HttpResponse | None:
    if form is not None and not (
        form.is_valid() and together(request, form, type(form)(initial=form.initial))
    ):
        return None
    if form is None:
        if not attempt(request, admit, placement=placement, by=request.user):
            return redirect("groups:trial", placement.pk)
    else:
        acts: dict[str, Callable[..., Any]] = {
            "judge": judge,
            "wish": record_wish,
            "decline": decline,
        }
        if not carry_out(
            form, acts[act], placement=placement, by=request.user, **form.cleaned_data
        ):
            return None
    name = placement.trajectory.shown_name
    if act == "admit":
        messages.success(request, _("{name} takes part from now on.").format(name=name))
        return redirect("groups:group", placement.group_id)
    if act == "decline":
        messages.success(request, _("Written down. {name} is helped further.").format(name=name))
        return redirect("groups:group", placement.group_id)
    messages.success(request, _("Saved."))
    return redirect("groups:trial", placement.pk)


def _placement(request: HttpRequest, placement_id: UUID) -> Placement:
    placement: Placement = get_object_or_404(
        Placement.objects.visible_to(request.user).select_related(
            "trajectory__participant", "trial_outcome", "group"
        ),
        pk=placement_id,
    )
    require_here(request.user, PLACE, placement.group_id)
    return placement


def _yes_no(value: bool | None) -> str | None:
    return None if value is None else "yes" if value else "no"


def _judged(placement: Placement) -> dict[str, str | None]:
    outcome = getattr(placement, "trial_outcome", None)
    return {
        "programme_fits": _yes_no(outcome and outcome.programme_fits),
        "group_fits": _yes_no(outcome and outcome.group_fits),
    }


def _wished(placement: Placement) -> dict[str, str | None]:
    outcome = getattr(placement, "trial_outcome", None)
    return {"wish": _yes_no(outcome and outcome.own_wish)}
