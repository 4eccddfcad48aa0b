"""One address for everybody's start page; what stands there depends on the role."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from challenges.observations import jottings
from core import clock
from core.accounts.actors import SignedIn
from core.accounts.rights import may, reach
from core.forms import attempt
from core.organisations.models import Group
from core.pages import page_of
from groups.permissions import RECORD_ATTENDANCE
from joinus.home.attention.seen import see_sign, show_sign_again
from joinus.home.attention.signs import KINDS
from joinus.home.start import regional, tonight
from joinus.home.start.order import sections
from joinus.home.start.own import own_page
from joinus.home.waiting import todos_beside, todos_for
from participants.permissions import CONSULT


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
    if may(user, RECORD_ATTENDANCE):
        todos, found = todos_beside(user, *tonight.CARDS, jottings.LINES)
        cards = tonight.cards_of(found, clock.now())
        in_the_room = any(card.is_tonight for card in cards)
        context = {
            "todos": todos,
            "day": clock.today(),
            "cards": cards,
            "in_the_room": in_the_room,
            "remembered": sorted(found[jottings.LINES], key=lambda one: one.at, reverse=True),
        }
        return render(request, "home/worker.html", context)
    return render(request, "home/regional.html", regional.start_page(user, request.GET))


@require_safe
def waiting(request: SignedIn) -> HttpResponse:
    """Everything that waits for a professional, in pages."""
    if request.user.is_participant:
        raise Http404
    page = page_of(request, todos_for(request.user))
    context = {"page": page, "sections": sections(list(page))}
    return render(request, "home/waiting.html", context)


@require_POST
def see(request: SignedIn, group_id: UUID, kind: str) -> HttpResponse:
    """*Seen*: the sign as it was shown goes to the end of the list until its fact changes."""
    group, mark = _own_group(request, group_id, kind), request.POST.get("mark", "")
    if attempt(request, see_sign, group=group, kind=kind, mark=mark, by=request.user):
        said = _("Seen. {group} is back on top as soon as something changes.")
        messages.success(request, said.format(group=group.name))
    return _back(request)


@require_POST
def show_again(request: SignedIn, group_id: UUID, kind: str) -> HttpResponse:
    """*Seen* taken back."""
    group = _own_group(request, group_id, kind)
    if attempt(request, show_sign_again, group=group, kind=kind, by=request.user):
        messages.success(request, _("{group} counts again.").format(group=group.name))
    return _back(request)


def _own_group(request: SignedIn, group_id: UUID, kind: str) -> Group:
    """A group of the own region: 404 out of sight, 403 for who sees its figures only."""
    groups = Group.objects.visible_to(request.user).select_related("location")
    group: Group = get_object_or_404(groups, pk=group_id)
    if kind not in KINDS:
        raise Http404
    if group.location.region_id not in reach(request.user, CONSULT).regions:
        raise PermissionDenied(_("This page is for the regional coordinator."))
    return group


def _back(request: HttpRequest) -> HttpResponse:
    """To the page of the list it was pressed on: only what `regional.kept` knows is taken."""
    kept = regional.kept(QueryDict(request.POST.get("back", "")[:400]))
    return redirect(f"{reverse('home:today')}?{urlencode(kept)}" if kept else "home:today")
