"""Referrers: the worker's register and pages per young person (R-301..R-306)."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.actors import SignedIn
from core.accounts.rights import may
from core.audit.log import opened
from core.drafts.declaring import keeps
from core.drafts.two_writers import in_turn, together
from core.errors import RuleBroken
from core.forms import attempt, carry_out, show
from core.list_filter import ListFilter, by_name
from core.pages import page_of
from participants.access import guardian_of, stay_or_404
from participants.models import Guardian, Referrer, ReferrerTie, Trajectory
from participants.parents import overview
from participants.permissions import DECIDE, SEE_REGISTER
from participants.referrers import consent as feedback
from participants.referrers import parents_tell, telling
from participants.referrers import register as referrers
from participants.referrers.forms import MomentForm, QuoteForm, ReferrerForm, TellForm, TieForm
from participants.referrers.in_register import addresses, in_register


@keeps("register")
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: SignedIn) -> HttpResponse:
    """The referrers by function; nothing of any young person. The workers keep it."""
    if not may(request.user, SEE_REGISTER):
        raise PermissionDenied(_("Only youth workers and coordinators have this list."))
    keeps = may(request.user, DECIDE)
    if request.method == "POST" and not keeps:
        raise PermissionDenied(_("The youth workers keep this list."))
    form = ReferrerForm(
        request.POST or None, organisations=referrers.organisations_of(request.user)
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if carry_out(form, referrers.keep_referrer, by=request.user, **given):
            messages.success(request, _("Kept."))
            return redirect("participants:register")
    own = set(
        Referrer.objects.visible_to(request.user).kept_by(request.user).values_list("pk", flat=True)
    )
    asked = ListFilter(request.GET)
    rows = asked.named(in_register(request.user), lambda row: (row.name, row.workplace))
    words = {one.value: one.label for one in Referrer.Function}
    rows = asked.divided(
        rows, "functie", _("Function"), lambda row: row.function, words, in_words=False
    )
    keepers = by_name((row.keeper, row.keeper) for row in rows)
    rows = asked.divided(rows, "van", _("Kept by"), lambda row: row.keeper, keepers, in_words=False)
    page = page_of(request, rows)
    reached = addresses(request.user, page)
    context = {
        "asked": asked,
        "page": page,
        "lines": [(row, reached.get(row.pk)) for row in page],
        "own": own if keeps else set(),
        "several": len({row.keeper for row in rows}) > 1,
        "form": form if keeps else None,
    }
    return show(request, "participants/referrers/register.html", context, form)


@keeps("referrer")
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def referrer(request: SignedIn, referrer_id: UUID) -> HttpResponse:
    row = get_object_or_404(
        Referrer.objects.visible_to(request.user).select_related("contact", "organisation"),
        pk=referrer_id,
    )
    if (
        not Referrer.objects.visible_to(request.user)
        .kept_by(request.user)
        .filter(pk=row.pk)
        .exists()
    ):
        raise PermissionDenied(_("The youth workers keep this list."))
    form = ReferrerForm(
        request.POST or None, organisations=[row.organisation], initial=referrers.details_of(row)
    )
    stands = ReferrerForm(organisations=[row.organisation], initial=referrers.details_of(row))
    if request.method == "POST" and form.is_valid() and together(request, form, stands):
        keep, given = referrers.keep_referrer, form.cleaned_data
        if carry_out(form, keep, by=request.user, referrer=row, **given):
            messages.success(request, _("Kept."))
            return redirect("participants:register")
    context = {"referrer": row, "form": form}
    return show(request, "participants/referrers/referrer.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def referrers_of(request: SignedIn, trajectory_id: UUID) -> HttpResponse:
    """Who knows this young person, and what each may hear. Opening it writes an audit line."""
    stay = stay_or_404(request, trajectory_id)
    form = TieForm(request.POST or None, register=_register(request, stay))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if carry_out(form, referrers.tie_referrer, trajectory=stay, by=request.user, **given):
            messages.success(request, _("Kept. The young person sees this and chooses."))
            return redirect("participants:referrers", stay.pk)
    return _page(request, stay, tie_form=form)


@keeps("tie.moment", "tie.quote")
@require_POST
@transaction.atomic
def tie(request: SignedIn, trajectory_id: UUID, tie_id: UUID) -> HttpResponse:
    """One act about one referrer: tell, moment, skip, quote, share, ask or end."""
    stay = stay_or_404(request, trajectory_id)
    row = feedback.ties_of([stay.pk]).filter(pk=tie_id).first()
    act = ACTS.get(request.POST.get("act", ""))
    if row is None:
        raise Http404
    if act is None:
        raise BadRequest("Not an act.")
    tried = attempt(request, partial(act, request, stay, row))
    if not tried:
        return _page(request, stay, refused=True)
    messages.success(request, tried.result)
    return redirect("participants:referrers", stay.pk)


# ---- The acts ------------------------------------------------------------------------


def _cleaned(form: Any) -> dict[str, Any]:
    """The form's data, or its first complaint as a broken rule."""
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        raise RuleBroken(str(errors[0]), code="form", field=field)
    cleaned: dict[str, Any] = form.cleaned_data
    return cleaned


