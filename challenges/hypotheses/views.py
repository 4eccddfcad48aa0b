"""Thinking together at a desk: one or more hypotheses beside each other, for the workers alone."""

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

from challenges.hypotheses import outcome
from challenges.hypotheses.agreeing import say_opinion
from challenges.hypotheses.forms import (
    HypothesisForm,
    InsteadForm,
    OpinionForm,
    OutcomeForm,
    values_of,
)
from challenges.hypotheses.grounds import offered
from challenges.hypotheses.page import Card, cards_of, challenges_of, with_all
from challenges.hypotheses.sight import already
from challenges.hypotheses.thinking import (
    change_hypothesis,
    is_slip,
    withdraw,
    write_hypothesis,
)
from challenges.models import Challenge, Hypothesis
from challenges.observations.forms import wanted_meeting as ids
from challenges.observations.observers import why_not
from challenges.permissions import OBSERVE
from challenges.register.mechanism import say_mechanism
from core.accounts.actors import SignedIn
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.drafts.two_writers import in_turn, together
from core.forms import attempt, carry_out, show
from core.ids import uuid7
from participants.access import stay_or_404
from participants.models import Trajectory

OPINIONS = {"agree": True, "disagree": False}
LINKS = ("link", "unlink")
OUTCOMES: dict[str, Callable[..., Hypothesis]] = {
    "confirm": outcome.confirm,
    "drop": outcome.drop,
}


