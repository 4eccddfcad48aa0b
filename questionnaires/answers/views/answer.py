"""The young person's own pages around one wave. Works without JavaScript (R-206, R-208).

Each of them is `about_a_wave`: without a needed yes none shows or takes anything (R-350).
"""

from contextlib import suppress
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.accounts.actors import SignedIn
from core.errors import RuleBroken
from participants.models import Trajectory
from questionnaires.answers import answering, later, went_away
from questionnaires.answers.answers_table import look_back_at
from questionnaires.answers.forms import AnswerForm, LaterForm, TalkForm
from questionnaires.answers.views.about_a_wave import about_a_wave, draft_of
from questionnaires.answers.who_reads import words
from questionnaires.cycle import on_hold, own_reasons
from questionnaires.models import RATHER_NOT, Invitation, Response


def closed(request: HttpRequest, invitation: Invitation, status: int = 200) -> HttpResponse:
    """A kind page for a wave that takes no answers (any more), and the way to what stands now.

    An old mail leads here as well, so it says what became of what was filled in.
    """
    draft = draft_of(invitation)
    context = {
        "invitation": invitation,
        "why": own_reasons.why_it_went(invitation.state, invitation.reason),
        "not_sent": draft is not None and bool(draft.given()),
        "refused": status == 409 and not {"answer", "rather_not"}.isdisjoint(request.POST),
        "stands_now": _stands_now(request),
    }
    return render(request, "questionnaires/closed.html", context, status=status)


def _stands_now(request: HttpRequest) -> Invitation | None:
    """The open one of this person that may be shown (R-350), whichever stay it is of."""
    waves = Invitation.objects.visible_to(request.user).open()
    return waves.filter(on_hold.with_a_yes()).order_by("pk").last()


def resume_at(invitation: Invitation) -> str:
    """The first open item on any device; nothing open left: the last page."""
    open_items = answering.missing(invitation, draft_of(invitation))
    if open_items:
        return reverse("questionnaires:item", args=[invitation.pk, open_items[0]])
    return reverse("questionnaires:finish", args=[invitation.pk])


@about_a_wave
@require_safe
def who_reads(request: SignedIn, invitation: Invitation) -> HttpResponse:
    """Before the first question of every wave: who reads this, and that help is elsewhere."""
    if invitation.state != Invitation.State.OPEN:
        return closed(request, invitation)
    why, more = own_reasons.why_it_came(invitation.reason)
    context = {
        "invitation": invitation,
        "words": words("who_reads"),
        "total": len(answering.asked(invitation)),
        "begun": draft_of(invitation) is not None,
        "why": why,
        "more": more,
        "earlier": went_away.before(invitation),
        "begun_before": answering.begun_before(invitation),
        "resume_url": resume_at(invitation),
        "asked": on_hold.is_asked(invitation.trajectory),
    }
    return render(request, "questionnaires/who_reads.html", context)


@about_a_wave
def item(request: SignedIn, invitation: Invitation, number: int) -> HttpResponse:
    """One item on the screen, exactly as printed; each answer is saved by itself."""
    questions = answering.asked(invitation)
    numbers = [q.number for q in questions]
    if number not in numbers:
        raise Http404
    place = numbers.index(number)
    if invitation.state != Invitation.State.OPEN:
        return closed(request, invitation, 409 if request.method == "POST" else 200)
    error = ""
    if request.method == "POST":
        form = AnswerForm(request.POST)
        if form.is_valid():
            try:
                _save(request, invitation, number, form.cleaned_data)
            except on_hold.NoYes:
                raise
            except RuleBroken as broken:
                if broken.code == "not_open":  # taken back since the page was read
                    invitation.refresh_from_db()
                    return closed(request, invitation, 409)
                error = broken.message
            else:
                return redirect(_after(invitation, numbers, place))
        error = error or _("Choose one of the answers.")
    draft = draft_of(invitation)
    context = {
        "invitation": invitation,
        "question": questions[place],
        "given": draft.answer(number) if draft else None,
        "rather_not": RATHER_NOT,
        "saved": draft is not None,
        "place": place + 1,
        "total": len(numbers),
        "back_url": reverse("questionnaires:item", args=[invitation.pk, numbers[place - 1]])
        if place
        else reverse("questionnaires:who_reads", args=[invitation.pk]),
        "error": error,
    }
    return render(request, "questionnaires/item.html", context, status=400 if error else 200)


def _save(request: SignedIn, invitation: Invitation, number: int, given: dict[str, Any]) -> None:
    value = RATHER_NOT if given["rather_not"] else given["answer"]
    if value is not None:
        answering.save_answer(invitation=invitation, number=number, value=value, by=request.user)


def _after(invitation: Invitation, numbers: list[int], place: int) -> str:
    if place + 1 < len(numbers):
        return reverse("questionnaires:item", args=[invitation.pk, numbers[place + 1]])
    return reverse("questionnaires:finish", args=[invitation.pk])


