"""Their parents, entered by the young person (R-102), and 'home may not know this' (C-48)."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.actors import SignedIn
from core.drafts.declaring import keeps
from core.drafts.two_writers import in_turn, together
from core.forms import carry_out, show
from participants.access import own_stay
from participants.models import Trajectory
from participants.parents import guardians, not_at_home, overview
from participants.parents import mail as parental_mail
from participants.parents.forms import GuardianForm
from participants.parents.page_state import OWN, OwnPage, State
from participants.recusal.recusal import guides_of


@keeps("guardians", private=True)
@require_http_methods(["GET", "HEAD", "POST"])
def guardians_page(request: SignedIn) -> HttpResponse:
    """What the state says and offers; without a word of parents where the home is not safe."""
    stay = own_stay(request)
    state = overview.own_state(stay)
    page = OWN[state]
    if request.method == "POST" and not page.may_enter:
        return redirect("participants:guardians")
    person = stay.participant
    form = GuardianForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if carry_out(form, guardians.enter_guardian, participant=person, by=request.user, **given):
            messages.success(request, _("Kept. Nothing has been sent yet."))
            return redirect("participants:guardians")
    context = {"form": form, "stay": stay, "page": page, **_shown(stay, state, page)}
    return show(request, "participants/account/guardians.html", context, form)


def _shown(stay: Trajectory, state: State, page: OwnPage) -> dict[str, object]:
    """What the page holds beside its words; nothing is read for what it does not show."""
    shown: dict[str, object] = {}
    entered = guardians.of(stay.participant) if page.names or page.may_enter else []
    if page.names:
        shown["guardians"] = entered
        shown["written_to"] = {g.pk for g in entered if guardians.was_written_to(g)}
    if page.preview:
        first = entered[0] if entered else None
        informs = state == State.TO_INFORM
        shown["preview"] = parental_mail.preview(stay, first, informed_only=informs)
    if page.who:
        shown["workers"] = guides_of(stay)
        shown["organisation"] = stay.group.location.organisation if stay.group else None
    shown["may_add"] = page.may_enter and len(entered) < guardians.MOST
    return shown


@keeps("guardian", private=True)
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def change_guardian_page(request: SignedIn, guardian_id: UUID) -> HttpResponse:
    """A slip in a parent's details, mended while nothing was sent."""
    stay = own_stay(request)
    guardian = guardians.own_guardian(stay.participant, guardian_id)
    if guardian is None or not OWN[overview.own_state(stay)].names:
        raise Http404
    asked = guardians.was_written_to(guardian)
    form = GuardianForm(request.POST or None, initial=guardians.details_of(guardian))
    stands = GuardianForm(initial=guardians.details_of(guardian))
    if request.method == "POST" and form.is_valid() and together(request, form, stands):
        given = form.cleaned_data
        if carry_out(form, guardians.change_guardian, guardian=guardian, by=request.user, **given):
            messages.success(request, _("Kept. Nothing has been sent yet."))
            return redirect("participants:guardians")
    return show(
        request,
        "participants/account/guardian.html",
        {"form": form, "stay": stay, "guardian": guardian, "asked": asked},
        form,
    )


@require_POST
@transaction.atomic
def say_not_at_home(request: SignedIn) -> HttpResponse:
    """One tap. The start page says once who comes, when and how, and is ordinary again."""
    stay = own_stay(request)
    row = not_at_home.say_not_at_home(participant=stay.participant, by=request.user)
    messages.success(request, not_at_home.said(row, stay))
    return redirect("home:today")
