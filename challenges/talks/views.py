"""The worker's page of a talk: what it is for, and what was said of a challenge."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from challenges.models import Challenge, Evaluation, PracticeNote
from challenges.register import choosing, ending
from challenges.talks.aim import aim_of, stands_of
from challenges.talks.evaluating import (
    CameTo,
    evaluation_of,
    note_evaluation,
    to_talk_about,
)
from challenges.talks.forms import EvaluationForm
from core.accounts.actors import SignedIn
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.drafts.two_writers import in_turn, together
from core.forms import carry_out, show
from core.templatetags.face import url_or
from groups.models import Talk
from participants.access import followed_stay
from participants.models import Trajectory

#: Of so many times of practising the talk is held.
NOTES = 6


@require_safe
@transaction.atomic
def talk(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """What the talk is for (R-127, R-128); with one challenge straight to what is said of it."""
    stay, rows = _read(request, trajectory_id)
    subjects = to_talk_about(rows)
    if len(subjects) == 1:
        there = reverse("challenges:evaluate", args=[stay.pk, subjects[0].pk])
        return redirect(there + _from(request))
    opened(request.user, "challenges", [stay.pk], request)
    context = {
        **_about(request, stay),
        "subjects": subjects,
        "chooses": choosing.may_choose(stay),
    }
    return render(request, "challenges/talks/talk.html", context)


@keeps("challenge.talk", never=("came_to",))
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
@transaction.atomic
def evaluate(request: SignedIn, trajectory_id: UUID, challenge_id: UUID) -> HttpResponse:
    """How practising goes, satisfaction, a new one or not; two workers at once keep their words."""
    stay, rows = _read(request, trajectory_id)
    challenge = next((row for row in rows if row.pk == challenge_id), None)
    if challenge is None:
        raise Http404
    challenge.trajectory = stay
    opened(request.user, "challenges", [stay.pk], request)
    form = _form(challenge, request.POST if request.method == "POST" else None)
    if (
        request.method == "POST"
        and form.is_valid()
        and together(request, form, _form(challenge))
        and _kept(request, challenge, form)
    ):
        return redirect(_back(request, stay))
    context = {
        **_about(request, stay),
        "challenge": challenge,
        "others": [row for row in to_talk_about(rows) if row.pk != challenge.pk],
        "form": form,
        "going": challenge.state == Challenge.State.GOING,
        "takes_back": ending.may_take_back(challenge),
        "runs": ending.may_end(stay) and not stay.blocked_reason,
        "notes": PracticeNote.objects.visible_to(request.user)
        .in_force()
        .filter(challenge=challenge)
        .order_by("-on", "-at", "-id")[:NOTES],
        "earlier": Evaluation.objects.visible_to(request.user)
        .filter(challenge=challenge)
        .select_related("by")[:NOTES],
    }
    return show(request, "challenges/talks/evaluate.html", context, form)


def _kept(request: SignedIn, challenge: Challenge, form: EvaluationForm) -> bool:
    done = carry_out(
        form,
        note_evaluation,
        challenge=challenge,
        said=form.said,
        by=request.user,
        talk=_talk_at(request, challenge.trajectory_id),
    )
    if done:
        messages.success(request, _("Kept."))
    return bool(done)


def _form(challenge: Challenge, data: Any = None) -> EvaluationForm:
    """As it stands today; what it came to is asked anew once it ended."""
    row = evaluation_of(challenge)
    going = challenge.state == Challenge.State.GOING
    initial: dict[str, Any] = {}
    if row is not None:
        goes_on = going and row.next == Evaluation.Next.GO_ON
        initial = {
            "how_it_goes": row.how_it_goes,
            "satisfaction": row.satisfaction,
            "came_to": CameTo.GO_ON if goes_on else "",
        }
    return EvaluationForm(data, going=going, initial=initial)


def _read(request: SignedIn, trajectory_id: UUID) -> tuple[Trajectory, list[Challenge]]:
    """A stay of a group this worker leads; the coordinator reads that it is not theirs (403)."""
    stay = followed_stay(request, trajectory_id)
    if not choosing.may_write(stay, request.user):
        raise PermissionDenied(_("Only the youth workers of this group can do this."))
    return stay, list(Challenge.objects.visible_to(request.user).filter(trajectory=stay))


def _about(request: SignedIn, stay: Trajectory) -> dict[str, Any]:
    until = stay.group.age_until if stay.group else 0
    aim = aim_of(stands_of([stay.pk])[stay.pk], until)
    return {
        "stay": stay,
        "name": stay.shown_name,
        "aim": aim,
        "back": _back(request, stay),
        "from_logbook": _meeting(request) is not None,
        "asked": _from(request),
    }


def _meeting(request: SignedIn) -> UUID | None:
    """The meeting whose logbook led here."""
    try:
        return UUID(request.GET.get("bijeenkomst", ""))
    except ValueError:
        return None


def _from(request: SignedIn) -> str:
    meeting = _meeting(request)
    return f"?bijeenkomst={meeting}" if meeting else ""


def _back(request: SignedIn, stay: Trajectory) -> str:
    meeting = _meeting(request)
    if meeting is not None and (page := url_or("groups:logbook", meeting)):
        return f"{page}#with-{stay.pk}"
    return str(url_or("home:file", stay.pk, otherwise="/"))


def _talk_at(request: SignedIn, stay: UUID) -> Talk | None:
    """The own talk with them at that meeting, where it was noted."""
    talks = Talk.objects.visible_to(request.user).in_force()
    found = talks.filter(meeting=_meeting(request), trajectory=stay, by=request.user)
    row: Talk | None = found.first() if _meeting(request) else None
    return row
