"""To another group: the worker asks, the young person and the coordinator answer (R-377)."""

from copy import copy
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.accounts.actors import SignedIn
from core.ages import age_on
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.forms import attempt, carry_out, show
from groups.access import stay_of
from groups.beforehand.views import Question, asked_first
from groups.models import GroupMove
from groups.seats import moving, own_move_words
from groups.seats.forms import MoveForm, OutsideForm
from groups.seats.move_outcome import say_seen
from groups.seats.placement import groups_to_move_to
from groups.seats.planned_move import call_off_move, planned_move
from participants.access import running_stay
from participants.journey.views.other_group import choice_of
from participants.models import Trajectory
from participants.recusal.who_works_here import workers_of

#: What a worker does about a move that was asked for.
ACTS = ("yes", "no", "now", "back", "off")


@keeps("move", never=("to_group", "first_day", "own_yes", "spoken_on"))
@require_http_methods(["GET", "POST"])
def change_group(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """To another group of the same organisation; the counting runs on."""
    stay = stay_of(request, trajectory_id)
    newest = moving.newest_move(stay)
    asked = newest if newest and newest.ended_at is None else None
    act = request.POST.get("act", "")
    if act and act not in ACTS:
        raise BadRequest("No such act.")
    if act:
        return _go_on(request, stay, asked, act)
    options = groups_to_move_to(stay)
    form = MoveForm(
        request.POST if request.method == "POST" else None,
        groups=options,
        initial={"first_day": clock.today(), "spoken_on": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        given = form.facts
        ask = partial(moving.ask_move, trajectory=copy(stay), by=request.user, **given)
        question = Question(
            heading=_("Move?"),
            about=_("%(name)s to %(group)s from %(day)s")
            % {
                "name": stay.shown_name,
                "group": given["to_group"],
                "day": date_format(given["first_day"], "l j F"),
            },
            yes=_("Yes, move"),
            back=_("Another group"),
            back_to=reverse("groups:move", args=[stay.pk]),
        )
        if page := asked_first(request, ask, question):
            return page
        if carry_out(form, ask):
            messages.success(request, _said(stay))
            return _back(stay)
    context = {
        "stay": stay,
        "form": form,
        "move": asked,
        "waits": moving.waits_for(asked) if asked else (),
        "lapses_on": clock.day_of(asked.asked_at) + moving.LAPSES_AFTER if asked else None,
        "last": newest if newest and newest.ended_at else None,
        "planned": planned_move(stay),
        **choice_of(request, stay, options),
    }
    return show(request, "groups/move.html", context, form)


def _go_on(request: SignedIn, stay: Trajectory, asked: GroupMove | None, act: str) -> HttpResponse:
    """One press about the move that stands; what was settled meanwhile says so."""
    name, by = stay.shown_name, request.user
    if act == "off":
        if attempt(request, call_off_move, trajectory=stay, by=by):
            messages.success(request, _("{name} stays in this group.").format(name=name))
    elif asked is None:
        messages.error(request, _("This is settled already."))
    elif act == "back":
        if attempt(request, moving.take_back_move, asked=asked, by=by):
            messages.success(request, _("Taken back. Nobody moves."))
    elif act == "now":
        if attempt(request, moving.move_now, asked=asked, by=by):
            messages.success(request, _said(stay))
    elif attempt(
        request, moving.answer_move, asked=asked, yes=act == "yes", by=by, spoken_on=clock.today()
    ):
        messages.success(request, _said(stay) if act == "yes" else _("Saved. Nobody moves."))
    return _back(stay)


def _back(stay: Trajectory) -> HttpResponse:
    """To its page, as long as it is one of this worker's stays."""
    before = stay.group_id
    stay.refresh_from_db(fields=["group"])
    gone = stay.group_id != before
    return redirect("groups:list") if gone else redirect("groups:move", stay.pk)


def _said(stay: Trajectory) -> str:
    """How it stands after an answer."""
    if moving.open_move(stay) is not None:
        return _("Saved. It goes on when everybody has said yes.")
    last = moving.newest_move(stay)
    if last is None:
        return _("Saved.")
    moves = _("{name} moves to {group} on {day}.")
    moved = _("{name} has been in {group} since {day}.")
    return (moves if last.first_day > clock.today() else moved).format(
        name=stay.shown_name, group=last.to_group, day=date_format(last.first_day, "l j F")
    )


@require_http_methods(["GET", "POST"])
def own_move(request: SignedIn, move_id: UUID) -> HttpResponse:
    """The young person answers: which group, when they meet, who is there, and yes or no."""
    stay = running_stay(request)
    asked = get_object_or_404(
        GroupMove.objects.visible_to(request.user)
        .filter(trajectory=stay, trajectory__blocked_reason="")
        .select_related("to_group__location", "from_group", "trajectory"),
        pk=move_id,
    )
    if request.method == "POST":
        answer = request.POST.get("answer")
        if answer not in ("yes", "no"):
            raise BadRequest("No such answer.")
        if attempt(request, moving.answer_move, asked=asked, yes=answer == "yes", by=request.user):
            asked.refresh_from_db()
            messages.success(request, own_move_words.said(asked))
        return redirect("home:today")
    context = {
        "move": asked,
        "group": asked.to_group,
        "workers": workers_of(asked.to_group_id),
        "is_open": asked.ended_at is None and not asked.own,
        "stands": own_move_words.stands(asked),
        **own_move_words.of_the_question(asked),
    }
    return show(request, "groups/own_move.html", context)


@keeps("move_outside")
@require_http_methods(["GET", "POST"])
def outside(request: SignedIn, move_id: UUID) -> HttpResponse:
    """The coordinator: a call name, an age, two groups and the reason; nothing else."""
    asked = get_object_or_404(
        GroupMove.objects.decided_visible_to(request.user).select_related(
            "trajectory__participant", "to_group", "from_group", "asked_by", "agreed_by"
        ),
        pk=move_id,
    )
    opened(request.user, "group_move", [asked.trajectory_id], request)
    form = OutsideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        agrees = request.POST.get("agrees")
        if agrees not in ("yes", "no"):
            raise BadRequest("No such answer.")
        decide = partial(moving.decide_outside, asked=asked, agrees=agrees == "yes")
        if carry_out(form, decide, by=request.user, word=form.cleaned_data["word"]):
            messages.success(request, _("Saved. The youth workers see it."))
            return redirect("groups:move_outside", asked.pk)
    context = {
        "move": asked,
        "form": form,
        "name": asked.trajectory.shown_name,
        "age": age_on(asked.trajectory.participant.birth_date, clock.today()),
    }
    return show(request, "groups/move_outside.html", context, form)


@require_POST
def outcome(request: SignedIn, move_id: UUID) -> HttpResponse:
    """A worker has heard what it came to, and said it where that was asked. A second press finds
    it done."""
    found = GroupMove.objects.outcomes_visible_to(request.user).filter(pk=move_id).first()
    if found is None:
        get_object_or_404(
            GroupMove.objects.outcomes_visible_to(request.user, seen=True), pk=move_id
        )
    else:
        say_seen(asked=found, by=request.user)
    messages.success(request, _("Saved."))
    return redirect("home:today")


@require_POST
def seen(request: SignedIn, move_id: UUID) -> HttpResponse:
    """A worker of the new group knows that somebody comes."""
    asked = get_object_or_404(
        GroupMove.objects.welcomed_visible_to(request.user).select_related("trajectory"),
        pk=move_id,
    )
    moving.welcome(asked=asked, by=request.user)
    messages.success(request, _("Saved."))
    return redirect("home:today")
