"""How long what is kept: the foundation's page (trust.md 12)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.actors import SignedIn
from core.accounts.rights import may
from core.drafts.declaring import keeps
from core.forms import attempt, carry_out, show
from core.list_filter import ListFilter
from core.organisations import retention as rules
from core.organisations.models import RetentionRule
from core.organisations.permissions import SET_RETENTION
from core.pages import page_of
from joinus.home.retention.forms import RetentionForm


@keeps("retention")
@require_http_methods(["GET", "HEAD", "POST"])
def retention(request: SignedIn) -> HttpResponse:
    user = request.user
    if not may(user, SET_RETENTION):
        raise PermissionDenied(_("The foundation sets this."))
    found = RetentionRule.objects.visible_to(user).select_related("organisation")
    dropping = request.POST.get("act") == "drop"
    form = RetentionForm(
        request.POST if request.method == "POST" and not dropping else None,
        organisations=rules.organisations_for(user),
    )
    if dropping:
        rule = _rule_or_404(found, request.POST.get("rule"))
        if attempt(request, rules.drop_retention, rule=rule, by=user):
            return _kept(request)
    elif form.is_valid() and carry_out(form, rules.set_retention, by=user, **form.cleaned_data):
        return _kept(request)
    lines = rules.lines(found)
    asked = ListFilter(request.GET)
    rows = asked.named(rules.own_terms(lines), lambda one: [one.organisation])
    words = {line.record_class.key: line.record_class.name for line in lines}
    rows = asked.divided(
        rows, "wat", _("What"), lambda one: one.record_class, words, in_words=False
    )
    context = {"lines": lines, "form": form, "asked": asked, "page": page_of(request, rows)}
    return show(request, "home/retention.html", context, form)


def _rule_or_404(found: Any, pk: str | None) -> RetentionRule:
    rule: RetentionRule = get_object_or_404(found, pk=pk if _is_uuid(pk) else None)
    return rule


def _is_uuid(text: str | None) -> bool:
    return text is not None and len(text) == 36 and set(text) <= set("0123456789abcdef-")


def _kept(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Kept. The next clean-up follows it."))
    return redirect("home:retention")
