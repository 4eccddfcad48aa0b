"""The own challenges of a young person: chosen, worded anew, made smaller, shared (R-160)."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from challenges.models import Challenge, Proposal
from challenges.models.challenge import MAY_CHOOSE
from challenges.register import choosing, ending, examples, proposals, sharing, steps
from challenges.register.forms import ChangeForm, ChooseForm, StepForm
from challenges.register.page import about, lead, lines_of, who_reads
from challenges.register.practising import notes
from challenges.register.reminding import can_be_reminded, is_weekly, want_reminders
from core import clock
from core.accounts.actors import SignedIn
from core.drafts.declaring import keeps
from core.forms import attempt, carry_out, sent, show
from core.names import isolated
from groups.models import seats_in_a_room
from groups.room.views.own import own_seat
from participants.access import own_stay
from participants.models import Trajectory

METHODS = ["GET", "HEAD", "POST"]
BEFORE = (*Trajectory.Phase.ARRIVING, Trajectory.Phase.TRIAL)
ENDS: dict[str, Callable[..., Any]] = {
    "reach": ending.reach_challenge,
    "lay_aside": ending.lay_aside,
    "take_back": ending.take_back_end,
}
ANSWERS: dict[str, Callable[..., Any]] = {
    "accept": proposals.accept,
    "decline": proposals.decline,
}


@require_http_methods(METHODS)
@transaction.atomic
def mine(request: SignedIn) -> HttpResponse:
    """What goes on, what was proposed, and what was before."""
    stay = own_stay(request)
    if request.method == "POST":
        return _answered(request, stay)
    context = about(stay, request.user, writes=True) | {
        "before": stay.phase in BEFORE,
        "waits": stay.phase in MAY_CHOOSE and bool(stay.blocked_reason),
    }
    return render(request, "challenges/mine.html", context)


def _answered(request: SignedIn, stay: Trajectory) -> HttpResponse:
    act = request.POST.get("act", "")
    if act in ENDS:
        row = own_challenge(request, stay, request.POST.get("challenge", ""))
        if attempt(request, ENDS[act], challenge=row, by=request.user):
            messages.success(
                request, _("Kept. Nice that it worked out!") if act == "reach" else _("Kept.")
            )
        return redirect("challenges:mine")
    if act not in ANSWERS:
        raise BadRequest("No such act.")
    proposal = _proposal(request, stay, request.POST.get("proposal", ""))
    if proposal is None:
        raise Http404
    done = attempt(request, ANSWERS[act], proposal=proposal, by=request.user)
    if done and act == "accept":
        messages.success(request, _("Kept. From here on it is yours."))
        return redirect("challenges:own", done.result.pk)
    if done:
        messages.success(request, _("That is fine. You need not do anything."))
    return redirect("challenges:mine")


@keeps("challenge.choose")
@require_http_methods(METHODS)
@transaction.atomic
def choose(request: SignedIn) -> HttpResponse:
    """In the own words, as small as it has to be; or what was proposed, made one's own."""
    stay = own_stay(request)
    if not choosing.may_choose(stay):
        return redirect("challenges:mine")  # which says why
    proposal = _proposal(request, stay, request.GET.get("voorstel", ""), standing=True)
    data = request.POST if request.method == "POST" else None
    form = ChooseForm(data, initial=_begun_with(request, proposal))
    if form.is_bound and form.is_valid():
        act = (
            partial(choosing.choose_challenge, trajectory=stay)
            if proposal is None
            else partial(proposals.accept, proposal=proposal)
        )
        if done := carry_out(form, act, by=request.user, **form.cleaned_data):
            messages.success(request, _("Kept."))
            return redirect("challenges:own", done.result.pk)
    context = {"stay": stay, "form": form, "proposal": proposal, **lead(stay), **who_reads(stay)}
    return show(request, "challenges/mine_choose.html", context, form)


def _begun_with(request: SignedIn, proposal: Proposal | None) -> dict[str, str]:
    """A tapped example, or what was proposed, stands in the field, to be made one's own."""
    tapped = examples.worded(key) if (key := request.GET.get("voorbeeld", "")) else ""
    begun = tapped or (proposal.text if proposal else "")
    return {"text": begun} if begun else {}


