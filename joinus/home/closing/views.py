"""The closing page of a stay: what ends with it, before and after."""

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from core import clock
from core.accounts.actors import SignedIn
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.forms import carry_out, show
from groups.access import stay_of
from groups.goodbye.forms import CloseForm
from groups.goodbye.views.leaving import way_of
from joinus.home.closing import closing
from participants.journey.journey import reopen_until
from participants.models import Trajectory


@keeps("close", never=("exit_reason", "afterwards_by", "contact_refused"))
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def close(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """Two workers who press at once: one closes, the other reads that it is closed."""
    stay = stay_of(request, trajectory_id)
    user = request.user
    opened(user, "closing", [stay.pk], request)
    if stay.phase not in Trajectory.Phase.IN_GROUP:
        return _closed(request, stay, None)
    form = CloseForm(
        request.POST if request.method == "POST" else None,
        initial={
            "exit_reason": "own_wish" if stay.stopped_on else None,
            "afterwards_by": stay.afterwards_by,
            "contact_refused": bool(stay.follow_up_waived),
        },
    )
    if request.method == "POST" and form.is_valid():
        tried = carry_out(form, closing.close, stay=stay, by=user, **form.facts)
        if tried:
            return _closed(request, stay, tried.result)
        stay.refresh_from_db()
        if stay.phase not in Trajectory.Phase.IN_GROUP:  # a colleague was first
            return _closed(request, stay, None)
    things = closing.open_things(stay, user)
    context = {
        "stay": stay,
        "name": stay.shown_name,
        "form": form,
        "way": way_of(stay),
        "ends": [line for line in things if not line.lasts],
        "stays": [line for line in things if line.lasts],
        "questionnaires": closing.for_the_questionnaires(stay, user),
        "comes_after": closing.comes_after(stay, exited_on=closing.would_leave_on(stay)),
    }
    return show(request, "home/close.html", context, form)


def _closed(request: HttpRequest, stay: Trajectory, done: closing.Closed | None) -> HttpResponse:
    until = reopen_until(stay)
    context = {
        "stay": stay,
        "name": stay.shown_name,
        "former": stay.phase == Trajectory.Phase.FORMER,
        "done": done,
        "stays": done.stays if done else closing.open_things(stay, request.user),
        "comes_after": closing.comes_after(stay) if stay.exited_on else "",
        "reopen_until": until if until is not None and clock.today() <= until else None,
    }
    return render(request, "home/closed.html", context)