def _tell(request: SignedIn, stay: Trajectory, row: ReferrerTie) -> str:
    telling.tell(tie=row, by=request.user, **_cleaned(TellForm(request.POST, tie=row)))
    if "email" in row.referrer.contact.safe_channels:
        return _("It leaves in daytime. The young person sees this sentence.")
    return _("The text lies ready under Today: tell it yourself. The young person sees it.")


def _moment(request: SignedIn, stay: Trajectory, row: ReferrerTie) -> str:
    referrers.agree_moment(tie=row, by=request.user, **_cleaned(MomentForm(request.POST)))
    return _("Kept. You are reminded on that day.")


def _skip(request: SignedIn, stay: Trajectory, row: ReferrerTie) -> str:
    referrers.skip_moment(tie=row, by=request.user)
    return _("Skipped. Nothing was told.")


def _quote(request: SignedIn, stay: Trajectory, row: ReferrerTie) -> str:
    telling.propose_quote(tie=row, by=request.user, **_cleaned(QuoteForm(request.POST)))
    return _("Kept. The young person is asked; nothing leaves before that yes.")


def _share(request: SignedIn, stay: Trajectory, row: ReferrerTie) -> str:
    found = [q for q in row.quotes.all() if str(q.pk) == request.POST.get("quote")]
    if not found:
        raise Http404
    telling.share_quote(quote=found[0], by=request.user)
    return _("These words leave in daytime.")


def _guardian(request: SignedIn, stay: Trajectory) -> Guardian:
    try:
        return guardian_of(stay, UUID(request.POST.get("guardian", "")))
    except ValueError:
        raise Http404 from None


def _ask(request: SignedIn, stay: Trajectory, row: ReferrerTie) -> str:
    feedback.ask_parent(tie=row, guardian=_guardian(request, stay), by=request.user)
    return _("Released. The mail leaves in daytime.")


def _encourage(request: SignedIn, stay: Trajectory, row: ReferrerTie) -> str:
    guardian = _guardian(request, stay)
    parents_tell.encourage_parent(tie=row, guardian=guardian, by=request.user)
    return _("Kept. The mail leaves in daytime, once.")


def _end(request: SignedIn, stay: Trajectory, row: ReferrerTie) -> str:
    referrers.end_tie(tie=row, by=request.user)
    return _("Kept. Nothing more is told here.")


Act = Callable[[SignedIn, Trajectory, ReferrerTie], str]
ACTS: dict[str, Act] = {
    "tell": _tell,
    "moment": _moment,
    "skip": _skip,
    "quote": _quote,
    "share": _share,
    "ask": _ask,
    "encourage": _encourage,
    "end": _end,
}


def _register(request: SignedIn, stay: Trajectory) -> QuerySet[Referrer]:
    return (
        Referrer.objects.visible_to(request.user)
        .kept_by(request.user)
        .select_related("contact")
        .filter(organisation=stay.group.location.organisation_id if stay.group else None)
    )


def _page(
    request: SignedIn, stay: Trajectory, tie_form: TieForm | None = None, refused: bool = False
) -> HttpResponse:
    opened(request.user, "referrers", [stay.pk], request)
    lines = [
        {
            "tie": row,
            "state": feedback.state_of(row),
            "tell": TellForm(tie=row, auto_id=f"id_{row.pk.hex}_%s"),
            "moment": MomentForm(
                initial={"next_on": row.next_on, "every_weeks": row.every_weeks},
                auto_id=f"id_{row.pk.hex}_%s",
            ),
            "quote": QuoteForm(auto_id=f"id_{row.pk.hex}_%s"),
        }
        for row in feedback.ties_of([stay.pk]).filter(ended_at__isnull=True)
    ]
    tie_form = tie_form or TieForm(register=_register(request, stay))
    context = {
        "stay": stay,
        "person": stay.participant,
        "lines": lines,
        "guardians": overview.guardians_of(stay),
        "tie_form": tie_form,
    }
    template = "participants/referrers/of_person.html"
    return show(request, template, context, tie_form, refused=refused)
