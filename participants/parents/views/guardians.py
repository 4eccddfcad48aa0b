"""Their parents, entered by the young person (R-102)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.accounts.actors import SignedIn
from core.drafts.declaring import keeps
from core.drafts.two_writers import together
from core.forms import carry_out, show
from participants.access import own_stay
from participants.consent import needed as consent
from participants.consent.needed import asks_parents
from participants.parents import guardians
from participants.parents import mail as parental_mail
from participants.parents.forms import GuardianForm


@keeps("guardians")
@require_http_methods(["GET", "HEAD", "POST"])
def guardians_page(request: SignedIn) -> HttpResponse:
    """Under the age of the policy: enter a parent, and read beforehand what they will get."""
    stay = own_stay(request)
    if not asks_parents(stay):
        return render(request, "participants/account/no_parents.html", {"stay": stay})
    person = stay.participant
    form = GuardianForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if carry_out(form, guardians.enter_guardian, participant=person, by=request.user, **given):
            messages.success(request, _("Kept. Nothing has been sent yet."))
            return redirect("participants:guardians")
    entered = guardians.of(person)
    written_to = {g.pk for g in entered if guardians.was_written_to(g)}
    return show(
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
        form,
    )


@keeps("guardian")
@require_http_methods(["GET", "HEAD", "POST"])
def change_guardian_page(request: SignedIn, guardian_id: UUID) -> HttpResponse:
    """A slip in a parent's details, mended while nothing was sent."""
    stay = own_stay(request)
    guardian = guardians.own_guardian(stay.participant, guardian_id)
    if guardian is None:
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
