"""The own pages of practising: one tap, what more there is to say, the path, and the end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from challenges.models import Challenge, PracticeNote
from challenges.register import choosing, ending
from challenges.register.page import who_reads
from challenges.register.practising import notes
from challenges.register.practising.dared import path_of
from challenges.register.practising.forms import OUTCOMES, FinishForm, NoteForm
from core.accounts.actors import SignedIn
from core.drafts.declaring import keeps
from core.drafts.two_writers import in_turn, together
from core.forms import attempt, carry_out, show
from core.ids import uuid7
from participants.access import own_stay
from participants.models import Trajectory

Outcome = PracticeNote.Outcome
ENDS = {"reach": ending.reach_challenge, "lay_aside": ending.lay_aside}


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def practised(request: SignedIn, challenge_id: UUID) -> HttpResponse:
    """How did it go? One tap is a whole note; what more there is to say comes after it."""
    stay, challenge = _own(request, challenge_id)
    if request.method == "POST":
        tried = attempt(
            request,
            notes.note_practice,
            challenge=challenge,
            client_id=_client_id(request),
            outcome=request.POST.get("outcome", ""),
            by=request.user,
        )
        if tried:
            return redirect("challenges:practice_note", tried.result.pk)
        return redirect("challenges:practised", challenge.pk)
    context = {
        "challenge": challenge,
        "client_id": uuid7(),
        "outcomes": OUTCOMES,
        "writes": choosing.may_change(stay),
        "waits": bool(stay.blocked_reason),
        **who_reads(stay),
    }
    return render(request, "challenges/practising/practised.html", context)


@keeps("challenge.note", never=("act",))
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
@transaction.atomic
def note(request: SignedIn, note_id: UUID) -> HttpResponse:
    """What was noted, to add to, to change, and to take away."""
    row = _own_note(request, note_id)
    stay = row.challenge.trajectory
    act = request.POST.get("act", "save")
    form = _form(request, row, request.POST if request.method == "POST" and act == "save" else None)
    if request.method == "POST":
        if act in STANDS:
            attempt(request, STANDS[act], note=row, by=request.user)
            return redirect("challenges:practice_note", row.pk)
        if act != "save":
            raise BadRequest("No such act.")
        if form.is_valid() and together(request, form, _form(request, row)):
            outcome, told = form.cleaned_data["outcome"], form.told
            if carry_out(
                form, notes.change_note, note=row, outcome=outcome, told=told, by=request.user
            ):
                messages.success(request, _("Kept."))
                return redirect(_after(row))
    notes.attach([row.challenge])
    context = {
        "note": row,
        "challenge": row.challenge,
        "form": form,
        "writes": choosing.may_change(stay),
        "chooses": choosing.may_choose(stay),
        "going": row.challenge.state == Challenge.State.GOING,
        "wants_else": row.outcome == Outcome.SOMETHING_ELSE,
        **who_reads(stay),
    }
    return show(request, "challenges/practising/note.html", context, form)


STANDS = {"take_back": notes.take_back_note, "put_back": notes.put_back_note}


@require_safe
@transaction.atomic
def dared(request: SignedIn) -> HttpResponse:
    """What I dared: one quiet path, also to look back at after the goodbye."""
    stay = own_stay(request)
    stops, more = path_of(stay, request.user, whole="alles" in request.GET)
    going = Challenge.objects.visible_to(request.user).going().filter(trajectory=stay)
    writes = choosing.may_change(stay)
    context = {
        "stops": stops,
        "more": more,
        "going": going if writes else [],
        "chooses": choosing.may_choose(stay),
        "in_group": ending.may_end(stay),
    }
    return render(request, "challenges/practising/dared.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def finish(request: SignedIn, challenge_id: UUID) -> HttpResponse:
    """It worked out, or it no longer fits: how satisfied, and what comes now (R-162, R-169)."""
    stay, challenge = _own(request, challenge_id)
    act = request.POST.get("act", "finish")
    if request.method == "POST" and act == "take_back":
        if attempt(request, ending.take_back_end, challenge=challenge, by=request.user):
            messages.success(request, _("It goes on."))
        return redirect("challenges:mine")
    form = FinishForm(
        request.POST if request.method == "POST" else None,
        initial={"how": _asked_how(request), "wants_another": ""},
    )
    if request.method == "POST":
        if act != "finish":
            raise BadRequest("No such act.")
        if form.is_valid() and (done := _finished(request, challenge, form)):
            return done
    context = {
        "challenge": challenge,
        "form": form,
        "ends": ending.may_end(stay) and not stay.blocked_reason,
        "waits": bool(stay.blocked_reason),
        "going": challenge.state == Challenge.State.GOING,
        "takes_back": ending.may_take_back(challenge) and ending.may_end(stay),
        **who_reads(stay),
    }
    return show(request, "challenges/practising/finish.html", context, form)


def _finished(request: SignedIn, challenge: Challenge, form: FinishForm) -> HttpResponse | None:
    """None: it was refused, which the form says."""
    given = dict(form.cleaned_data)
    how = given.pop("how")
    if not carry_out(form, ENDS[how], challenge=challenge, by=request.user, **given):
        return None
    messages.success(request, _("Kept. Nice that it worked out!") if how == "reach" else _("Kept."))
    if given["wants_another"] and choosing.may_choose(challenge.trajectory):
        return redirect("challenges:choose")
    return redirect("challenges:mine")


def _asked_how(request: SignedIn) -> str:
    how = request.GET.get("hoe", "")
    return {"gelukt": "reach", "anders": "lay_aside"}.get(how, "")


def _after(row: PracticeNote) -> str:
    """Who wants something else chooses; the others see it on their path."""
    if row.outcome == Outcome.SOMETHING_ELSE:
        return reverse("challenges:practice_note", args=[row.pk])
    return reverse("challenges:dared")


def _form(request: SignedIn, row: PracticeNote, data: Any = None) -> NoteForm:
    meetings = list(notes.meetings_of(request.user)[:8])
    if row.meeting is not None and row.meeting not in meetings:
        meetings.append(row.meeting)
    initial = {
        "outcome": row.outcome,
        "did": row.did,
        "felt": row.felt,
        "where": row.where,
        "meeting": str(row.meeting_id or ""),
        "place": row.place,
        "on": row.on,
    }
    return NoteForm(data, meetings=meetings, initial=initial)


def _own(request: SignedIn, challenge_id: UUID) -> tuple[Trajectory, Challenge]:
    """A challenge of the newest stay of who is signed in; for everybody else there is none."""
    stay = own_stay(request)
    rows = Challenge.objects.visible_to(request.user).filter(trajectory=stay)
    row: Challenge = get_object_or_404(
        rows.select_related("trajectory__participant"), pk=challenge_id
    )
    return stay, row


def _own_note(request: SignedIn, note_id: UUID) -> PracticeNote:
    stay = own_stay(request)
    rows = PracticeNote.objects.visible_to(request.user).filter(challenge__trajectory=stay)
    row: PracticeNote = get_object_or_404(
        rows.select_related("challenge__trajectory__participant", "meeting"), pk=note_id
    )
    return row


def _client_id(request: SignedIn) -> UUID:
    try:
        return UUID(request.POST.get("client_id", ""))
    except ValueError as wrong:
        raise BadRequest("Not a tap.") from wrong
