"""What each organisation asks of parents: the foundation's pages (C-36)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.actors import SignedIn
from core.accounts.rights import may
from core.drafts.declaring import keeps
from core.drafts.two_writers import in_turn, together
from core.forms import carry_out, show
from core.list_filter import ListFilter
from core.pages import page_of
from participants.parents import policies
from participants.parents.forms import ParentsHearForm, PolicyForm
from participants.permissions import SET_CONSENT_POLICY

WORDS = {
    policies.Policy.INFORMED.value: gettext_lazy("informed only"),
    policies.Policy.REQUIRED.value: gettext_lazy("consent"),
}


@require_safe
def policies_page(request: SignedIn) -> HttpResponse:
    if not may(request.user, SET_CONSENT_POLICY):
        raise PermissionDenied(_("The foundation sets this."))
    asked = ListFilter(request.GET)
    rows = asked.named(policies.in_force(request.user), lambda one: [one.name])
    rows = asked.divided(rows, "vraagt", _("Policy"), lambda one: one.policy, WORDS)
    context = {"asked": asked, "page": page_of(request, rows)}
    return render(request, "participants/policies/list.html", context)


@keeps("policy")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def policy_page(request: SignedIn, organisation_id: UUID) -> HttpResponse:
    """What holds now, the form for another policy, and who set what when."""
    organisation = get_object_or_404(policies.organisations_for(request.user), pk=organisation_id)
    holds: dict[str, Any] = {
        "policy": organisation.consent_policy,
        "age": organisation.consent_age,
        "basis": organisation.consent_basis,
    }
    if request.method == "POST" and request.POST.get("act") == "changes":
        hear = ParentsHearForm(request.POST)
        on = hear.is_valid() and hear.cleaned_data["on"]
        policies.tell_parents_of_changes(organisation=organisation, on=on, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("participants:policy", organisation.pk)
    form = PolicyForm(request.POST or None, initial=holds)
    stands = PolicyForm(initial=holds)
    if request.method == "POST" and form.is_valid() and together(request, form, stands):
        given = form.cleaned_data
        if carry_out(
            form,
            policies.set_consent_policy,
            organisation=organisation,
            by=request.user,
            **given,
        ):
            messages.success(
                request, _("Kept. It holds from now on, for everybody who takes part.")
            )
            return redirect("participants:policy", organisation.pk)
    context = {
        "organisation": organisation,
        "form": form,
        "hear": ParentsHearForm(initial={"on": organisation.parents_hear_changes}),
        "history": policies.history_of(organisation),
    }
    return show(request, "participants/policies/policy.html", context, form)