@require_safe
@transaction.atomic
def hypotheses(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """Side by side what stands; under it what was changed or let go (R-151, R-157)."""
    stay = stay_or_404(request, trajectory_id, OBSERVE)
    opened(request.user, "hypotheses", [stay.pk], request)
    rows = Hypothesis.objects.visible_to(request.user).filter(trajectory=stay)
    cards = cards_of(stay, with_all(rows), request.user)
    context = {
        "stay": stay,
        "name": stay.shown_name,
        "standing": [card for card in cards if card.stands],
        "past": [card for card in cards if not card.stands],
        "writes": why_not(stay)[1] == "",
    }
    return render(request, "challenges/hypotheses/of_stay.html", context)


@keeps("hypothesis")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
@transaction.atomic
def new_hypothesis(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """Made from the list of what was seen."""
    stay = stay_or_404(request, trajectory_id, OBSERVE)
    _require_writing(stay)
    data = request.POST if request.method == "POST" else None
    form = _form(request, stay, data, initial={"client_id": uuid7()})
    write = partial(write_hypothesis, trajectory=stay, by=request.user)
    return _written(request, stay, form, write) or _write_page(request, stay, form)


@keeps("hypothesis.change")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
@transaction.atomic
def change(request: SignedIn, hypothesis_id: UUID) -> HttpResponse:
    """Either worker; what both touched is asked, and the colleague is asked again."""
    row = _one(request, hypothesis_id)
    stay = row.trajectory
    _require_writing(stay)
    if row.outcome and request.method != "POST":
        messages.info(request, already(row))
        return redirect("challenges:hypothesis", row.pk)
    stands = _form(request, stay, None, initial=values_of(row))
    if request.method != "POST":
        return _write_page(request, stay, stands, row)
    form = _form(request, stay, request.POST)
    write = partial(change_hypothesis, hypothesis=row, by=request.user)
    if (
        form.is_valid()
        and together(request, form, stands)
        and carry_out(form, write, idea=form.idea)
    ):
        messages.success(request, _said(request, stay, _one(request, row.pk)))
        return redirect("challenges:hypothesis", row.pk)
    return _write_page(request, stay, form, row)


@keeps("hypothesis.instead")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
@transaction.atomic
def instead(request: SignedIn, hypothesis_id: UUID) -> HttpResponse:
    """After the talk it reads differently: the old one stays to be read."""
    row = _one(request, hypothesis_id)
    stay = row.trajectory
    _require_writing(stay)
    values = values_of(row) | {"client_id": uuid7()}
    data = request.POST if request.method == "POST" else None
    if data is None and row.outcome:
        messages.info(request, already(row))
        return redirect("challenges:hypothesis", row.pk)
    form = _form(request, stay, data, initial=values, kind=InsteadForm)
    write = partial(outcome.replace, hypothesis=row, by=request.user)
    done = _written(request, stay, form, write)
    return done or _write_page(request, stay, form, row, is_instead=True)


@keeps("hypothesis.opinion", "hypothesis.outcome", never=("act",))
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
@transaction.atomic
def hypothesis(request: SignedIn, hypothesis_id: UUID) -> HttpResponse:
    """One of them: what it rests on, who agrees, and what the talk made of it."""
    row = _one(request, hypothesis_id)
    stay, act = row.trajectory, request.POST.get("act", "")
    opinion = OpinionForm(
        request.POST if act in OPINIONS else None, initial={"version": row.version}
    )
    result = OutcomeForm(request.POST if act in OUTCOMES else None)
    if request.method == "POST":
        _require_writing(stay)
        if (done := _done(request, row, act, opinion, result)) is not None:
            return done
        row = _one(request, hypothesis_id)
    opened(request.user, "hypotheses", [stay.pk], request)
    card: Card = cards_of(stay, [row], request.user)[0]
    context = {
        "stay": stay,
        "name": stay.shown_name,
        "card": card,
        "opinion": opinion,
        "outcome": result,
        "writes": why_not(stay)[1] == "",
        "challenges": challenges_of(row, request.user) if card.stands else [],
        "is_slip": not row.outcome and is_slip(row, request.user),
    }
    page = "challenges/hypotheses/one.html"
    return show(request, page, context, opinion, result)


def _done(
    request: SignedIn, row: Hypothesis, act: str, opinion: OpinionForm, result: OutcomeForm
) -> HttpResponse | None:
    """Do what was pressed; None when the page is shown again."""
    facts: dict[str, Any] = {"hypothesis": row, "by": request.user}
    here, stay = redirect("challenges:hypothesis", row.pk), row.trajectory_id
    if act in OPINIONS:
        say = partial(say_opinion, agrees=OPINIONS[act], **facts)
        if not opinion.is_valid() or not carry_out(opinion, say, **opinion.cleaned_data):
            opinion.about(row.version)
            return None
        messages.success(request, _("Saved."))
        return redirect("challenges:hypotheses", stay)
    if act in OUTCOMES:
        if not result.is_valid():
            return None
        said = result.cleaned_data
        settle = partial(OUTCOMES[act], **facts)
        if not carry_out(result, settle, on=said["on"], text=said["outcome_text"]):
            return None
        messages.success(request, _("Saved. Today you can still undo it."))
        return here
    if act == "undo":
        if attempt(request, outcome.undo, **facts):
            messages.success(request, _("It stands as before."))
        return here
    if act == "withdraw":
        if attempt(request, withdraw, **facts):
            messages.success(request, _("Taken away."))
            return redirect("challenges:hypotheses", stay)
        return here
    if act in LINKS and not row.outcome.startswith(("changed", "dropped")):
        going = Challenge.objects.visible_to(request.user).going().filter(trajectory=stay)
        found = going.filter(pk__in=ids(request.POST.get("challenge", ""))).first()
        if found is None:
            raise Http404
        said = {"mechanism": row.mechanism} if act == "link" else {"mechanism": ""}
        linked = row if act == "link" else None
        link = partial(say_mechanism, challenge=found, by=request.user, hypothesis=linked)
        if attempt(request, link, **said):
            messages.success(request, _("Saved."))
        return here
    raise BadRequest("No such act.")


def _written(
    request: SignedIn, stay: Trajectory, form: HypothesisForm, write: Callable[..., Hypothesis]
) -> HttpResponse | None:
    """The answer once it stands; None: the form is shown, for the first time or again."""
    if not form.is_bound or not form.is_valid():
        return None
    done = carry_out(form, write, **form.facts)
    if not done:
        return None
    messages.success(request, _said(request, stay, done.result))
    return redirect("challenges:hypotheses", stay.pk)


def _said(request: SignedIn, stay: Trajectory, row: Hypothesis) -> str:
    """Promises nothing where nobody is there to be asked."""
    [card] = cards_of(stay, [row], request.user)
    if card.answers.asked:
        return _("Saved. Your colleague finds it under what waits.")
    return _("Saved.")


# ---- What the pages have in common ---------------------------------------------------------


def _one(request: SignedIn, hypothesis_id: UUID) -> Hypothesis:
    """404 for everybody but the workers of the group this stay is in now (R-154)."""
    rows = with_all(Hypothesis.objects.visible_to(request.user)).select_related(
        "by", "outcome_by", "instead", "trajectory__participant", "trajectory__group"
    )
    row: Hypothesis = get_object_or_404(rows, pk=hypothesis_id)
    return row


def _require_writing(stay: Trajectory) -> None:
    words, code = why_not(stay)
    if code:
        raise PermissionDenied(words)


def _form(
    request: SignedIn,
    stay: Trajectory,
    data: Any,
    *,
    kind: type[HypothesisForm] = HypothesisForm,
    **more: Any,
) -> HypothesisForm:
    observations = offered(stay, request.user)
    return kind(data, name=stay.shown_name, observations=observations, **more)


def _write_page(
    request: SignedIn,
    stay: Trajectory,
    form: HypothesisForm,
    row: Hypothesis | None = None,
    *,
    is_instead: bool = False,
) -> HttpResponse:
    opened(request.user, "hypotheses", [stay.pk], request)
    context = {
        "stay": stay,
        "name": stay.shown_name,
        "form": form,
        "row": row,
        "is_instead": is_instead,
    }
    return show(request, "challenges/hypotheses/write.html", context, form)