@about_a_wave
def finish(request: SignedIn, invitation: Invitation) -> HttpResponse:
    """The last page: a calm question when items are open, then one button that sends."""
    thanks_url = reverse("questionnaires:thanks", args=[invitation.pk])
    if invitation.state == Invitation.State.ANSWERED:
        return redirect(thanks_url)
    error = ""
    if request.method == "POST":
        try:
            answering.submit(invitation=invitation, by=request.user)
        except on_hold.NoYes:
            raise
        except RuleBroken as broken:
            if broken.code != "nothing_answered":
                invitation.refresh_from_db()
                return closed(request, invitation, 409)
            error = broken.message
        else:
            return redirect(thanks_url)
    elif invitation.state != Invitation.State.OPEN:
        return closed(request, invitation)
    questions = answering.asked(invitation)
    left = answering.missing(invitation, draft_of(invitation))
    places = {q.number: place for place, q in enumerate(questions, start=1)}
    context = {
        "invitation": invitation,
        "left": [(n, places[n]) for n in left],
        "total": len(questions),
        "back_url": reverse("questionnaires:item", args=[invitation.pk, questions[-1].number]),
        "resume_url": resume_at(invitation),
        "error": error,
    }
    return render(request, "questionnaires/finish.html", context, status=400 if error else 200)


@about_a_wave
@require_safe
def stop_here(request: SignedIn, invitation: Invitation) -> HttpResponse:
    """Leaving half way: nobody reads what is not sent (C-45), so what is there can be sent."""
    draft = draft_of(invitation)
    if invitation.state != Invitation.State.OPEN:
        return closed(request, invitation)
    if draft is None or not draft.given():
        return redirect("home:today")
    context = {
        "invitation": invitation,
        "given": len(draft.given()),
        "resume_url": resume_at(invitation),
    }
    return render(request, "questionnaires/stop_here.html", context)


@about_a_wave
def thanks(request: SignedIn, invitation: Invitation) -> HttpResponse:
    """After the last answer: thank you, and "would you like to talk about it?"."""
    response = _response(request, invitation)
    if response is None:
        if invitation.state == Invitation.State.OPEN:
            return redirect("questionnaires:who_reads", invitation.pk)
        return closed(request, invitation)
    if request.method == "POST":
        form = TalkForm(request.POST)
        if not form.is_valid():
            return _thanks(request, invitation, response, 400)
        answering.say_about_talking(
            invitation=invitation, wants=form.cleaned_data["talk"], by=request.user
        )
        return redirect("questionnaires:thanks", invitation.pk)
    return _thanks(request, invitation, response)


def _thanks(
    request: HttpRequest, invitation: Invitation, response: Response, status: int = 200
) -> HttpResponse:
    over = invitation.trajectory.phase in Trajectory.Phase.OVER
    context = {"invitation": invitation, "response": response, "over": over}
    return render(request, "questionnaires/thanks.html", context, status=status)


def _response(request: HttpRequest, invitation: Invitation) -> Response | None:
    return Response.objects.visible_to(request.user).filter(pk=invitation.pk).first()


@about_a_wave
@require_safe
def look_back(request: SignedIn, invitation: Invitation) -> HttpResponse:
    """Only on request: the own words side by side. No index, no verdict (R-213)."""
    if _response(request, invitation) is None:
        raise Http404
    responses = Response.objects.visible_to(request.user).filter(
        trajectory=invitation.trajectory_id
    )
    return render(
        request,
        "questionnaires/look_back.html",
        {"invitation": invitation, "items": look_back_at(responses)},
    )


@about_a_wave
def put_off(request: SignedIn, invitation: Invitation) -> HttpResponse:
    """The two choices of a mail: "Tomorrow" and "Rather not". A visit alone changes nothing."""
    if invitation.state != Invitation.State.OPEN:
        return closed(request, invitation, 409 if request.method == "POST" else 200)
    if request.method == "POST":
        form = LaterForm(request.POST)
        if not form.is_valid():
            return _later(request, invitation, 400)
        act: dict[str, Any] = {
            "tomorrow": later.ask_tomorrow,
            "rather_not": later.leave_alone,
            "again": later.hear_again,
        }
        try:
            with suppress(later.NoMessagesNow):  # the page says so
                act[form.cleaned_data["choice"]](invitation=invitation, by=request.user)
        except on_hold.NoYes:
            raise
        except RuleBroken:
            invitation.refresh_from_db()
            return closed(request, invitation, 409)
        return redirect("questionnaires:later", invitation.pk)
    return _later(request, invitation)


def _later(request: HttpRequest, invitation: Invitation, status: int = 200) -> HttpResponse:
    """`sent`: a message could leave, so that "tomorrow" is a promise that is kept."""
    context = {"invitation": invitation, "sent": later.may_ask_tomorrow(invitation)}
    return render(request, "questionnaires/later.html", context, status=status)
