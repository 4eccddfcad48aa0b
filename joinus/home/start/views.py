"""One address for everybody's start page; what stands there depends on the role."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core import clock
from core.accounts.actors import SignedIn
from core.accounts.rights import may
from core.organisations.permissions import SEE_GROUPS
from core.pages import page_of
from groups.permissions import RECORD_ATTENDANCE
from joinus.home.start import regional, tonight
from joinus.home.start.order import sections
from joinus.home.start.own import own_page
from joinus.home.waiting import todos_beside, todos_for
from participants.permissions import CONSULT, SEE_DEMAND


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The public start page; somebody who is signed in goes on to the own one."""
    if request.user.is_authenticated:
        return redirect("home:today")
    return render(request, "participants/start.html")


@require_safe
def today(request: SignedIn) -> HttpResponse:
    user = request.user
    if user.is_participant:
        return render(request, "home/participant.html", own_page(user))
    leads = may(user, RECORD_ATTENDANCE)
    todos, found = todos_beside(user, *(tonight.CARDS if leads else ()))
    context: dict[str, Any] = {"todos": todos, "day": clock.today()}
    if leads:
        context["cards"] = tonight.cards_of(found, clock.today())
        return render(request, "home/worker.html", context)
    lines = regional.group_lines(user, todos) if may(user, SEE_GROUPS) else []
    context |= {
        "lines": lines,
        "asking": [line for line in lines if line.reasons],
        "other_todos": [t for t in todos if t.group_id is None],
        "totals": regional.totals(lines),
        "coordinator": may(user, CONSULT),
        "plans": may(user, SEE_DEMAND),
    }
    return render(request, "home/regional.html", context)


@require_safe
def waiting(request: SignedIn) -> HttpResponse:
    """Everything that waits for a professional, in pages."""
    if request.user.is_participant:
        raise Http404
    page = page_of(request, todos_for(request.user))
    context = {"page": page, "sections": sections(list(page))}
    return render(request, "home/waiting.html", context)
