"""The own pages of a young person: details, what you said yes to, your parents (R-002, R-102)."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import RuleBroken
from core.forms import refuse
from participants.access import own_stay
from participants.consent import agreements
from participants.consent import needed as consent
from participants.models import Trajectory
from participants.parents import guardians
from participants.parents import mail as parental_mail
from participants.parents.forms import GuardianForm
from participants.person import details
from participants.person.forms import DetailsForm
from participants.querysets import ENDED


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def details_page(request: HttpRequest) -> HttpResponse:
    stay = own_stay(request)
    person = stay.participant
    asks_parents = _asks_parents(stay)
    form = DetailsForm(request.POST or None, person=person, parents=asks_parents)
    if request.method == "POST" and form.is_valid():
        try:
            details.change_details(participant=person, by=request.user, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(broken.field, broken.message)
        else:
            messages.success(request, _("Kept. Thank you."))
            return redirect("participants:details")
    return render(
        request,
        "participants/account/details.html",
        {
            "form": form,
            "stay": stay,
            "person": person,
            "asks_parents": asks_parents,
            "running": stay.phase not in ENDED,
        },
        status=422 if form.errors else 200,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def agreements_page(request: HttpRequest) -> HttpResponse:
    """Read, tick, yes; and just as easily no more. Research stands apart."""
    stay = own_stay(request)
    language = get_language() or "nl"
    wrong = ""
    if request.method == "POST":
        subject = request.POST.get("subject", "")
        try:
            if request.POST.get("act") == "withdraw":
                agreements.withdraw_agreement(trajectory=stay, subject=subject, by=request.user)
                messages.success(request, _("You took back your yes."))
            elif request.POST.get("yes") == "on":
                text = agreements.text_shown(subject, request.POST.get("text", ""))
                agreements.give_agreement(
                    trajectory=stay, subject=subject, text=text, by=request.user
                )
                messages.success(request, _("Thank you. Your yes is kept."))
            else:
                raise RuleBroken(_("Tick the box first, please."), code="not_ticked")
        except RuleBroken as broken:
            wrong = broken.message
            messages.error(request, wrong)
        else:
            return redirect("participants:agreements")
    return render(
        request,
        "participants/account/agreements.html",
        {
            "stay": stay,
            "lines": agreements.lines(stay, language),
            "asks_parents": _asks_parents(stay),
        },
        status=422 if wrong else 200,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def guardians_page(request: HttpRequest) -> HttpResponse:
    """Under the age of the policy: enter a parent, and read beforehand what they will get."""
    stay = own_stay(request)
    if not _asks_parents(stay):
        return render(request, "participants/account/no_parents.html", {"stay": stay})
    person = stay.participant
    form = GuardianForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            guardians.enter_guardian(participant=person, by=request.user, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        else:
            messages.success(request, _("Kept. Nothing has been sent yet."))
            return redirect("participants:guardians")
    entered = guardians.of(person)
    written_to = {g.pk for g in entered if guardians.was_written_to(g)}
    return render(
        request,
        "participants/account/guardians.html",
        {
            "form": form,
            "stay": stay,
            "guardians": entered,
            "written_to": written_to,
            "may_add": len(entered) < guardians.MOST,
            "preview": parental_mail.preview(stay),
            "informed_only": consent.policy_for(stay, clock.today()).informed_only,
        },
        status=422 if form.errors else 200,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_guardian_page(request: HttpRequest, guardian_id: UUID) -> HttpResponse:
    """A slip in a parent's details, mended while nothing was sent."""
    stay = own_stay(request)
    guardian = guardians.own_guardian(stay.participant, guardian_id)
    if guardian is None:
        raise Http404
    asked = guardians.was_written_to(guardian)
    form = GuardianForm(request.POST or None, initial=guardians.details_of(guardian))
    if request.method == "POST" and form.is_valid():
        try:
            guardians.change_guardian(guardian=guardian, by=request.user, **form.cleaned_data)
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, _("Kept. Nothing has been sent yet."))
            return redirect("participants:guardians")
    return render(
        request,
        "participants/account/guardian.html",
        {"form": form, "stay": stay, "guardian": guardian, "asked": asked},
        status=422 if form.errors else 200,
    )


def _asks_parents(stay: Trajectory) -> bool:
    policy = consent.policy_for(stay, clock.today())
    return policy.required or policy.informed_only