@keeps("challenge.change", "challenge.step", never=("version",))
@require_http_methods(METHODS)
@transaction.atomic
def own(request: SignedIn, challenge_id: UUID) -> HttpResponse:
    """One of the own challenges: its words, its small steps, who reads it, a reminder."""
    stay = own_stay(request)
    row = own_challenge(request, stay, str(challenge_id))
    change = ChangeForm(sent(request, "change"), initial=_as_it_stands(row))
    step = StepForm(sent(request, "step"), auto_id="step_%s")
    if request.method == "POST" and _done(request, row, change, step):
        return redirect("challenges:own", row.pk)
    if change.is_bound and change.errors:
        row.refresh_from_db()
        change.data = request.POST.copy()
        change.data["version"] = str(row.version)  # the next press is made with open eyes
    line = lines_of([row])[0]
    notes.attach([row])
    person = stay.participant
    goes_on = row.state == Challenge.State.GOING
    context = {
        "stay": stay,
        "line": line,
        "row": row,
        "goes_on": goes_on,
        "changes": goes_on and choosing.may_change(stay),
        "ends": goes_on and ending.may_end(stay),
        "practises": goes_on and choosing.may_change(stay),
        "change": change,
        "step": step,
        "enough_steps": len(line.steps) >= steps.MOST_STEPS,
        "can_share": goes_on and seats_in_a_room(request.user).exists(),
        "can_be_reminded": can_be_reminded(person.contact),
        "weekly": is_weekly(person.birth_date, clock.today()),
        **who_reads(stay),
    }
    return show(request, "challenges/mine_own.html", context, change, step)


def _done(request: SignedIn, row: Challenge, change: ChangeForm, step: StepForm) -> bool:
    """Do what was tapped; False when a form must be shown again."""
    if change.is_bound:
        return change.is_valid() and _changed(request, row, change)
    if step.is_bound:
        add = partial(steps.add_step, challenge=row, by=request.user)
        return step.is_valid() and bool(carry_out(step, add, **step.cleaned_data))
    act = request.POST.get("act", "")
    acts: dict[str, Callable[..., Any]] = {
        "drop": partial(steps.drop_step, challenge=row, step=_key(request, "step")),
        "share": partial(sharing.share, challenge=row),
        "stop_sharing": partial(sharing.stop_sharing, challenge=row),
        "remind": partial(want_reminders, challenge=row, wanted=True),
        "no_reminders": partial(want_reminders, challenge=row, wanted=False),
    }
    if act not in acts:
        raise BadRequest("No such act.")
    if attempt(request, acts[act], by=request.user):
        messages.success(request, str(SAID[act]()))
    return True


SAID: dict[str, Callable[[], str]] = {
    "drop": lambda: _("The small step is gone."),
    "share": lambda: _("Your group can read it now."),
    "stop_sharing": lambda: _("Your group can't read it any more."),
    "remind": lambda: _("Kept. You get a message now and then."),
    "no_reminders": lambda: _("Kept. You get no more messages about it."),
}


def _changed(request: SignedIn, row: Challenge, form: ChangeForm) -> bool:
    was_shared = row.shared_at is not None
    done = carry_out(
        form, choosing.change_challenge, challenge=row, by=request.user, **form.cleaned_data
    )
    if not done:
        return False
    messages.success(request, _("Kept."))
    if was_shared and done.result.shared_at is None:
        messages.info(
            request,
            _("It says how to reach somebody now. That is why your group can't read it any more."),
        )
    return True


def _as_it_stands(row: Challenge) -> dict[str, Any]:
    sure = "" if row.sureness is None else str(row.sureness)
    return {"text": row.text, "sureness": sure, "version": row.version}


@require_safe
@transaction.atomic
def of_peers(request: SignedIn) -> HttpResponse:
    """What others of the own group want to try, as far as they share it (R-172)."""
    seat = own_seat(request)
    rows = [
        (isolated(row.trajectory.participant.call_name), row)
        for row in sharing.of_peers(request.user, seat)
    ]
    context = {"group": seat.group, "rows": rows}
    return render(request, "challenges/mine_of_peers.html", context)


def own_challenge(request: SignedIn, stay: Trajectory, key: str) -> Challenge:
    """One of this stay, or 404; 400 where no key was sent."""
    try:
        found = Challenge.objects.visible_to(request.user).filter(trajectory=stay, pk=UUID(key))
    except ValueError as wrong:
        raise BadRequest("No such challenge.") from wrong
    row = found.select_related("trajectory__participant", "noted_by").first()
    if row is None:
        raise Http404
    return row


def _key(request: SignedIn, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        return UUID(int=0)


def _proposal(
    request: SignedIn, stay: Trajectory, key: str, *, standing: bool = False
) -> Proposal | None:
    """Of this stay; with `standing` only while it can be answered."""
    try:
        pk = UUID(key)
    except ValueError:
        return None
    rows = Proposal.objects.visible_to(request.user)
    if standing:
        rows = rows.standing(clock.now())
    found: Proposal | None = (
        rows.filter(trajectory=stay, pk=pk).select_related("trajectory__participant", "by").first()
    )
    return found
